// The audit log's key in a file of this machine, readable by this account only. Made once.
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { AppError } from '../../domain/errors.ts';

const keyBytes = 32;
const fileName = 'audit-key';

/** The key in `folder`; undefined = there is none. Throws `config_invalid` for a file that others may read or that is no key. */
export async function findAuditKey(folder: string): Promise<Buffer | undefined> {
  const path = join(folder, fileName);
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unreadable(path, error);
  });
  if (file === undefined) return undefined;
  try {
    const { mode } = await file.stat();
    if ((mode & 0o077) !== 0) {
      throw new AppError('config_invalid', `Others may read the key file ${path}.`, {
        hint: `chmod 600 ${path}`,
      });
    }
    const key = await file.readFile();
    if (key.length !== keyBytes) throw unreadable(path);
    return key;
  } finally {
    await file.close();
  }
}

/** The key in `folder`, made when there is none: of two processes that start at once, both use the one that was first. */
export async function openAuditKey(folder: string): Promise<Buffer> {
  const found = await findAuditKey(folder);
  if (found !== undefined) return found;
  const path = join(folder, fileName);
  const temp = join(folder, `.new-${randomBytes(8).toString('hex')}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(temp, 'wx', 0o600);
    try {
      await file.writeFile(randomBytes(keyBytes));
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temp, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await rm(temp, { force: true });
  }
  return (await findAuditKey(folder))!;
}

function unreadable(path: string, cause?: unknown): AppError {
  return new AppError('config_invalid', `The key file ${path} cannot be used.`, {
    hint: 'Put it back from its backup, or set AIPROD_AUDIT_KEY.',
    cause,
  });
}
