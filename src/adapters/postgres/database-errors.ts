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
/** Raised by the trigger refuse_erased_user. */
const erasedState = 'UE001';
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

/** Why the server's certificate was not believed, as Node and OpenSSL name it; and that it has none. */
const unbelieved =
  /^(ERR_TLS_CERT_ALTNAME_INVALID|CERT_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_|ERR_SSL_|ERR_TLS_)/;
const noTls = /^the server does not support ssl connections$/i;

/** The driver gives these no code. */
const lostConnection =
  /^(connection terminated|timeout exceeded when trying to connect|query read timeout|client has encountered a connection error|client was closed|cannot use a pool after calling end)/i;

/** `database_unavailable`, `config_invalid` (we are not let in), `account_erased`, or the error itself when it is none. */
export function toDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const code = codeOf(error);
  if (isSqlState(code) && refusedStates.some((state) => code.startsWith(state))) {
    return new AppError('config_invalid', 'The database does not let us in or do our work.', {
      hint: 'Check user, password, database name and rights of DATABASE_URL.',
      cause: error,
    });
  }
  if (code === erasedState) {
    return new AppError('account_erased', 'This account was erased: nothing can be stored for it.', {
      hint: 'Ask the operator, who can open it again: aiprod users readmit.',
      cause: error,
    });
  }
  if (unbelieved.test(code) || noTls.test(error.message)) return tlsFailure(error, code);
  const transient = isSqlState(code)
    ? transientStates.some((state) => code.startsWith(state))
    : networkFaults.has(code) || lostConnection.test(error.message);
  if (!transient) return error;
  return new AppError('database_unavailable', 'The database is not available right now.', {
    hint: 'Try again in a moment.',
    cause: error,
  });
}

function tlsFailure(error: Error, code: string): AppError {
  const [what, hint] = noTls.test(error.message)
    ? [
        'The database does not speak TLS.',
        'Turn it on (ssl = on), or add sslmode=disable to the URL if the network between is yours alone.',
      ]
    : code === 'ERR_TLS_CERT_ALTNAME_INVALID'
      ? [
          "The database's certificate is for another host.",
          'Connect by the name that is in the certificate; sslmode=verify-ca for an authority that serves this one server.',
        ]
      : [
          `The database's certificate is not vouched for by an authority that we trust (${code}).`,
          "Set AIPROD_DATABASE_CA to the PEM file of the server's authority.",
        ];
  return new AppError('config_invalid', what!, { hint: hint!, cause: error });
}

/**
 * True when the connection is no good for later work though it is open: its server lost the lead in a fail-over, or is
 * shutting down.
 */
export function isSpoiled(error: unknown): boolean {
  return error instanceof Error && /^(25006|57P0\d)$/.test(codeOf(error));
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
