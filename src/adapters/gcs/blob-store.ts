// Blobs in a bucket of Cloud Storage: `<prefix><hash of the user>/<digest>`, created only where there is none. User ids
// never reach a name. Local copies live in the borrower's folder and, while there is room, in a cache on this machine.
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { File } from '@google-cloud/storage';

import { AppError } from '../../domain/errors.ts';
import type { BlobRef, NamedBytesStore, SignedFile } from '../../ports/blob-store.ts';
import { download } from './download.ts';
import { type CopyKey, createLocalCopies } from './local-copies.ts';
import { type BucketOptions, hostOfSignedUrls, mediaAddress, openBucket } from './open-bucket.ts';
import { unlessSilent } from './silence.ts';
import { classified, NotADigest } from './storage-errors.ts';
import { sumsOf, upload } from './upload.ts';

export interface GcsBlobStoreOptions extends BucketOptions {
  /** Before every object name: empty, or ends with `/`. */
  prefix: string;
  /** Folder for copies, on one file system with the job's scratch, and their size at most. */
  cache: { folder: string; capBytes: number };
  /** Undefined = no signed URLs; otherwise told why the credentials cannot sign, and there are none either. */
  signing: { onImpossible(error: unknown): void } | undefined;
}

const digestForm = /^[0-9a-f]{64}$/;
const fileNameForm = /^[\w.-]{1,100}$/;
const longestSignedMs = 15 * 60_000;
/** Objects of one user. */
const removedAtOnce = 50;
/** How often a ping also writes: it is asked for every few seconds, and creating an object costs. */
const writeCheckMs = 60_000;

/** Resolves once it is known whether the credentials can sign. Its methods throw TypeError for what is not a digest. */
export async function createGcsBlobStore(options: GcsBlobStoreOptions): Promise<NamedBytesStore> {
  const { prefix, deadlineMs, endpoint, retries } = options;
  const bucket = openBucket(options);
  const copies = createLocalCopies(options.cache);
  const underWay = new Map<string, Promise<string>>();
  let writeCheckedAt = -Infinity;

  /** One request, or a few small ones. */
  const ask = <T>(work: () => Promise<T>) => classified(() => unlessSilent(deadlineMs, work));

  function keyOf(userId: string, digest: string): CopyKey {
    if (!digestForm.test(digest)) throw new NotADigest('a digest is 64 lower-case hexadecimal digits');
    return { owner: ownerOf(userId), digest };
  }

  const fileOf = ({ owner, digest }: CopyKey) => bucket.file(`${prefix}${owner}/${digest}`);

  async function put(userId: string, path: string, mediaType: string): Promise<BlobRef> {
    const source = { path };
    const sums = await sumsOf(source);
    const key = keyOf(userId, sums.digest);
    await upload(fileOf(key), source, { sums, mediaType, deadlineMs });
    await copies.adopt(key, path);
    return { digest: sums.digest, bytes: sums.bytes, media_type: mediaType };
  }

  /** Its own folder beside the copies, which are counted and trimmed. */
  const namedFolder = `${options.cache.folder}-named`;

  async function putNamed(
    { owner, digest }: CopyKey,
    write: (path: string) => Promise<void>,
    mediaType: string,
  ): Promise<void> {
    await mkdir(namedFolder, { recursive: true, mode: 0o700 });
    const path = join(namedFolder, randomUUID());
    try {
      await write(path);
      const sums = await sumsOf({ path });
      await upload(fileOf({ owner, digest }), { path }, { sums, mediaType, deadlineMs, orAny: true });
    } finally {
      await rm(path, { force: true });
    }
  }

  /** The object's bytes as it is now. Throws `blob_missing`. */
  async function open(file: File, digest: string, range?: { start: number; end: number }) {
    const [{ size, generation }] = await ask(() => file.getMetadata());
    const address = () => mediaAddress(file, generation!);
    return download(address, { digest, bytes: Number(size), range, retries, deadlineMs });
  }

  /** The blob as a file at `path`, whole or not at all. */
  async function place(key: CopyKey, path: string): Promise<string> {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere || (await copies.lend(key, path))) return path;
    await pipeline(await open(fileOf(key), key.digest), createWriteStream(`${path}.part`, { mode: 0o600 }));
    await rename(`${path}.part`, path);
    await copies.share(key, path);
    return path;
  }

  async function signedUrl(
    userId: string,
    digest: string,
    { fileName, mediaType, expiresMs }: SignedFile,
  ): Promise<string> {
    if (!fileNameForm.test(fileName)) throw new TypeError('a file name is letters, digits, dots, hyphens');
    const [url] = await ask(() =>
      fileOf(keyOf(userId, digest)).getSignedUrl({
        version: 'v4',
        action: 'read',
        expires: Date.now() + Math.min(expiresMs, longestSignedMs),
        responseType: mediaType,
        responseDisposition: `inline; filename="${fileName}"`,
        host: hostOfSignedUrls(endpoint),
      }),
    );
    return url;
  }

  const store: NamedBytesStore = {
    putFile: (userId, path, mediaType) => classified(() => put(userId, path, mediaType)),

    putNamed: (userId, digest, write, mediaType) =>
      classified(async () => putNamed(keyOf(userId, digest), write, mediaType)),

    openNamed: (userId, digest) =>
      ask(async () => {
        const file = fileOf(keyOf(userId, digest));
        const [{ size, generation }] = await file.getMetadata();
        const bytes = Number(size);
        const address = () => mediaAddress(file, generation!);
        const read = async (range: { start: number; end: number }) =>
          Readable.from(download(address, { digest, bytes, range, retries, deadlineMs }), {
            objectMode: false,
          });
        return { bytes, read };
      }),

    has: (userId, digest) =>
      ask(async () => {
        await fileOf(keyOf(userId, digest)).getMetadata();
        return true;
      }).catch((error) => {
        if (isMissing(error)) return false;
        throw error;
      }),

    read: (userId, digest, range) =>
      classified(async () => {
        const pieces = await open(fileOf(keyOf(userId, digest)), digest, range);
        // The first piece is waited for: most files are no longer, and wrong ones are refused before any byte is out.
        const first = await pieces.next();
        return Readable.from(from(first, pieces), { objectMode: false });
      }),

    localPath: (userId, digest, folder) =>
      classified(async () => {
        const key = keyOf(userId, digest);
        const path = join(folder, `${key.owner}-${digest}`);
        let started = underWay.get(path);
        if (started === undefined) {
          started = place(key, path).finally(() => underWay.delete(path));
          underWay.set(path, started);
        }
        return started;
      }),

    remove: (userId, digest) =>
      ask(async () => {
        const key = keyOf(userId, digest);
        await copies.forget(key);
        await fileOf(key).delete();
      }).catch((error) => {
        if (!isMissing(error)) throw error;
      }),

    async removeAll(userId, signal) {
      const owner = ownerOf(userId);
      await classified(() => copies.forgetAll(owner));
      // Always the first page: what it held is gone afterwards.
      for (;;) {
        signal?.throwIfAborted();
        const [files] = await ask(() =>
          bucket.getFiles({ prefix: `${prefix}${owner}/`, maxResults: removedAtOnce, autoPaginate: false }),
        );
        if (files.length === 0) return;
        await Promise.all(files.map((file) => ask(() => file.delete({ ignoreNotFound: true }))));
      }
    },

    ping: () =>
      ask(async () => {
        const file = bucket.file(`${prefix}ping`);
        const content = Buffer.from('ping');
        const sums = await sumsOf(content);
        if (Date.now() - writeCheckedAt > writeCheckMs) {
          // It is there from an earlier ping: whoever may not write is refused before that is looked at.
          await upload(file, content, { sums, mediaType: 'text/plain', deadlineMs });
          writeCheckedAt = Date.now();
        }
        await buffer(await open(file, sums.digest));
      }),

    /** None are ever in the bucket: the cache is brought to its size, and what was long on its way to the bucket goes. */
    removeLeftovers: () =>
      classified(async () => {
        await copies.trim();
        return removeOld(namedFolder);
      }),
  };
  return (await canSign()) ? { ...store, signedUrl } : store;

  async function canSign(): Promise<boolean> {
    const { signing } = options;
    if (signing === undefined) return false;
    try {
      await signedUrl('', '0'.repeat(64), { fileName: 'x', mediaType: 'text/plain', expiresMs: 60_000 });
      return true;
    } catch (error) {
      signing.onImpossible(error);
      return false;
    }
  }
}

const ownerOf = (userId: string) => createHash('sha256').update(userId).digest('hex').slice(0, 32);

const isMissing = (error: unknown) => error instanceof AppError && error.code === 'blob_missing';

async function* from(first: IteratorResult<Buffer>, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

/** No upload takes a day. */
const longestUploadMs = 24 * 3_600_000;

async function removeOld(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let removed = 0;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => undefined);
    if (facts === undefined || Date.now() - facts.mtimeMs < longestUploadMs) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}
