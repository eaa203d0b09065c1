// Files of a finished job over HTTP: whole, in part, unchanged, and not there.
import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { CompletedJob } from '../../src/ports/job-leases.ts';
import { openTestApi, type TestApi } from '../support/api.ts';
import { reportOf } from '../support/reports.ts';
import { storeBytes } from '../support/store-bytes.ts';

const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));
const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;

let on: TestApi;
let url: string;
beforeAll(async () => {
  on = await openTestApi();
  url = `/v1/videos/${await completed()}/files/video.mp4`;
});
afterAll(() => on.close());

/** A completed job of ann's with a video and captions; its id. */
async function completed(): Promise<string> {
  const lease = await on.stores.claimNew('ann');
  const keep = async (content: Uint8Array, mediaType: string) => {
    const ref = await storeBytes(on.stores.blobStore, 'ann', content, mediaType);
    await on.stores.stepStore.touchBlob('ann', ref.digest);
    return ref;
  };
  const result: CompletedJob = {
    files: {
      'video.mp4': await keep(bytes, 'video/mp4'),
      'captions.vtt': await keep(Buffer.from('WEBVTT\n'), 'text/vtt; charset=utf-8'),
      'words.json': await keep(Buffer.from('[]\n'), 'application/json'),
    },
    report: reportOf(),
    video: { title: 'A lighthouse', width: 1280, height: 720, fps: 24, duration: 30, bytes: bytes.length },
    degradations: [{ capability: 'duration', cause: 'Too long.', remedy: 'Shorten it.' }],
    reuse: { steps_total: 9, steps_reused: 3 },
  };
  await on.stores.leases.complete(lease, result);
  return lease.jobId;
}

test('a completed job shows what was measured', async () => {
  const job = (await on.ask('GET', url.replace(/\/files.*/, ''))).json();
  expect(job).toMatchObject({ status: 'completed', progress: 1, reuse: { steps_total: 9, steps_reused: 3 } });
  expect(job.report).toEqual(reportOf());
  expect(job.files['video.mp4']).toEqual({ digest: etag.slice(1, -1), bytes: 1000, media_type: 'video/mp4' });
});

test('whole', async () => {
  const answer = await on.ask('GET', url);
  expect(answer.statusCode).toBe(200);
  expect(answer.rawPayload.equals(bytes)).toBe(true);
  expect(answer.headers).toMatchObject({
    'content-type': 'video/mp4',
    'content-length': '1000',
    'accept-ranges': 'bytes',
    'content-disposition': 'inline; filename="video.mp4"',
    'cache-control': 'private, no-cache',
    etag,
  });
  expect((await on.ask('GET', url.replace('video.mp4', 'captions.vtt'))).headers['content-type']).toBe(
    'text/vtt; charset=utf-8',
  );
  expect((await on.ask('GET', url.replace('video.mp4', 'words.json'))).body).toBe('[]\n');
});

test('HEAD tells the same without bytes', async () => {
  const { statusCode, headers, body } = await on.ask('HEAD', url, { headers: { range: 'bytes=0-9' } });
  expect({ statusCode, body }).toEqual({ statusCode: 200, body: '' });
  expect(headers).toMatchObject({ 'content-length': '1000', 'content-type': 'video/mp4', etag });
});

describe('one range', () => {
  test.each([
    ['bytes=0-0', 0, 0],
    ['bytes=10-19', 10, 19],
    ['bytes=990-', 990, 999],
    ['bytes=990-5000', 990, 999],
    ['bytes=-10', 990, 999],
    ['bytes=-5000', 0, 999],
  ])('%s', async (range, start, end) => {
    const answer = await on.ask('GET', url, { headers: { range } });
    expect(answer.statusCode).toBe(206);
    expect(answer.headers['content-range']).toBe(`bytes ${start}-${end}/1000`);
    expect(answer.headers['content-length']).toBe(`${end - start + 1}`);
    expect(answer.rawPayload.equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  test.each(['bytes=1000-', 'bytes=1000-1001', 'bytes=-0'])('%s lies outside', async (range) => {
    const answer = await on.ask('GET', url, { headers: { range } });
    expect(answer.statusCode).toBe(416);
    expect(answer.headers['content-range']).toBe('bytes */1000');
    expect(answer.headers.etag).toBeUndefined();
  });

  test.each([
    'bytes=0-1,5-6',
    'bytes=9-3',
    'bytes=-',
    'lines=1-2',
    'bytes=a-b',
  ])('%s gives the whole', async (range) => {
    const answer = await on.ask('GET', url, { headers: { range } });
    expect([answer.statusCode, answer.rawPayload.length]).toEqual([200, 1000]);
  });

  test('only of the bytes that the caller means', async () => {
    const ask = (condition: string) =>
      on.ask('GET', url, { headers: { range: 'bytes=0-9', 'if-range': condition } });
    expect((await ask(etag)).statusCode).toBe(206);
    expect((await ask('"other"')).statusCode).toBe(200);
  });
});

test.each([
  etag,
  `W/${etag}`,
  `"other", ${etag}`,
  '*',
])('If-None-Match: %s needs no bytes', async (condition) => {
  const answer = await on.ask('GET', url, { headers: { 'if-none-match': condition } });
  expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', etag]);
});

test('names that are no files', async () => {
  const names = [
    'music.wav',
    'nope.mp4',
    '..%2f..%2fetc%2fpasswd',
    '__proto__',
    'constructor',
    'video.mp4%00',
    '',
  ];
  for (const name of names) {
    const answer = await on.ask('GET', url.replace('video.mp4', name));
    expect(answer.statusCode, name).toBe(404);
  }
});

test('not ready: says why and what to do', async () => {
  const jobId = await on.create();
  const file = `/v1/videos/${jobId}/files/video.mp4`;
  const pending = await on.ask('GET', file);
  expect([pending.statusCode, pending.json().hint]).toEqual([409, expect.stringContaining('/events')]);
  await on.ask('POST', `/v1/videos/${jobId}/cancel`);
  expect((await on.ask('GET', file)).json().hint).toContain('/retry');
});

test('bytes that are lost are a problem, not half an answer', async () => {
  const jobId = await completed();
  const gone = await openTestApi({
    jobStore: on.stores.jobStore,
  });
  try {
    const answer = await gone.ask('GET', `/v1/videos/${jobId}/files/video.mp4`);
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'blob_missing']);
    expect(answer.headers['content-disposition']).toBeUndefined();
  } finally {
    await gone.close();
  }
});
