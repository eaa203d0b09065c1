import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type HttpsHost, openHttpsHost } from '../../../test/support/https-host.ts';
import { createPinnedDownload, type PinnedDownloadDeps } from './pinned-download.ts';

const host = 'cdn.example.com';
let site: HttpsHost;
let answer: RequestListener;
let asked = 0;
beforeAll(async () => {
  site = await openHttpsHost(host, (request, response) => {
    asked++;
    answer(request, response);
  });
});
afterAll(() => site.close());

const init = () => ({
  method: 'GET' as const,
  headers: { accept: 'audio/mpeg' },
  body: null,
  signal: AbortSignal.timeout(10_000),
});
const url = new URL(`https://${host}/a.mp3?token=1`);

function wayTo(asks: URL, deps: Partial<PinnedDownloadDeps> = {}) {
  const { port, cert } = site;
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const baseUrl = new URL('https://api.example.com');
  return createPinnedDownload({ baseUrl, resolve, allows: () => true, port, ca: cert, ...deps })(asks);
}

test('the file comes from the address that was looked at, though the name leads elsewhere by then', async () => {
  answer = (request, response) => {
    expect(request.headers).toMatchObject({ host: expect.stringContaining(host), accept: 'audio/mpeg' });
    expect(request.url).toBe('/a.mp3?token=1');
    response.setHeader('content-type', 'audio/mpeg').end('sound');
  };
  let lookups = 0;
  const resolve = async () => [{ address: lookups++ === 0 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
  const send = (await wayTo(url, { resolve }))!;
  for (const _ of [1, 2]) {
    const response = await send(url, init());
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'audio/mpeg']);
    expect(await response.text()).toBe('sound');
  }
  expect(lookups).toBe(1);
});

test('it leads to no other URL', async () => {
  const send = (await wayTo(url))!;
  await expect(send(new URL(`https://${host}/b.mp3`), init())).rejects.toThrow('another address');
});

test.each([
  ['a redirect', 302, { location: 'http://169.254.169.254/' }],
  ['a packed file', 200, { 'content-encoding': 'gzip' }],
])('%s is not followed', async (_, status, headers) => {
  answer = (__, response) => response.writeHead(status, headers).end('x');
  asked = 0;
  const send = (await wayTo(url))!;
  await expect(send(url, init())).rejects.toThrow();
  expect(asked).toBe(1);
});

test('a refusal is answered as such, an answer without a body too', async () => {
  answer = (_, response) => response.writeHead(404).end('none');
  const send = (await wayTo(url))!;
  const refused = await send(url, init());
  expect([refused.status, await refused.text()]).toEqual([404, 'none']);
  answer = (_, response) => response.writeHead(204).end();
  expect((await send(url, init())).status).toBe(204);
});

test('whoever gives up waits no longer, and the connection ends', async () => {
  const gone = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  answer = (_, response) => {
    response.on('close', gone.resolve);
    response.write('begin');
    begun.resolve();
  };
  const leave = new AbortController();
  const send = (await wayTo(url))!;
  const response = await send(url, { ...init(), signal: leave.signal });
  await begun.promise;
  leave.abort();
  await expect(response.text()).rejects.toThrow();
  await gone.promise;
});

test('only a host that its certificate proves is believed', async () => {
  const elsewhere = new URL('https://other.example.com/');
  await expect((await wayTo(elsewhere))!(elsewhere, init())).rejects.toThrow();
});

test('a provider on this machine hands out its own files, and none of others', async () => {
  const local = { baseUrl: new URL('http://127.0.0.1:4000/v1') };
  expect(await wayTo(new URL('http://127.0.0.1:4000/a.mp3'), local)).toBeDefined();
  expect(await wayTo(new URL('http://127.0.0.1:4001/a.mp3'), local)).toBeUndefined();
  expect(await wayTo(new URL('http://127.0.0.1:4000/a.mp3'))).toBeUndefined();
});
