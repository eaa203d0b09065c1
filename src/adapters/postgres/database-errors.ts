// Turns what the driver and PostgreSQL throw into the project's errors. The only place that reads SQLSTATEs.
import { AppError } from '../../domain/errors.ts';

/** SQLSTATE classes and codes after which the same statement may work later. */
const transientStates = [
  '08', // connection exceptions
  '40', // serialization failure, deadlock
  '53', // too many connections, disk full, out of memory
  '57', // shutdown, starting up, timeout
  '58', // input/output error
  '25006', // read-only while failing over
  '25P03', // idle in a transaction for too long
  '55P03', // lock not available
];
const refusedStates = ['28', '3D000', '42501'];

const networkFaults = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);

/** The driver gives these no code. */
const lostConnection =
  /^(connection terminated|timeout exceeded when trying to connect|query read timeout|client has encountered a connection error|client was closed|cannot use a pool after calling end)/i;

/** `database_unavailable`, `config_invalid` (we are not let in), or the error itself when it is neither. */
export function toDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const code = codeOf(error);
  if (isSqlState(code) && refusedStates.some((state) => code.startsWith(state))) {
    return new AppError('config_invalid', 'The database does not let us in or do our work.', {
      hint: 'Check user, password, database name and rights of DATABASE_URL.',
      cause: error,
    });
  }
  const transient = isSqlState(code)
    ? transientStates.some((state) => code.startsWith(state))
    : networkFaults.has(code) || lostConnection.test(error.message);
  if (!transient) return error;
  return new AppError('database_unavailable', 'The database is not available right now.', {
    hint: 'Try again in a moment.',
    cause: error,
  });
}

/** True when PostgreSQL refused a text: a NUL character or half of a surrogate pair. */
export function isUnstorableText(error: unknown): boolean {
  return error instanceof Error && ['22021', '22P02', '22P05'].includes(codeOf(error));
}

function codeOf(error: Error): string {
  // A host with several addresses fails with an AggregateError that carries the code of the last.
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const isSqlState = (code: string) => /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);
