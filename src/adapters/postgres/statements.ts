// How this room talks to the database: named (prepared) statements, and transactions that a queue can take part in. Work for
// one user runs as a tenant, whom row security shows that user's rows only; see docs/architecture.md.
import pg from 'pg';

import { AppError } from '../../domain/errors.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import type { Transaction } from '../../ports/transaction.ts';
import { isSpoiled, toDatabaseError } from './database-errors.ts';
import { queryAfter } from './query-after.ts';
import { type News, tellListeners } from './tell-listeners.ts';

export interface Statement {
  /** Unique; PostgreSQL keeps the plan under this name. */
  name: string;
  text: string;
  /** What is told to listeners, going by the rows it returned, once that is committed. */
  // biome-ignore lint/suspicious/noExplicitAny: the rows are whatever the statement's text says.
  news?(rows: any[]): News[];
}

export type Executor = pg.Pool | pg.PoolClient;

/** All that this room needs of a queue. */
export type Sender = Pick<JobQueue, 'send'>;

/** Rows of a statement. Throws `database_unavailable`, `config_invalid`, or the driver's error when it is our fault. */
export async function rowsOf<Row extends object>(
  executor: Executor,
  statement: Statement,
  values: unknown[] = [],
): Promise<Row[]> {
  const { name, text } = statement;
  try {
    const { rows } = await executor.query<Row & pg.QueryResultRow>({ name, text, values });
    noteNews(executor, statement, rows);
    return rows;
  } catch (error) {
    throw toDatabaseError(error);
  }
}

const becomeTenant = `SELECT set_config('role', 'aiprod_tenant', true), set_config('aiprod.user_id', $1, true)`;

/**
 * As `rowsOf`, as the user's tenant: a transaction of one statement, in one round trip. `executor` is in no transaction.
 */
export async function tenantRows<Row extends object>(
  executor: Executor,
  userId: string,
  statement: Statement,
  values: unknown[] = [],
): Promise<Row[]> {
  const { name, text } = statement;
  try {
    const { rows } = await queryAfter<Row & pg.QueryResultRow>(
      executor,
      { text: becomeTenant, values: [userId] },
      { name, text, values },
    );
    noteNews(executor, statement, rows);
    return rows;
  } catch (error) {
    throw toDatabaseError(error);
  }
}

/** Of transactions under way: what is told when they are committed. */
const newsOf = new WeakMap<Executor, News[]>();

function noteNews(executor: Executor, { news }: Statement, rows: object[]): void {
  if (news === undefined) return;
  if (executor instanceof pg.Pool) tellListeners(executor, news(rows));
  else newsOf.get(executor)!.push(...news(rows));
}

type Work<Result> = (client: pg.PoolClient, transaction: Transaction) => Promise<Result>;

/**
 * Commits when `work` resolves, rolls back when it throws. What `work` registered with `afterCommit` then runs in
 * order; a failure there goes to the pool's error handler only.
 */
export function inTransaction<Result>(pool: pg.Pool, work: Work<Result>): Promise<Result> {
  return transact(pool, work, {
    begin: (client) => client.query('BEGIN'),
    executeSql: (client, text, values) => client.query(text, values),
  });
}

/** As `inTransaction`, as the user's tenant; a queue that takes part has its own tables, and works on them as the login. */
export function inTenant<Result>(pool: pg.Pool, userId: string, work: Work<Result>): Promise<Result> {
  return transact(pool, work, {
    begin: (client) =>
      queryAfter(client, { text: 'BEGIN', values: [] }, { text: becomeTenant, values: [userId] }),
    async executeSql(client, text, values) {
      const result = await queryAfter(client, { text: 'RESET ROLE', values: [] }, { text, values });
      await client.query('SET LOCAL ROLE aiprod_tenant');
      return result;
    },
  });
}

interface TransactionKind {
  begin(client: pg.PoolClient): Promise<unknown>;
  executeSql(client: pg.PoolClient, text: string, values: unknown[]): Promise<pg.QueryResult>;
}

async function transact<Result>(
  pool: pg.Pool,
  work: Work<Result>,
  { begin, executeSql }: TransactionKind,
): Promise<Result> {
  const actions: (() => Promise<void>)[] = [];
  const client = await pool.connect().catch((error) => {
    throw toDatabaseError(error);
  });
  const news: News[] = [];
  newsOf.set(client, news);
  let broken = false;
  let result: Result;
  try {
    await begin(client);
    result = await work(client, {
      executeSql: (text, values) => executeSql(client, text, values ?? []),
      afterCommit: (action) => void actions.push(action),
    });
    await client.query('COMMIT');
  } catch (error) {
    // The next connection finds the server that leads now.
    broken = isSpoiled(error) || (error instanceof AppError && isSpoiled(error.cause));
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw toDatabaseError(error);
  } finally {
    client.release(broken);
  }
  tellListeners(pool, news);
  for (const action of actions) {
    await action().catch((error: Error) => pool.emit('error', error, client));
  }
  return result;
}
