// What arrives on the wire and is no proper request, and what happens to connections when the server stops.
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { openTestApi, type TestApi } from '../support/api.ts';

let on: TestApi;
let port: number;
beforeAll(async () => {
  on = await openTestApi();
  port = Number(new URL(await on.api.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterAll(() => on.close());

/** Everything that the server answers to these bytes until it closes the connection. */
async function send(bytes: string): Promise<{ head: string; body: string }> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return { head, body };
}

test.each([
  ['noise', '\u0001\u0002\u0003\r\n\r\n', 400],
  ['a broken header', 'GET /health HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n', 400],
  [
    'two lengths',
    'POST /v1/videos HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    400,
  ],
  [
    'a length and chunks',
    'POST /v1/videos HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['large headers', `GET /health HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
])('%s is answered with a problem', async (_, bytes, status) => {
  const { head, body } = await send(bytes);
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  expect(JSON.parse(body)).toMatchObject({ status, code: 'http_malformed' });
});

test('slow senders are not waited for', () => {
  expect(on.api.server).toMatchObject({ headersTimeout: 15_000, requestTimeout: 600_000, timeout: 120_000 });
});

test('a body larger than allowed is refused before it is read', async () => {
  const length = 50_000_000;
  const { head, body } = await send(
    `POST /v1/videos HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n{`,
  );
  expect(head).toContain(' 413 ');
  expect(JSON.parse(body).code).toBe('body_too_large');
});

test('while closing, running requests are finished and later ones refused', async () => {
  const slow = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const other = await openTestApi({
    readiness: {
      patience: () => {
        asked.resolve();
        return slow.promise;
      },
    },
  });
  const url = new URL(await other.api.listen({ host: '127.0.0.1', port: 0 }));
  const [running, late] = [connect(Number(url.port), '127.0.0.1'), connect(Number(url.port), '127.0.0.1')];
  late.write('GET /health HTTP/1.1\r\nHost: a\r\n');
  running.write('GET /ready HTTP/1.1\r\nHost: a\r\n\r\n');
  await asked.promise;
  const closing = other.close();
  late.write('\r\n');
  const refused = await text(late);
  expect(refused).toContain(' 503 ');
  expect(refused).toContain('shutting_down');
  slow.resolve();
  const answer = await text(running);
  expect(answer).toContain('HTTP/1.1 200 OK');
  expect(answer).toContain('connection: close');
  await closing;
});

test('a connection on which nothing was ever asked does not hold up the end', async () => {
  const other = await openTestApi();
  const { promise: accepted, resolve } = Promise.withResolvers<void>();
  other.api.server.once('connection', () => resolve());
  const url = new URL(await other.api.listen({ host: '127.0.0.1', port: 0 }));
  const silent = connect(Number(url.port), '127.0.0.1');
  await accepted;
  await other.close();
  expect(await text(silent)).toBe('');
});
