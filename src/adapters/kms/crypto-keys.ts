// Encrypts and decrypts a few bytes by Cloud KMS, through Google's library, with deadlines, retries and checksums in both
// directions. The only place that reads its errors.
import { setTimeout as pause } from 'node:timers/promises';

import { KeyManagementServiceClient } from '@google-cloud/kms';

import { AppError } from '../../domain/errors.ts';
import { crc32c } from './crc32c.ts';

export interface KmsOptions {
  /** `https://host:port` instead of Google's own; it must have a certificate that this machine trusts. */
  endpoint: string | undefined;
  /** A request without an answer for this long is given up. */
  deadlineMs?: number;
  /** Requests in all, the first included. */
  most?: number;
}

export interface CryptoKeys {
  /** `version` is the full name of the key version that encrypted. Throws `encryption_key_unavailable`. */
  encrypt(key: string, plain: Uint8Array, context: string): Promise<{ ciphertext: Buffer; version: string }>;
  /** Throws `encryption_key_unavailable`, and `sealed_unreadable` for what this key did not encrypt in this context. */
  decrypt(key: string, ciphertext: Uint8Array, context: string): Promise<Buffer>;
  close(): Promise<void>;
}

/** Numbers of google.rpc.Code. */
const grpcCodes = {
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
};
const worthAnother = new Set([
  grpcCodes.unknown,
  grpcCodes.deadlineExceeded,
  grpcCodes.resourceExhausted,
  grpcCodes.aborted,
  grpcCodes.internal,
  grpcCodes.unavailable,
]);
const firstPauseMs = 100;

/** What the account needs on the key. */
const neededRole = 'roles/cloudkms.cryptoKeyEncrypterDecrypter';

/** Needs the machine's default credentials. Connects when first used. */
export function openCryptoKeys({ endpoint, deadlineMs = 4_000, most = 3 }: KmsOptions): CryptoKeys {
  const address = endpoint === undefined ? undefined : new URL(endpoint);
  const client = new KeyManagementServiceClient({
    ...(address && { apiEndpoint: address.hostname, port: Number(address.port || 443) }),
  });
  /** The library would try for ten minutes. */
  const once = { timeout: deadlineMs, retry: null };

  return {
    encrypt: (name, plaintext, context) =>
      repeated(most, deadlineMs, async () => {
        const additionalAuthenticatedData = Buffer.from(context);
        const [answer] = await client.encrypt(
          {
            name,
            plaintext,
            plaintextCrc32c: { value: crc32c(plaintext) },
            additionalAuthenticatedData,
            additionalAuthenticatedDataCrc32c: { value: crc32c(additionalAuthenticatedData) },
          },
          once,
        );
        const ciphertext = bytesOf(answer.ciphertext);
        const isWhole =
          answer.verifiedPlaintextCrc32c &&
          answer.verifiedAdditionalAuthenticatedDataCrc32c &&
          crc32c(ciphertext) === Number(answer.ciphertextCrc32c?.value) &&
          answer.name?.startsWith(`${name}/cryptoKeyVersions/`);
        if (!isWhole) throw changedOnTheWay();
        return { ciphertext, version: answer.name! };
      }),

    decrypt: (name, ciphertext, context) =>
      repeated(most, deadlineMs, async () => {
        const additionalAuthenticatedData = Buffer.from(context);
        const [answer] = await client.decrypt(
          {
            name,
            ciphertext,
            ciphertextCrc32c: { value: crc32c(ciphertext) },
            additionalAuthenticatedData,
            additionalAuthenticatedDataCrc32c: { value: crc32c(additionalAuthenticatedData) },
          },
          once,
        );
        const plain = bytesOf(answer.plaintext);
        if (crc32c(plain) !== Number(answer.plaintextCrc32c?.value)) throw changedOnTheWay();
        return plain;
      }),

    close: () => client.close(),
  };
}

/** Both requests may be made any number of times: neither changes anything. */
async function repeated<T>(most: number, deadlineMs: number, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await answered(deadlineMs, work());
    } catch (error) {
      const { code } = error as { code?: unknown };
      const isOver = attempt >= most || !(worthAnother.has(code as number) || isChecksum(error));
      if (isOver) throw classified(error);
      await pause(firstPauseMs * 4 ** (attempt - 1));
    }
  }
}

/** The library's own deadline does not hold while it looks for credentials. */
async function answered<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error('no answer'), { code: grpcCodes.deadlineExceeded });
    timer = setTimeout(() => reject(error), deadlineMs + 1_000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function classified(error: unknown): AppError {
  const { code } = error as { code?: unknown };
  if (code === grpcCodes.invalidArgument && !isChecksum(error)) {
    return new AppError('sealed_unreadable', 'A data key cannot be unwrapped: it was changed or moved.', {
      cause: error,
    });
  }
  return new AppError('encryption_key_unavailable', 'Cloud KMS does not give the encryption key.', {
    hint: hintOf(code),
    cause: error,
  });
}

function hintOf(code: unknown): string {
  switch (code) {
    case grpcCodes.notFound:
    case grpcCodes.permissionDenied:
      return `Check AIPROD_KMS_KEY, and give the service account ${neededRole} on that key.`;
    case grpcCodes.unauthenticated:
      return 'Attach a service account, or set GOOGLE_APPLICATION_CREDENTIALS.';
    case grpcCodes.failedPrecondition:
      return 'A version of the key is disabled or destroyed: enable or restore it.';
    case grpcCodes.resourceExhausted:
      return "Raise the project's quota of Cloud KMS requests.";
    default:
      return 'Try again; if it lasts, let this machine reach cloudkms.googleapis.com.';
  }
}

/** Which of these an operator must mend before anything works. */
export function isSetUpWrong(error: unknown): boolean {
  const { code } = (error as { cause?: { code?: unknown } }).cause ?? {};
  return (
    code === grpcCodes.notFound ||
    code === grpcCodes.permissionDenied ||
    code === grpcCodes.unauthenticated ||
    code === grpcCodes.failedPrecondition
  );
}

const checksum = Symbol('checksum');

function changedOnTheWay(): Error {
  return Object.assign(new Error('bytes were changed on the way from or to Cloud KMS'), { [checksum]: true });
}

/** Found by us, or by the service, which then speaks of an invalid argument. */
function isChecksum(error: unknown): boolean {
  return checksum in (error as object) || /crc32c|checksum/i.test((error as Error).message);
}

function bytesOf(value: Uint8Array | string | null | undefined): Buffer {
  return typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.from(value ?? []);
}
