// The boxes of an MP4 file, as far as we read or rewrite them ourselves: the index before the media, and chapters.
import type { FileHandle } from 'node:fs/promises';

export interface Box {
  type: string;
  /** Where the box begins, where its content begins, and where it ends. */
  start: number;
  body: number;
  end: number;
}

const largestIndexBytes = 64 * 1024 * 1024;

/** The boxes of the file's top level, in order. Throws when they do not fill the file exactly. */
export async function listTopBoxes(file: FileHandle): Promise<Box[]> {
  const { size } = await file.stat();
  const boxes: Box[] = [];
  const head = Buffer.alloc(16);
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(head, 0, 16, at);
    const box = boxAt(head.subarray(0, bytesRead), at, size);
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** The whole box, header included. */
export async function readBox(file: FileHandle, { type, start, end }: Box): Promise<Buffer> {
  if (end - start > largestIndexBytes) throw new RangeError(`box ${type} has ${end - start} bytes`);
  const bytes = Buffer.alloc(end - start);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
  if (bytesRead !== bytes.length) throw new RangeError(`box ${type} is cut off`);
  return bytes;
}

/** The boxes between two places of `bytes`. */
export function listBoxes(bytes: Buffer, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at < to; ) {
    const { type, body, end } = boxAt(bytes.subarray(at, at + 16), at, to);
    boxes.push({ type, start: at, body, end });
    at = end;
  }
  return boxes;
}

/** All boxes that `path` (types, from the top) leads to in `bytes`, which hold one box with its header. */
export function findBoxes(bytes: Buffer, path: string[]): Box[] {
  let found = listBoxes(bytes, 8, bytes.length);
  for (const [depth, type] of path.entries()) {
    const matching = found.filter((box) => box.type === type);
    found =
      depth === path.length - 1 ? matching : matching.flatMap(({ body, end }) => listBoxes(bytes, body, end));
  }
  return found;
}

export function makeBox(type: string, ...parts: Uint8Array[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...parts]);
}

function boxAt(head: Buffer, at: number, limit: number): Box {
  if (head.length < 8) throw new RangeError('the file ends within a box');
  const small = head.readUInt32BE(0);
  const large = small === 1 && head.length >= 16;
  const size = large ? Number(head.readBigUInt64BE(8)) : small === 0 ? limit - at : small;
  const body = at + (large ? 16 : 8);
  const end = at + size;
  if (end < body || end > limit) throw new RangeError('the file ends within a box');
  return { type: head.toString('latin1', 4, 8), start: at, body, end };
}
