// The worker's side of the job row on PostgreSQL. Lease times are the database's clock; every write is fenced.
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

import { AppError, toProblem } from '../../domain/errors.ts';
import type { Lease } from '../../domain/job.ts';
import type { Storyboard } from '../../domain/storyboard.ts';
import type { ClaimedJob, JobLeases } from '../../ports/job-leases.ts';
import type { Transaction } from '../../ports/transaction.ts';
import { fenced, isHeld } from './fence.ts';
import {
  become,
  correctMinutes,
  dropLease,
  dueAt,
  eventOf,
  giveMinutesBack,
  leaveDeadLetter,
  mayBe,
  movingStatement,
  newsOfMove,
} from './job-moves.ts';
import { isUuid, type JobRow, toJob } from './job-row.ts';
import { type Executor, inTenant, inTransaction, rowsOf, type Sender, type Statement } from './statements.ts';
import { sweep } from './sweep.ts';
import { lockUser, moveClock, park, placesTaken, takeNextInTurn, type UserLimits, unpark } from './turns.ts';
import { announce, stageMessage, wasAnnounced } from './webhook-announcements.ts';

/** Milliseconds in a parameter as an interval. */
const msLater = (parameter: string) => `clock_timestamp() + ${parameter}::float8 * interval '1 millisecond'`;

/** From the transaction's own time, as a queue in the same database counts: a delivery is never before the job is due. */
const msFromNow = (parameter: string) => `now() + ${parameter}::float8 * interval '1 millisecond'`;

const claimable = `job_id = $1 AND ${mayBe('claim')} AND (
  (status = 'pending' AND due_at <= clock_timestamp()) OR
  (status = 'processing' AND lease_until <= clock_timestamp())
)`;

/** A job that its worker left still has its place. */
const hasPlace = `(status = 'processing' OR $4::int IS NULL OR ${placesTaken('jobs.user_id')} < $4::int)`;

// A lapsed lease means a new attempt, whose progress starts over; a job that was given back goes on where it was.
const claimJob = movingStatement(
  'lease_claim',
  `UPDATE jobs SET ${become('claim')}, lease_epoch = lease_epoch + 1, lease_until = ${msLater('$3')},
     worker_id = $2, attempts = attempts + 1, started_at = COALESCE(started_at, now()), error = NULL,
     progress = CASE WHEN status = 'processing' THEN 0 ELSE progress END,
     event_progress = CASE WHEN status = 'processing' THEN 0 ELSE event_progress END,
     stage = CASE WHEN status = 'processing' THEN NULL ELSE stage END,
     resend_at = now(), resends = 0, event_seq = event_seq + 1
   WHERE ${claimable} AND attempts <= max_retries AND ${hasPlace} RETURNING *`,
  {},
  'trace_parent, storyboard, turn, turn > (SELECT turn FROM queue_clock) AS leads',
);

// What a claim would have taken had there been attempts left: claimed and failed in one.
const giveUpJob = movingStatement(
  'lease_give_up',
  `UPDATE jobs SET ${become('fail')}, completed_at = now(), ${dropLease}, error = $2::jsonb,
     event_seq = event_seq + 1
   WHERE ${claimable} AND attempts > max_retries RETURNING *`,
  { letter: leaveDeadLetter('$3', 'true'), ...giveMinutesBack },
);

const findJob = { name: 'lease_find', text: 'SELECT 1 FROM jobs WHERE job_id = $1' };

const heartbeat = {
  name: 'lease_heartbeat',
  text: `UPDATE jobs SET lease_until = ${msLater('$4')} WHERE ${isHeld} RETURNING 1`,
};

// The row before the update says whether the user should hear of the change.
const setProgress = {
  name: 'lease_progress',
  text: `
    WITH held AS (
      SELECT job_id AS held_id, stage AS left_stage,
        stage IS DISTINCT FROM $4 AS stage_changed,
        stage IS DISTINCT FROM $4 OR round((greatest(progress, $5::float8) - event_progress)::numeric, 9) >= 0.01 AS tells
      FROM jobs WHERE ${isHeld} FOR UPDATE
    ),
    moved AS (
      UPDATE jobs SET stage = $4, progress = greatest(progress, $5::float8),
        event_progress = CASE WHEN tells THEN greatest(progress, $5::float8) ELSE event_progress END,
        event_seq = event_seq + tells::int
      FROM held WHERE job_id = held_id RETURNING jobs.*, stage_changed, left_stage, tells
    ),
    told AS (SELECT * FROM moved WHERE tells),
    ${eventOf('told', `CASE WHEN stage_changed THEN 'stage' ELSE 'progress' END`)},
    ${announce('told', stageMessage, 'left_stage')}
    SELECT job_id, tells, ${wasAnnounced} FROM moved`,
  news: (rows: { job_id: string; tells: boolean; announced: boolean }[]) =>
    rows.filter(({ tells }) => tells).flatMap(newsOfMove),
};

const completeJob = movingStatement(
  'lease_complete',
  `UPDATE jobs SET ${become('complete')}, completed_at = now(), ${dropLease}, progress = 1, error = NULL,
     files = $4, report = $5, video = $6, degradations = $7, reuse = $8, event_seq = event_seq + 1,
     video_ms = round(($6::jsonb->>'duration')::numeric * 1000)
   WHERE ${isHeld} AND ${mayBe('complete')} RETURNING *`,
  {
    minutes: correctMinutes,
    named: `SELECT DISTINCT user_id, value->>'digest' AS digest FROM moved, jsonb_each(files)`,
    kept: `INSERT INTO blobs (user_id, digest, referenced) SELECT user_id, digest, true FROM named ORDER BY digest
      ON CONFLICT (user_id, digest) DO UPDATE SET touched_at = now(), referenced = true, unwanted_since = NULL`,
    linked: `INSERT INTO job_blobs (job_id, user_id, digest) SELECT job_id, named.user_id, digest FROM moved, named
      ON CONFLICT DO NOTHING`,
    replaced: `DELETE FROM job_blobs b USING moved WHERE b.job_id = moved.job_id
      AND NOT EXISTS (SELECT FROM named WHERE named.digest = b.digest)`,
    // What an earlier revision did for scenes that are no more.
    undone: `DELETE FROM step_runs r USING moved WHERE r.job_id = moved.job_id AND moved.revision > 1
      AND r.recorded_at < moved.started_at`,
  },
);

const failJob = movingStatement(
  'lease_fail',
  `UPDATE jobs SET ${become('fail')}, completed_at = now(), ${dropLease}, error = $4, degradations = $5,
     event_seq = event_seq + 1
   WHERE ${isHeld} AND ${mayBe('fail')} RETURNING *`,
  { letter: leaveDeadLetter('$7', '$6::boolean'), ...giveMinutesBack },
);

const retryJobLater = movingStatement(
  'lease_retry_later',
  `UPDATE jobs SET ${become('retry_later')}, ${dropLease}, ${dueAt(msFromNow('$4'))}, error = $5,
     stage = NULL, progress = 0, event_progress = 0, event_seq = event_seq + 1
   WHERE ${isHeld} AND ${mayBe('retry_later')} RETURNING *`,
);

const releaseJob = movingStatement(
  'lease_release',
  `UPDATE jobs SET ${become('release')}, ${dropLease}, ${dueAt('now()')}, attempts = attempts - 1,
     event_seq = event_seq + 1
   WHERE ${isHeld} AND ${mayBe('release')} RETURNING *`,
);

// Waiting for the user is no failed attempt either.
const awaitApproval = movingStatement(
  'lease_await_approval',
  `UPDATE jobs SET ${become('await_approval')}, ${dropLease}, attempts = attempts - 1, event_seq = event_seq + 1
   WHERE ${isHeld} AND ${mayBe('await_approval')} RETURNING *`,
);

type ClaimedRow = JobRow & {
  lease_epoch: number;
  approved: boolean;
  trace_parent: string | null;
  storyboard: Storyboard | null;
  turn: string;
  leads: boolean;
};

/** Every method may throw `database_unavailable`; then the write may or may not have happened. */
export function createJobLeases({
  pool,
  queue,
  limits = {},
  onGivenUp,
}: {
  pool: pg.Pool;
  queue: Sender;
  limits?: Pick<UserLimits, 'jobsAtOnce'>;
  /** A claim has failed a job, for its attempts were used up. */
  onGivenUp?: () => void;
}): JobLeases {
  /** Whether there was something to give up. */
  async function giveUp(client: Executor, jobId: string): Promise<boolean> {
    const error = toProblem(
      new AppError('internal', 'The worker stopped without a word in the last attempt that the job had.', {
        hint: 'Retry the job; if it happens again, the machine may be short of memory.',
      }),
    );
    return (await rowsOf(client, giveUpJob, [jobId, JSON.stringify(error), uuidv7()])).length > 0;
  }

  /** The user is locked. */
  async function claimOfLocked(
    { client, transaction }: { client: pg.PoolClient; transaction: Transaction },
    { jobId, userId }: { jobId: string; userId: string },
    workerId: string,
    leaseMs: number,
  ): Promise<ClaimedJob | undefined> {
    const values = [jobId, workerId, leaseMs, limits.jobsAtOnce ?? null];
    const [row] = await rowsOf<ClaimedRow>(client, claimJob, values);
    if (row !== undefined) {
      if (row.leads) transaction.afterCommit(() => moveClock(pool, row.turn));
      const lease = { jobId: row.job_id, userId: row.user_id, epoch: row.lease_epoch };
      const traceParent = row.trace_parent ?? undefined;
      const storyboard = row.storyboard ?? undefined;
      return { lease, job: toJob(row), approved: row.approved, storyboard, traceParent };
    }
    if (await giveUp(client, jobId)) transaction.afterCommit(async () => onGivenUp?.());
    await unpark(client, { queue, transaction }, userId, limits);
    await park(client, userId, limits);
    return undefined;
  }

  /** Moves the job out of `processing`, sends it when a delay is given, and gives its place to the user's next. */
  function leave(lease: Lease, statement: Statement, values: unknown[], delayMs?: number): Promise<void> {
    return inTenant(pool, lease.userId, async (client, transaction) => {
      await lockUser(client, lease.userId);
      await fenced(client, lease, statement, values);
      if (delayMs !== undefined) await queue.send(lease.jobId, { transaction, delayMs });
      await unpark(client, { queue, transaction }, lease.userId, limits);
    });
  }

  return {
    isKnown: async (jobId) => isUuid(jobId) && (await rowsOf(pool, findJob, [jobId])).length > 0,

    async claimNext(deliveredJobId, workerId, leaseMs) {
      const delivered = isUuid(deliveredJobId) ? deliveredJobId : null;
      for (;;) {
        const outcome = await inTransaction(pool, async (client, transaction) => {
          const next = await takeNextInTurn(client, delivered);
          if (typeof next === 'string') return next;
          return (await claimOfLocked({ client, transaction }, next, workerId, leaseMs)) ?? 'again';
        });
        if (outcome === 'nothing') return undefined;
        // What could not be claimed was taken by others, has to wait for a place of its user, or has failed.
        if (outcome !== 'again') return outcome;
      }
    },

    async heartbeat(lease, leaseMs) {
      await fenced(pool, lease, heartbeat, [leaseMs]);
    },

    async setProgress(lease, { stage, progress }) {
      await fenced(pool, lease, setProgress, [stage, progress]);
    },

    async complete(lease, { files, report, video, degradations, reuse }) {
      const parts = [files, report, video, degradations, reuse];
      await leave(
        lease,
        completeJob,
        parts.map((part) => JSON.stringify(part)),
      );
    },

    async fail(lease, { error, degradations, deadLetter }) {
      const values = [JSON.stringify(error), JSON.stringify(degradations), deadLetter, uuidv7()];
      await leave(lease, failJob, values);
    },

    retryLater: (lease, { error, delayMs }) =>
      leave(lease, retryJobLater, [delayMs, JSON.stringify(error)], delayMs),

    release: (lease) => leave(lease, releaseJob, [], 0),

    awaitApproval: (lease) => leave(lease, awaitApproval, []),

    sweep: (overdueMs) => sweep({ pool, queue, limits }, overdueMs),
  };
}
