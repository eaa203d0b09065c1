// The user's side of the job row on PostgreSQL. State moves only through the statements of job-moves.ts.
import type pg from 'pg';

import { AppError } from '../../domain/errors.ts';
import { type Job, type JobStatus, jobStatuses } from '../../domain/job.ts';
import type { JobCause, JobStore } from '../../ports/job-store.ts';
import { createJob } from './create-job.ts';
import { toDatabaseError } from './database-errors.ts';
import {
  againMove,
  become,
  countMinutes,
  dropLease,
  dueAt,
  giveMinutesBack,
  inTraceOf,
  mayBe,
  movingStatement,
  settleLetters,
  takeTurn,
} from './job-moves.ts';
import { isUuid, type JobRow, jobColumns, toJob } from './job-row.ts';
import { fromCursor, toCursor } from './page-cursor.ts';
import type { ReadOn } from './read-replica.ts';
import { removeJob } from './remove-job.ts';
import { findStoryboard, reviseJob } from './revise-job.ts';
import { type Executor, inTenant, rowsOf, type Sender, type Statement, tenantRows } from './statements.ts';
import { lockUser, type UserLimits, unpark } from './turns.ts';
import { refuseRetryBeyondLimits } from './user-limits.ts';

const findJob = {
  name: 'job_find',
  text: `SELECT ${jobColumns} FROM jobs WHERE job_id = $1 AND user_id = $2`,
};

// Four plans, so that each has its index: a status or not, a first page or a later one.
const listJobs = (withStatus: boolean, afterCursor: boolean): Statement => ({
  name: `job_list${withStatus ? '_status' : ''}${afterCursor ? '_after' : ''}`,
  text: `
    SELECT ${jobColumns} FROM jobs WHERE user_id = $1
      ${withStatus ? 'AND status = $3' : ''}
      ${afterCursor ? `AND (created_at, job_id) < ($${withStatus ? 4 : 3}::timestamptz, $${withStatus ? 5 : 4}::uuid)` : ''}
    ORDER BY created_at DESC, job_id DESC LIMIT $2`,
});

const cancelJob = movingStatement(
  'job_cancel',
  `UPDATE jobs SET ${become('cancel')}, completed_at = now(), ${dropLease}, event_seq = event_seq + 1
   WHERE job_id = $1 AND user_id = $2 AND ${mayBe('cancel')} RETURNING *`,
  giveMinutesBack,
);

const approveJob = movingStatement(
  'job_approve',
  `UPDATE jobs SET ${become('approve')}, approved = true, ${dueAt('now()')}, ${takeTurn},
     ${inTraceOf('$3')}, event_seq = event_seq + 1
   WHERE job_id = $1 AND user_id = $2 AND ${mayBe('approve')} RETURNING *`,
);

// The job runs again, so its dead letter waits for no operator any more.
const retryJob = movingStatement('job_retry', againMove('retry', 'job_id = $1 AND user_id = $2', '$3'), {
  minutes: countMinutes,
  settled: settleLetters,
});

const countJobs = {
  name: 'job_count_by_status',
  text: 'SELECT status, count(*)::int AS jobs FROM jobs GROUP BY status',
};

const ping = {
  name: 'ping',
  text: `SELECT current_setting('transaction_read_only') = 'on' AS "readOnly"`,
};

/** Times are the database's. Every method may throw `database_unavailable`. */
export function createJobStore({
  pool,
  queue,
  limits = {},
  readOn = (work) => work(pool),
}: {
  pool: pg.Pool;
  queue: Sender;
  limits?: UserLimits;
  /** Where `find`, `list` and `countByStatus` read; left out: from `pool`. */
  readOn?: ReadOn;
}): JobStore {
  /** Moves the job, or throws `not_found` | `state_conflict`. A job that is `already` there is returned as it is. */
  async function move(
    client: Executor,
    statement: Statement,
    [jobId, userId, ...values]: [string, string, ...unknown[]],
    refusal: string,
    already?: JobStatus,
  ): Promise<Job> {
    const [row] = isUuid(jobId) ? await rowsOf<JobRow>(client, statement, [jobId, userId, ...values]) : [];
    if (row !== undefined) return toJob(row);
    const [found] = isUuid(jobId) ? await rowsOf<JobRow>(client, findJob, [jobId, userId]) : [];
    if (found === undefined) throw notFound();
    const job = toJob(found);
    if (job.status === already) return job;
    throw new AppError('state_conflict', `The job is ${job.status}; ${refusal}`);
  }

  /** Moves the job to pending and sends it, both or neither. */
  function moveAndSend(
    statement: Statement,
    [jobId, userId, cause]: [string, string, JobCause],
    refusal: string,
    check = async (_client: Executor) => {},
  ): Promise<Job> {
    return inTenant(pool, userId, async (client, transaction) => {
      await lockUser(client, userId);
      if (isUuid(jobId)) await check(client);
      const job = await move(client, statement, [jobId, userId, cause.traceParent ?? null], refusal);
      await queue.send(jobId, { transaction });
      return job;
    });
  }

  return {
    create: (newJob) => createJob({ pool, queue, limits }, newJob),

    async find(userId, jobId) {
      if (!isUuid(jobId)) return undefined;
      const [row] = await readOn((executor) =>
        tenantRows<JobRow>(executor, userId, findJob, [jobId, userId]),
      );
      return row && toJob(row);
    },

    async list(userId, { status, limit, cursor }) {
      const values: unknown[] = [userId, limit + 1];
      if (status !== undefined) values.push(status);
      if (cursor !== undefined) {
        const { createdAt, jobId } = fromCursor(cursor);
        values.push(createdAt, jobId);
      }
      const statement = listJobs(status !== undefined, cursor !== undefined);
      const rows = await readOn((executor) => tenantRows<JobRow>(executor, userId, statement, values));
      const jobs = rows.slice(0, limit).map(toJob);
      const last = jobs.at(-1);
      return { jobs, ...(rows.length > limit && last && { nextCursor: toCursor(last) }) };
    },

    cancel: (userId, jobId) =>
      inTenant(pool, userId, async (client, transaction) => {
        await lockUser(client, userId);
        const refusal = 'it cannot be canceled any more.';
        const job = await move(client, cancelJob, [jobId, userId], refusal, 'canceled');
        await unpark(client, { queue, transaction }, userId, limits);
        return job;
      }),

    retry(userId, jobId, cause = {}) {
      const refusal = 'only a failed or canceled job can be tried again.';
      return moveAndSend(retryJob, [jobId, userId, cause], refusal, (client) =>
        refuseRetryBeyondLimits(client, userId, jobId, limits),
      );
    },

    approve: (userId, jobId, cause = {}) =>
      moveAndSend(approveJob, [jobId, userId, cause], 'only a job that awaits approval can be approved.'),

    findStoryboard: (userId, jobId) => findStoryboard(pool, userId, jobId),

    revise: (userId, jobId, revision) => reviseJob({ pool, queue, limits }, userId, jobId, revision),

    async remove(userId, jobId) {
      if (!isUuid(jobId) || !(await removeJob({ pool, queue, limits }, userId, jobId))) throw notFound();
    },

    async countByStatus() {
      const counts = Object.fromEntries(jobStatuses.map((status) => [status, 0])) as Record<
        JobStatus,
        number
      >;
      const rows = await readOn((executor) =>
        rowsOf<{ status: JobStatus; jobs: number }>(executor, countJobs),
      );
      for (const { status, jobs } of rows) counts[status] = jobs;
      return counts;
    },

    async ping() {
      await checkWritable(pool);
    },
  };
}

/** A server that only reads cannot take jobs: it follows another, and perhaps led before a fail-over. */
async function checkWritable(pool: pg.Pool): Promise<void> {
  const client = await pool.connect().catch((error) => {
    throw toDatabaseError(error);
  });
  let good = false;
  try {
    const [row] = await rowsOf<{ readOnly: boolean }>(client, ping);
    good = row?.readOnly === false;
  } finally {
    client.release(!good);
  }
  if (!good) throw new AppError('database_unavailable', 'The database only reads right now.');
}

const notFound = () => new AppError('not_found', 'There is no such job.');
