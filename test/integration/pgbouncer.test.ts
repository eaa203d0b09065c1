// What our connections ask of a server as they begin is what docs/operations/postgresql.md lets PgBouncer ignore: it refuses
// whoever asks for anything else.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';

import { createLogger } from '../../src/adapters/observe/logger.ts';
import { createPgBossQueue } from '../../src/adapters/pg-boss/job-queue.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';

/** PgBouncer knows them. */
const known = ['user', 'database', 'application_name', 'client_encoding'];

/** A server that takes note of the parameters of each connection, and hangs up. */
async function startNotingServer() {
  const parameters = new Set<string>();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (message) => {
      const words = message.subarray(8).toString().split('\0');
      for (let at = 0; words[at] !== undefined && words[at] !== ''; at += 2) parameters.add(words[at]!);
      socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return { server, parameters, url: `postgresql://ann@127.0.0.1:${port}/videos` };
}

test('every parameter that connections begin with is on the documented list', async () => {
  const { server, parameters, url } = await startNotingServer();
  const pool = createPool({ url, max: 1, applicationName: 'test', onError: () => {} });
  await expect(pool.query('SELECT 1')).rejects.toThrow();
  await pool.end();
  const logger = createLogger({ level: 'silent', format: 'json' });
  await expect(createPgBossQueue({ url, logger })).rejects.toMatchObject({ code: 'database_unavailable' });
  server.close();

  const page = await readFile(
    new URL('../../docs/operations/postgresql.md', import.meta.url).pathname,
    'utf8',
  );
  const listed = /`ignore_startup_parameters =\s*([\w,\s]+)`/.exec(page)![1]!.split(/,\s*/);
  expect([...parameters].filter((name) => !known.includes(name)).sort()).toEqual(listed.sort());
});
