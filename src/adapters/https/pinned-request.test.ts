// How hosts that users name are looked up, at a name server that is silent on demand.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';

import { createDnsResolve } from './pinned-request.ts';

let server: Socket | undefined;
afterEach(() => new Promise<void>((done) => (server ? server.close(done) : done())));

/** Answers to questions of type A: a record of each address, or that there is no such name; to none without `addresses`. */
async function startNameServer(addresses?: string[]): Promise<string[]> {
  const socket = createSocket('udp4');
  server = socket;
  socket.on('message', (question, { port, address }) => {
    if (addresses === undefined) return;
    const endOfName = question.indexOf(0, 12) + 1;
    const isA = question.readUInt16BE(endOfName) === 1;
    const records = isA ? addresses : [];
    const head = Buffer.from(question.subarray(0, endOfName + 4));
    head.writeUInt16BE(addresses.length === 0 ? 0x8183 : 0x8180, 2);
    head.writeUInt16BE(records.length, 6);
    head.writeUInt16BE(0, 8);
    head.writeUInt16BE(0, 10);
    const toRecord = (ip: string) =>
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...ip.split('.').map(Number)]);
    socket.send(Buffer.concat([head, ...records.map(toRecord)]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return [`127.0.0.1:${socket.address().port}`];
}

test('a name has the addresses that its name server gives, an address has itself', async () => {
  const resolve = createDnsResolve({ servers: await startNameServer(['192.0.2.1', '192.0.2.2']) });
  expect(await resolve('one.example.com')).toEqual([
    { address: '192.0.2.1', family: 4 },
    { address: '192.0.2.2', family: 4 },
  ]);
  expect(await resolve('2001:db8::1')).toEqual([{ address: '2001:db8::1', family: 6 }]);
});

test('a name that is not there is told from one that nobody answers for', async () => {
  const nowhere = createDnsResolve({ servers: await startNameServer([]) });
  await expect(nowhere('no.example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test('many names of a silent name server take no longer than one', async () => {
  const resolve = createDnsResolve({ servers: await startNameServer(), timeoutMs: 300, tries: 1 });
  const began = performance.now();
  const found = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => resolve(`a${n}.example.com`)));
  expect(found.map((each) => each.status === 'rejected' && each.reason.code)).toEqual(
    Array(20).fill('ETIMEOUT'),
  );
  expect(performance.now() - began).toBeLessThan(3_000);
});
