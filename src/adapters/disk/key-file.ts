// The key-encryption key in a file of this machine, readable by this account only. Made once; without it nothing that was
// sealed under it can be read again.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { AppError } from '../../domain/errors.ts';
import type { KeyEncryptionKey } from '../../ports/sealer.ts';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
/** Names of retired keys begin so too: they unwrap, and wrap no more. */
const fileName = 'key-encryption-key';
const retiredName = `${fileName}.previous`;

/**
 * The key in `folder`, made when there is none; `key-encryption-key.previous` beside it still unwraps. Throws
 * `config_invalid` for a file that others may read or that is no key, `encryption_key_unavailable`.
 */
export async function openKeyFile({ folder }: { folder: string }): Promise<KeyEncryptionKey> {
  await guard(() => mkdir(folder, { recursive: true, mode: 0o700 }));
  const found = await findKeyFile({ folder });
  if (found !== undefined) return found;
  await guard(() => make(folder));
  const made = await findKeyFile({ folder });
  if (made === undefined) throw unavailable();
  return made;
}

/** The same, without making any: undefined when there is none. */
export async function findKeyFile({ folder }: { folder: string }): Promise<KeyEncryptionKey | undefined> {
  const key = await readKey(join(folder, fileName));
  if (key === undefined) return undefined;
  const current = { id: idOf(key), key };
  const retired = await readKey(join(folder, retiredName));
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
      if (its === undefined) throw unavailable();
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

async function readKey(path: string): Promise<Buffer | undefined> {
  const file = await guard(() =>
    open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    }),
  );
  if (file === undefined) return undefined;
  try {
    const { mode, size } = await file.stat();
    if ((mode & 0o077) !== 0) {
      throw new AppError('config_invalid', `Others may read the key file ${path}.`, {
        hint: `chmod 600 ${path}; if others did read it, rotate: docs/operations/encryption.md.`,
      });
    }
    const key = await guard(() => file.readFile());
    if (size === keyBytes && key.length === keyBytes) return key;
    throw new AppError('config_invalid', `The key file ${path} does not hold ${keyBytes} bytes.`, {
      hint: 'Put it back from its backup.',
    });
  } finally {
    await file.close();
  }
}

/** Written whole under another name and linked: of two processes that start at once, both use the one that was first. */
async function make(folder: string): Promise<void> {
  const temp = join(folder, `.new-${randomBytes(8).toString('hex')}`);
  const file = await open(temp, 'wx', 0o600);
  try {
    await file.writeFile(randomBytes(keyBytes));
    await file.sync();
    await link(temp, join(folder, fileName)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await file.close();
    await rm(temp, { force: true });
  }
  for (const each of [folder, join(folder, '..')]) {
    const handle = await open(each, 'r');
    await handle.sync().finally(() => handle.close());
  }
}

async function guard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AppError ? error : unavailable(error);
  }
}

function unavailable(cause?: unknown): AppError {
  return new AppError('encryption_key_unavailable', 'The encryption key cannot be read.', {
    hint: 'Check the folder keys in the data folder, and put the key file back that belongs to this database.',
    cause,
  });
}

function unreadable(cause?: unknown): AppError {
  return new AppError('sealed_unreadable', 'A data key cannot be unwrapped: it was changed or moved.', {
    cause,
  });
}
