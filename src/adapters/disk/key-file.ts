// The key-encryption key in a file of this machine, readable by this account only. Made once; without it nothing that was
// sealed under it can be read again.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { AppError } from '../../domain/errors.ts';
import type { KeyEncryptionKey } from '../../ports/sealer.ts';
import { findSecret, openSecret } from './secret-file.ts';

const nonceBytes = 12;
const tagBytes = 16;
/** Names of retired keys begin so too: they unwrap, and wrap no more. */
const fileName = 'key-encryption-key';
const retiredName = `${fileName}.previous`;
const ifLost = 'Put the key file back that belongs to this database, or name its folder in AIPROD_KEYS.';

/**
 * The key in `folder`, made when there is none; `key-encryption-key.previous` beside it still unwraps. Throws
 * what openSecret throws.
 */
export async function openKeyFile({ folder }: { folder: string }): Promise<KeyEncryptionKey> {
  return keyOf(await openSecret(join(folder, fileName), ifLost), folder);
}

/** The same, without making any: undefined when there is none. */
export async function findKeyFile({ folder }: { folder: string }): Promise<KeyEncryptionKey | undefined> {
  const key = await findSecret(join(folder, fileName), ifLost);
  return key && keyOf(key, folder);
}

async function keyOf(key: Buffer, folder: string): Promise<KeyEncryptionKey> {
  const current = { id: idOf(key), key };
  const retired = await findSecret(join(folder, retiredName), ifLost);
  const keys = new Map([[current.id, key], ...(retired ? [[idOf(retired), retired] as const] : [])]);

  return {
    id: () => current.id,
    knows: (id) => keys.has(id),

    async wrap(dataKey, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce);
      cipher.setAAD(Buffer.from(context));
      const wrapped = Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
      return { wrapped, kekId: current.id };
    },

    async unwrap(wrapped, context, id) {
      const its = keys.get(id);
      if (its === undefined) {
        throw new AppError(
          'encryption_key_unavailable',
          'The key file that wrapped a data key is not here.',
          {
            hint: ifLost,
          },
        );
      }
      if (wrapped.length < nonceBytes + tagBytes) throw unreadable();
      const decipher = createDecipheriv('aes-256-gcm', its, wrapped.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(wrapped.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(wrapped.subarray(nonceBytes, -tagBytes)), decipher.final()]);
      } catch (error) {
        throw unreadable(error);
      }
    },
  };
}

/** Says which key it is, and nothing of it. */
function idOf(key: Buffer): string {
  return `file/${createHash('sha256').update('aiprod/key-file/').update(key).digest('hex').slice(0, 16)}`;
}

function unreadable(cause?: unknown): AppError {
  return new AppError('sealed_unreadable', 'A data key cannot be unwrapped: it was changed or moved.', {
    cause,
  });
}
