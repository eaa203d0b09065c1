// Uploading, reading and deleting assets through the API, and naming them in requests; as one user and as another.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { mediaLimits } from '../../src/domain/user-media.ts';
import { openTestApi, type TestApi } from '../support/api.ts';
import { forgedPng, twoColours } from '../support/user-media.ts';

let on: TestApi;
let port: number;
beforeAll(async () => {
  on = await openTestApi();
  port = Number(new URL(await on.api.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterAll(() => on.close());

const png = twoColours(64, 40);

function upload(payload: Buffer | Readable, { type = 'image/png', user = 'ann' } = {}) {
  return on.ask('POST', '/v1/assets', { user, payload, headers: { 'content-type': type } });
}

const codeOf = async (answer: ReturnType<typeof upload>) => {
  const { statusCode, body } = await answer;
  return `${statusCode} ${JSON.parse(body).code}`;
};

/** Half-arrived files; the folder holds the blobs as well. */
const leftovers = async () => (await readdir(on.stores.folder)).filter((name) => name !== 'blobs');

test('an upload is looked at, kept and read back', async () => {
  const made = await upload(png, { type: 'video/mp4' });
  expect(made.statusCode).toBe(201);
  const asset = made.json();
  expect(asset).toMatchObject({
    kind: 'image',
    media_type: 'image/png',
    width: 64,
    height: 40,
    duration: null,
    bytes: png.length,
  });
  const url = `/v1/assets/${asset.asset_id}`;
  expect(made.headers.location).toBe(url);
  expect((await on.ask('GET', url)).json()).toEqual(asset);
  expect((await on.ask('GET', '/v1/assets')).json()).toEqual({ assets: [asset], next_cursor: null });
  const { digest } = (await on.stores.assetStore.find('ann', asset.asset_id))!;
  expect(await on.stores.blobStore.has('ann', digest)).toBe(true);
  expect(await leftovers()).toEqual([]);
});

test('pages of assets follow each other', async () => {
  for (let i = 0; i < 3; i++) await upload(png, { user: 'pager' });
  const first = (await on.ask('GET', '/v1/assets?limit=2', { user: 'pager' })).json();
  expect(first.assets).toHaveLength(2);
  const url = `/v1/assets?limit=2&cursor=${first.next_cursor}`;
  const second = (await on.ask('GET', url, { user: 'pager' })).json();
  expect([second.assets.length, second.next_cursor]).toEqual([1, null]);
});

test('what is no image and no clip, is damaged or too large is refused, and leaves nothing', async () => {
  expect(await codeOf(upload(Buffer.from('<svg/>')))).toBe('422 media_refused');
  expect(await codeOf(upload(Buffer.from('#EXTM3U\nfile:///etc/passwd\n'), { type: 'video/mp4' }))).toBe(
    '422 media_refused',
  );
  expect(await codeOf(upload(Buffer.alloc(0)))).toBe('422 media_refused');
  expect(await codeOf(upload(png.subarray(0, png.length - 20)))).toBe('422 media_unreadable');
  expect(await codeOf(upload(forgedPng(16_000, 16_000)))).toBe('422 media_refused');
  expect(await codeOf(upload(png, { type: 'text/plain' }))).toBe('415 media_type_unsupported');
  expect(await codeOf(upload(Buffer.from('{}'), { type: 'application/json' }))).toBe(
    '415 media_type_unsupported',
  );
  expect(await leftovers()).toEqual([]);
});

test('an image is read no further than an image may be long', async () => {
  const socket = connect(port, '127.0.0.1');
  const length = 4 * mediaLimits.imageBytes;
  socket.write(
    `POST /v1/assets HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: ${length}\r\n\r\n`,
  );
  socket.write(png);
  const answered = once(socket, 'data');
  let sent = png.length;
  let waiting = true;
  void answered.then(() => (waiting = false));
  while (waiting && sent < length) {
    sent += 500_000;
    if (!socket.write(Buffer.alloc(500_000))) await Promise.race([once(socket, 'drain'), answered]);
  }
  expect(`${(await answered)[0]}`).toContain(' 413 ');
  expect(sent).toBeLessThan(2 * mediaLimits.imageBytes);
  socket.destroy();
  expect(await leftovers()).toEqual([]);
});

test('a length that is too large is refused before anything arrives', async () => {
  const headers = { 'content-type': 'video/mp4', 'content-length': `${mediaLimits.clipBytes + 1}` };
  const answer = await on.ask('POST', '/v1/assets', { headers, payload: Readable.from([png]) });
  expect([answer.statusCode, answer.json().code]).toEqual([413, 'body_too_large']);
});

test('many refused uploads over one connection leave nothing on it', async () => {
  const warnings: string[] = [];
  const warn = ({ message }: Error) => warnings.push(message);
  process.on('warning', warn);
  const socket = connect(port, '127.0.0.1');
  const bytes = 200_000;
  for (let round = 0; round < 12; round += 1) {
    const answered = once(socket, 'data');
    socket.write(
      `POST /v1/assets HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: ${bytes}\r\n\r\n`,
    );
    socket.write(Buffer.alloc(bytes / 2, 'no picture'));
    expect(`${(await answered)[0]}`).toContain(' 422 ');
    socket.write(Buffer.alloc(bytes / 2, 'no picture'));
  }
  socket.destroy();
  process.off('warning', warn);
  expect(warnings).toEqual([]);
});

test('an upload that breaks off leaves nothing', async () => {
  const socket = connect(port, '127.0.0.1');
  const head =
    'POST /v1/assets HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: 100000\r\n\r\n';
  socket.write(head);
  socket.end(png);
  await text(socket);
  await expect.poll(leftovers).toEqual([]);
});

test('JSON that comes too slowly is not waited for, an upload is', async () => {
  const slow = await openTestApi({ timeouts: { bodyMs: 50 } });
  try {
    const url = new URL(await slow.api.listen({ host: '127.0.0.1', port: 0 }));
    const json = connect(Number(url.port), '127.0.0.1');
    json.write(
      'POST /v1/videos HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    );
    const file = connect(Number(url.port), '127.0.0.1');
    file.write(
      `POST /v1/assets HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: ${png.length}\r\n`,
    );
    file.write('Connection: close\r\n\r\n');
    file.write(png.subarray(0, 30));
    expect(await text(json)).toContain(' 408 ');
    file.write(png.subarray(30));
    expect(await text(file)).toContain(' 201 ');
  } finally {
    await slow.close();
  }
});

test('somebody else’s asset is 404 on every route, and no scene may show it', async () => {
  const { asset_id: assetId } = (await upload(png)).json();
  const paths = Object.keys(on.api.swagger().paths ?? {}).filter((path) => path.includes('{asset_id}'));
  expect(paths).toEqual(['/v1/assets/{asset_id}']);
  for (const method of ['GET', 'HEAD', 'DELETE'] as const) {
    for (const id of [assetId, randomUUID(), 'no-uuid', '..']) {
      const answer = await on.ask(method, `/v1/assets/${id}`, { user: 'mallory' });
      expect(answer.statusCode, `${method} ${id}`).toBe(404);
    }
  }
  expect((await on.ask('GET', '/v1/assets', { user: 'mallory' })).json().assets).toEqual([]);
  const json = { scenes: [{ text: 'One.' }, { text: 'Two.', media: { asset_id: assetId } }] };
  for (const url of ['/v1/videos', '/v1/estimates']) {
    const answer = await on.ask('POST', url, { user: 'mallory', json });
    expect([answer.statusCode, answer.json().errors]).toEqual([
      422,
      [{ pointer: '/scenes/1/media/asset_id', detail: 'is not one of your assets' }],
    ]);
    expect((await on.ask('POST', url, { json })).statusCode).toBeLessThan(300);
  }
  expect((await on.ask('GET', `/v1/assets/${assetId}`)).statusCode).toBe(200);
});

test('a deleted asset is gone', async () => {
  const { asset_id: assetId } = (await upload(png)).json();
  const url = `/v1/assets/${assetId}`;
  expect((await on.ask('DELETE', url)).statusCode).toBe(204);
  expect((await on.ask('DELETE', url)).statusCode).toBe(404);
  const json = { scenes: [{ text: 'One.', media: { asset_id: assetId } }] };
  expect((await on.ask('POST', '/v1/videos', { json })).statusCode).toBe(422);
});

test('media are kept in the job as asked, with their defaults', async () => {
  const url = 'https://images.example.com/harbour.jpg';
  const scenes = [{ text: 'One.', media: { url } }, { text: 'Two.' }];
  const { payload } = (await on.ask('POST', '/v1/videos', { json: { scenes } })).json();
  expect(payload.scenes).toEqual([
    { text: 'One.', media: { url, fit: 'cover', focus: { x: 0.5, y: 0.5 } } },
    { text: 'Two.' },
  ]);
});

test.each([
  ['no source', { fit: 'cover' }, '/scenes/0/media'],
  ['two sources', { asset_id: randomUUID(), url: 'https://a.example.com/b.png' }, '/scenes/0/media'],
  ['http', { url: 'http://a.example.com/b.png' }, '/scenes/0/media/url'],
  ['an address', { url: 'https://169.254.169.254/latest' }, '/scenes/0/media/url'],
  ['credentials', { url: 'https://u:p@a.example.com/' }, '/scenes/0/media/url'],
  ['an unknown fit', { url: 'https://a.example.com/b.png', fit: 'fill' }, '/scenes/0/media/fit'],
  [
    'a focus outside',
    { url: 'https://a.example.com/b.png', focus: { x: 2, y: 0 } },
    '/scenes/0/media/focus/x',
  ],
  ['an unknown member', { url: 'https://a.example.com/b.png', loop: true }, '/scenes/0/media/loop'],
])('%s is refused by name', async (_, media, pointer) => {
  const answer = await on.ask('POST', '/v1/videos', { json: { scenes: [{ text: 'One.', media }] } });
  expect([answer.statusCode, answer.json().errors.map((each: { pointer: string }) => each.pointer)]).toEqual([
    422,
    [pointer],
  ]);
});
