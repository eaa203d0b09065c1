// What Cloud Storage, its library and the network throw, as the project's errors. Nothing of a request gets into them.
import { AppError } from '../../domain/errors.ts';

const transientStatuses = new Set([408, 429, 500, 502, 503, 504]);
const networkFaults =
  /econnreset|econnrefused|econnaborted|etimedout|enotfound|eai_again|epipe|ehostunreach|enetunreach|premature close|socket hang up|connection closure|timed? ?out/i;

/** HTTP status of the answer that this error tells of; undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  const { code, status, response } = error as FromLibrary;
  for (const candidate of [code, status, response?.status, response?.statusCode]) {
    const number = Number(candidate);
    if (Number.isInteger(number) && number >= 100 && number <= 599) return number;
  }
  return undefined;
}

/** Whether the same request may succeed when it is sent again. */
export function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return transientStatuses.has(status);
  const { code, name, message, errors } = error as FromLibrary;
  return [code, name, message, ...(errors ?? []).map(({ reason }) => reason)].some((each) =>
    networkFaults.test(`${each}`),
  );
}

/** Runs `work`, which asks Cloud Storage and uses local files; what it throws is classified. */
export async function classified<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStorageError(error);
  }
}

/** An AppError stays what it is, and so do bugs of ours, such as a missing source file. */
function toStorageError(error: unknown): unknown {
  if (error instanceof AppError || error instanceof NotADigest) return error;
  const { code, message, errors, syscall, response } = error as FromLibrary;
  const local = typeof syscall === 'string' && typeof (error as NodeJS.ErrnoException).path === 'string';
  if (local) return toLocalError(error as NodeJS.ErrnoException);
  const status = statusOf(error);
  const reason = `${(errors ?? response?.data?.error?.errors)?.[0]?.reason ?? ''}`;
  const words = `${message}`.replaceAll(/(https?:\/\/[^\s?]+)\?\S*/g, '$1').slice(0, 300);
  // A new error: the library's hold the request, with the credentials in it; and who has an upload's URL may upload.
  const cause = new Error(`Cloud Storage: ${[status ?? code, reason, words].filter(Boolean).join(', ')}`);
  if (status === 404 && !isBucketMissing(error))
    return new AppError('blob_missing', 'Stored bytes are missing.', { cause });
  if (status === 507 || (status === 403 && reason === 'quotaExceeded'))
    return new AppError('storage_full', 'The storage is full.', {
      hint: "Raise the quota of the bucket's project.",
      cause,
    });
  const hint = hintFor(status, error);
  return new AppError('storage_unavailable', 'The storage cannot be used right now.', {
    ...(hint !== undefined && { hint }),
    cause,
  });
}

/** Both a missing object and a missing bucket are 404 with the same reason; only the words differ. */
function isBucketMissing(error: unknown): boolean {
  return /bucket does not exist/i.test(`${(error as FromLibrary).message}`);
}

function hintFor(status: number | undefined, error: unknown): string | undefined {
  const { message } = error as FromLibrary;
  if (status === 401 || /default credentials|client_email|invalid_grant/i.test(`${message}`))
    return 'Give the service an account: attach one, or set GOOGLE_APPLICATION_CREDENTIALS to its key file.';
  if (status === 403) return 'Give the account the role roles/storage.objectUser on the bucket.';
  if (status === 404) return 'The bucket does not exist: check AIPROD_BLOBS, or create it.';
  return undefined;
}

function toLocalError(error: NodeJS.ErrnoException): unknown {
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new AppError('storage_full', 'The disk for local copies is full.', {
        hint: 'Free space on the disk of the data folder, or lower AIPROD_GCS_CACHE_MB.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EIO':
    case 'EMFILE':
    case 'ENFILE':
      return new AppError('storage_unavailable', 'The disk for local copies cannot be used right now.', {
        hint: 'Check the disk and the permissions of the data folder.',
        cause: error,
      });
    default:
      return error;
  }
}

/** Asked for bytes by what cannot be their name: a bug of the caller. */
export class NotADigest extends TypeError {}

interface FromLibrary {
  code?: string | number;
  status?: number;
  name?: string;
  message?: string;
  syscall?: string;
  response?: { status?: number; statusCode?: number; data?: { error?: { errors?: Reason[] } } };
  errors?: Reason[];
}

type Reason = { reason?: unknown };
