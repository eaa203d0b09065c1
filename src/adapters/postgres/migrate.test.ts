// Migrations on a real server: together, again, and against a schema from the future.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { migrate } from './migrate.ts';
import { createPool } from './pool.ts';

let database: TestDatabase;
let pool: pg.Pool;
const openPool = (url: string) => createPool({ url, max: 2, applicationName: 'test', onError: () => {} });

beforeEach(async () => {
  database = await openTestDatabase({ empty: true });
  pool = openPool(database.url);
});
afterEach(async () => {
  await pool.end();
  await database.close();
});

const applied = async () =>
  (await pool.query<{ version: number }>('SELECT version FROM aiprod_migrations ORDER BY version')).rows;

describe('migrate', () => {
  it('lets many processes start at once, and applies each migration once', async () => {
    const pools = Array.from({ length: 5 }, () => openPool(database.url));
    await Promise.all(pools.map((each) => migrate(each)));
    await Promise.all(pools.map((each) => each.end()));
    expect((await applied())[0]).toEqual({ version: 1 });
    const before = await applied();
    await migrate(pool);
    expect(await applied()).toEqual(before);
  });

  it('says what to look at when no server answers', async () => {
    const nowhere = openPool('postgres://a:b@127.0.0.1:1/c');
    await expect(migrate(nowhere)).rejects.toMatchObject({
      code: 'database_unavailable',
      hint: expect.stringContaining('DATABASE_URL'),
    });
    await nowhere.end();
  });

  it('refuses a newer schema and says what to do', async () => {
    await migrate(pool);
    await pool.query("INSERT INTO aiprod_migrations (version, name) VALUES (9999, '9999-future.sql')");
    await expect(migrate(pool)).rejects.toMatchObject({
      code: 'config_invalid',
      publicMessage: expect.stringContaining('9999'),
      hint: expect.any(String),
    });
  });

  it('works with a newer schema that says it may', async () => {
    await migrate(pool);
    await pool.query(
      "INSERT INTO aiprod_migrations (version, name, works_with) VALUES (9998, 'next.sql', 3)",
    );
    await migrate(pool);
    await pool.query(
      "INSERT INTO aiprod_migrations (version, name, works_with) VALUES (9999, 'last.sql', 9998)",
    );
    await expect(migrate(pool)).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it('steps aside while somebody holds a lock, and lets others work meanwhile', async () => {
    await migrate(pool);
    const folder = await nextVersion({ '9001-more.sql': 'ALTER TABLE jobs ADD COLUMN more integer;' });
    const holder = await pool.connect();
    await holder.query('BEGIN; SELECT FROM jobs');
    const pools = openPool(database.url);
    const migrating = migrate(pools, folder);
    // Queued behind the migration, which gives up its place in the queue.
    while (!(await isWaiting())) await new Promise(setImmediate);
    await expect(pools.query('SELECT FROM jobs')).resolves.toMatchObject({ rowCount: 0 });
    await holder.query('COMMIT');
    holder.release();
    await migrating;
    await pools.end();
    expect((await applied()).at(-1)).toEqual({ version: 9001 });
  });

  it('builds an index beside others, and again what was broken off', async () => {
    await migrate(pool);
    await pool.query('CREATE TABLE pairs (a int)');
    await pool.query('INSERT INTO pairs VALUES (1), (1)');
    const broken = 'CREATE UNIQUE INDEX CONCURRENTLY pairs_by_a ON pairs (a)';
    await expect(pool.query(broken)).rejects.toThrow('could not create unique index');
    const folder = await nextVersion({
      '9001-pairs.concurrent.sql': 'CREATE INDEX CONCURRENTLY IF NOT EXISTS pairs_by_a ON pairs (a)',
    });
    const pools = Array.from({ length: 3 }, () => openPool(database.url));
    await Promise.all(pools.map((each) => migrate(each, folder)));
    await Promise.all(pools.map((each) => each.end()));
    const { rows } = await pool.query(
      `SELECT indisvalid AS valid, indisunique AS unique FROM pg_index WHERE indexrelid = 'pairs_by_a'::regclass`,
    );
    expect(rows).toEqual([{ valid: true, unique: false }]);
  });

  it('leaves nothing behind when a migration fails', async () => {
    await pool.query('CREATE TABLE step_runs (of_somebody_else int)');
    await expect(migrate(pool)).rejects.toThrow('step_runs');
    const { rows } = await pool.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`);
    expect(rows).toEqual([{ tablename: 'step_runs' }]);
  });

  it('refuses a database that is not UTF-8', async () => {
    await pool.query(`CREATE DATABASE "${latin1}" TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`);
    const url = new URL(database.url);
    url.pathname = `/${latin1}`;
    const other = openPool(url.href);
    try {
      await expect(migrate(other)).rejects.toMatchObject({ code: 'config_invalid' });
    } finally {
      await other.end();
      await pool.query(`DROP DATABASE "${latin1}"`);
    }
  });
});

/** A folder with the migrations that there are, and these. */
async function nextVersion(files: Record<string, string>): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(new URL('./migrations/', import.meta.url), folder, { recursive: true });
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql);
  return pathToFileURL(`${folder}/`);
}

async function isWaiting(): Promise<boolean> {
  const { rowCount } = await pool.query(
    `SELECT FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'`,
  );
  return rowCount !== 0;
}

const latin1 = `aiprod_latin1_${process.pid}`;
