import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createMemoryUserKeys } from '../../../test/support/memory-user-keys.ts';
import { createDataKeys } from './data-keys.ts';
import { filePieces } from './file-pieces.ts';
import { createStreamSealer } from './stream-sealer.ts';

const mebibyte = 1 << 20;
let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-pieces-'));
  path = join(folder, 'bytes');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test.each([
  0,
  1,
  mebibyte - 1,
  mebibyte,
  mebibyte + 1,
  3 * mebibyte + 5,
])('gives all of %i bytes', async (length) => {
  const bytes = randomBytes(length);
  await writeFile(path, bytes);
  const pieces: Buffer[] = [];
  for await (const piece of filePieces(path)) pieces.push(Buffer.from(piece));
  expect(digestOf(Buffer.concat(pieces))).toBe(digestOf(bytes));
});

test.each([
  mebibyte,
  2 * mebibyte,
  3 * mebibyte + 70_000,
])('%i bytes are sealed as they were when they were read, though buffers are used again', async (length) => {
  const bytes = randomBytes(length);
  await writeFile(path, bytes);
  const kek = {
    id: () => 'one',
    knows: () => true,
    wrap: async (key: Uint8Array) => ({ wrapped: Buffer.from(key), kekId: 'one' }),
    unwrap: async (wrapped: Uint8Array) => Buffer.from(wrapped),
  };
  const sealer = createStreamSealer(createDataKeys({ userKeys: createMemoryUserKeys(), kek }));
  const sealed = await buffer(await sealer.seal('ann', 'c', filePieces(path)));
  const read = async ({ start, end }: { start: number; end: number }) =>
    Readable.from([sealed.subarray(start, end + 1)], { objectMode: false });
  const opened = await buffer(await sealer.open('ann', 'c', { bytes: sealed.length, read }));
  expect(digestOf(opened)).toBe(digestOf(bytes));
});

test('lets go of the file when it is broken off', async () => {
  await writeFile(path, randomBytes(2 * mebibyte));
  for await (const _ of filePieces(path)) break;
  const open = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  expect(await Promise.all(open)).not.toContain(path);
});
