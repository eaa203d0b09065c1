// What every blob store must do, wherever the bytes lie. Each adapter's test file runs this suite.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { BlobStore } from '../../src/ports/blob-store.ts';
import { storeBytes } from '../support/store-bytes.ts';

export interface BlobStoreUnderTest {
  store: BlobStore;
  close(): Promise<void>;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** `setUp` gives an empty store for each test. */
export function blobStoreConformance(setUp: () => Promise<BlobStoreUnderTest>): void {
  const user = 'anna@example.org';
  let subject: BlobStoreUnderTest;
  let store: BlobStore;
  let scratch: string;

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'aiprod-blobs-'));
  });
  afterAll(() => rm(scratch, { recursive: true }));
  beforeEach(async () => {
    subject = await setUp();
    store = subject.store;
  });
  afterEach(() => subject.close());

  async function fileWith(bytes: Uint8Array): Promise<string> {
    const path = join(scratch, randomUUID());
    await writeFile(path, bytes);
    return path;
  }

  async function readBack(digest: string, range?: { start: number; end: number }): Promise<Buffer> {
    return buffer(await store.read(user, digest, range));
  }

  test.each([0, 1, 3_000_001])('gives back a file of %i bytes under its SHA-256', async (length) => {
    const bytes = randomBytes(length);
    const stored = await store.putFile(user, await fileWith(bytes), 'video/mp4');
    expect(stored).toEqual({ digest: sha256(bytes), bytes: length, media_type: 'video/mp4' });
    expect(await store.has(user, stored.digest)).toBe(true);
    expect((await readBack(stored.digest)).equals(bytes)).toBe(true);
    expect((await readFile(await store.localPath(user, stored.digest, scratch))).equals(bytes)).toBe(true);
  });

  test('files of the same content are one blob; storing again changes nothing', async () => {
    const bytes = randomBytes(10_000);
    const first = await storeBytes(store, user, bytes, 'audio/wav');
    const path = await store.localPath(user, first.digest, scratch);
    const second = await store.putFile(user, await fileWith(bytes), 'audio/wav');
    expect(second).toEqual(first);
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });

  test('what the store has lent may be stored again, by many at once, and stays', async () => {
    const bytes = randomBytes(50_000);
    const first = await storeBytes(store, user, bytes, 'image/png');
    const path = await store.localPath(user, first.digest, scratch);
    const again = await Promise.all([1, 2, 3].map(() => store.putFile(user, path, 'image/png')));
    expect(again).toEqual([first, first, first]);
    expect((await readFile(path)).equals(bytes)).toBe(true);
    expect((await readBack(first.digest)).equals(bytes)).toBe(true);
  });

  test('many may store the same bytes at once', async () => {
    const bytes = randomBytes(2_000_000);
    const stored = await Promise.all(
      Array.from({ length: 8 }, () => storeBytes(store, user, bytes, 'image/png')),
    );
    expect(new Set(stored.map(({ digest }) => digest))).toEqual(new Set([sha256(bytes)]));
    expect((await readBack(sha256(bytes))).equals(bytes)).toBe(true);
    expect(await store.removeLeftovers()).toBe(0);
  });

  test('ranges are inclusive, as in HTTP', async () => {
    const bytes = Buffer.from('0123456789');
    const { digest } = await storeBytes(store, user, bytes, 'text/plain');
    expect((await readBack(digest, { start: 0, end: 0 })).toString()).toBe('0');
    expect((await readBack(digest, { start: 3, end: 5 })).toString()).toBe('345');
    expect((await readBack(digest, { start: 9, end: 9 })).toString()).toBe('9');
    expect((await readBack(digest, { start: 0, end: 9 })).toString()).toBe('0123456789');
  });

  test('users do not see each other, whatever they are called', async () => {
    const bytes = randomBytes(100);
    const { digest } = await storeBytes(store, user, bytes, 'image/png');
    for (const other of [
      'bob',
      '',
      '..',
      `../${user}`,
      'anna@example.org/',
      'ANNA@EXAMPLE.ORG',
      'a'.repeat(5_000),
      '\0',
    ]) {
      expect(await store.has(other, digest)).toBe(false);
      await expect(store.read(other, digest)).rejects.toMatchObject({ code: 'blob_missing' });
      await store.remove(other, digest);
      expect((await storeBytes(store, other, bytes, 'image/png')).digest).toBe(digest);
    }
    await store.remove('bob', digest);
    expect(await store.has(user, digest)).toBe(true);
    expect(await store.has('bob', digest)).toBe(false);
  });

  test('what is absent is said to be missing, and removing it is no error', async () => {
    const digest = sha256(randomBytes(8));
    expect(await store.has(user, digest)).toBe(false);
    await expect(store.read(user, digest)).rejects.toMatchObject({ code: 'blob_missing', kind: 'transient' });
    await expect(store.localPath(user, digest, scratch)).rejects.toMatchObject({ code: 'blob_missing' });
    await store.remove(user, digest);

    const { digest: stored } = await storeBytes(store, user, randomBytes(8), 'image/png');
    await store.remove(user, stored);
    expect(await store.has(user, stored)).toBe(false);
    await expect(store.read(user, stored)).rejects.toMatchObject({ code: 'blob_missing' });
  });

  test('everything of a user can be removed at once, and nothing of anybody else', async () => {
    const others = await storeBytes(store, 'bob', Buffer.from('of bob'), 'image/png');
    const own = await Promise.all(
      Array.from({ length: 120 }, (_, n) =>
        storeBytes(store, user, Buffer.from(`of anna ${n}`), 'image/png'),
      ),
    );
    await store.localPath(user, own[0]!.digest, scratch);
    await store.removeAll(user);
    for (const { digest } of own) expect(await store.has(user, digest)).toBe(false);
    await expect(store.read(user, own[0]!.digest)).rejects.toMatchObject({ code: 'blob_missing' });
    expect((await buffer(await store.read('bob', others.digest))).toString()).toBe('of bob');
    await store.removeAll(user);
    await store.removeAll('nobody');
    // Whoever comes back begins anew.
    const { digest } = await storeBytes(store, user, Buffer.from('of anna 1'), 'image/png');
    expect((await readBack(digest)).toString()).toBe('of anna 1');
  });

  describe('refuses what is not a digest', () => {
    const good = 'a'.repeat(64);
    test.each([
      ['empty', ''],
      ['a path', '../../../../etc/passwd'],
      ['a path of the right length', `../${'a'.repeat(61)}`],
      ['upper case', good.toUpperCase()],
      ['too short', good.slice(1)],
      ['too long', `${good}a`],
      ['a line break after it', `${good}\n`],
    ])('%s', async (_name, digest) => {
      await expect(store.has(user, digest)).rejects.toThrow(TypeError);
      await expect(store.read(user, digest)).rejects.toThrow(TypeError);
      await expect(store.localPath(user, digest, scratch)).rejects.toThrow(TypeError);
      await expect(store.remove(user, digest)).rejects.toThrow(TypeError);
    });
  });

  test('a source file that is gone is an error and leaves nothing', async () => {
    await expect(store.putFile(user, join(scratch, 'absent'), 'image/png')).rejects.toThrow('ENOENT');
    expect(await store.removeLeftovers()).toBe(0);
  });

  test('a ping succeeds and leaves nothing', async () => {
    await store.ping();
    expect(await store.removeLeftovers()).toBe(0);
  });
}
