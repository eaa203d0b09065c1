// Creating a job: its row, first event, idempotency key and delivery, all or none.
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

import { AppError } from '../../domain/errors.ts';
import type { Cost, Job } from '../../domain/job.ts';
import type { NewJob } from '../../ports/job-store.ts';
import { isUnstorableText } from './database-errors.ts';
import { countMinutes, movingStatement } from './job-moves.ts';
import { type JobRow, jobColumns, toJob } from './job-row.ts';
import { type Executor, inTenant, rowsOf, type Sender } from './statements.ts';
import { lockUser, nextTurn, type UserLimits } from './turns.ts';
import { refuseBeyondLimits } from './user-limits.ts';

const insertJob = movingStatement(
  'job_create',
  `INSERT INTO jobs (job_id, user_id, status, request, max_retries, cost, video_ms, webhook_id, trace_parent, turn, event_seq)
   VALUES ($1, $2, 'pending', $3, $4, $5, $6, $7, $8, ${nextTurn('$2')}, 1) RETURNING *`,
  { minutes: countMinutes },
);

// Waits for whoever inserts the same key right now; then it is ours, or its row is older than ours would be.
const takeKey = {
  name: 'idempotency_key_take',
  text: `
    INSERT INTO idempotency_keys AS k (user_id, key, body_digest, job_id) VALUES ($1, $2, $3, $4)
    ON CONFLICT (user_id, key) DO UPDATE
      SET body_digest = excluded.body_digest, job_id = excluded.job_id, created_at = now()
      WHERE k.created_at <= now() - interval '24 hours'
    RETURNING job_id`,
};

const findByKey = {
  name: 'idempotency_key_find',
  text: `
    SELECT k.body_digest, ${jobColumns.replaceAll(/\b(job_id|user_id|created_at)\b/g, 'j.$1')}
    FROM idempotency_keys k JOIN jobs j ON j.job_id = k.job_id
    WHERE k.user_id = $1 AND k.key = $2`,
};

// New keys take old ones with them, so that the table stays bounded without a chore of its own.
const dropOldKeys = {
  name: 'idempotency_keys_drop_old',
  text: `
    DELETE FROM idempotency_keys WHERE (user_id, key) IN (
      SELECT user_id, key FROM idempotency_keys WHERE created_at <= now() - interval '24 hours'
      ORDER BY created_at LIMIT 10000 FOR UPDATE SKIP LOCKED
    )`,
};

const dropEveryMs = 60_000;
/** When this process last dropped old keys. */
const droppedAtMs = new WeakMap<pg.Pool, number>();

async function dropOldNowAndThen(pool: pg.Pool): Promise<void> {
  const nowMs = performance.now();
  if (nowMs - (droppedAtMs.get(pool) ?? Number.NEGATIVE_INFINITY) < dropEveryMs) return;
  droppedAtMs.set(pool, nowMs);
  await rowsOf(pool, dropOldKeys);
}

/** See JobStore.create. */
export async function createJob(
  { pool, queue, limits }: { pool: pg.Pool; queue: Sender; limits: UserLimits },
  newJob: NewJob,
): Promise<{ job: Job; created: boolean }> {
  try {
    return await inTenant(pool, newJob.userId, async (client, transaction) => {
      const jobId = newJob.jobId ?? uuidv7();
      const earlier = newJob.idempotency && (await claimKey(client, newJob, jobId));
      if (earlier !== undefined) return { job: earlier, created: false };
      await lockUser(client, newJob.userId);
      const videoMs = Math.round(newJob.videoMs ?? 0);
      await refuseBeyondLimits(client, newJob.userId, videoMs, limits);
      const cost: Cost = {
        estimated_micro_usd: newJob.estimatedMicroUsd,
        actual_micro_usd: 0,
        by_provider: {},
      };
      const [row] = await rowsOf<JobRow>(client, insertJob, [
        jobId,
        newJob.userId,
        JSON.stringify(newJob.request),
        newJob.maxRetries,
        JSON.stringify(cost),
        videoMs,
        newJob.webhookId ?? null,
        newJob.traceParent ?? null,
      ]);
      await queue.send(jobId, { transaction });
      // Old keys are anybody's: no work for a tenant.
      if (newJob.idempotency) transaction.afterCommit(() => dropOldNowAndThen(pool));
      return { job: toJob(row!), created: true };
    });
  } catch (error) {
    if (!isUnstorableText(error)) throw error;
    throw new AppError('request_invalid', 'The request has a text with a character that cannot be stored.', {
      hint: 'Remove NUL characters and unpaired surrogates.',
      cause: error,
    });
  }
}

/** Takes the key for the new job; the job that already has it otherwise. */
async function claimKey(client: Executor, newJob: NewJob, jobId: string): Promise<Job | undefined> {
  const { key, bodyDigest } = newJob.idempotency!;
  for (;;) {
    const taken = await rowsOf(client, takeKey, [newJob.userId, key, bodyDigest, jobId]);
    if (taken.length > 0) return undefined;
    const [earlier] = await rowsOf<JobRow & { body_digest: string }>(client, findByKey, [newJob.userId, key]);
    // Removed between the two statements: the key is free again.
    if (earlier === undefined) continue;
    if (earlier.body_digest === bodyDigest) return toJob(earlier);
    throw new AppError('idempotency_conflict', 'This Idempotency-Key was used with another request body.', {
      hint: 'Send a new key for a new request; the same key only repeats the same request.',
    });
  }
}
