// A key of Cloud KMS as key-encryption key: it never leaves Google. Which of its versions wraps is the service's choice;
// all of them unwrap.
import { randomBytes } from 'node:crypto';

import { AppError } from '../../domain/errors.ts';
import type { KeyEncryptionKey } from '../../ports/sealer.ts';
import { type CryptoKeys, isSetUpWrong } from './crypto-keys.ts';

/** `key` is its full name, `projects/…/cryptoKeys/…`. Nothing is asked yet. */
export function createKmsKey({ key, cryptoKeys }: { key: string; cryptoKeys: CryptoKeys }): KeyEncryptionKey {
  const versions = `${key}/cryptoKeyVersions/`;
  /** Versions count upwards. A change of the primary version is not everywhere at once. */
  let newest = 0;
  return {
    id: () => (newest === 0 ? key : `${versions}${newest}`),
    knows: (id) => id.startsWith(versions),

    async wrap(dataKey, context) {
      const { ciphertext, version } = await cryptoKeys.encrypt(key, dataKey, context);
      newest = Math.max(newest, Number(version.slice(versions.length)));
      return { wrapped: ciphertext, kekId: version };
    },

    unwrap: (wrapped, context) => cryptoKeys.decrypt(key, wrapped, context),
  };
}

/**
 * Wraps and unwraps once, after which `id()` names the version. Throws `config_invalid` when the key is not there or not
 * ours to use, `encryption_key_unavailable`.
 */
export async function proveKmsKey(kek: KeyEncryptionKey): Promise<void> {
  const context = 'aiprod/proof';
  const given = randomBytes(32);
  try {
    const { wrapped, kekId } = await kek.wrap(given, context);
    const back = await kek.unwrap(wrapped, context, kekId);
    if (back.equals(given)) return;
  } catch (error) {
    if (!(error instanceof AppError) || !isSetUpWrong(error)) throw error;
    throw new AppError('config_invalid', 'AIPROD_KMS_KEY cannot be used.', {
      ...(error.hint !== undefined && { hint: error.hint }),
      cause: error.cause,
    });
  }
  throw new AppError('encryption_key_unavailable', 'Cloud KMS gave back other bytes than it was given.');
}
