// Whether the key of Cloud KMS wraps and unwraps for this account. Leaves nothing behind.
import { AppError } from '../../domain/errors.ts';
import type { Checkup } from '../../ports/checkup.ts';
import { openCryptoKeys } from './crypto-keys.ts';
import { createKmsKey, proveKmsKey } from './key-encryption-key.ts';

export function createKmsCheckup({ key, endpoint }: { key: string; endpoint: string | undefined }): Checkup {
  return {
    name: 'encryption key',
    async check() {
      const cryptoKeys = openCryptoKeys({ endpoint, deadlineMs: 4_000, most: 2 });
      try {
        const kek = createKmsKey({ key, cryptoKeys });
        await proveKmsKey(kek);
        const [, , , , , ring, , name, , version] = kek.id().split('/');
        return `${ring}/${name}, version ${version}: wraps and unwraps`;
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'config_invalid') throw error;
        throw new AppError('forbidden', 'The key is not there, or not ours to use.', {
          ...(error.hint !== undefined && { hint: error.hint }),
          cause: error.cause,
        });
      } finally {
        await cryptoKeys.close();
      }
    },
  };
}
