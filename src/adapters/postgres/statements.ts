// How this room talks to the database: named (prepared) statements, and transactions that a queue can take part in.
import type pg from 'pg';

import { AppError } from '../../domain/errors.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import type { Transaction } from '../../ports/transaction.ts';
import { isSpoiled, toDatabaseError } from './database-errors.ts';

export interface Statement {
  /** Unique; PostgreSQL keeps the plan under this name. */
  name: string;
  text: string;
}

export type Executor = pg.Pool | pg.PoolClient;

/** All that this room needs of a queue. */
export type Sender = Pick<JobQueue, 'send'>;

/** Rows of a statement. Throws `database_unavailable`, `config_invalid`, or the driver's error when it is our fault. */
export async function rowsOf<Row extends object>(
  executor: Executor,
  { name, text }: Statement,
  values: unknown[] = [],
): Promise<Row[]> {
  try {
    const { rows } = await executor.query<Row & pg.QueryResultRow>({ name, text, values });
    return rows;
  } catch (error) {
    throw toDatabaseError(error);
  }
}

/**
 * Commits when `work` resolves, rolls back when it throws. What `work` registered with `afterCommit` then runs in
 * order; a failure there goes to the pool's error handler only.
 */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const actions: (() => Promise<void>)[] = [];
  const client = await pool.connect().catch((error) => {
    throw toDatabaseError(error);
  });
  let broken = false;
  let result: Result;
  try {
    await client.query('BEGIN');
    result = await work(client, {
      executeSql: (text, values) => client.query(text, values ?? []),
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
  for (const action of actions) {
    await action().catch((error: Error) => pool.emit('error', error, client));
  }
  return result;
}
