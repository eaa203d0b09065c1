// Log lines for people at a terminal: the time, what happened, and its facts, each event on one line; under it, where an
// error came from.
import type { DestinationStream } from 'pino';
import pretty from 'pino-pretty';

import type { ErrorDescription } from './describe-error.ts';

type Line = Record<string, unknown>;

/** What stands elsewhere in the line, or is for programs that read the other forms. */
const leftOut = new Set([
  'level',
  'time',
  'pid',
  'msg',
  'err',
  'traceId',
  'spanId',
  'audit',
  'seq',
  'hash',
  'at',
]);
/** What a step's id says already. */
const ofStep = new Set(['step', 'stage']);

/** Writes to standard output by default, in colour where that is a terminal. */
export function linesForPeople(destination?: NodeJS.WritableStream): DestinationStream {
  const colorize = destination === undefined && process.stdout.isTTY;
  return pretty({
    colorize,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid',
    hideObject: true,
    messageFormat: (line, messageKey) => describe(line, `${line[messageKey] ?? ''}`, colorize),
    sync: true,
    destination: destination ?? 1,
  });
}

function describe(line: Line, message: string, colorize: boolean): string {
  const dim = (text: string) => (colorize && text !== '' ? `\u001b[2m${text}\u001b[22m` : text);
  const { method, endpoint, status, ms, err, ...others } = line;
  const isRequest = message === 'request' && typeof endpoint === 'string';
  const head = isRequest ? `${method} ${endpoint} ${status} ${ms} ms` : message;
  const rest = isRequest ? others : { ...others, method, endpoint, status, ms };
  const facts = Object.entries(rest)
    .filter(([name, value]) => !leftOut.has(name) && value !== undefined && value !== null)
    .filter(([name]) => !(ofStep.has(name) && 'stepId' in rest))
    .map(([name, value]) => `${name}=${shown(value)}`)
    .join(' ');
  const trail = err === undefined ? '' : `\n${dim(describeTrail(err as ErrorDescription))}`;
  return `${head}${facts === '' ? '' : `  ${dim(facts)}`}${trail}`;
}

/** Whatever could move a terminal's cursor, or be taken for the next fact, is quoted. */
function shown(value: unknown): string {
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return value;
  if (typeof value === 'number' && !Number.isInteger(value)) return value.toFixed(1);
  return JSON.stringify(value);
}

function describeTrail({ type, message, code, stack }: ErrorDescription): string {
  return `    ${type}: ${message}${code === undefined ? '' : ` (${code})`}\n${stack}`;
}
