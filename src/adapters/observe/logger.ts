// The program's log: JSON lines for machines, or coloured lines for people. No secret and no user's text gets in.
import { type DestinationStream, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';

import { AppError } from '../../domain/errors.ts';

export type { Logger } from 'pino';

export interface LoggerOptions {
  /** `trace` … `fatal`, or `silent`. */
  level: string;
  format: 'pretty' | 'json';
  /** Standard output by default. */
  destination?: NodeJS.WritableStream & DestinationStream;
}

/** Fields of these names, at the top or one level down, are replaced: what users wrote, and what opens doors. */
const secretNames = [
  'script',
  'scenes',
  'text',
  'narration',
  'prompt',
  'password',
  'secret',
  'token',
  'authorization',
  'cookie',
  'apiKey',
  'api_key',
  'connectionString',
  'databaseUrl',
];

/** Writes lines at once, so that the last ones before a crash are not lost. */
export function createLogger({ level, format, destination }: LoggerOptions): Logger {
  const options = {
    level,
    timestamp: stdTimeFunctions.isoTime,
    base: { pid: process.pid },
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError, error: describeError },
    redact: {
      paths: [
        ...secretNames,
        ...secretNames.map((name) => `*.${name}`),
        '*.headers.authorization',
        '*.headers.cookie',
      ],
      censor: '[not logged]',
    },
  };
  if (format === 'json') return pino(options, destination ?? pino.destination({ dest: 1, sync: true }));
  const lines = pretty({
    colorize: destination === undefined && process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid',
    sync: true,
    destination: destination ?? 1,
  });
  return pino(options, lines);
}

/** Name, message, stack and causes; of ours also code and kind. Nothing else that hangs on the error, such as a query's values. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = stdSerializers.err(error);
  return {
    type,
    message: hidePasswords(message),
    ...(error instanceof AppError && { code: error.code, kind: error.kind }),
    ...(error instanceof AppError && error.provider !== undefined && { provider: error.provider }),
    ...(!(error instanceof AppError) && 'code' in error && { code: error.code }),
    stack: hidePasswords(stack),
  };
}

/** Connection strings in messages of drivers. */
function hidePasswords(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, '$1:[not logged]@');
}
