// Finds runnable jobs that nobody holds and sends them again, so that a lost delivery never loses a job, nor does a place
// that a user has free. Moves no job.
import type pg from 'pg';

import { inTransaction, rowsOf, type Sender } from './statements.ts';
import { findUsersWithPlaces, lockUser, type UserLimits, unpark } from './turns.ts';

const batch = 100;
const mostBatches = 20;

// Whoever sends a job puts off its next sending, twice as long each time: a job that merely waits its turn in a long
// queue is not multiplied there, and many instances do not send the same one.
const pickForgotten = {
  name: 'sweep_pick',
  text: `
    WITH lapsed AS (
      SELECT job_id FROM jobs
      WHERE status = 'processing' AND lease_until <= now() AND resend_at <= now()
      ORDER BY lease_until LIMIT $2 FOR UPDATE SKIP LOCKED
    ),
    overdue AS (
      SELECT job_id FROM jobs
      WHERE status = 'pending' AND NOT parked AND due_at <= now() AND resend_at <= now() - $1::float8 * interval '1 millisecond'
      ORDER BY resend_at LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    UPDATE jobs SET resends = resends + 1,
      resend_at = now() + (power(2, least(resends + 1, 8)) - 1) * $1::float8 * interval '1 millisecond'
    WHERE job_id IN (SELECT job_id FROM lapsed UNION ALL SELECT job_id FROM overdue)
    RETURNING job_id`,
};

/** See JobLeases.sweep. */
export async function sweep(
  { pool, queue, limits }: { pool: pg.Pool; queue: Sender; limits: UserLimits },
  overdueMs: number,
): Promise<number> {
  let sent = 0;
  for (let round = 0; round < mostBatches; round += 1) {
    const picked = await inTransaction(pool, async (client, transaction) => {
      const rows = await rowsOf<{ job_id: string }>(client, pickForgotten, [overdueMs, batch]);
      for (const { job_id } of rows) await queue.send(job_id, { transaction });
      return rows.length;
    });
    sent += picked;
    if (picked < batch) break;
  }
  for (const userId of await findUsersWithPlaces(pool, limits)) {
    sent += await inTransaction(pool, async (client, transaction) => {
      await lockUser(client, userId);
      return unpark(client, { queue, transaction }, userId, limits);
    });
  }
  return sent;
}
