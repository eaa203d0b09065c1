// Migrations on a real server: together, again, and against a schema from the future.
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

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
    await Promise.all(pools.map(migrate));
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

const latin1 = `aiprod_latin1_${process.pid}`;
