import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { announceServer, findRunningServer } from './running-server.ts';

let folder: string;
let servers: Server[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-running-'));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) server.close();
  await rm(folder, { recursive: true });
});

async function serve(status = 200): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status, { connection: 'close' }).end());
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a server is found from its announcement until it takes it back', async () => {
  const url = await serve();
  expect(await findRunningServer(folder)).toBeUndefined();
  const takeBack = await announceServer(folder, url);
  expect(await findRunningServer(folder)).toBe(url);
  await takeBack();
  expect(await findRunningServer(folder)).toBeUndefined();
});

test('who stops leaves the announcement of another alone', async () => {
  const takeBack = await announceServer(folder, await serve());
  const other = await serve();
  await announceServer(folder, other);
  await takeBack();
  expect(await findRunningServer(folder)).toBe(other);
});

test('what does not answer well, or is half written, is no server', async () => {
  await announceServer(folder, await serve(503));
  expect(await findRunningServer(folder)).toBeUndefined();
  const url = await serve();
  await announceServer(folder, url);
  servers.at(-1)!.close();
  expect(await findRunningServer(folder)).toBeUndefined();
  await writeFile(join(folder, 'server.json'), '{"url": "http:');
  expect(await findRunningServer(folder)).toBeUndefined();
});
