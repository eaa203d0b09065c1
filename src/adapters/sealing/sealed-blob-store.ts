// A blob store whose bytes lie sealed in the store beneath, under the digest of the plaintext. What is stored from now on may
// be left open instead; what lies there is read as it lies, sealed or not.
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, link, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

import { AppError } from '../../domain/errors.ts';
import type { BlobRef, BlobStore, KnownFile, NamedBytesStore, SignedFile } from '../../ports/blob-store.ts';
import type { StreamSealer } from '../../ports/sealer.ts';
import { filePieces } from './file-pieces.ts';

const highWaterMark = 1 << 20;

/** Blobs of which is remembered that they lie open. */
const mostRemembered = 10_000;

/**
 * `seals` (default: yes) says whether what is stored from now on is sealed. Only without it are there signed URLs, if the store
 * beneath has any, and none for what is sealed: whoever followed one would get sealed bytes. Throws what the sealer throws,
 * besides.
 */
export function createSealedBlobStore({
  inner,
  sealer,
  seals = true,
}: {
  inner: NamedBytesStore;
  sealer: StreamSealer;
  seals?: boolean;
}): BlobStore {
  const underWay = new Map<string, Promise<string>>();
  // So that a bucket is not asked twice for each file that it gives out itself.
  const lieOpen = new Set<string>();

  function rememberOpen(userId: string, digest: string): void {
    if (seals) return;
    lieOpen.add(`${digest} ${userId}`);
    if (lieOpen.size > mostRemembered) lieOpen.delete(lieOpen.values().next().value!);
  }

  const isKnownOpen = (userId: string, digest: string) => lieOpen.has(`${digest} ${userId}`);

  async function put(userId: string, path: string, mediaType: string, known?: KnownFile): Promise<BlobRef> {
    const { digest, bytes } =
      known === undefined ? await sumsOf(path) : { digest: known.digest, bytes: (await stat(path)).size };
    await inner.putNamed(
      userId,
      digest,
      async (target) => {
        const sealed = await sealer.seal(userId, contextOf(digest), filePieces(path));
        await pipeline(sealed, createWriteStream(target, { flags: 'wx', mode: 0o600, highWaterMark }));
      },
      mediaType,
    );
    // Where that cannot be done, it is opened once it is asked for.
    if (known?.folder !== undefined)
      await link(path, openedPath(known.folder, userId, digest)).catch(() => {});
    return { digest, bytes, media_type: mediaType };
  }

  async function putOpen(userId: string, path: string, mediaType: string): Promise<BlobRef> {
    try {
      const stored = await inner.putFile(userId, path, mediaType);
      rememberOpen(userId, stored.digest);
      return stored;
    } catch (error) {
      // To the store beneath these are other bytes than the same ones sealed, which are there already, for good.
      const sums = await sumsOf(path).catch(() => undefined);
      if (sums === undefined || !(await isSealed(userId, sums.digest))) throw error;
      return { ...sums, media_type: mediaType };
    }
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
    const isSealed = sealer.isSealed(beginning);
    if (!isSealed) rememberOpen(userId, digest);
    return { isSealed, stored: { bytes: stored.bytes, read } };
  }

  /** Also false where nothing lies. */
  async function isSealed(userId: string, digest: string): Promise<boolean> {
    if (isKnownOpen(userId, digest)) return false;
    try {
      return (await find(userId, digest)).isSealed;
    } catch (error) {
      if (error instanceof AppError && error.code === 'blob_missing') return false;
      throw error;
    }
  }

  async function place(userId: string, digest: string, folder: string, path: string): Promise<string> {
    if (isKnownOpen(userId, digest)) return inner.localPath(userId, digest, folder);
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
    putFile: seals ? put : putOpen,

    has: inner.has,

    async read(userId, digest, range) {
      if (isKnownOpen(userId, digest)) return inner.read(userId, digest, range);
      const { isSealed, stored } = await find(userId, digest);
      if (!isSealed) return inner.read(userId, digest, range);
      return sealer.open(userId, contextOf(digest), stored, range);
    },

    async localPath(userId, digest, folder) {
      const path = openedPath(folder, userId, digest);
      const isThere = digestForm.test(digest) && (await exists(path));
      if (isThere) return path;
      const found = underWay.get(path);
      if (found !== undefined) return found;
      const placed = place(userId, digest, folder, path).finally(() => underWay.delete(path));
      underWay.set(path, placed);
      return placed;
    },

    ...(!seals &&
      inner.signedUrl && {
        signedUrl: async (userId: string, digest: string, as: SignedFile) =>
          (await isSealed(userId, digest)) ? undefined : inner.signedUrl!(userId, digest, as),
      }),

    async remove(userId, digest) {
      lieOpen.delete(`${digest} ${userId}`);
      await inner.remove(userId, digest);
    },
    removeAll: inner.removeAll,
    ping: inner.ping,
    removeLeftovers: inner.removeLeftovers,
  };
}

/** Users' ids stay out of paths, and one user's file is not another's. */
function openedPath(folder: string, userId: string, digest: string): string {
  const owner = createHash('sha256').update(userId).digest('hex').slice(0, 32);
  return join(folder, `${owner}-${digest}`);
}

const digestForm = /^[0-9a-f]{64}$/;

async function sumsOf(path: string): Promise<{ digest: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of filePieces(path)) {
    hash.update(part);
    bytes += part.length;
  }
  return { digest: hash.digest('hex'), bytes };
}

/** Bytes under another name do not open. */
const contextOf = (digest: string) => `blob/${digest}`;

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
