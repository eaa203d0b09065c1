// Reads the named facts that a voice model carries (sample rate, language) without loading it: the outermost fields of
// an ONNX file, which is protobuf. The graph and its weights are skipped.
import { type FileHandle, open } from 'node:fs/promises';

const metadataField = 14;
const longestFact = 65_536;

/** Throws an Error in plain words when the file is no ONNX model. */
export async function readOnnxMetadata(file: string): Promise<Map<string, string>> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const facts = new Map<string, string>();
    let at = 0;
    while (at < size) {
      const tag = await readVarint(handle, at);
      const [field, wire] = [Math.floor(tag.value / 8), tag.value % 8];
      if (field === 0 || (wire !== 0 && wire !== 2)) throw new Error('it is no ONNX model');
      const length = await readVarint(handle, tag.next);
      if (wire === 0) {
        at = length.next;
        continue;
      }
      if (length.next + length.value > size)
        throw new Error('it is no ONNX model, or only the beginning of one');
      if (field === metadataField && length.value <= longestFact) {
        const bytes = Buffer.alloc(length.value);
        await handle.read(bytes, 0, length.value, length.next);
        const [key, value] = readPair(bytes);
        facts.set(key, value);
      }
      at = length.next + length.value;
    }
    if (size === 0) throw new Error('it is empty');
    return facts;
  } finally {
    await handle.close();
  }
}

async function readVarint(handle: FileHandle, at: number): Promise<{ value: number; next: number }> {
  const bytes = Buffer.alloc(10);
  const { bytesRead } = await handle.read(bytes, 0, 10, at);
  return varintIn(bytes.subarray(0, bytesRead), 0, at);
}

function varintIn(bytes: Uint8Array, from: number, base = 0): { value: number; next: number } {
  let value = 0;
  for (let i = from; i < bytes.length && i < from + 8; i++) {
    value += (bytes[i]! % 128) * 128 ** (i - from);
    if (bytes[i]! < 128) return { value, next: base + i + 1 };
  }
  throw new Error('it is no ONNX model');
}

/** A message of two strings. */
function readPair(bytes: Buffer): [string, string] {
  const pair: [string, string] = ['', ''];
  for (let at = 0; at < bytes.length; ) {
    const tag = varintIn(bytes, at);
    const length = varintIn(bytes, tag.next);
    const end = length.next + length.value;
    if (tag.value % 8 !== 2 || end > bytes.length) throw new Error('its metadata is damaged');
    const field = Math.floor(tag.value / 8);
    if (field === 1 || field === 2) pair[field - 1] = bytes.toString('utf8', length.next, end);
    at = end;
  }
  return pair;
}
