// A server of a test's own with the users that docs/operations/postgresql.md makes, and a migrated database of theirs.
import { readFile } from 'node:fs/promises';
import pg from 'pg';

import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import { startPostgresServer } from './postgres-server.ts';

export type LeastRightsServer = Awaited<ReturnType<typeof startLeastRightsServer>>;

export async function startLeastRightsServer() {
  const page = await readFile(new URL('../../docs/operations/postgresql.md', import.meta.url), 'utf8');
  const [makeUsers, grantRights] = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql]) => sql!);
  const server = await startPostgresServer();
  const urlOf = (user: string) => `postgresql://${encodeURIComponent(user)}@127.0.0.1:${server.port}/aiprod`;
  await runSql(server.url, 'CREATE DATABASE aiprod');
  await runSql(server.url, makeUsers!);
  await migrateAs(urlOf('aiprod_owner'));
  await runSql(urlOf('aiprod_owner'), grantRights!);
  return { urlOf, close: server.close };
}

/** Several statements, separated by semicolons. */
export async function runSql(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

export async function migrateAs(url: string): Promise<void> {
  const pool = createPool({ url, max: 1, applicationName: 'test', onError: () => {} });
  await migrate(pool).finally(() => pool.end());
}
