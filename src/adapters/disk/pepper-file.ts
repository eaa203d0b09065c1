// The secret under which API keys are hashed, in a file of the data folder that this account only may read. Made once:
// without it every key is void.
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { AppError } from '../../domain/errors.ts';

const pepperBytes = 32;

/** Throws `config_invalid` for a file that others may read or that does not hold 32 bytes. */
export async function openPepperFile({ folder }: { folder: string }): Promise<Buffer> {
  const path = join(folder, 'api-key-pepper');
  await mkdir(folder, { recursive: true });
  // Written whole and linked: of two processes that start at once, both use the one that was first.
  const temp = join(folder, `.pepper-${randomBytes(8).toString('hex')}`);
  try {
    await writeFile(temp, randomBytes(pepperBytes), { flag: 'wx', mode: 0o600, flush: true });
    await link(temp, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temp, { force: true });
  }
  if (((await stat(path)).mode & 0o077) !== 0) {
    throw new AppError('config_invalid', `Others may read the file ${path}.`, {
      hint: `chmod 600 ${path}; if others did read it, delete it and make all API keys anew.`,
    });
  }
  const pepper = await readFile(path);
  if (pepper.length === pepperBytes) return pepper;
  throw new AppError('config_invalid', `The file ${path} does not hold ${pepperBytes} bytes.`, {
    hint: 'Put it back from its backup, or delete it and make all API keys anew.',
  });
}
