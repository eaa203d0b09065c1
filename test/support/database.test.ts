// The databases that other tests get: migrated, their own, gone when closed.
import pg from 'pg';
import { expect, test } from 'vitest';

import { openTestDatabase } from './database.ts';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('databases are migrated, apart from each other, and dropped on close', async () => {
  const [one, two] = await Promise.all([openTestDatabase(), openTestDatabase()]);
  await query(one.url, 'CREATE TABLE mine (n integer)');
  expect(
    await query(two.url, `SELECT to_regclass('mine') AS mine, to_regclass('jobs') IS NOT NULL AS jobs`),
  ).toEqual([{ mine: null, jobs: true }]);
  await one.close();
  await expect(query(one.url, 'SELECT 1')).rejects.toThrow('does not exist');
  await two.close();
});

test('an empty database has no tables', async () => {
  const { url, close } = await openTestDatabase({ empty: true });
  expect(await query(url, `SELECT to_regclass('jobs') AS jobs`)).toEqual([{ jobs: null }]);
  await close();
});
