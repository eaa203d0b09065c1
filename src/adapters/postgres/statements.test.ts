// How faults of connections and transactions reach the rest of the program, on a real server.
import { createServer } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { makeRoles } from './database-roles.ts';
import { createPool } from './pool.ts';
import { inTenant, inTransaction, rowsOf, tenantRows } from './statements.ts';

let database: TestDatabase;
let pool: pg.Pool;
const errors: Error[] = [];
const openPool = (url: string, max = 3) =>
  createPool({ url, max, applicationName: 'test', onError: (error) => errors.push(error) });

beforeAll(async () => {
  database = await openTestDatabase({ empty: true });
  pool = openPool(database.url);
  await makeRoles(pool);
  await pool.query(
    'CREATE TABLE notes (note text PRIMARY KEY); GRANT SELECT, INSERT ON notes TO aiprod_tenant',
  );
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

describe('work for a tenant', () => {
  const whoAmI = {
    name: 'who_am_i',
    text: `SELECT current_user AS role, current_setting('aiprod.user_id', true) AS "user", $1::text AS given`,
  };
  const tenant = { role: 'aiprod_tenant' };
  /** One connection, so that what is left behind is seen. */
  let single: pg.Pool;
  beforeAll(() => {
    single = openPool(database.url, 1);
  });
  afterAll(() => single.end());
  const nowOn = async () => (await rowsOf(single, whoAmI, [null]))[0];

  it('is that of its user, whatever the name has in it, and leaves the connection as it was', async () => {
    const [me] = await rowsOf<{ role: string }>(single, whoAmI, [null]);
    for (const userId of ['ann', `o'neil; -- \\ "`, 'été', 'ann']) {
      expect(await tenantRows(single, userId, whoAmI, ['g'])).toEqual([
        { ...tenant, user: userId, given: 'g' },
      ]);
      expect(await nowOn()).toMatchObject({ role: me!.role });
      const inside = await inTenant(single, userId, (client) => rowsOf(client, whoAmI, ['h']));
      expect(inside).toEqual([{ ...tenant, user: userId, given: 'h' }]);
      expect(await nowOn()).toMatchObject({ role: me!.role });
      expect(['', null]).toContain(((await nowOn()) as { user: string | null }).user);
    }
  });

  it('of one statement is a transaction: committed when it succeeds, and without a trace when it fails', async () => {
    const add = {
      name: 'add_note',
      text: 'WITH added AS (INSERT INTO notes VALUES ($1) RETURNING note) SELECT note, 1 / (note <> $2)::int AS one FROM added',
    };
    expect(await tenantRows(single, 'ann', add, ['mine', 'x'])).toEqual([{ note: 'mine', one: 1 }]);
    expect(await notes()).toContain('mine');
    await expect(tenantRows(single, 'ann', add, ['broken', 'broken'])).rejects.toMatchObject({
      code: '22012',
    });
    expect(await notes()).not.toContain('broken');
    expect(await tenantRows(single, 'ann', add, ['again', 'x'])).toHaveLength(1);
    const drop = { name: 'drop_notes', text: 'DROP TABLE notes' };
    await expect(tenantRows(single, 'ann', drop)).rejects.toMatchObject({ code: 'config_invalid' });
    const wrong = { name: 'wrong_note', text: 'SELECT nothing FROM notes' };
    for (let again = 0; again < 2; again++)
      await expect(tenantRows(single, 'ann', wrong)).rejects.toMatchObject({ code: '42703' });
    expect(await tenantRows(single, 'ann', insert, ['without rows'])).toEqual([]);
    expect(await notes()).toContain('without rows');
  });

  it('lets a queue do its part as the login, and goes on as the tenant', async () => {
    const me = (await nowOn()) as { role: string };
    const roles = await inTenant(single, 'ann', async (client, { executeSql }) => {
      const ask = async () => (await client.query('SELECT current_user AS role')).rows[0].role;
      const theirs = await executeSql('SELECT current_user AS role, $1::int AS n, $2::text[] AS list', [
        2,
        ['a'],
      ]);
      const unasked = await executeSql('SELECT current_user AS role');
      return [await ask(), theirs.rows[0], unasked.rows[0], await ask()];
    });
    expect(roles).toEqual([
      'aiprod_tenant',
      { role: me.role, n: 2, list: ['a'] },
      { role: me.role },
      'aiprod_tenant',
    ]);
  });

  it('rolls back, and the next is not a tenant', async () => {
    const me = (await nowOn()) as { role: string };
    const attempt = inTenant(single, 'ann', async (client) => {
      await rowsOf(client, insert, ['taken back']);
      throw new Error('changed my mind');
    });
    await expect(attempt).rejects.toThrow('changed my mind');
    expect(await notes()).not.toContain('taken back');
    expect(await nowOn()).toMatchObject({ role: me.role });
  });

  it('says that the database is away when it is', async () => {
    const nobody = openPool('postgres://u@127.0.0.1:1/d');
    await expect(tenantRows(nobody, 'ann', one)).rejects.toMatchObject({ code: 'database_unavailable' });
    await expect(inTenant(nobody, 'ann', async () => {})).rejects.toMatchObject({
      code: 'database_unavailable',
    });
    await nobody.end();
    const cut = expect(
      tenantRows(single, 'ann', { name: 'cut', text: 'SELECT pg_sleep(30)' }),
    ).rejects.toMatchObject({ code: 'database_unavailable' });
    await expect
      .poll(
        async () =>
          (
            await pool.query(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND datname = current_database()",
            )
          ).rowCount,
      )
      .toBe(1);
    await cut;
    expect(await tenantRows(single, 'ann', one)).toHaveLength(1);
  });
});

describe('news', () => {
  const telling = {
    ...insert,
    name: 'insert_telling',
    text: `${insert.text} RETURNING note`,
    news: (rows: { note: string }[]) => rows.map(({ note }) => ({ channel: 'test_news', payload: note })),
  };

  it('is told after the commit, all of it, and not after a rollback', async () => {
    const listener = new pg.Client(database.url);
    await listener.connect();
    await listener.query('LISTEN test_news');
    const told: string[] = [];
    const last = Promise.withResolvers<void>();
    listener.on('notification', ({ payload }) => {
      told.push(payload!);
      if (payload === 'last') last.resolve();
    });
    const rolledBack = inTransaction(pool, async (client) => {
      await rowsOf(client, telling, ['never']);
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    await inTransaction(pool, async (client) => {
      await rowsOf(client, telling, ['in a transaction']);
      await listener.query('SELECT 1');
      expect(told).toEqual([]);
    });
    const many = Array.from({ length: 20 }, (_, n) => `news ${n}`);
    await Promise.all(many.map((note) => rowsOf(pool, telling, [note])));
    await tenantRows(pool, 'ann', telling, ['last']);
    await last.promise;
    expect(told.toSorted()).toEqual(['in a transaction', ...many, 'last'].toSorted());
    await listener.end();
  });

  it('that cannot be told fails nothing', async () => {
    const mute = { ...telling, name: 'insert_mute', news: () => [{ channel: '', payload: 'x' }] };
    errors.length = 0;
    const failed = Promise.withResolvers<void>();
    pool.once('error', () => failed.resolve());
    expect(await rowsOf(pool, mute, ['kept'])).toHaveLength(1);
    await failed.promise;
    expect(errors).toHaveLength(1);
  });
});
