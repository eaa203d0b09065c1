// What goes wrong with the embedded server, as errors whose reader learns what to do about it.
import { AppError } from '../../domain/errors.ts';

const portTaken = /could not bind|could not create any TCP/;

/** What a program that ended wrote, as an error that says what to do. */
export function startFailure(output: string): AppError {
  const cause = new Error(output);
  if (/No space left on device|Disk quota exceeded/.test(output)) return storageFull(cause);
  if (/Permission denied|has wrong ownership/.test(output)) return noPermission(cause);
  if (/could not look up effective user ID/.test(output)) {
    return new AppError('machine_unfit', 'The account that runs AIPROD has no name on this machine.', {
      hint: 'Add it to /etc/passwd, run as root, or set DATABASE_URL to a PostgreSQL 15 or newer of your own.',
      cause,
    });
  }
  return new AppError('machine_unfit', 'The embedded database did not start.', {
    hint: 'The log shows why (AIPROD_LOG_LEVEL=debug). Or set DATABASE_URL to a PostgreSQL 15 or newer of your own.',
    cause,
  });
}

/** What file operations and spawning threw, as something that the reader can act on. */
export function explain(error: unknown): unknown {
  if (error instanceof AppError) return error;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return storageFull(error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
      return noPermission(error);
    default:
      return error;
  }
}

function storageFull(cause: unknown): AppError {
  return new AppError('storage_full', 'The disk is too full for the embedded database.', {
    hint: 'Free at least 200 MB, or set AIPROD_DATA to a folder on another disk.',
    cause,
  });
}

function noPermission(cause: unknown): AppError {
  return new AppError('config_invalid', 'The data folder cannot be used by this account.', {
    hint: 'Run as the account that made it, or set AIPROD_DATA to a folder of your own.',
    cause,
  });
}

/** Whether a `startFailure` came from a port that somebody else took first. */
export function isPortTaken(error: unknown): boolean {
  return error instanceof AppError && error.cause instanceof Error && portTaken.test(error.cause.message);
}
