// How faults of connections and transactions reach the rest of the program, on a real server.
import { createServer } from 'node:net';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { createPool } from './pool.ts';
import { inTransaction, rowsOf } from './statements.ts';

let database: TestDatabase;
let pool: pg.Pool;
const errors: Error[] = [];
const openPool = (url: string, max = 3) =>
  createPool({ url, max, applicationName: 'test', onError: (error) => errors.push(error) });

beforeAll(async () => {
  database = await openTestDatabase({ empty: true });
  pool = openPool(database.url);
  await pool.query('CREATE TABLE notes (note text PRIMARY KEY)');
});
afterAll(async () => {
  await pool.end();
  await database.close();
});

const insert = { name: 'insert_note', text: 'INSERT INTO notes VALUES ($1)' };
const notes = async () =>
  (await pool.query('SELECT note FROM notes ORDER BY note')).rows.map(({ note }) => note);
const one = { name: 'one', text: 'SELECT 1' };

it('no connection waits for ever: not for a statement, a lock, or the next statement of a transaction', async () => {
  const { rows } = await pool.query(
    `SELECT name, setting || unit AS limit FROM pg_settings
     WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') ORDER BY name`,
  );
  expect(rows).toEqual([
    { name: 'idle_in_transaction_session_timeout', limit: '60000ms' },
    { name: 'lock_timeout', limit: '10000ms' },
    { name: 'statement_timeout', limit: '20000ms' },
  ]);
});

describe('faults', () => {
  it('a server that is not there is database_unavailable', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const nobody = openPool(`postgres://u@127.0.0.1:${port}/d`);
    await expect(rowsOf(nobody, one)).rejects.toMatchObject({ code: 'database_unavailable' });
    await expect(inTransaction(nobody, async () => {})).rejects.toMatchObject({
      code: 'database_unavailable',
    });
    await nobody.end();
  });

  it('a database that does not exist is config_invalid', async () => {
    const url = new URL(database.url);
    url.pathname = '/no_such_database';
    const nowhere = openPool(url.href);
    await expect(rowsOf(nowhere, one)).rejects.toMatchObject({ code: 'config_invalid' });
    await nowhere.end();
  });

  it('a server that shuts down in the middle of a transaction is database_unavailable, and the pool recovers', async () => {
    const attempt = inTransaction(pool, async (client) => {
      await rowsOf(client, insert, ['lost']);
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
      await rowsOf(client, one);
    });
    await expect(attempt).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(await notes()).not.toContain('lost');
  });

  it('a deadlock is database_unavailable for its victim, and the other goes on', async () => {
    await rowsOf(pool, insert, ['a']);
    await rowsOf(pool, insert, ['b']);
    const lock = { name: 'lock_note', text: 'SELECT FROM notes WHERE note = $1 FOR UPDATE' };
    const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const take = (first: string, second: string, n: number) =>
      inTransaction(pool, async (client) => {
        await rowsOf(client, lock, [first]);
        both[n]!.resolve();
        await Promise.all(both.map(({ promise }) => promise));
        await rowsOf(client, lock, [second]);
      });
    const outcomes = await Promise.allSettled([take('a', 'b', 0), take('b', 'a', 1)]);
    const rejected = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(rejected).toHaveLength(1);
    expect(rejected[0]!.reason).toMatchObject({ code: 'database_unavailable' });
  });

  it('a server that only reads is database_unavailable, and its connection is not used again', async () => {
    const single = openPool(database.url, 1);
    await single.query('SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY');
    const write = (note: string) => inTransaction(single, (client) => rowsOf(client, insert, [note]));
    await expect(write('not yet')).rejects.toMatchObject({ code: 'database_unavailable' });
    await write('written');
    expect(await notes()).toContain('written');
    await single.end();
  });

  it('our own mistake stays what it is', async () => {
    const wrong = { name: 'wrong', text: 'SELECT no_such_column FROM notes' };
    await expect(rowsOf(pool, wrong)).rejects.toMatchObject({ code: '42703' });
  });
});

describe('inTransaction', () => {
  it('runs afterCommit once what was written can be seen', async () => {
    const seen: string[][] = [];
    const result = await inTransaction(pool, async (client, transaction) => {
      transaction.afterCommit(async () => void seen.push(await notes()));
      await transaction.executeSql('INSERT INTO notes VALUES ($1)', ['committed']);
      expect(await notes()).not.toContain('committed');
      await rowsOf(client, insert, ['as well']);
      return 'result';
    });
    expect(result).toBe('result');
    expect(seen).toEqual([expect.arrayContaining(['as well', 'committed'])]);
  });

  it('writes nothing and runs no afterCommit when the work fails', async () => {
    let ran = false;
    const attempt = inTransaction(pool, async (client, { afterCommit }) => {
      afterCommit(async () => {
        ran = true;
      });
      await rowsOf(client, insert, ['rolled back']);
      throw new Error('changed my mind');
    });
    await expect(attempt).rejects.toThrow('changed my mind');
    expect(ran).toBe(false);
    expect(await notes()).not.toContain('rolled back');
  });

  it('only reports an afterCommit that fails', async () => {
    errors.length = 0;
    const result = await inTransaction(pool, async (_, { afterCommit }) => {
      afterCommit(async () => Promise.reject(new Error('queue away')));
      return 1;
    });
    expect(result).toBe(1);
    expect(errors.map(({ message }) => message)).toEqual(['queue away']);
  });
});
