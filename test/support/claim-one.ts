// Claims one certain job, where workers take whichever is next in turn.
import type pg from 'pg';

import type { ClaimedJob, JobLeases } from '../../src/ports/job-leases.ts';

const ages = `interval '1000 years'`;

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `work` while no other job is due but those that are created meanwhile, which come later in turn. In this process one
 * after another.
 */
export function alone<T>(on: pg.Pool | pg.Client, jobId: string, work: () => Promise<T>): Promise<T> {
  const turn = last.then(async () => {
    await on.query(
      `UPDATE jobs SET due_at = CASE WHEN job_id::text = $1 THEN due_at ELSE due_at + ${ages} END,
         turn = CASE WHEN job_id::text = $1 THEN -1 ELSE turn END
       WHERE status = 'pending'`,
      [jobId],
    );
    try {
      return await work();
    } finally {
      await on.query(`UPDATE jobs SET due_at = due_at - ${ages} WHERE due_at > now() + ${ages} / 2`);
    }
  });
  last = turn.catch(() => {});
  return turn;
}

/** Undefined when it cannot be claimed. */
export function claimOne(
  { pool, leases }: { pool: pg.Pool; leases: JobLeases },
  jobId: string,
  workerId = 'test',
): Promise<ClaimedJob | undefined> {
  return alone(pool, jobId, () => leases.claimNext(jobId, workerId, 30_000));
}
