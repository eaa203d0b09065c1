// Puts bytes into an object that does not exist yet. Cloud Storage is told their MD5 beforehand and refuses others, and
// what it says of the object afterwards is compared too.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { CRC32C, type File } from '@google-cloud/storage';

import { AppError } from '../../domain/errors.ts';
import { unlessSilent, watchForSilence } from './silence.ts';
import { statusOf } from './storage-errors.ts';

const mebibyte = 1 << 20;
/** Files up to this go in one request; longer ones in chunks of it, of which a cut one is sent again from where it broke. */
const chunkBytes = 8 * mebibyte;

/** Bytes to store, in memory or in a file. */
type Source = Uint8Array | { path: string };

export interface Sums {
  /** SHA-256, lower-case hex. */
  digest: string;
  /** Base64, as Cloud Storage writes it. */
  md5Hash: string;
  bytes: number;
}

export async function sumsOf(source: Source): Promise<Sums> {
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  let bytes = 0;
  for await (const part of partsOf(source)) {
    sha256.update(part);
    md5.update(part);
    bytes += part.byteLength;
  }
  return { digest: sha256.digest('hex'), md5Hash: md5.digest('base64'), bytes };
}

/**
 * Creates the object; one that is there already must have the same bytes, unless `orAny`. Throws `storage_unavailable`,
 * `storage_full`.
 */
export async function upload(
  file: File,
  source: Source,
  {
    sums,
    mediaType,
    deadlineMs,
    orAny = false,
  }: { sums: Sums; mediaType: string; deadlineMs: number; orAny?: boolean },
): Promise<void> {
  try {
    // When all bytes arrived and only the last answer was lost, the library cannot go on: sent anew, it is there.
    await send(file, source, sums, mediaType, deadlineMs).catch((error) => {
      if (!(error instanceof RangeError)) throw error;
      return send(file, source, sums, mediaType, deadlineMs);
    });
  } catch (error) {
    // Somebody stored it before, or we did and the answer was lost.
    if (statusOf(error) !== 412) throw error;
    if (orAny) return;
    const [metadata] = await unlessSilent(deadlineMs, () => file.getMetadata());
    if (await isSame(metadata, source, sums)) return;
    throw new AppError('storage_unavailable', 'The storage holds other bytes than their name says.', {
      hint: 'Something else writes into the bucket. Remove the object that the log names.',
      cause: new Error(`object ${file.name}`),
    });
  }
  if (await isSame(file.metadata, source, sums)) return;
  const { generation } = file.metadata;
  if (generation !== undefined)
    await unlessSilent(deadlineMs, () =>
      file.delete({ ifGenerationMatch: generation, ignoreNotFound: true }),
    );
  throw new AppError('storage_unavailable', 'The storage did not keep the bytes as they were sent.');
}

async function send(
  file: File,
  source: Source,
  { md5Hash, bytes }: Sums,
  contentType: string,
  deadlineMs: number,
): Promise<void> {
  const options = {
    contentType,
    metadata: { contentType, md5Hash, contentLength: bytes },
    preconditionOpts: { ifGenerationMatch: 0 },
    // The library would compute CRC32C in JavaScript, at 30 MB/s, and remove a wrong object whatever its generation.
    validation: false,
  };
  if (bytes <= chunkBytes) {
    const content = 'path' in source ? await readFile(source.path) : Buffer.from(source);
    const { contentLength: _, ...metadata } = options.metadata;
    return unlessSilent(deadlineMs, () => file.save(content, { ...options, metadata, resumable: false }));
  }
  const target = file.createWriteStream({ ...options, resumable: true, chunkSize: chunkBytes });
  const watch = watchForSilence(3 * deadlineMs, (silence) => target.destroy(silence));
  target.on('progress', watch.heard);
  try {
    await pipeline(partsOf(source), target);
  } finally {
    watch.stop();
  }
}

async function isSame(metadata: File['metadata'], source: Source, sums: Sums): Promise<boolean> {
  if (Number(metadata.size) !== sums.bytes) return false;
  if (metadata.md5Hash !== undefined) return metadata.md5Hash === sums.md5Hash;
  // Composed by another tool, such as a parallel copy into the bucket: such objects have a CRC32C only.
  const crc32c = new CRC32C();
  for await (const part of partsOf(source)) crc32c.update(Buffer.from(part));
  return metadata.crc32c === crc32c.toString();
}

async function* partsOf(source: Source): AsyncGenerator<Uint8Array> {
  if ('path' in source) yield* createReadStream(source.path, { highWaterMark: mebibyte });
  else for (let at = 0; at < source.byteLength; at += mebibyte) yield source.subarray(at, at + mebibyte);
}
