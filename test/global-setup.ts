// One PostgreSQL server for the whole test run: the embedded one without fsync, or the one that
// AIPROD_TEST_DATABASE_URL names. Test files take databases from it through support/database.ts.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

import { lockDataFolder } from '../src/adapters/postgres/data-folder-lock.ts';
import { startEmbeddedServer } from '../src/adapters/postgres/embedded-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `prefix` begins the name of every database of this run. */
    testServer: { url: string; prefix: string };
  }
}

const folderPrefix = 'aiprod-test-server-';
const youngMs = 60_000;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const prefix = `aiprod_test_${randomBytes(4).toString('hex')}`;
  const given = process.env.AIPROD_TEST_DATABASE_URL;
  if (given !== undefined && given !== '') {
    project.provide('testServer', { url: given, prefix });
    return () => dropAll(given, prefix);
  }
  await removeLeftovers();
  const folder = await mkdtemp(join(tmpdir(), folderPrefix));
  const quiet = { debug() {}, info() {}, warn: console.warn, error: console.error };
  const server = await startEmbeddedServer({ folder, logger: quiet, fsync: false });
  project.provide('testServer', { url: server.url, prefix });
  return async () => {
    await server.close();
    await rm(folder, { recursive: true });
  };
}

/** Folders of runs that were killed: nobody holds their lock. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(folderPrefix)) continue;
    const folder = join(tmpdir(), name);
    try {
      // A younger one may belong to a run that is just starting, and has yet to take its lock.
      if (Date.now() - (await stat(folder)).ctimeMs < youngMs) continue;
      const lock = await lockDataFolder(folder);
      await lock.release();
      await rm(folder, { recursive: true });
    } catch {
      // Held by a living run, or of another account: not ours to remove.
    }
  }
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
