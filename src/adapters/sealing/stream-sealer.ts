// Seals bytes of any length in chunks with a tag each (STREAM): the nonce holds the chunk's number and whether it is the
// last, so that reordered, dropped, cut off or appended chunks do not open, and a range needs only its own.
// magic (8) | format (1) | version of the data key (6) | salt (32) | nonce prefix (7) | chunks of 64 KiB + tag (16)
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { StreamSealer } from '../../ports/sealer.ts';
import type { DataKeys } from './data-keys.ts';
import { associated, unreadable } from './sealer.ts';

/** No media format begins so. */
const magic = Buffer.from('\x89AIPRODs', 'latin1');
const format = 1;
const versionAt = magic.length + 1;
const saltAt = versionAt + 6;
const prefixAt = saltAt + 32;
const headerBytes = prefixAt + 7;
const chunkBytes = 64 << 10;
const tagBytes = 16;
const sealedChunkBytes = chunkBytes + tagBytes;

interface FileKey {
  key: Buffer;
  prefix: Buffer;
  associated: Buffer;
}

export function createStreamSealer(dataKeys: Pick<DataKeys, 'current' | 'get'>): StreamSealer {
  let lastTurn = Promise.resolve();
  /** Each in a turn of the event loop of its own, however many files are under way: requests are answered in between. */
  const turn = () => {
    lastTurn = lastTurn.then(() => nextTurn());
    return lastTurn;
  };

  return {
    headerBytes,

    isSealed: (beginning) => magic.equals(beginning.subarray(0, magic.length)),

    async seal(userId, context, plain) {
      const dataKey = await dataKeys.current(userId);
      const header = Buffer.concat([magic, Buffer.from([format]), randomBytes(headerBytes - versionAt)]);
      header.writeUIntBE(dataKey.version, versionAt, 6);
      const file = fileKeyOf(header, userId, context, dataKey);
      return Readable.from(sealChunks(header, file, plain, turn), { objectMode: false });
    },

    async open(userId, context, { bytes, read }, range) {
      const header = await exactly(await read({ start: 0, end: Math.min(headerBytes, bytes) - 1 }));
      if (header.length !== headerBytes || !magic.equals(header.subarray(0, magic.length)))
        throw unreadable();
      if (header[magic.length] !== format) throw unreadable();
      const dataKey = await dataKeys.get(userId, header.readUIntBE(versionAt, 6));
      const file = fileKeyOf(header, userId, context, dataKey);

      const chunks = Math.max(1, Math.ceil((bytes - headerBytes) / sealedChunkBytes));
      const plainBytes = bytes - headerBytes - chunks * tagBytes;
      // The last chunk holds something, unless it is the only one.
      if (plainBytes < 0 || (chunks > 1 && plainBytes <= (chunks - 1) * chunkBytes)) throw unreadable();
      const start = Math.max(0, range?.start ?? 0);
      const end = Math.min(range?.end ?? plainBytes - 1, plainBytes - 1);
      const first = Math.min(Math.floor(start / chunkBytes), chunks - 1);
      const last = Math.max(first, Math.min(Math.floor(Math.max(end, 0) / chunkBytes), chunks - 1));
      const sealed = await read({
        start: headerBytes + first * sealedChunkBytes,
        end: Math.min(headerBytes + (last + 1) * sealedChunkBytes, bytes) - 1,
      });
      return over(
        sealed,
        cut(
          openChunks(sealed, file, { first, last, chunks }, turn),
          start - first * chunkBytes,
          end - start + 1,
        ),
      );
    },
  };
}

/** A stream of `chunks`, which are made of `source`. A generator that was never begun does not close what it reads. */
function over(source: Readable, chunks: AsyncGenerator<Buffer>): Readable {
  return Readable.from(chunks, { objectMode: false }).once('close', () => source.destroy());
}

/** A key of the file's own: however many files a user has, no nonce meets another under one key. */
function fileKeyOf(
  header: Buffer,
  userId: string,
  context: string,
  dataKey: Awaited<ReturnType<DataKeys['get']>>,
): FileKey {
  return {
    key: dataKey.derive('aiprod/stream', header.subarray(saltAt, prefixAt)),
    prefix: header.subarray(prefixAt),
    associated: associated(context, userId, header),
  };
}

function nonceOf({ prefix }: FileKey, chunk: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  prefix.copy(nonce);
  nonce.writeUInt32BE(chunk, 7);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}

async function* sealChunks(
  header: Buffer,
  file: FileKey,
  plain: AsyncIterable<Buffer>,
  turn: () => Promise<void>,
): AsyncGenerator<Buffer> {
  yield header;
  let chunk = 0;
  const seal = (bytes: Buffer, isLast: boolean): Buffer[] => {
    const cipher = createCipheriv('aes-256-gcm', file.key, nonceOf(file, chunk++, isLast));
    cipher.setAAD(file.associated);
    const sealed = cipher.update(bytes);
    // Holds nothing back: GCM is a stream.
    cipher.final();
    return [sealed, cipher.getAuthTag()];
  };
  // A full chunk is held back as long as it may be the last.
  let held: Buffer = Buffer.alloc(0);
  for await (const pieces of chunked(plain, chunkBytes)) {
    await turn();
    for (const piece of pieces) {
      if (held.length > 0) yield* seal(held, false);
      held = piece;
    }
  }
  yield* seal(held, true);
}

async function* openChunks(
  sealed: Readable,
  file: FileKey,
  { first, last, chunks }: { first: number; last: number; chunks: number },
  turn: () => Promise<void>,
): AsyncGenerator<Buffer> {
  let chunk = first;
  const open = (bytes: Buffer): Buffer => {
    if (chunk > last || bytes.length < tagBytes) throw unreadable();
    const nonce = nonceOf(file, chunk, chunk === chunks - 1);
    const decipher = createDecipheriv('aes-256-gcm', file.key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(file.associated);
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    const plain = decipher.update(bytes.subarray(0, -tagBytes));
    try {
      decipher.final();
    } catch (error) {
      throw unreadable(error);
    }
    chunk += 1;
    return plain;
  };
  for await (const pieces of chunked(sealed, sealedChunkBytes)) {
    await turn();
    for (const piece of pieces) yield open(piece);
  }
  if (chunk !== last + 1) throw unreadable();
}

/** What `source` gives, in pieces of `bytes` each but for the last; those that came together come together. */
async function* chunked(source: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer[]> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const piece of source) {
    const whole: Buffer[] = [];
    let at = 0;
    if (heldBytes > 0) {
      at = Math.min(bytes - heldBytes, piece.length);
      held.push(piece.subarray(0, at));
      heldBytes += at;
      if (heldBytes < bytes) continue;
      whole.push(Buffer.concat(held, heldBytes));
    }
    for (; piece.length - at >= bytes; at += bytes) whole.push(piece.subarray(at, at + bytes));
    held = [piece.subarray(at)];
    heldBytes = piece.length - at;
    if (whole.length > 0) yield whole;
  }
  if (heldBytes > 0) yield [Buffer.concat(held, heldBytes)];
}

/** Of what comes, `length` bytes after the first `skip`; the rest is read too, so that it is checked. */
async function* cut(plain: AsyncGenerator<Buffer>, skip: number, length: number): AsyncGenerator<Buffer> {
  let skipLeft = skip;
  let left = Math.max(0, length);
  for await (const bytes of plain) {
    const wanted = bytes.subarray(Math.min(skipLeft, bytes.length)).subarray(0, left);
    skipLeft = Math.max(0, skipLeft - bytes.length);
    left -= wanted.length;
    if (wanted.length > 0) yield wanted;
  }
}

async function exactly(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
