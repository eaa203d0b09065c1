// Cloud Storage fulfils the blob store's contract, here against its double, and keeps what is its own: faults of the
// network and of the service, checksums, local copies.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test, vi } from 'vitest';

import { createGcsBlobStore, type GcsBlobStoreOptions } from '../../src/adapters/gcs/blob-store.ts';
import type { BlobStore } from '../../src/ports/blob-store.ts';
import { startStorageDouble } from '../support/storage-double.ts';
import { crc32cOf } from '../support/storage-double-bucket.ts';
import { storeBytes } from '../support/store-bytes.ts';
import { blobStoreConformance } from './blob-store.ts';

const user = 'anna@example.org';
const unavailable = { code: 'storage_unavailable', kind: 'transient' };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A bucket, a folder and a store of the test's own. */
async function setUp(change: Partial<GcsBlobStoreOptions> = {}, capBytes = 100_000_000) {
  const double = await startStorageDouble();
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-gcs-'));
  const open = (changed: Partial<GcsBlobStoreOptions> = {}): Promise<BlobStore> =>
    createGcsBlobStore({
      bucketName: double.bucketName,
      prefix: 'blobs/',
      endpoint: double.endpoint,
      retries: { most: 2, longestWaitSeconds: 1 },
      deadlineMs: 10_000,
      cache: { folder: join(folder, 'cache'), capBytes },
      signing: undefined,
      ...changed,
    });
  return {
    double,
    folder,
    open,
    store: await open(change),
    count: (wanted: string) => double.calls.filter((call) => call === wanted).length,
    async fileWith(bytes: Uint8Array): Promise<string> {
      const path = join(folder, randomUUID());
      await writeFile(path, bytes);
      return path;
    },
    async [Symbol.asyncDispose]() {
      await double.close();
      await rm(folder, { recursive: true });
    },
  };
}

describe('a bucket as the blob store', () => {
  blobStoreConformance(async () => {
    const on = await setUp();
    return { store: on.store, close: () => on[Symbol.asyncDispose]() };
  });

  test('user ids are not in names', async () => {
    await using on = await setUp();
    await storeBytes(on.store, user, randomBytes(10), 'image/png');
    const names = [...on.double.bucket.objects.keys()];
    expect(names).toEqual([expect.stringMatching(/^blobs\/[0-9a-f]{32}\/[0-9a-f]{64}$/)]);
  });

  test('to remove all of a user can be broken off, and goes on the next time', async () => {
    await using on = await setUp();
    for (let n = 0; n < 120; n += 1) await storeBytes(on.store, user, Buffer.from(`${n}`), 'image/png');
    const stopping = new AbortController();
    const { objects } = on.double.bucket;
    const removing = on.store.removeAll(user, stopping.signal);
    await vi.waitUntil(() => objects.size < 120, { interval: 1 });
    stopping.abort(new Error('stopped'));
    await expect(removing).rejects.toThrow('stopped');
    expect(objects.size).toBeGreaterThan(0);
    await on.store.removeAll(user);
    expect(objects.size).toBe(0);
  });
});

describe.concurrent('what the network and the service do', () => {
  const small = randomBytes(50_000);
  const large = randomBytes(20_000_000);

  test.each([
    ['create', { status: 503 }],
    ['create', 'cut'],
    ['create', 'cut-late'],
    ['metadata', { status: 500 }],
    ['metadata', 'cut-late'],
    ['media', { status: 503 }],
    ['media', 'cut'],
  ] as const)('a %s that fails with %j once is sent again', async (call, fault) => {
    await using on = await setUp();
    on.double.inject(call, fault);
    const { digest } = await storeBytes(on.store, user, small, 'image/png');
    expect(sha256(await buffer(await on.store.read(user, digest)))).toBe(sha256(small));
    expect(on.double.calls.filter((each) => each === call).length).toBeGreaterThanOrEqual(2);
    expect(on.double.bucket.objects.size).toBe(1);
  });

  test.each([
    ['session', { status: 503 }],
    ['chunk', { status: 503 }],
    ['chunk', 'cut'],
    ['chunk', 'cut-late'],
  ] as const)('a long upload whose %s fails with %j goes on where it was', async (call, fault) => {
    await using on = await setUp();
    on.double.inject(call, fault);
    const stored = await on.store.putFile(user, await on.fileWith(large), 'video/mp4');
    expect(stored).toMatchObject({ digest: sha256(large), bytes: large.length });
    expect(sha256([...on.double.bucket.objects.values()][0]!.bytes)).toBe(stored.digest);
    // Far less than twice the file: only what was lost was sent again.
    expect(on.double.chunkBytes()).toBeLessThan(large.length + 9_000_000);
  });

  test('a last answer that is lost is no failure: what was stored is found', async () => {
    await using on = await setUp();
    const { store } = on;
    const path = await on.fileWith(large.subarray(0, 9_000_000));
    on.double.inject('chunk', 'cut-late', { after: 1 });
    const { digest } = await store.putFile(user, path, 'video/mp4');
    expect(sha256(await buffer(await store.read(user, digest)))).toBe(digest);
  });

  test('a service that stays away is said to be unavailable', async () => {
    await using on = await setUp({ retries: { most: 1, longestWaitSeconds: 1 } });
    const { store } = on;
    on.double.inject('create', { status: 503 }, { times: 2 });
    await expect(storeBytes(store, user, small, 'image/png')).rejects.toMatchObject(unavailable);
    expect(on.count('create')).toBe(2);
  });

  test.each([
    [
      { status: 401, message: 'Invalid Credentials' },
      'storage_unavailable',
      'GOOGLE_APPLICATION_CREDENTIALS',
    ],
    [
      { status: 403, message: 'No storage.objects access' },
      'storage_unavailable',
      'roles/storage.objectUser',
    ],
    [{ status: 404, message: 'The specified bucket does not exist.' }, 'storage_unavailable', 'AIPROD_BLOBS'],
    [{ status: 403, reason: 'quotaExceeded' }, 'storage_full', 'quota'],
  ] as const)('%j is told as what it is, and not tried again', async (fault, code, hint) => {
    await using on = await setUp();
    const { store } = on;
    const told = { code, kind: 'transient', hint: expect.stringContaining(hint) };
    for (const call of ['create', 'session', 'metadata', 'metadata', 'delete'] as const)
      on.double.inject(call, fault);
    const { digest } = { digest: sha256(small) };
    await expect(storeBytes(store, user, small, 'image/png')).rejects.toMatchObject(told);
    await expect(storeBytes(store, user, large, 'image/png')).rejects.toMatchObject(told);
    await expect(store.has(user, digest)).rejects.toMatchObject(told);
    await expect(store.read(user, digest)).rejects.toMatchObject(told);
    await expect(store.remove(user, digest)).rejects.toMatchObject(told);
    expect(on.double.calls).toEqual(['create', 'session', 'metadata', 'metadata', 'delete']);
  });

  test('a bucket that is not there is not taken for missing bytes', async () => {
    await using on = await setUp({ bucketName: 'no-such-bucket' });
    const { store } = on;
    await expect(store.has(user, sha256(small))).rejects.toMatchObject(unavailable);
    await expect(store.ping()).rejects.toMatchObject(unavailable);
  });

  test('nobody there: unavailable', async () => {
    const gone = await startStorageDouble();
    await gone.close();
    await using on = await setUp({ endpoint: gone.endpoint, retries: { most: 1, longestWaitSeconds: 1 } });
    const { store } = on;
    const told = { ...unavailable, cause: { message: expect.not.stringMatching(/[?=]/) } };
    await expect(store.ping()).rejects.toMatchObject(told);
    await expect(storeBytes(store, user, large, 'image/png')).rejects.toMatchObject(told);
  });

  test('silence ends', async () => {
    await using on = await setUp({ deadlineMs: 300 }, 0);
    const { store, folder } = on;
    const { digest } = await storeBytes(store, user, small, 'image/png');
    for (const call of ['create', 'metadata', 'session'] as const) on.double.inject(call, 'silence');
    await expect(storeBytes(store, user, small, 'image/png')).rejects.toMatchObject(unavailable);
    await expect(store.has(user, digest)).rejects.toMatchObject(unavailable);
    await expect(storeBytes(store, user, large, 'image/png')).rejects.toMatchObject(unavailable);
    on.double.inject('media', 'silence', { times: 3 });
    await expect(store.localPath(user, digest, folder)).rejects.toMatchObject(unavailable);
  });
});

describe.concurrent('wrong bytes', () => {
  const small = randomBytes(50_000);
  const large = randomBytes(9_000_000);

  test('on the way there are refused by the service, and nothing is stored', async () => {
    await using on = await setUp();
    const { store } = on;
    on.double.inject('create', 'corrupt');
    await expect(storeBytes(store, user, small, 'image/png')).rejects.toMatchObject(unavailable);
    on.double.inject('chunk', 'corrupt');
    await expect(storeBytes(store, user, large, 'image/png')).rejects.toMatchObject(unavailable);
    expect(on.double.bucket.objects.size).toBe(0);
  });

  test.each([
    ['create', small],
    ['chunk', large],
  ] as const)('that the service says it has are removed again (%s)', async (call, bytes) => {
    await using on = await setUp();
    const { store } = on;
    on.double.inject(call, 'wrong-checksum', { after: call === 'chunk' ? 1 : 0 });
    await expect(storeBytes(store, user, bytes, 'image/png')).rejects.toMatchObject(unavailable);
    expect(on.double.bucket.objects.size).toBe(0);
  });

  test('under the name of others are not taken for them', async () => {
    await using on = await setUp();
    const { store } = on;
    await storeBytes(store, user, small, 'image/png');
    const [name] = on.double.bucket.objects.keys();
    const put = (bytes: Buffer) => {
      on.double.bucket.objects.delete(name!);
      return on.double.bucket.create(name!, bytes, {}, undefined);
    };
    put(Buffer.from(small.subarray(1)));
    await expect(storeBytes(store, user, small, 'image/png')).rejects.toMatchObject(unavailable);
    put(Buffer.from(small).fill(0, 0, 9));
    await expect(storeBytes(store, user, small, 'image/png')).rejects.toMatchObject(unavailable);
    await expect(store.read(user, sha256(small))).rejects.toMatchObject(unavailable);
    // Composed by another tool: it has no MD5.
    delete (put(small) as { md5Hash?: string }).md5Hash;
    await storeBytes(store, user, small, 'image/png');
  });

  test('on the way back never look whole', async () => {
    await using on = await setUp({}, 0);
    const { store, folder } = on;
    for (const bytes of [small, large]) {
      const { digest } = await storeBytes(store, user, bytes, 'image/png');
      on.double.inject('media', 'corrupt');
      await expect(store.localPath(user, digest, folder)).rejects.toMatchObject(unavailable);
      expect((await readdir(folder)).filter((name) => name.endsWith(digest))).toEqual([]);
      on.double.inject('media', 'corrupt');
      const received: Buffer[] = [];
      await expect(async () => {
        for await (const part of await store.read(user, digest)) received.push(part);
      }).rejects.toMatchObject(unavailable);
      expect(Buffer.concat(received).length).toBeLessThan(bytes.length);
      expect(await readFile(await store.localPath(user, digest, folder))).toEqual(bytes);
    }
  });
});

describe.concurrent('local copies', () => {
  test('what was just stored is not fetched', async () => {
    await using on = await setUp();
    const { store, folder } = on;
    const bytes = randomBytes(5_000);
    const { digest } = await store.putFile(user, await on.fileWith(bytes), 'image/png');
    expect(await readFile(await store.localPath(user, digest, folder))).toEqual(bytes);
    expect(on.count('media')).toBe(0);
  });

  test('are fetched once for many who want them at once, and found by the next process', async () => {
    await using on = await setUp();
    const { store, folder } = on;
    const bytes = randomBytes(5_000);
    const elsewhere = await on.open({ cache: { folder: join(folder, 'other-cache'), capBytes: 0 } });
    const { digest } = await storeBytes(elsewhere, user, bytes, 'image/png');
    const paths = await Promise.all([1, 2, 3].map(() => store.localPath(user, digest, folder)));
    expect(new Set(paths).size).toBe(1);
    const other = await mkdtemp(join(folder, 'job-'));
    const path = await (await on.open()).localPath(user, digest, other);
    expect(path.startsWith(other)).toBe(true);
    expect(await readFile(path)).toEqual(bytes);
    expect(on.count('media')).toBe(1);
  });

  test('that suffered while nobody ran are fetched anew', async () => {
    await using on = await setUp();
    const { folder } = on;
    const bytes = randomBytes(5_000);
    const { digest } = await on.store.putFile(user, await on.fileWith(bytes), 'image/png');
    const [owner] = await readdir(join(folder, 'cache'));
    await writeFile(join(folder, 'cache', owner!, digest), randomBytes(5_000));
    const store = await on.open();
    expect(await readFile(await store.localPath(user, digest, folder))).toEqual(bytes);
    expect(on.count('media')).toBe(1);
  });

  test('stay within their size, the latest used first, and what is lent stays whole', async () => {
    await using on = await setUp({}, 100_000);
    const { store, folder } = on;
    const put = async (age: number) => {
      const { digest } = await store.putFile(user, await on.fileWith(randomBytes(40_000)), 'image/png');
      const [owner] = await readdir(join(folder, 'cache'));
      const then = new Date(Date.now() - age * 60_000);
      await utimes(join(folder, 'cache', owner!, digest), then, then);
      return digest;
    };
    const oldest = await put(3);
    const job = await mkdtemp(join(folder, 'job-'));
    const lent = await store.localPath(user, oldest, job);
    await put(1);
    const [owner] = await readdir(join(folder, 'cache'));
    await utimes(join(folder, 'cache', owner!, oldest), new Date(0), new Date(0));
    const newest = await put(0);
    const left = await readdir(join(folder, 'cache', owner!));
    expect(left).toHaveLength(2);
    expect(left).toContain(newest);
    expect(left).not.toContain(oldest);
    expect(sha256(await readFile(lent))).toBe(oldest);
    expect(await store.localPath(user, oldest, job)).toBe(lent);
    expect(on.count('media')).toBe(0);
  });

  test('too large for the cache are lent and not kept; unused for a day they go', async () => {
    await using on = await setUp({}, 10_000);
    const { store, folder } = on;
    const large = await store.putFile(user, await on.fileWith(randomBytes(20_000)), 'image/png');
    await store.localPath(user, large.digest, folder);
    await expect(stat(join(folder, 'cache'))).rejects.toThrow('ENOENT');
    const small = await store.putFile(user, await on.fileWith(randomBytes(1_000)), 'image/png');
    const [owner] = await readdir(join(folder, 'cache'));
    const path = join(folder, 'cache', owner!, small.digest);
    await store.removeLeftovers();
    await stat(path);
    await utimes(path, new Date(0), new Date(0));
    await store.removeLeftovers();
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  test('of removed blobs go with them', async () => {
    await using on = await setUp();
    const { store, folder } = on;
    const { digest } = await store.putFile(user, await on.fileWith(randomBytes(1_000)), 'image/png');
    await store.remove(user, digest);
    await expect(store.localPath(user, digest, folder)).rejects.toMatchObject({ code: 'blob_missing' });
  });
});

test('a ping creates one object ever, and notices when bytes cannot be read', async () => {
  await using on = await setUp();
  const { store } = on;
  await store.ping();
  await store.ping();
  await (await on.open()).ping();
  expect([...on.double.bucket.objects.keys()]).toEqual(['blobs/ping']);
  expect([on.count('create'), on.count('media')]).toEqual([2, 3]);
  on.double.inject('media', { status: 403 });
  await expect(store.ping()).rejects.toMatchObject(unavailable);
});

test('the double computes CRC32C as everybody does', () => {
  expect(Buffer.from(crc32cOf(Buffer.from('123456789')), 'base64').toString('hex')).toBe('e3069283');
});
