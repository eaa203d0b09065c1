// Every way to write an address that must not be reached, for all who follow URLs of others: users' media, webhooks, and
// files that providers name. None of them asks anything.
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createMediaFetcher } from './media-fetcher.ts';
import { createPinnedDownload } from './pinned-download.ts';
import type { Resolve } from './pinned-request.ts';
import { createWebhookSender } from './webhook-sender.ts';

let server: Server;
let reached = 0;
beforeAll(async () => {
  server = createServer((socket) => {
    reached++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const names: Record<string, string[]> = {
  localhost: ['127.0.0.1'],
  'localhost.': ['127.0.0.1', '::1'],
  'localhost..': ['127.0.0.1'],
  'localtest.me': ['127.0.0.1'],
  '127.0.0.1.nip.io': ['127.0.0.1'],
  '169.254.169.254.sslip.io': ['169.254.169.254'],
  'metadata.goog': ['169.254.169.254'],
  'metadata.google.internal': ['169.254.169.254'],
  'metadata.google.internal.': ['169.254.169.254'],
  'instance-data.ec2.internal': ['169.254.169.254'],
  'kubernetes.default.svc.cluster.local': ['10.96.0.1'],
  'host.docker.internal': ['192.168.65.2'],
  'db.corp.example': ['10.0.0.5'],
  'mixed.example.com': ['93.184.216.34', '10.0.0.7'],
  'mapped.example.com': ['::ffff:169.254.169.254'],
  'nat64.example.com': ['64:ff9b::a9fe:a9fe'],
  'six-to-four.example.com': ['2002:a9fe:a9fe::1'],
  'teredo.example.com': ['2001:0:a9fe:a9fe::1'],
  'zone.example.com': ['fe80::1%eth0'],
  'ula.example.com': ['fd00:ec2::254'],
  'empty.example.com': [],
};
/** As the system does: an address is its own, other names are public. */
const resolve: Resolve = async (host) => {
  const found = names[host] ?? (/^[\d.]+$|:/.test(host) ? [host] : ['93.184.216.34']);
  return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};

const urls = [
  // One address in all its forms.
  ...['127.0.0.1', '2130706433', '0x7f000001', '017700000001', '0177.0.0.1', '0x7f.0.0.1', '0x7f.1', '127.1'],
  ...['127.0.1', '127.0.0.1.', '127.255.255.254', '0', '0.0.0.0', '1', '00000177.1'],
  ...[
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0xA9.0xFE.0xA9.0xFE',
    '0251.0376.0251.0376',
    '169.254.43518',
  ],
  ...['10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
  ...['192.0.0.192', '168.63.129.16', '100.100.100.200'],
  // IPv6, and IPv4 within it.
  ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:0:127.0.0.1]'],
  ...['[::127.0.0.1]', '[64:ff9b::127.0.0.1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::a9fe:a9fe]'],
  ...[
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
    '[fe80::1]',
    '[fec0::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[ff02::1]',
  ],
  // Digits, dots and letters that Unicode takes for the plain ones, and escapes.
  ...['１２７.0.0.1', '127。0。0。1', '127．0．0．1', '127｡0｡0｡1', '①②⑦.⓪.⓪.①', '𝟏𝟐𝟕.𝟎.𝟎.𝟏', '0ⅹ7f.1'],
  ...[
    '%31%32%37.0.0.1',
    '127%2e0%2e0%2e1',
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
    'ｌｏｃａｌｈｏｓｔ',
    'loc\u00adalhost',
    'lo\u200bcalhost',
  ],
  ...['%6c%6f%63%61%6c%68%6f%73%74', 'LOCALHOST'],
  // Names of this machine, of clouds and of networks.
  ...Object.keys(names),
  // What only looks as if another host were asked.
  ...['media.example.com@127.0.0.1', 'media.example.com:443@127.0.0.1', 'user@media.example.com'],
  ...['127.0.0.1#@media.example.com', '127.0.0.1?@media.example.com', '127.0.0.1\\@media.example.com'],
  ...[
    'media.example.com:22',
    'media.example.com:80',
    'media.example.com:0',
    '127.0.0.1:443',
    'localhost:443',
  ],
].map((host) => `https://${host}/x`);
const others = [
  'http://media.example.com/',
  'http://127.0.0.1/',
  'HTTP://169.254.169.254/latest/meta-data/',
  'ftp://media.example.com/',
  'file:///etc/passwd',
  'file://media.example.com/etc/passwd',
  'gopher://127.0.0.1:6379/_FLUSHALL',
  'data:image/png;base64,AAAA',
  'javascript:alert(1)',
  'blob:https://media.example.com/1',
  'ws://media.example.com/',
  'https://',
  'https:127.0.0.1/',
  'https:/127.0.0.1/',
  'https:///127.0.0.1/',
  '//127.0.0.1/',
  '\\\\127.0.0.1\\c$',
  'https://[::1%25lo]/',
  'https://[fe80::1%eth0]/',
  'https://[::1/',
  'https://256.256.256.256/',
  'https://0x100000000/',
  'https://media.example.com:65536/',
  'https://media.exa\u0000mple.com/',
  '\thttps://127.0.0.1/',
  'https://127.0.0\n.1/',
];
const given = [...urls, ...others].map((url) => ({ url }));

test.each(given)('$url is asked by nobody', async ({ url }) => {
  const { port } = server.address() as { port: number };
  const signal = AbortSignal.timeout(5_000);
  reached = 0;

  const media = createMediaFetcher({ resolve, port });
  await expect(media.fetch(url, { scratch: tmpdir(), signal })).rejects.toMatchObject({
    code: 'media_refused',
  });

  const sender = createWebhookSender({ privateHosts: [], resolve });
  // What cannot be looked up now may be there later: such a URL is kept, and sends nothing.
  if (!url.includes('empty.')) expect(await sender.faultOf(url)).toBeTypeOf('string');
  const sent = await sender.send({ url, messageId: 'm', body: '{}', secrets: [] }, signal);
  expect(sent.error).toMatch(/^(url_refused|address_private|no_address)$/);
  expect(sent.status).toBeNull();

  const wayTo = createPinnedDownload({ baseUrl: new URL('https://api.example.com'), resolve, port });
  const parsed = URL.parse(url);
  expect(parsed === null ? undefined : await wayTo(parsed)).toBeUndefined();

  expect(reached).toBe(0);
});
