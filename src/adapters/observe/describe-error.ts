// What the log says of an error: its type, code, place and causes, and its message as far as that is ours.
import { AppError, type ErrorCode, errorCodes } from '../../domain/errors.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Their messages are for the user alone: they may repeat the user's words. */
const quotesUsers = new Set<ErrorCode>(['degraded', 'provider_refused']);

const deepest = 8;

export interface ErrorDescription {
  type: string;
  message: string;
  code?: string;
  kind?: string;
  stage?: string;
  provider?: string;
  /** Frames, and under each cause its own. */
  stack: string;
}

/** Nothing else that hangs on the error, such as a query's values or a request's headers. */
export function describeError(error: Error): ErrorDescription {
  const { code, stage, provider } = error as Partial<AppError>;
  const isOurs = error instanceof AppError;
  return {
    type: typeOf(error),
    message: messageOf(error),
    ...(typeof code === 'string' && { code }),
    ...(isOurs && { kind: error.kind }),
    ...(isOurs && stage !== undefined && { stage }),
    ...(isOurs && provider !== undefined && { provider }),
    stack: trailOf(error).join('\n'),
  };
}

/** Frames of the error and, under a line of their own, of what caused it. */
function trailOf(error: Error): string[] {
  const lines = framesOf(error);
  let cause = error.cause;
  for (let depth = 0; cause instanceof Error && depth < deepest; depth++) {
    lines.push(`caused by: ${headOf(cause)}`, ...framesOf(cause));
    if (cause instanceof AggregateError)
      for (const each of cause.errors.slice(0, deepest))
        if (each instanceof Error) lines.push(`  ${headOf(each)}`);
    cause = cause.cause;
  }
  return lines;
}

function headOf(error: Error): string {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  const facts = [code, constraint].filter((fact) => typeof fact === 'string').join(', ');
  return `${typeOf(error)}: ${messageOf(error)}${facts === '' ? '' : ` (${facts})`}`;
}

const typeOf = (error: Error) => (/^[\w$]{1,60}$/.test(error.name) ? error.name : 'Error');

/** A text that is not ours stands in quotes, in our messages as in those of Node and PostgreSQL: from the first to the last. */
function messageOf(error: Error): string {
  if (error instanceof AppError && (error.kind === 'invalid' || quotesUsers.has(error.code)))
    return errorCodes[error.code].title;
  const unquoted = error.message.replace(/(?:["“«`]|(?<!\w)')[\s\S]*(?:["”»`]|'(?!\w))/, '[not logged]');
  // One quote without the other: cut in the middle of what it began.
  const cut = unquoted.replace(/(?:["“«`]|(?<!\w)')[\s\S]*$/, '[not logged]');
  return withoutSecrets(cut).slice(0, 1_000);
}

/** Only lines that name a place in the code; a message may have lines that look so. */
function framesOf({ stack = '', message }: Error): string[] {
  const after = message === '' ? 0 : stack.indexOf(message) + message.length;
  return stack
    .slice(Math.max(after, 0))
    .split('\n')
    .filter((line) => /^ {4}at .*(:\d+:\d+\)?|\(<anonymous>\))$/.test(line));
}
