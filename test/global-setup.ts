// One PostgreSQL server for the whole test run: the embedded one without fsync, or the one that
// AIPROD_TEST_DATABASE_URL names. Test files take databases from it through support/database.ts.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

import { startEmbeddedServer } from '../src/adapters/postgres/embedded-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `prefix` begins the name of every database of this run. */
    testServer: { url: string; prefix: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const prefix = `aiprod_test_${randomBytes(4).toString('hex')}`;
  const given = process.env.AIPROD_TEST_DATABASE_URL;
  if (given !== undefined && given !== '') {
    project.provide('testServer', { url: given, prefix });
    return () => dropAll(given, prefix);
  }
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-test-server-'));
  const quiet = { debug() {}, info() {}, warn: console.warn, error: console.error };
  const server = await startEmbeddedServer({ folder, logger: quiet, fsync: false });
  project.provide('testServer', { url: server.url, prefix });
  return async () => {
    await server.close();
    await rm(folder, { recursive: true });
  };
}

async function dropAll(url: string, prefix: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [
    prefix,
  ]);
  for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
  await client.end();
}
