// Secrets of 32 random bytes, each in a file that this account only may read. Knows nothing of what they are for.
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { AppError } from '../../domain/errors.ts';

const secretBytes = 32;

/** Undefined = there is no such file. `ifLost` says what to do without it. Throws `config_invalid` for a file that others may read, that cannot be read, or that is no secret. */
export async function findSecret(path: string, ifLost: string): Promise<Buffer | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      if (((await file.stat()).mode & 0o077) !== 0) {
        throw new AppError('config_invalid', `Others may read the file ${path}.`, {
          hint: `chmod 600 ${path}. If others did read it: docs/operations/encryption.md#rotation.`,
        });
      }
      const secret = await file.readFile();
      if (secret.length === secretBytes) return secret;
      throw new AppError('config_invalid', `The file ${path} does not hold ${secretBytes} bytes.`, {
        hint: ifLost,
      });
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, ifLost, error);
  }
}

/** Made where there is none, with its folder: of processes that start at once, all use the one that was first. Throws what findSecret throws, and `config_invalid` when it cannot be written. */
export async function openSecret(path: string, ifLost: string): Promise<Buffer> {
  const found = await findSecret(path, ifLost);
  if (found !== undefined) return found;
  try {
    await make(path);
  } catch (error) {
    throw unusable(path, ifLost, error);
  }
  return (await findSecret(path, ifLost))!;
}

/** Written whole under another name and linked, so that nobody reads half of it. */
async function make(path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temp = join(folder, `.new-${randomBytes(8).toString('hex')}`);
  try {
    const file = await open(temp, 'wx', 0o600);
    try {
      await file.writeFile(randomBytes(secretBytes));
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temp, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temp, { force: true });
  }
  for (const each of [folder, dirname(folder)]) {
    const handle = await open(each, 'r');
    await handle.sync().finally(() => handle.close());
  }
}

function unusable(path: string, ifLost: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError('config_invalid', `The file ${path} cannot be used.`, { hint: ifLost, cause });
}
