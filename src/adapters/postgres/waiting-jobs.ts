// What waits to be worked on, as the job table tells it: for queues that cannot count what they hold.
import type pg from 'pg';

import type { JobQueue } from '../../ports/job-queue.ts';
import { rowsOf } from './statements.ts';

// Everything that nobody holds: what waits for its turn or its time, and what its worker has left. What waits for a place
// of its user is left out: more workers would not help it.
const countWaiting = {
  name: 'jobs_waiting',
  text: `
    SELECT count(*)::int AS length,
      coalesce(extract(epoch FROM now() - min(CASE WHEN status = 'pending' THEN due_at ELSE lease_until END)) * 1000, 0)
        ::float8 AS oldest
    FROM jobs WHERE (status = 'pending' AND NOT parked) OR (status = 'processing' AND lease_until <= now())`,
};

/** Fulfils JobQueue.depth. May throw `database_unavailable`. */
export function createWaitingJobs({ pool }: { pool: pg.Pool }): JobQueue['depth'] {
  return async () => {
    const [row] = await rowsOf<{ length: number; oldest: number }>(pool, countWaiting);
    return { length: row!.length, oldestAgeMs: Math.max(0, row!.oldest) };
  };
}
