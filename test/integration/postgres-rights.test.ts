// The users that docs/operations/postgresql.md makes have the rights that they need, and few more.
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createDatabaseCheckups } from '../../src/adapters/postgres/checkups.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import { type PostgresServer, startPostgresServer } from '../support/postgres-server.ts';
import { openStores } from '../support/stores.ts';

const page = await readFile(new URL('../../docs/operations/postgresql.md', import.meta.url), 'utf8');
const [makeUsers, grantRights] = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql]) => sql!);

let server: PostgresServer;
const urlOf = (user: string) => `postgresql://${user}@127.0.0.1:${server.port}/aiprod`;

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  server = await startPostgresServer();
  await run(server.url, 'CREATE DATABASE aiprod');
  await run(server.url, makeUsers!);
  const pool = createPool({ url: urlOf('aiprod_owner'), max: 1, applicationName: 'test', onError: () => {} });
  await migrate(pool);
  await pool.end();
  await run(urlOf('aiprod_owner'), grantRights!);
});
afterAll(() => server?.close());

test('the API and the workers do their work as a user who may change no schema', async () => {
  const stores = await openStores({ url: urlOf('aiprod_app'), close: async () => {} });
  try {
    await migrate(stores.pool);
    const { promise: delivered, resolve } = Promise.withResolvers<string>();
    const consumer = await stores.queue.consume(async ({ jobId }) => resolve(jobId), { concurrency: 1 });
    const lease = await stores.claimNew();
    await stores.leases.setProgress(lease, { stage: 'plan', progress: 0.5 });
    await stores.leases.release(lease);
    expect(await delivered).toBe(lease.jobId);
    await consumer.stop();
    await stores.jobStore.remove('ann', lease.jobId);
    await stores.stepStore.collectGarbage(0, async () => {});
    const { rows } = await stores.pool.query<{ schema: string; owner: string }>(
      `SELECT DISTINCT schemaname AS schema, tableowner AS owner FROM pg_tables
       WHERE schemaname IN ('public', 'pgboss') ORDER BY 1`,
    );
    expect(rows).toEqual([
      { schema: 'pgboss', owner: 'aiprod_app' },
      { schema: 'public', owner: 'aiprod_owner' },
    ]);
    const checkups = createDatabaseCheckups({
      url: urlOf('aiprod_app'),
      caFile: undefined,
      replicaUrl: urlOf('aiprod_app'),
      perProcess: 17,
      withQueue: true,
    });
    const told = await Promise.allSettled(checkups.map(({ check }) => check(AbortSignal.timeout(10_000))));
    // The replica is the primary itself: that alone is wrong.
    expect(checkups.filter((_, index) => told[index]!.status === 'rejected').map(({ name }) => name)).toEqual(
      ['database replica'],
    );
    await stores.pool.query('SELECT system_identifier FROM pg_control_system()');
    await expect(stores.pool.query('DROP TABLE jobs')).rejects.toMatchObject({ code: '42501' });
    await expect(stores.pool.query('CREATE TABLE more (a int)')).rejects.toMatchObject({ code: '42501' });
  } finally {
    await stores.close();
  }
});
