// What `aiprod users export` reads from the database and the bytes that the configuration names. Written into the audit log.
import { createWriteStream } from 'node:fs';
import { link, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

import type { Config } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import { chooseBlobStore } from './choose-blobs.ts';
import { openAccountArchive } from './open-account-archive.ts';
import { openLog } from './open-log.ts';
import { withSealedData } from './with-database.ts';

/**
 * Writes the user's archive to `file`, which must not exist yet, readable by this account only; its size in bytes. Safe while
 * AIPROD works. Throws `config_invalid` for the file, `not_found` when nothing is kept of the user, what opening the keys and
 * the storage throws, and what AccountArchive.open throws.
 */
export function exportUser(config: Config, userId: string, file: string): Promise<number> {
  return withSealedData(config, 'export', async ({ pool, sealer, sealBlobs, audit }) => {
    const { dataFolder } = config;
    const blobs = await chooseBlobStore(config.blobs, { dataFolder, sign: false, logger: openLog(config) });
    const archive = openAccountArchive({ pool, sealer, blobStore: sealBlobs(blobs) });
    const { stream, isEmpty } = await archive.open(userId);
    try {
      if (isEmpty) throw new AppError('not_found', 'Nothing is kept of this user.');
      await audit({ action: 'user.export', userId, target: null, facts: {} });
      return await writeWhole(stream, file);
    } finally {
      stream.destroy();
    }
  });
}

/** Under its name only once it is whole. */
async function writeWhole(stream: NodeJS.ReadableStream, file: string): Promise<number> {
  const partial = `${file}.partial`;
  try {
    await pipeline(stream, createWriteStream(partial, { flags: 'wx', mode: 0o600 }));
    const { size } = await stat(partial);
    await link(partial, file);
    await rm(partial);
    return size;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Somebody else may be writing it.
    if (code !== 'EEXIST' || (error as NodeJS.ErrnoException).syscall !== 'open')
      await rm(partial, { force: true });
    if (error instanceof AppError || code === undefined) throw error;
    const what = code === 'EEXIST' ? 'exists already' : `cannot be written (${code})`;
    throw new AppError('config_invalid', `${code === 'EEXIST' ? `${file} or ${partial}` : file} ${what}.`, {
      hint: 'Name a new file in a folder that you may write to.',
      cause: error,
    });
  }
}
