// Fencing: the condition that every worker's write carries, and the honest error when it holds no more.
import pg from 'pg';

import { AppError } from '../../domain/errors.ts';
import type { Lease } from '../../domain/job.ts';
import { type Executor, rowsOf, type Statement, tenantRows } from './statements.ts';

/** True of the job's row while the lease is the newest and nobody ended the job; parameters $1..$3. */
export const isHeld = `job_id = $1 AND user_id = $2 AND lease_epoch = $3 AND status = 'processing'`;

/**
 * A CTE for writes to other tables: has one row while the lease holds, and keeps everybody from moving the job until
 * the statement is committed.
 */
export const fence = `fence AS (SELECT job_id, user_id FROM jobs WHERE ${isHeld} FOR SHARE)`;

const findState = {
  name: 'fence_explain',
  text: 'SELECT status FROM jobs WHERE job_id = $1 AND user_id = $2',
};

/**
 * Runs a statement whose first three parameters are the lease, and which returns no row when the lease is void: as the tenant
 * of the lease's user, or in the client's transaction. Throws `lease_lost` then, or `job_canceled` when the job was canceled
 * or removed.
 */
export async function fenced<Row extends object>(
  executor: Executor,
  lease: Lease,
  statement: Statement,
  values: unknown[] = [],
): Promise<Row[]> {
  const ask = <Found extends object>(asked: Statement, parameters: unknown[]) =>
    executor instanceof pg.Pool
      ? tenantRows<Found>(executor, lease.userId, asked, parameters)
      : rowsOf<Found>(executor, asked, parameters);
  const rows = await ask<Row>(statement, [lease.jobId, lease.userId, lease.epoch, ...values]);
  if (rows.length > 0) return rows;
  const [job] = await ask<{ status: string }>(findState, [lease.jobId, lease.userId]);
  if (job === undefined || job.status === 'canceled') {
    throw new AppError('job_canceled', 'The job was canceled or removed.');
  }
  throw new AppError('lease_lost', 'Another worker took over the job.');
}
