// A blob store whose bytes lie sealed in the store beneath, under the digest of the plaintext. Bytes from before, which
// were not sealed, are read as they are.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

import { AppError } from '../../domain/errors.ts';
import type { BlobRef, BlobStore, NamedBytesStore } from '../../ports/blob-store.ts';
import type { StreamSealer } from '../../ports/sealer.ts';

const highWaterMark = 1 << 20;

/** Has no `signedUrl`: whoever followed it would get sealed bytes. Throws what the sealer throws, besides. */
export function createSealedBlobStore({
  inner,
  sealer,
}: {
  inner: NamedBytesStore;
  sealer: StreamSealer;
}): BlobStore {
  const underWay = new Map<string, Promise<string>>();

  /** `source` gives the bytes anew each time it is asked. */
  async function put(userId: string, source: () => Readable, mediaType: string): Promise<BlobRef> {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const part of source()) {
      hash.update(part);
      bytes += part.length;
    }
    const digest = hash.digest('hex');
    await inner.putNamed(
      userId,
      digest,
      async (path) => {
        const sealed = await sealer.seal(userId, contextOf(digest), source());
        await pipeline(sealed, createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark }));
      },
      mediaType,
    );
    return { digest, bytes, media_type: mediaType };
  }

  /** What lies beneath, and whether it is sealed. */
  async function find(userId: string, digest: string) {
    const stored = await inner.openNamed(userId, digest);
    const end = Math.min(stored.bytes, sealer.headerBytes) - 1;
    const beginning = end < 0 ? Buffer.alloc(0) : await buffer(await stored.read({ start: 0, end }));
    /** The header is known by now: it is not fetched again. */
    const read = (range: { start: number; end: number }) =>
      range.start === 0 && range.end === end
        ? Promise.resolve(Readable.from([beginning]))
        : stored.read(range);
    return { isSealed: sealer.isSealed(beginning), stored: { bytes: stored.bytes, read } };
  }

  async function place(userId: string, digest: string, folder: string, path: string): Promise<string> {
    const { isSealed, stored } = await find(userId, digest);
    if (!isSealed) return inner.localPath(userId, digest, folder);
    const temp = `${path}-${randomUUID()}`;
    try {
      const plain = await sealer.open(userId, contextOf(digest), stored);
      await pipeline(plain, createWriteStream(temp, { flags: 'wx', mode: 0o600, highWaterMark }));
      await rename(temp, path);
    } catch (error) {
      await rm(temp, { force: true });
      throw toLocalError(error);
    }
    return path;
  }

  return {
    putFile: (userId, path, mediaType) =>
      put(userId, () => createReadStream(path, { highWaterMark }), mediaType),

    putBytes: (userId, bytes, mediaType) => put(userId, () => Readable.from(piecesOf(bytes)), mediaType),

    has: inner.has,

    async read(userId, digest, range) {
      const { isSealed, stored } = await find(userId, digest);
      if (!isSealed) return inner.read(userId, digest, range);
      return sealer.open(userId, contextOf(digest), stored, range);
    },

    async localPath(userId, digest, folder) {
      // Users' ids stay out of paths, and one user's file is not another's.
      const owner = createHash('sha256').update(userId).digest('hex').slice(0, 32);
      const path = join(folder, `${owner}-${digest}`);
      const isThere = digestForm.test(digest) && (await exists(path));
      if (isThere) return path;
      const found = underWay.get(path);
      if (found !== undefined) return found;
      const placed = place(userId, digest, folder, path).finally(() => underWay.delete(path));
      underWay.set(path, placed);
      return placed;
    },

    remove: inner.remove,
    removeAll: inner.removeAll,
    ping: inner.ping,
    removeLeftovers: inner.removeLeftovers,
  };
}

const digestForm = /^[0-9a-f]{64}$/;

/** Bytes under another name do not open. */
const contextOf = (digest: string) => `blob/${digest}`;

function* piecesOf(bytes: Uint8Array): Generator<Buffer> {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < whole.length; at += highWaterMark) yield whole.subarray(at, at + highWaterMark);
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

function toLocalError(error: unknown): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new AppError('storage_full', 'The disk for files in work is full.', {
        hint: 'Free space on the disk of the data folder.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EIO':
      return new AppError('storage_unavailable', 'The disk for files in work cannot be used right now.', {
        cause: error,
      });
    default:
      return error;
  }
}
