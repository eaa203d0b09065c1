// Removing a job: its rows go at once (a worker that holds it finds out by its lease), and what only it had made
// need not be kept for the usual grace period.
import type pg from 'pg';

import { giveMinutesBack, newsOfJob } from './job-moves.ts';
import { type Executor, inTenant, rowsOf, type Sender } from './statements.ts';
import { lockUser, type UserLimits, unpark } from './turns.ts';

const lockJob = {
  name: 'job_remove_lock',
  text: 'SELECT 1 FROM jobs WHERE job_id = $1 AND user_id = $2 FOR UPDATE',
};

const releaseSteps = {
  name: 'job_remove_steps',
  text: `
    UPDATE step_results s SET unwanted_since = now() FROM (
      SELECT user_id, step_key FROM step_results
      WHERE user_id = $2 AND step_key IN (SELECT step_key FROM step_runs WHERE job_id = $1)
        AND NOT EXISTS (
          SELECT FROM step_runs other WHERE other.user_id = $2 AND other.step_key = step_results.step_key
            AND other.job_id <> $1
        )
      ORDER BY step_key FOR UPDATE
    ) only_here
    WHERE s.user_id = only_here.user_id AND s.step_key = only_here.step_key`,
};

// Garbage collection looks for other references before it removes any of these.
const releaseBlobs = {
  name: 'job_remove_blobs',
  text: `
    UPDATE blobs b SET unwanted_since = now() FROM (
      SELECT user_id, digest FROM blobs
      WHERE user_id = $2 AND digest IN (
        SELECT digest FROM job_blobs WHERE job_id = $1
        UNION
        SELECT sb.digest FROM step_blobs sb JOIN step_runs r ON r.user_id = sb.user_id AND r.step_key = sb.step_key
        WHERE r.job_id = $1 AND r.user_id = $2
      )
      ORDER BY digest FOR UPDATE
    ) held
    WHERE b.user_id = held.user_id AND b.digest = held.digest`,
};

// What was made stays counted, what was not does not.
const releaseMinutes = {
  name: 'job_remove_minutes',
  text: `
    WITH moved AS (SELECT job_id FROM jobs WHERE job_id = $1 AND user_id = $2 AND status <> 'completed'),
    minutes AS (${giveMinutesBack.minutes}),
    minutes_before AS (${giveMinutesBack.minutes_before})
    SELECT FROM moved`,
};

const deleteJob = {
  name: 'job_remove',
  text: 'DELETE FROM jobs WHERE job_id = $1 AND user_id = $2 RETURNING job_id',
  news: (rows: { job_id: string }[]) => rows.map(newsOfJob),
};

/** Deletes the rows of a job whose row is locked. */
export async function removeJobRows(client: Executor, userId: string, jobId: string): Promise<void> {
  for (const statement of [releaseSteps, releaseBlobs, deleteJob])
    await rowsOf(client, statement, [jobId, userId]);
}

/** False when the user has no such job. */
export async function removeJob(
  { pool, queue, limits }: { pool: pg.Pool; queue: Sender; limits: UserLimits },
  userId: string,
  jobId: string,
): Promise<boolean> {
  return inTenant(pool, userId, async (client, transaction) => {
    await lockUser(client, userId);
    const values = [jobId, userId];
    const found = await rowsOf(client, lockJob, values);
    if (found.length === 0) return false;
    await rowsOf(client, releaseMinutes, values);
    await removeJobRows(client, userId, jobId);
    await unpark(client, { queue, transaction }, userId, limits);
    return true;
  });
}
