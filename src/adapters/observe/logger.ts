// The program's log: JSON lines for machines, the same as Google Cloud Logging reads them, or coloured lines for people. No
// secret and no user's text gets in: fields are let through by name and kind, errors without what they quote.
import {
  type DestinationStream,
  type Logger,
  type LoggerOptions as PinoOptions,
  pino,
  stdTimeFunctions,
} from 'pino';

import { describeError } from './describe-error.ts';
import { googleFields, googleSeverity } from './google-fields.ts';
import { linesForPeople } from './lines-for-people.ts';
import type { Place } from './tracer.ts';
import { withoutSecrets } from './without-secrets.ts';

export type { Logger } from 'pino';

export interface LoggerOptions {
  /** `trace` … `fatal`, or `silent`. */
  level: string;
  format: 'pretty' | 'json' | 'google';
  /** Who speaks, for Error Reporting. Of `google` only. */
  service?: { service: string; version: string };
  /** The Google Cloud project that has the traces; without it lines name none. Of `google` only. */
  traceProject?: string | undefined;
  /** Where the code runs that writes a line; its facts are added. */
  place?(): Place | undefined;
  /** Standard output by default. */
  destination?: NodeJS.WritableStream & DestinationStream;
}

type LogMethod = NonNullable<NonNullable<PinoOptions['hooks']>['logMethod']>;
type Fields = Record<string, unknown>;

/** Names of fields whose texts come from us: ids, codes and names of parts. Texts of other fields are not logged. */
const ids = new Set(
  `jobId messageId endpointId requestId seq hash at publishTime publishedAt
  code kind stage step stepId provider type status error outcome action capability version traceId spanId
  task method endpoint part signal subscription from userId target via`.split(/\s+/),
);
/** Names of fields with sentences: also ours, and looked through for secrets all the same. */
const sentences = new Set(['why', 'fault', 'folder', 'line', 'warning']);

/** Fields that hold others. In the first all texts are ours; those of the second are looked at by their own names. */
const ours = new Set(['actor', 'facts']);
const nested = new Set(['entry']);

const notLogged = '[not logged]';

/** What a child adds to each of its lines; inherited by its own children. */
const carried = Symbol('carried');
type Carrier = Logger & { [carried]?: Fields };

/** Writes lines at once, so that the last ones before a crash are not lost. */
export function createLogger(options: LoggerOptions): Logger {
  const { level, format, service, traceProject, place = () => undefined, destination } = options;
  const google = format === 'google';
  const pinoOptions: PinoOptions = {
    level,
    timestamp: stdTimeFunctions.isoTime,
    base: google ? { serviceContext: service } : { pid: process.pid },
    ...(google && { messageKey: 'message' }),
    formatters: { level: (label) => (google ? { severity: googleSeverity(label) } : { level: label }) },
    // Called for every line, with what it says itself and the logger that says it.
    mixin: (fields, levelNumber, logger) => {
      const at = place();
      const all = letThrough({ ...at?.facts, ...(logger as Carrier)[carried], ...fields });
      if (google) return googleFields(all, at?.trace, { traceProject, isError: levelNumber >= errorLevel });
      return at?.trace === undefined ? all : { ...all, traceId: at.trace.traceId, spanId: at.trace.spanId };
    },
    // The line's own fields are among the mixin's already, looked at.
    mixinMergeStrategy: (_, mixed) => mixed,
    // Errors are described already; pino would describe them again.
    serializers: { err: (described) => described },
    hooks: { logMethod: cleanMessage as LogMethod },
  };
  const target =
    format === 'pretty'
      ? linesForPeople(destination)
      : (destination ?? pino.destination({ dest: 1, sync: true }));
  return carryFields(pino(pinoOptions, target));
}

const errorLevel = pino.levels.values.error!;

/** Pino writes what children carry along as it is, and twice what a line says too. Children inherit this. */
function carryFields(logger: Logger): Logger {
  const { child } = logger;
  const carrying = function (this: Carrier, fields: Fields, options?: object): Carrier {
    const made = Reflect.apply(child, this, [{}, options]) as Carrier;
    return Object.assign(made, { [carried]: { ...this[carried], ...fields } });
  };
  return Object.assign(logger, { child: carrying as unknown as typeof child });
}

function letThrough(fields: Fields): Fields {
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
  if (nested.has(name)) return letThrough(value as Fields);
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
