// Blobs in a folder: `<hash of the user>/<aa>/<digest>`. A blob appears whole or not at all, and never changes:
// bytes lie and are synced under another name on the same disk, then are renamed. User ids never reach a path.
import { createHash } from 'node:crypto';
import { copyFile, type FileHandle, link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Readable } from 'node:stream';

import { AppError } from '../../domain/errors.ts';
import type { NamedBytesStore } from '../../ports/blob-store.ts';
import { newTempName, removeDeadTemps } from './temp-files.ts';

const chunkBytes = 1 << 20;
const digestForm = /^[0-9a-f]{64}$/;

/** `folder` is made when first written to. Throws TypeError for what is not a digest. */
export function createDiskBlobStore({ folder }: { folder: string }): NamedBytesStore {
  const tempFolder = join(folder, 'temp');

  function pathOf(userId: string, digest: string): string {
    if (!digestForm.test(digest)) throw new TypeError('a digest is 64 lower-case hexadecimal digits');
    return join(folderOf(userId), digest.slice(0, 2), digest);
  }

  function folderOf(userId: string): string {
    return join(folder, createHash('sha256').update(userId).digest('hex').slice(0, 32));
  }

  async function store(userId: string, path: string): Promise<Stored> {
    await mkdir(tempFolder, { recursive: true, mode: 0o700 });
    const temp = join(tempFolder, await newTempName());
    try {
      await take(path, temp);
      const file = await open(temp, 'r');
      try {
        await file.chmod(0o600);
        const stored = await hashOf(file);
        await file.sync();
        await publish(temp, pathOf(userId, stored.digest), rename);
        return stored;
      } finally {
        await file.close();
      }
    } finally {
      await rm(temp, { force: true });
    }
  }

  /** Like `store`, under a name of the caller's; whoever reads what was stored first must not see it change. */
  async function storeNamed(path: string, write: (temp: string) => Promise<void>): Promise<void> {
    await mkdir(tempFolder, { recursive: true, mode: 0o700 });
    const temp = join(tempFolder, await newTempName());
    try {
      await write(temp);
      const file = await open(temp, 'r');
      try {
        await file.chmod(0o600);
        await file.sync();
      } finally {
        await file.close();
      }
      await publish(temp, path, (from, to) =>
        link(from, to).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST') throw error;
        }),
      );
    } finally {
      await rm(temp, { force: true });
    }
  }

  /** Moves the file where it can be moved. What lies in the store itself is lent, and stays. */
  async function take(path: string, temp: string): Promise<void> {
    if (path.startsWith(folder + sep)) return copyFile(path, temp);
    try {
      await rename(path, temp);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
      await copyFile(path, temp);
    }
  }

  /** What lies there has the same bytes, so that replacing it changes nothing for anybody; `put` must not, otherwise. */
  async function publish(
    temp: string,
    path: string,
    put: (from: string, to: string) => Promise<void>,
  ): Promise<void> {
    const leaf = dirname(path);
    const firstMade = await mkdir(leaf, { recursive: true, mode: 0o700 });
    await put(temp, path);
    // A synced file is lost with the folder entry that names it, whoever made that entry.
    for (let upward = leaf; ; upward = dirname(upward)) {
      await syncFolder(upward);
      if (upward === folder) break;
    }
    if (firstMade !== undefined) await syncFolder(dirname(firstMade));
  }

  return {
    putFile: (userId, path, mediaType) =>
      guard(async () => ({ ...(await store(userId, path)), media_type: mediaType })),

    putNamed: (userId, digest, write) => guard(async () => storeNamed(pathOf(userId, digest), write)),

    openNamed: (userId, digest) =>
      guard(async () => {
        const path = pathOf(userId, digest);
        const { size } = await stat(path).catch(missing);
        const read = (range: { start: number; end: number }) =>
          guard(async (): Promise<Readable> => {
            const file = await open(path, 'r').catch(missing);
            return file.createReadStream({ ...range, highWaterMark: chunkBytes });
          });
        return { bytes: size, read };
      }),

    has: (userId, digest) =>
      guard(async () => {
        try {
          return (await stat(pathOf(userId, digest))).isFile();
        } catch (error) {
          if (isAbsent(error)) return false;
          throw error;
        }
      }),

    read: (userId, digest, range) =>
      guard(async (): Promise<Readable> => {
        const file = await open(pathOf(userId, digest), 'r').catch(missing);
        try {
          return file.createReadStream(range);
        } catch (error) {
          await file.close();
          throw error;
        }
      }),

    localPath: (userId, digest) =>
      guard(async () => {
        const path = pathOf(userId, digest);
        await stat(path).catch(missing);
        return path;
      }),

    remove: (userId, digest) => guard(() => rm(pathOf(userId, digest), { force: true })),

    // Tried again where something is stored in it meanwhile.
    removeAll: (userId) => guard(() => rm(folderOf(userId), { recursive: true, force: true, maxRetries: 5 })),

    ping: () =>
      guard(async () => {
        await mkdir(tempFolder, { recursive: true, mode: 0o700 });
        const temp = join(tempFolder, await newTempName());
        const file = await open(temp, 'wx+', 0o600);
        try {
          await file.writeFile('ping');
          await file.sync();
          const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
          if (buffer.toString('latin1', 0, bytesRead) !== 'ping') {
            throw new AppError(
              'storage_unavailable',
              'The storage does not give back what was written to it.',
            );
          }
        } finally {
          await file.close();
          await rm(temp, { force: true });
        }
      }),

    removeLeftovers: () => guard(() => removeDeadTemps(tempFolder)),
  };
}

type Stored = { digest: string; bytes: number };

/** Read through one buffer: new ones for every piece would keep the garbage collector busy. */
async function hashOf(file: FileHandle): Promise<Stored> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(chunkBytes);
  for (let bytes = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, chunkBytes);
    if (bytesRead === 0) return { digest: hash.digest('hex'), bytes };
    hash.update(buffer.subarray(0, bytesRead));
    bytes += bytesRead;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

const isAbsent = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

function missing(error: unknown): never {
  if (!isAbsent(error)) throw error;
  throw new AppError('blob_missing', 'Stored bytes are missing.', { cause: error });
}

/** What the file system throws, as the project's errors. A missing source file stays what it is: our bug. */
async function guard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'ENOSPC':
      case 'EDQUOT':
      case 'EFBIG':
        throw new AppError('storage_full', 'The storage is full.', {
          hint: 'Free space on the disk of the data folder.',
          cause: error,
        });
      case 'EACCES':
      case 'EPERM':
      case 'EROFS':
      case 'EIO':
      case 'ENOTDIR':
      case 'EMFILE':
      case 'ENFILE':
        throw new AppError('storage_unavailable', 'The storage cannot be used right now.', {
          hint: 'Check the disk and the permissions of the data folder.',
          cause: error,
        });
      default:
        throw error;
    }
  }
}
