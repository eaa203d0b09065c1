// Files by signed redirect: minted for who may read, checked by the rules of V4 in the double, and what stays with the API.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { openKeyFile } from '../../src/adapters/disk/key-file.ts';
import { createGcsBlobStore } from '../../src/adapters/gcs/blob-store.ts';
import { createDataKeys } from '../../src/adapters/sealing/data-keys.ts';
import { createSealedBlobStore } from '../../src/adapters/sealing/sealed-blob-store.ts';
import { createStreamSealer } from '../../src/adapters/sealing/stream-sealer.ts';
import type { BlobRef, BlobStore, NamedBytesStore } from '../../src/ports/blob-store.ts';
import { openTestApi, type TestApi } from '../support/api.ts';
import { createMemoryUserKeys } from '../support/memory-user-keys.ts';
import { reportOf } from '../support/reports.ts';
import { type StorageDouble, startStorageDouble } from '../support/storage-double.ts';
import { makeSigningKey } from '../support/storage-double-signature.ts';
import { storeBytes } from '../support/store-bytes.ts';

const bytes = randomBytes(1_000);
const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
const key = makeSigningKey();

let folder: string;
let double: StorageDouble;
let store: NamedBytesStore;
let on: TestApi;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-signed-'));
  double = await startStorageDouble({ key });
  store = await openStore(key.keyFile);
  on = await openTestApi({ blobStore: store });
  url = `/v1/videos/${await completed(await storeBytes(store, 'ann', bytes, 'video/mp4'))}/files/video.mp4`;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await on.close();
  await double.close();
  await rm(folder, { recursive: true });
});

/** With these credentials, as Google's library finds them. */
async function openStore(keyFile: string, refusals: unknown[] = []): Promise<NamedBytesStore> {
  const path = join(folder, 'key.json');
  await writeFile(path, keyFile);
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', path);
  return createGcsBlobStore({
    bucketName: double.bucketName,
    prefix: 'a/b/',
    endpoint: double.endpoint,
    retries: { most: 1, longestWaitSeconds: 1 },
    deadlineMs: 5_000,
    cache: { folder: join(folder, 'cache'), capBytes: 0 },
    signing: { onImpossible: (error) => refusals.push(error) },
  });
}

async function completed(ref: BlobRef): Promise<string> {
  const lease = await on.stores.claimNew('ann');
  await on.stores.stepStore.touchBlob('ann', ref.digest);
  await on.stores.leases.complete(lease, {
    files: { 'video.mp4': ref },
    report: reportOf(),
    video: { title: 'A lighthouse', width: 1280, height: 720, fps: 24, duration: 30, bytes: bytes.length },
    degradations: [],
    reuse: { steps_total: 9, steps_reused: 3 },
  });
  return lease.jobId;
}

async function redirectOf(headers: Record<string, string> = {}): Promise<string> {
  const answer = await on.ask('GET', url, { headers });
  expect(answer.statusCode).toBe(302);
  return answer.headers.location as string;
}

describe('a file in the bucket', () => {
  test('is answered with a redirect that nobody keeps, and that reads it', async () => {
    const answer = await on.ask('GET', url);
    expect([answer.statusCode, answer.body]).toEqual([302, '']);
    expect(answer.headers).toMatchObject({ 'cache-control': 'private, no-store' });
    expect(answer.headers.etag).toBeUndefined();
    const file = await fetch(answer.headers.location as string);
    expect(file.status).toBe(200);
    expect(Object.fromEntries(file.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-disposition': 'inline; filename="video.mp4"',
    });
    expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test('is read in ranges there', async () => {
    const range = 'bytes=10-19';
    const part = await fetch(await redirectOf({ range }), { headers: { range } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 10-19/1000']);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true);
    // A later range, of what the storage said its bytes are.
    await redirectOf({ range, 'if-range': part.headers.get('etag')! });
  });

  test('is nobody else’s: no URL is made for who may not read', async () => {
    const answer = await on.ask('GET', url, { user: 'bob' });
    expect([answer.statusCode, answer.headers.location]).toEqual([404, undefined]);
    expect((await on.ask('GET', url.replace('video.mp4', 'music.wav'))).statusCode).toBe(404);
  });

  test('is spoken for by the API in all else', async () => {
    const head = await on.ask('HEAD', url);
    expect(head.statusCode).toBe(200);
    expect(head.headers).toMatchObject({ etag, 'content-length': '1000', 'accept-ranges': 'bytes' });
    const unchanged = await on.ask('GET', url, { headers: { 'if-none-match': etag } });
    expect([unchanged.statusCode, unchanged.headers.etag]).toEqual([304, etag]);
    const outside = await on.ask('GET', url, { headers: { range: 'bytes=1000-' } });
    expect([outside.statusCode, outside.headers['content-range']]).toEqual([416, 'bytes */1000']);
    const part = await on.ask('GET', url, { headers: { range: 'bytes=0-9', 'if-range': etag } });
    expect([part.statusCode, part.headers.etag]).toEqual([206, etag]);
    expect(part.rawPayload.equals(bytes.subarray(0, 10))).toBe(true);
  });
});

describe('a signed URL', () => {
  const as = { fileName: 'video.mp4', mediaType: 'video/mp4', expiresMs: 24 * 3_600_000 };
  const digest = etag.slice(1, -1);

  test('is good for 15 minutes at most, from about now', async () => {
    const { searchParams } = new URL((await store.signedUrl!('ann', digest, as))!);
    expect(Number(searchParams.get('X-Goog-Expires'))).toBeLessThanOrEqual(900);
    expect(Number(searchParams.get('X-Goog-Expires'))).toBeGreaterThan(890);
    expect(searchParams.get('X-Goog-Algorithm')).toBe('GOOG4-RSA-SHA256');
  });

  test.each<[string, (url: URL) => void]>([
    [
      'another object',
      (url) => (url.pathname = url.pathname.replace(/.$/, (last) => (last === '0' ? '1' : '0'))),
    ],
    ['another file name', (url) => url.searchParams.set('response-content-disposition', 'attachment')],
    ['another type', (url) => url.searchParams.set('response-content-type', 'text/html')],
    ['more time', (url) => url.searchParams.set('X-Goog-Expires', '901')],
    ['a later date', (url) => url.searchParams.set('X-Goog-Date', '20990101T000000Z')],
    ['a parameter more', (url) => url.searchParams.set('userProject', 'x')],
    ['a changed signature', (url) => url.searchParams.set('X-Goog-Signature', 'ab'.repeat(256))],
  ])('with %s is refused', async (_, change) => {
    const changed = new URL((await store.signedUrl!('ann', digest, as))!);
    change(changed);
    expect((await fetch(changed)).status).toBe(403);
  });

  test('is for reading only, of the one who signed, until it expires', async () => {
    const signed = (await store.signedUrl!('ann', digest, as))!;
    expect((await fetch(signed, { method: 'DELETE' })).status).toBe(403);
    const forger = await openStore(makeSigningKey().keyFile);
    expect((await fetch((await forger.signedUrl!('ann', digest, as))!)).status).toBe(403);
    const brief = new URL((await store.signedUrl!('ann', digest, { ...as, expiresMs: 1_000 }))!);
    expect(Number(brief.searchParams.get('X-Goog-Expires'))).toBeLessThanOrEqual(1);
  });

  test.each(['a"b', 'a/b', '', 'a\nb'])('is not made for the file name %j', async (fileName) => {
    await expect(store.signedUrl!('ann', digest, { ...as, fileName })).rejects.toThrow(TypeError);
  });
});

test('what cannot sign offers no URL, and files come through the API', async () => {
  const refusals: unknown[] = [];
  const keyless = await openStore(
    JSON.stringify({ ...JSON.parse(key.keyFile), private_key: 'no-key' }),
    refusals,
  );
  expect(keyless.signedUrl).toBeUndefined();
  expect(refusals).toMatchObject([{ code: 'storage_unavailable' }]);
  expect(inspect(refusals, { depth: 9 })).not.toMatch(/PRIVATE KEY|no-key/);
  const plain = await openTestApi({ blobStore: keyless, jobStore: on.stores.jobStore });
  try {
    const answer = await plain.ask('GET', url);
    expect([answer.statusCode, answer.headers.etag]).toEqual([200, etag]);
    expect(answer.rawPayload.equals(bytes)).toBe(true);
  } finally {
    await plain.close();
  }
});

test('where no more is sealed, redirects lead to what lies open only, and sealed files come through the API', async () => {
  const kek = await openKeyFile({ folder: join(folder, 'keys') });
  const sealer = createStreamSealer(createDataKeys({ userKeys: createMemoryUserKeys(), kek }));
  const sealing = createSealedBlobStore({ inner: store, sealer });
  const unsealing = createSealedBlobStore({ inner: store, sealer, seals: false });
  const path = join(folder, 'sealed');
  const secret = randomBytes(100_000);
  const put = async (to: BlobStore) => {
    await writeFile(path, secret);
    return to.putFile('ann', path, 'video/mp4');
  };
  const sealed = await put(sealing);
  const mixed = await openTestApi({ blobStore: unsealing, jobStore: on.stores.jobStore });
  try {
    const answer = await mixed.ask('GET', `/v1/videos/${await completed(sealed)}/files/video.mp4`);
    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload.equals(secret)).toBe(true);
    expect(await put(unsealing)).toEqual(sealed);

    const before = double.calls.length;
    for (let times = 0; times < 2; times += 1) {
      const { statusCode, headers } = await mixed.ask('GET', url);
      expect(statusCode).toBe(302);
      const file = await fetch(headers.location as string);
      expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
    }
    // Looked at once, however often it is asked for.
    const calls = double.calls.slice(before).filter((call) => call !== 'signed');
    expect(calls).toEqual(['metadata', 'media']);
  } finally {
    await mixed.close();
  }
});
