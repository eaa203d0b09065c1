// Attacks on the transport, over real sockets: each ends in a problem document or a closed connection, and the server goes on.
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { openTestApi, type TestApi } from '../support/api.ts';
import { reportOf } from '../support/reports.ts';
import { storeBytes } from '../support/store-bytes.ts';

let on: TestApi;
let port: number;
beforeAll(async () => {
  on = await openTestApi({
    timeouts: { headersMs: 300, checkEveryMs: 50, bodyMs: 300, silenceMs: 1_000 },
  });
  port = Number(new URL(await on.api.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterAll(() => on.close());

afterEach(async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/health`, { headers: { connection: 'close' } });
  expect(answer.status).toBe(200);
});

interface Answer {
  status: number;
  head: string;
  body: string;
}

/** The one answer to these bytes, after which the server closes the connection. */
async function send(bytes: string): Promise<Answer> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return readAnswer(socket);
}

async function readAnswer(socket: Socket): Promise<Answer> {
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]), head, body };
}

const get = (target: string, headers = '') =>
  send(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n`);

const post = (json: string) =>
  send(
    `POST /v1/videos HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );

function expectProblem({ status, head, body }: Answer, wanted: number, code: string): void {
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  expect(JSON.parse(body)).toMatchObject({ status: wanted, code });
  expect(status).toBe(wanted);
}

describe('a URL', () => {
  test.each([
    ['in its query', `/v1/videos?cursor=${'x'.repeat(8_200)}`],
    ['in a parameter', `/v1/videos/${'x'.repeat(8_200)}`],
    ['in a path of nothing', `/${'x'.repeat(8_200)}`],
    ['that encodes nothing', `/${'%'.repeat(8_200)}`],
  ])('longer than 8 KiB %s is refused', async (_, target) => {
    expectProblem(await get(target), 414, 'url_too_long');
  });

  test('of 8 KiB is looked at', async () => {
    expectProblem(await get(`/v1/videos?cursor=${'x'.repeat(8_100)}`), 422, 'request_invalid');
    expectProblem(await get(`/v1/videos/${'x'.repeat(8_100)}`), 404, 'not_found');
  });

  test('with thousands of parameters is refused for what they are', async () => {
    const same = Array(2_700).fill('a=').join('&');
    expectProblem(await get(`/v1/videos?${same}`), 422, 'request_invalid');
    const different = Array.from({ length: 1_300 }, (_, n) => `p${n}=`).join('&');
    const { body, ...answer } = await get(`/v1/videos?${different}`);
    expectProblem({ ...answer, body }, 422, 'request_invalid');
    expect(JSON.parse(body).errors.length).toBeLessThanOrEqual(100);
    expectProblem(await get('/v1/videos?limit=1&limit=2'), 422, 'request_invalid');
    expectProblem(await get('/v1/videos?__proto__[limit]=1&constructor=2'), 422, 'request_invalid');
  });
});

describe('headers', () => {
  test('by the thousand are no more than many', async () => {
    const many = Array.from({ length: 800 }, (_, n) => `a${n}: b\r\n`).join('');
    expect((await get('/health', many)).status).toBe(200);
    expectProblem(
      await get('/health', Array.from({ length: 3_000 }, (_, n) => `a${n}: b\r\n`).join('')),
      431,
      'http_malformed',
    );
  });

  test('that name an id nobody should read are not repeated', async () => {
    const { head } = await get('/health', 'X-Request-Id: <script>\r\n');
    expect(head).not.toContain('<script>');
  });
});

describe('a body', () => {
  const mebibyte = 2 ** 20;

  test('of a mebibyte of opening brackets is no JSON', async () => {
    expectProblem(await post('['.repeat(mebibyte)), 400, 'body_malformed');
    expectProblem(await post('{"a":'.repeat(mebibyte / 5)), 400, 'body_malformed');
    expectProblem(await post('['.repeat(mebibyte + 1)), 413, 'body_too_large');
  });

  test('nested half a million deep is refused wherever it lies', async () => {
    const deep = (room: number) => '['.repeat(room / 2) + ']'.repeat(room / 2);
    expectProblem(await post(deep(mebibyte)), 422, 'request_invalid');
    for (const field of ['script', 'metadata', 'scenes', 'nothing'])
      expectProblem(await post(`{"${field}":${deep(mebibyte - 100)}}`), 422, 'request_invalid');
    expectProblem(await post(`{"metadata":{"a":${deep(mebibyte - 100)}}}`), 422, 'request_invalid');
  });

  test('with names of a prototype changes none', async () => {
    expectProblem(await post('{"script":"Hello.","__proto__":{"mood":"calm"}}'), 400, 'body_malformed');
    expectProblem(await post('{"script":"Hello.","\\u005f_proto__":{}}'), 400, 'body_malformed');
    expectProblem(
      await post('{"script":"Hello.","constructor":{"prototype":{"x":1}}}'),
      400,
      'body_malformed',
    );
    expectProblem(await post('{"script":"Hello.","constructor":1}'), 422, 'request_invalid');
    expectProblem(await post('{"script":"Hello.","toString":1}'), 422, 'request_invalid');
    expect(({} as Record<string, unknown>).mood).toBeUndefined();
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test('that says a thing twice means the last, and says so in the answer', async () => {
    const { status, body } = await post('{"script":"Hello.","mood":"calm","mood":"epic"}');
    expect(status).toBe(202);
    expect(JSON.parse(body).payload.mood).toBe('epic');
    expectProblem(await post('{"script":"Hello.","script":7}'), 422, 'request_invalid');
  });
});

describe('slowness', () => {
  /** Bytes with a pause before each, until the server has had enough. */
  function trickle(socket: Socket, bytes: string): void {
    let at = 0;
    const timer = setInterval(() => {
      if (!socket.writable || at === bytes.length) return clearInterval(timer);
      socket.write(bytes[at++]!);
    }, 25);
    socket.once('close', () => clearInterval(timer)).once('error', () => clearInterval(timer));
  }

  test('of headers is answered and ended', async () => {
    const socket = connect(port, '127.0.0.1');
    trickle(socket, `GET /health HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(1_000)}`);
    const answer = await readAnswer(socket);
    expect(answer.status).toBe(408);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 408, code: 'http_malformed' });
  });

  test('of a body is answered and ended', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(
      'POST /v1/videos HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n',
    );
    trickle(socket, ' '.repeat(1_000));
    const answer = await readAnswer(socket);
    expect(answer.status).toBe(408);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 408, code: 'http_malformed' });
  });

  test('of many connections leaves room for others', async () => {
    const sockets = Array.from({ length: 200 }, () => connect(port, '127.0.0.1'));
    for (const socket of sockets) socket.write('GET /health HTTP/1.1\r\nHost: a\r\nX: ');
    expect((await get('/health')).status).toBe(200);
    const answers = await Promise.all(sockets.map(readAnswer));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([408]));
  });

  test('of who reads a download ends the download', async () => {
    // More than the buffers between the two hold.
    const bytes = 32 * 2 ** 20;
    const url = await videoOf(Buffer.alloc(bytes, 7));
    const socket = connect(port, '127.0.0.1');
    const connected = Promise.withResolvers<Socket>();
    on.api.server.once('connection', connected.resolve);
    socket.write(`GET ${url} HTTP/1.1\r\nHost: a\r\n\r\n`);
    socket.pause();
    const theirs = await connected.promise;
    await new Promise((resolve) => theirs.once('close', resolve));
    let got = 0;
    socket.on('data', (chunk) => {
      got += chunk.length;
    });
    await new Promise((resolve) => {
      socket.once('close', resolve).once('error', resolve);
      socket.resume();
    });
    expect(got).toBeLessThan(bytes);
    expect(got).toBeGreaterThan(0);
  });

  /** Where a finished job's video of these bytes is. */
  async function videoOf(content: Uint8Array): Promise<string> {
    const { claimNew, blobStore, stepStore, leases } = on.stores;
    const lease = await claimNew('ann');
    const ref = await storeBytes(blobStore, 'ann', content, 'video/mp4');
    await stepStore.touchBlob('ann', ref.digest);
    await leases.complete(lease, {
      files: { 'video.mp4': ref },
      report: reportOf(),
      video: { title: 'Long', width: 1280, height: 720, fps: 24, duration: 30, bytes: content.length },
      degradations: [],
      reuse: { steps_total: 1, steps_reused: 0 },
    });
    return `/v1/videos/${lease.jobId}/files/video.mp4`;
  }
});
