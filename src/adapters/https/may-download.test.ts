import { expect, test } from 'vitest';

import { createMayDownload } from './may-download.ts';

const hosts: Record<string, string[]> = {
  'cdn.example.com': ['93.184.216.34', '2606:2800:220:1::1'],
  'mixed.example.com': ['93.184.216.34', '10.0.0.7'],
  'inside.example.com': ['169.254.169.254'],
  '127.0.0.1': ['127.0.0.1'],
  '::1': ['::1'],
};
const resolve = async (host: string) => {
  const addresses = hosts[host];
  if (addresses === undefined) throw new Error('ENOTFOUND');
  return addresses.map((address) => ({ address }));
};

test.each([
  ['https://cdn.example.com/a.mp3', true],
  ['http://cdn.example.com/a.mp3', false],
  ['https://cdn.example.com:8443/a.mp3', false],
  ['https://user:word@cdn.example.com/a.mp3', false],
  ['https://mixed.example.com/a.mp3', false],
  ['https://inside.example.com/a.mp3', false],
  ['https://127.0.0.1/a.mp3', false],
  ['https://[::1]/a.mp3', false],
  ['https://nowhere.example.com/a.mp3', false],
  ['http://127.0.0.1:4000/a.mp3', false],
  ['file:///etc/passwd', false],
])('%s: %s', async (url, allowed) => {
  const mayDownload = createMayDownload({ baseUrl: new URL('https://api.example.com'), resolve });
  expect(await mayDownload(new URL(url))).toBe(allowed);
});

test('a provider on this machine hands out its own files', async () => {
  const mayDownload = createMayDownload({ baseUrl: new URL('http://127.0.0.1:4000/v1'), resolve });
  expect(await mayDownload(new URL('http://127.0.0.1:4000/a.mp3'))).toBe(true);
  expect(await mayDownload(new URL('http://127.0.0.1:4001/a.mp3'))).toBe(false);
});
