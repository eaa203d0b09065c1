// The program's log: JSON lines for machines, or coloured lines for people. No secret and no user's text gets in: fields are
// let through by name and kind, errors without what they quote.
import {
  type DestinationStream,
  type Logger,
  type LoggerOptions as PinoOptions,
  pino,
  stdTimeFunctions,
} from 'pino';
import pretty from 'pino-pretty';

import { describeError } from './describe-error.ts';
import { withoutSecrets } from './without-secrets.ts';

export type { Logger } from 'pino';

export interface LoggerOptions {
  /** `trace` … `fatal`, or `silent`. */
  level: string;
  format: 'pretty' | 'json';
  /** Standard output by default. */
  destination?: NodeJS.WritableStream & DestinationStream;
}

type LogMethod = NonNullable<NonNullable<PinoOptions['hooks']>['logMethod']>;

/** Names of fields whose texts come from us: ids, codes and names of parts. Texts of other fields are not logged. */
const ids = new Set(
  `jobId messageId endpointId requestId reqId seq hash at publishTime publishedAt
  code kind stage type status error outcome action capability version
  task method endpoint part signal subscription from userId target via`.split(/\s+/),
);
/** Names of fields with sentences: also ours, and looked through for secrets all the same. */
const sentences = new Set(['why', 'fault', 'folder', 'line', 'warning']);

/** Fields that hold others. In the first all texts are ours; those of the second are looked at by their own names. */
const ours = new Set(['actor', 'facts']);
const nested = new Set(['entry']);

const notLogged = '[not logged]';

/** Writes lines at once, so that the last ones before a crash are not lost. */
export function createLogger({ level, format, destination }: LoggerOptions): Logger {
  const options: PinoOptions = {
    level,
    timestamp: stdTimeFunctions.isoTime,
    base: { pid: process.pid },
    formatters: { level: (label) => ({ level: label }), log: letThrough },
    // Errors are described already; pino would describe them again.
    serializers: { err: (described) => described },
    hooks: { logMethod: cleanMessage as LogMethod },
  };
  if (format === 'json')
    return guardChildren(pino(options, destination ?? pino.destination({ dest: 1, sync: true })));
  const lines = pretty({
    colorize: destination === undefined && process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid',
    sync: true,
    destination: destination ?? 1,
  });
  return guardChildren(pino(options, lines));
}

/** Pino asks no formatter about what children carry along. Children inherit this from their parent. */
function guardChildren(logger: Logger): Logger {
  const { child } = logger;
  const guarded = function (this: Logger, fields: object, options?: object): unknown {
    return Reflect.apply(child, this, [letThrough({ ...fields }), options]);
  };
  return Object.assign(logger, { child: guarded as typeof child });
}

function letThrough(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, allowed(name, value)]));
}

/** Numbers, times and the like tell nothing of a text; errors are described. */
function allowed(name: string, value: unknown): unknown {
  if (value instanceof Error) return describeError(value);
  if (value instanceof Date) return value;
  if (typeof value === 'string') {
    // As it is: audit lines are held to the chain.
    if (ids.has(name)) return value;
    return sentences.has(name) ? withoutSecrets(value) : notLogged;
  }
  if (value === null || typeof value !== 'object') return typeof value === 'symbol' ? notLogged : value;
  if (Array.isArray(value)) return value.slice(0, 100).map((each) => allowed(name, each));
  if (nested.has(name)) return letThrough(value as Record<string, unknown>);
  if (!ours.has(name)) return notLogged;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, typeof each === 'string' ? each : allowed(key, each)]),
  );
}

/** Without a message of its own a line would take the error's, which may quote what users wrote. */
function cleanMessage(
  this: Logger,
  [first, ...rest]: unknown[],
  write: (...args: Parameters<Logger['info']>) => void,
): void {
  const words =
    typeof first === 'string' ? [first, ...rest] : rest.length === 0 ? ['something happened'] : rest;
  const clean = words.map((word) => (typeof word === 'string' ? withoutSecrets(word) : word));
  const fields = typeof first === 'string' ? [] : [first instanceof Error ? { err: first } : first];
  write.apply(this, [...fields, ...clean] as Parameters<Logger['info']>);
}
