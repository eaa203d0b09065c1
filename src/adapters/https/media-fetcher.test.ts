// Fetching from a server of the test's own: real TLS, answers of every kind, and addresses that must not be reached.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { type HttpsHost, openHttpsHost } from '../../../test/support/https-host.ts';
import { twoColours } from '../../../test/support/user-media.ts';
import { faultOfMediaUrl, mediaLimits } from '../../domain/user-media.ts';
import { createMediaFetcher, type MediaFetcherDeps } from './media-fetcher.ts';

const host = 'media.example.com';
const png = twoColours(64, 40);
let site: HttpsHost;
let folder: string;
let answer: RequestListener;
let asked = 0;

beforeAll(async () => {
  site = await openHttpsHost(host, (request, response) => {
    asked++;
    answer(request, response);
  });
});
afterAll(() => site.close());
beforeEach(async () => {
  asked = 0;
  folder = await mkdtemp(path.join(tmpdir(), 'aiprod-fetch-'));
  return () => rm(folder, { recursive: true, force: true });
});

const here: NonNullable<MediaFetcherDeps['resolve']> = async () => [{ address: '127.0.0.1', family: 4 }];

function fetchFrom(url: string, deps: MediaFetcherDeps = {}, signal = new AbortController().signal) {
  const { port, cert } = site;
  const fetcher = createMediaFetcher({ resolve: here, allows: () => true, port, ca: cert, ...deps });
  return fetcher.fetch(url, { scratch: folder, signal });
}

const codeOf = (url: string, deps?: MediaFetcherDeps) =>
  fetchFrom(url, deps).then(
    () => 'fetched',
    (error) => `${error.code}`,
  );

test('an image is fetched whole, and its type is told by its bytes', async () => {
  answer = (request, response) => {
    expect(request.headers).toMatchObject({
      host: expect.stringContaining(host),
      'accept-encoding': 'identity',
    });
    response.setHeader('content-type', 'text/html').end(png);
  };
  const made = await fetchFrom(`https://${host}/a/picture?size=1`);
  expect(made.mediaType).toBe('image/png');
  expect(await readFile(made.path)).toEqual(png);
});

test('the address that was looked at is the one that is asked, and it is looked up once', async () => {
  answer = (_, response) => response.end(png);
  let lookups = 0;
  const resolve = async () => {
    lookups++;
    return [{ address: lookups === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
  };
  expect(await codeOf(`https://${host}/`, { resolve })).toBe('fetched');
  expect(lookups).toBe(1);
});

test.each([
  [['127.0.0.1']],
  [['10.0.0.7']],
  [['169.254.169.254']],
  [['::1']],
  [['::ffff:127.0.0.1']],
  [['fd00:ec2::254']],
  [['8.8.8.8', '127.0.0.1']],
  [[]],
])('a host at %j is refused before anything is asked', async (addresses) => {
  const { isPublicAddress } = await import('./public-address.ts');
  const resolve = async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  expect(await codeOf(`https://${host}/`, { resolve, allows: isPublicAddress })).toBe('media_refused');
  expect(asked).toBe(0);
});

test.each([
  'http://media.example.com/a.png',
  'ftp://media.example.com/a.png',
  'file:///etc/passwd',
  'https://user:secret@media.example.com/',
  'https://media.example.com:8443/',
  'https://media.example.com:22/',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://127.1/',
  'https://8.8.8.8/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://localhost/',
  'https://localhost./',
  'https://db.localhost/',
  'https://metadata.google.internal/',
  'https://printer.local/',
  'https://intranet/',
  'https:///etc',
  'https:\\\\media.example.com',
  'https://media.example.com/a b',
  ' https://media.example.com/',
  'https://１２７.０.０.１/',
  `https://media.example.com/${'x'.repeat(mediaLimits.urlChars)}`,
])('%s is refused by its form', async (url) => {
  expect(faultOfMediaUrl(url)).toBeTypeOf('string');
  expect(await codeOf(url)).toBe('media_refused');
  expect(asked).toBe(0);
});

test.each([
  [301, 'media_refused'],
  [302, 'media_refused'],
  [401, 'media_refused'],
  [404, 'media_refused'],
  [206, 'media_refused'],
  [408, 'media_unreachable'],
  [429, 'media_unreachable'],
  [500, 'media_unreachable'],
  [503, 'media_unreachable'],
])('an answer of %i is %s', async (status, code) => {
  answer = (_, response) => response.writeHead(status, { location: `https://${host}/else` }).end(png);
  expect(await codeOf(`https://${host}/`)).toBe(code);
  expect(asked).toBe(1);
});

test.each([
  ['a page', '<!doctype html><title>Sign in</title>'.repeat(5)],
  ['a playlist', `#EXTM3U\n${'#EXTINF:1,\n'.repeat(20)}`],
  ['nothing', ''],
  ['a vector drawing', `<svg xmlns="http://www.w3.org/2000/svg">${' '.repeat(100)}</svg>`],
])('%s is not taken', async (_, body) => {
  answer = (_, response) => response.setHeader('content-type', 'image/png').end(body);
  expect(await codeOf(`https://${host}/`)).toBe('media_refused');
});

test('no more is read than an image may have', async () => {
  let sent = 0;
  answer = (_, response) => {
    response.write(png);
    const more = () => {
      while (!response.destroyed && sent < 4 * mediaLimits.imageBytes) {
        sent += 1_000_000;
        if (!response.write(Buffer.alloc(1_000_000))) return void response.once('drain', more);
      }
    };
    more();
  };
  expect(await codeOf(`https://${host}/`)).toBe('media_refused');
  expect(sent).toBeLessThan(2 * mediaLimits.imageBytes);
});

test('a compressed answer is refused', async () => {
  answer = (_, response) => response.setHeader('content-encoding', 'gzip').end(png);
  expect(await codeOf(`https://${host}/`)).toBe('media_refused');
});

test('a certificate that does not prove the host is refused', async () => {
  answer = (_, response) => response.end(png);
  const { port } = site;
  const stranger = createMediaFetcher({ resolve: here, allows: () => true, port });
  const context = { scratch: folder, signal: new AbortController().signal };
  await expect(stranger.fetch(`https://${host}/`, context)).rejects.toMatchObject({ code: 'media_refused' });
  expect(await codeOf('https://other.example.com/')).toBe('media_refused');
  expect(asked).toBe(0);
});

test('silence and slowness are unreachable', async () => {
  answer = () => {};
  expect(await codeOf(`https://${host}/`, { idleMs: 50 })).toBe('media_unreachable');
  answer = (_, response) => void response.write(png.subarray(0, 70));
  expect(await codeOf(`https://${host}/`, { timeoutMs: 100 })).toBe('media_unreachable');
  answer = (_, response) => void response.write(png.subarray(0, 70), () => response.destroy());
  expect(await codeOf(`https://${host}/`)).toBe('media_unreachable');
});

test('a closed port is unreachable, an unknown host is refused', async () => {
  expect(await codeOf(`https://${host}/`, { port: 1 })).toBe('media_unreachable');
  const resolve = async () => {
    throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
  };
  expect(await codeOf(`https://${host}/`, { resolve })).toBe('media_refused');
});

test('who is no longer waited for is not fetched on', async () => {
  const leave = new AbortController();
  answer = () => leave.abort(new Error('canceled'));
  await expect(fetchFrom(`https://${host}/`, {}, leave.signal)).rejects.toThrow('canceled');
});
