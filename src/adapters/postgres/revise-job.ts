// Edited storyboards on PostgreSQL: the job's new revision, and what runs because of it, in one transaction.
import type pg from 'pg';

import { refuseEditWhile } from '../../domain/edit-storyboard.ts';
import { AppError } from '../../domain/errors.ts';
import { type Job, mayMove } from '../../domain/job.ts';
import type { Storyboard } from '../../domain/storyboard.ts';
import type { JobRevision, JobWithStoryboard } from '../../ports/job-store.ts';
import {
  againMove,
  become,
  correctMinutes,
  countMinutes,
  inTraceOf,
  mayBe,
  movingStatement,
  settleLetters,
} from './job-moves.ts';
import { isUuid, type JobRow, jobColumns, toJob } from './job-row.ts';
import { inTenant, rowsOf, type Sender, tenantRows } from './statements.ts';
import { lockUser, type UserLimits } from './turns.ts';
import { refuseBeyondLimits } from './user-limits.ts';

const findWithStoryboard = {
  name: 'job_storyboard',
  text: `SELECT ${jobColumns}, storyboard, edit_digest FROM jobs WHERE job_id = $1 AND user_id = $2`,
};

const lockForRevision = {
  name: 'job_lock_for_revision',
  text: 'SELECT status, revision, video_ms FROM jobs WHERE job_id = $1 AND user_id = $2 FOR UPDATE',
};

const edited = `, revision = revision + 1, storyboard = $4, video_ms = $5,
  cost = cost || jsonb_build_object('estimated_micro_usd', $6::bigint), edit_digest = $7`;

const reviseEnded = movingStatement(
  'job_revise',
  againMove('revise', 'job_id = $1 AND user_id = $2', '$3', edited),
  { minutes: countMinutes, settled: settleLetters },
);

const redraft = movingStatement(
  'job_redraft',
  `UPDATE jobs SET ${become('redraft')}, ${inTraceOf('$3')}, event_seq = event_seq + 1${edited}
   WHERE job_id = $1 AND user_id = $2 AND ${mayBe('redraft')} RETURNING *`,
  { minutes: correctMinutes },
);

/** See JobStore.findStoryboard. */
export async function findStoryboard(
  pool: pg.Pool,
  userId: string,
  jobId: string,
): Promise<JobWithStoryboard | undefined> {
  if (!isUuid(jobId)) return undefined;
  const [row] = await tenantRows<JobRow & { storyboard: Storyboard | null; edit_digest: string | null }>(
    pool,
    userId,
    findWithStoryboard,
    [jobId, userId],
  );
  if (row === undefined) return undefined;
  const { storyboard, edit_digest: editDigest } = row;
  return { job: toJob(row), storyboard: storyboard ?? undefined, editDigest: editDigest ?? undefined };
}

/** See JobStore.revise. */
export function reviseJob(
  { pool, queue, limits }: { pool: pg.Pool; queue: Sender; limits: UserLimits },
  userId: string,
  jobId: string,
  { from, storyboard, editDigest, estimatedMicroUsd, videoMs, traceParent }: JobRevision,
): Promise<Job> {
  return inTenant(pool, userId, async (client, transaction) => {
    await lockUser(client, userId);
    type Found = { status: Job['status']; revision: number; video_ms: number };
    const [found] = isUuid(jobId) ? await rowsOf<Found>(client, lockForRevision, [jobId, userId]) : [];
    if (found === undefined) throw new AppError('not_found', 'There is no such job.');
    const { status, revision, video_ms: countedMs } = found;
    refuseEditWhile(status);
    const ended = mayMove('revise', status);
    if (revision !== from) {
      throw new AppError('storyboard_changed', 'Somebody else edited the storyboard meanwhile.', {
        hint: 'GET the storyboard again and make your changes there.',
      });
    }
    const wholeMs = Math.round(videoMs);
    // What waits for approval is counted already, as a job and with its minutes.
    if (ended) await refuseBeyondLimits(client, userId, wholeMs, limits);
    else if (wholeMs > countedMs) {
      const { dailyVideoMs } = limits;
      await refuseBeyondLimits(client, userId, wholeMs - countedMs, { dailyVideoMs });
    }
    const values = [jobId, userId, traceParent ?? null, JSON.stringify(storyboard), wholeMs];
    const statement = ended ? reviseEnded : redraft;
    const [row] = await rowsOf<JobRow>(client, statement, [...values, estimatedMicroUsd, editDigest]);
    if (ended) await queue.send(jobId, { transaction });
    return toJob(row!);
  });
}
