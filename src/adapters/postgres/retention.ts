// Retention on PostgreSQL: removes what is older than its period, in small transactions that skip what others hold.
// Of jobs that have not ended it touches those only that nobody approves.
import type pg from 'pg';

import { AppError, toProblem } from '../../domain/errors.ts';
import { isTerminal } from '../../domain/job.ts';
import type { Purged, Retention } from '../../ports/retention.ts';
import { removeAssetRow } from './asset-store.ts';
import { cutAuditLog } from './audit-cut.ts';
import { become, giveMinutesBack, isStatusThat, mayBe, movingStatement } from './job-moves.ts';
import { removeJobRows } from './remove-job.ts';
import { inTransaction, rowsOf, type Statement } from './statements.ts';
import { lockUser } from './turns.ts';

const rowBatch = 1_000;
const waitingBatch = 100;
const assetBatch = 100;
const dayMs = 86_400_000;

// A job that is tried again meanwhile is not terminal any more when its row is looked at under the lock.
const lockOldJob = {
  name: 'retention_job',
  text: `
    SELECT job_id, user_id FROM jobs
    WHERE completed_at < $1 AND ${isStatusThat(isTerminal)} ORDER BY completed_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
};

// The last event of a job that waits is that it began to.
const isWaitingSince = `${mayBe('approve')} AND (
  SELECT at FROM job_events e WHERE e.job_id = jobs.job_id AND e.event_id = jobs.event_seq) < $1`;

const findUnapproved = {
  name: 'retention_unapproved',
  text: `SELECT job_id, user_id FROM jobs WHERE ${isWaitingSince} LIMIT ${waitingBatch}`,
};

const cancelUnapproved = movingStatement(
  'retention_cancel',
  `UPDATE jobs SET ${become('cancel')}, completed_at = $2, error = $3, event_seq = event_seq + 1
   WHERE job_id = (SELECT job_id FROM jobs WHERE job_id = $4 AND ${isWaitingSince} FOR UPDATE SKIP LOCKED)
   RETURNING *`,
  giveMinutesBack,
);

const unapproved = JSON.stringify(
  toProblem(
    new AppError('job_canceled', 'Nobody approved the job in the time for which videos are kept.', {
      hint: 'Retry it before it is removed, and approve it in time.',
    }),
  ),
);

const unfinishedOf = (user: string) => `
  EXISTS (SELECT FROM jobs j WHERE j.user_id = ${user} AND ${isStatusThat((status) => !isTerminal(status))})`;

const findOldAssets = {
  name: 'retention_assets',
  text: `
    SELECT asset_id, user_id FROM assets a WHERE created_at < $1 AND NOT ${unfinishedOf('a.user_id')}
    ORDER BY created_at LIMIT ${assetBatch}`,
};

const hasUnfinished = {
  name: 'retention_asset_needed',
  text: `SELECT ${unfinishedOf('$1')} AS needed`,
};

/** Deletes rows of `table`, the primary key of which is `key`, that `from` names as `aged`; the job's row is held meanwhile. */
const deleteOf = (table: string, key: string[], from: string, hold: string): Statement => ({
  name: `retention_${table}`,
  text: `
    WITH gone AS (
      SELECT ${key.map((column) => `aged.${column}`).join(', ')} FROM ${from}
      LIMIT ${rowBatch} FOR UPDATE OF aged SKIP LOCKED ${hold}
    )
    DELETE FROM ${table} t USING gone
    WHERE ${key.map((column) => `t.${column} = gone.${column}`).join(' AND ')} RETURNING 1`,
});

const ofEndedJobs = (table: string) => `jobs j JOIN ${table} aged ON aged.job_id = j.job_id
  WHERE j.completed_at < $1 AND ${isStatusThat(isTerminal).replace('status', 'j.status')}`;
const holdJob = 'FOR SHARE OF j SKIP LOCKED';

// The last event stays: whoever still follows the job is told that it has ended.
const deleteEvents = deleteOf(
  'job_events',
  ['job_id', 'event_id'],
  `${ofEndedJobs('job_events')} AND aged.event_id < j.event_seq`,
  holdJob,
);
const deleteStepRuns = deleteOf('step_runs', ['job_id', 'step_id'], ofEndedJobs('step_runs'), holdJob);
const deleteLetters = deleteOf(
  'dead_letters',
  ['dead_letter_id'],
  'dead_letters aged WHERE aged.redriven_at < $1',
  '',
);
const deleteAttempts = deleteOf(
  'webhook_attempts',
  ['message_id', 'at'],
  `webhook_messages m JOIN webhook_attempts aged ON aged.message_id = m.message_id
   WHERE m.created_at < $1 AND aged.at < $1`,
  '',
);
// Those of today and yesterday may still count.
const deleteMinutes = deleteOf(
  'video_minutes',
  ['job_id'],
  `video_minutes aged WHERE aged.day < least($1::timestamptz, now() - interval '2 days')::date`,
  '',
);

const readClock = {
  name: 'retention_clock',
  text: 'SELECT clock_timestamp() AS now, (SELECT cut_at FROM audit_start) AS cut_at',
};

interface OwnedRow {
  user_id: string;
  job_id: string;
  asset_id: string;
}

/** `auditKey` signs where the audit log begins. */
export function createRetention({ pool, auditKey }: { pool: pg.Pool; auditKey: Buffer }): Retention {
  function removeOldJob(before: Date): Promise<boolean> {
    return inTransaction(pool, async (client) => {
      const [job] = await rowsOf<OwnedRow>(client, lockOldJob, [before]);
      if (job === undefined) return false;
      await removeJobRows(client, job.user_id, job.job_id);
      return true;
    });
  }

  /** From now on it is kept as long as others that have ended. */
  function cancelWaiting({ user_id, job_id }: OwnedRow, before: Date, now: Date): Promise<boolean> {
    return inTransaction(pool, async (client) => {
      await lockUser(client, user_id);
      const moved = await rowsOf(client, cancelUnapproved, [before, now, unapproved, job_id]);
      return moved.length > 0;
    });
  }

  async function cancelAllWaiting(before: Date, now: Date): Promise<number> {
    let canceled = 0;
    for (const job of await rowsOf<OwnedRow>(pool, findUnapproved, [before]))
      if (await cancelWaiting(job, before, now)) canceled += 1;
    return canceled;
  }

  /** Under the user's lock nobody begins a job that needs it. */
  function removeOldAsset({ user_id, asset_id }: OwnedRow): Promise<boolean> {
    return inTransaction(pool, async (client) => {
      await lockUser(client, user_id);
      const [row] = await rowsOf<{ needed: boolean }>(client, hasUnfinished, [user_id]);
      return row!.needed ? false : removeAssetRow(client, user_id, asset_id);
    });
  }

  async function removeOldAssets(before: Date): Promise<number> {
    let removed = 0;
    for (const asset of await rowsOf<OwnedRow>(pool, findOldAssets, [before]))
      if (await removeOldAsset(asset)) removed += 1;
    return removed;
  }

  return {
    async purge({ videosMs, assetsMs, logsMs, auditMs }, { now: given, signal } = {}) {
      const [clock] = await rowsOf<{ now: Date; cut_at: Date | null }>(pool, readClock);
      const now = given ?? clock!.now;
      const before = (periodMs: number) => new Date(now.getTime() - periodMs);

      /** Until a turn finds nothing more. */
      async function removeAll(periodMs: number | undefined, turn: (before: Date) => Promise<number>) {
        let removed = 0;
        if (periodMs === undefined) return removed;
        for (let last = 1; last > 0 && signal?.aborted !== true; removed += last)
          last = await turn(before(periodMs));
        return removed;
      }
      const deleteRows = (statement: Statement) =>
        removeAll(logsMs, async (time) => (await rowsOf(pool, statement, [time])).length);

      const purged: Purged = {
        jobs: await removeAll(videosMs, async (time) => Number(await removeOldJob(time))),
        unapproved: await removeAll(videosMs, (time) => cancelAllWaiting(time, now)),
        assets: await removeAll(assetsMs, removeOldAssets),
        events: await deleteRows(deleteEvents),
        stepRuns: await deleteRows(deleteStepRuns),
        webhookAttempts: await deleteRows(deleteAttempts),
        deadLetters: await deleteRows(deleteLetters),
        videoMinutes: await deleteRows(deleteMinutes),
        auditEntries: 0,
      };
      // Takes a lock on the whole log, so not every time.
      const cutLately = clock!.cut_at !== null && now.getTime() - clock!.cut_at.getTime() < dayMs;
      if (auditMs !== undefined && !cutLately && signal?.aborted !== true)
        purged.auditEntries = await cutAuditLog({ pool, key: auditKey }, before(auditMs));
      return purged;
    },
  };
}
