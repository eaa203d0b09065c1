// Erases users on PostgreSQL: who is marked, which rows go in which order, and what stays without a name. The mark refuses
// new rows by triggers, so that no writer can forget to look.
import type pg from 'pg';
import { AppError } from '../../domain/errors.ts';
import { isTerminal } from '../../domain/job.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { Erasure, ErasureStage } from '../../ports/erasure.ts';
import { isStatusThat, newsOfJob } from './job-moves.ts';
import { inTransaction, rowsOf, type Statement } from './statements.ts';
import { lockUser } from './turns.ts';

interface EraseDeps {
  pool: pg.Pool;
  blobStore: Pick<BlobStore, 'removeAll'>;
  dataKeys: { destroy(userId: string): Promise<void> };
  /** After this long nothing that was under way when the user was marked can still store bytes. */
  settleMs: number;
  /** Told after each stage; what it throws breaks the pass off there. */
  onStage?: (stage: ErasureStage) => void;
}

/** Every table with a column user_id: how its rows go, or why they stay. A test holds this to the schema. */
export const tablesOfUsers = {
  /** Through these all else of a user comes: each refuses new rows of who is marked. */
  guarded: ['jobs', 'blobs', 'assets', 'api_keys', 'user_keys', 'webhook_endpoints'],
  /** Written with a row of the guarded ones, or under the lease of a job. */
  erased: [
    'idempotency_keys',
    'job_events',
    'dead_letters',
    'step_results',
    'step_runs',
    'step_blobs',
    'job_blobs',
    'video_minutes',
    'webhook_messages',
    'webhook_attempts',
  ],
  kept: {
    receipts: 'amounts for the books, under the hash in place of the user',
    audit_log: 'cannot be changed; bounded by AIPROD_KEEP_AUDIT_DAYS',
    erased_users: 'the id only while the erasing is under way',
  },
};

const markAlone = {
  name: 'erase_lock',
  text: `SELECT pg_advisory_xact_lock(hashtext('aiprod erasure'), hashtext($1))`,
};

const mark = {
  name: 'erase_mark',
  text: `
    INSERT INTO erased_users (user_hash, user_id) VALUES (erased_user_hash($1), $1)
    ON CONFLICT (user_hash) DO NOTHING`,
};

/** Whoever takes a pass has this long before another may take it too. */
const takenFor = `interval '10 minutes'`;

// The last pass is one that begins when all has settled.
const takePass = (which: string): Statement => ({
  name: `erase_take${which === '' ? '' : '_one'}`,
  text: `
    UPDATE erased_users SET due_at = now() + ${takenFor} WHERE user_hash = (
      SELECT user_hash FROM erased_users WHERE due_at <= now() ${which}
      ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING user_id, now() >= requested_at + $1::float8 * interval '1 millisecond' AS last`,
});
const takeAny = takePass('');
const takeOne = takePass('AND user_hash = erased_user_hash($2)');

const endPass = {
  name: 'erase_end_pass',
  text: `
    UPDATE erased_users SET due_at = requested_at + $2::float8 * interval '1 millisecond'
    WHERE user_hash = erased_user_hash($1) AND user_id IS NOT NULL`,
};

// Whoever looks next goes on with it.
const giveBackPass = {
  name: 'erase_give_back',
  text: `
    UPDATE erased_users SET due_at = now()
    WHERE user_hash = erased_user_hash($1) AND user_id IS NOT NULL`,
};

const finish = {
  name: 'erase_finish',
  text: 'UPDATE erased_users SET user_id = NULL, due_at = NULL WHERE user_hash = erased_user_hash($1)',
};

const findMark = {
  name: 'erase_find',
  text: 'SELECT due_at IS NULL AS finished FROM erased_users WHERE user_hash = erased_user_hash($1)',
};

const unmark = {
  name: 'erase_readmit',
  text: 'DELETE FROM erased_users WHERE user_hash = erased_user_hash($1) AND due_at IS NULL',
};

const deleteJobs = (name: string, which: string): Statement => ({
  name,
  text: `
    WITH gone AS (SELECT job_id FROM jobs WHERE user_id = $1 ${which} ORDER BY job_id FOR UPDATE)
    DELETE FROM jobs j USING gone WHERE j.job_id = gone.job_id RETURNING j.job_id`,
  news: (rows: { job_id: string }[]) => rows.map(newsOfJob),
});
const deleteUnfinished = deleteJobs(
  'erase_unfinished_jobs',
  `AND ${isStatusThat((status) => !isTerminal(status))}`,
);
const batch = 1_000;
const deleteEnded = deleteJobs(
  'erase_jobs',
  `AND job_id IN (SELECT job_id FROM jobs WHERE user_id = $1 LIMIT 100)`,
);

/** Other tables' rows go with these. */
const deleteOf = (table: string, key: string): Statement => ({
  name: `erase_${table}`,
  text: `
    WITH gone AS (SELECT user_id, ${key} FROM ${table} WHERE user_id = $1 ORDER BY ${key} LIMIT ${batch} FOR UPDATE)
    DELETE FROM ${table} t USING gone WHERE t.user_id = gone.user_id AND t.${key} = gone.${key} RETURNING 1`,
});
const deleteRows = [
  deleteOf('api_keys', 'key_id'),
  deleteOf('webhook_endpoints', 'endpoint_id'),
  deleteOf('assets', 'asset_id'),
  deleteOf('step_results', 'step_key'),
  deleteOf('video_minutes', 'job_id'),
];
const deleteBlobs = deleteOf('blobs', 'digest');

// What may have been paid stays counted; what is answered later finds nothing to write to.
const nameless = {
  name: 'erase_receipts',
  text: `
    UPDATE receipts SET user_id = 'erased:' || encode(erased_user_hash(user_id), 'hex'),
      job_id = '00000000-0000-0000-0000-000000000000', lease_epoch = 0, call_key = '', remote_id = NULL, answer = NULL,
      error_code = CASE WHEN state = 'reserved' THEN 'job_canceled' ELSE error_code END,
      state = CASE WHEN state IN ('reserved', 'refused') THEN 'refused' ELSE 'forgotten' END
    WHERE user_id = $1`,
};

/** Methods also throw `database_unavailable`. */
export function createErasure({
  pool,
  blobStore,
  dataKeys,
  settleMs,
  onStage = () => {},
}: EraseDeps): Erasure {
  /** Throws, besides, what `signal` is aborted with. */
  async function pass(userId: string, signal: AbortSignal | undefined): Promise<void> {
    async function deleteAll(statement: Statement): Promise<void> {
      for (let gone = 1; gone > 0; ) {
        signal?.throwIfAborted();
        gone = (await rowsOf(pool, statement, [userId])).length;
      }
    }

    function leave(stage: ErasureStage): void {
      onStage(stage);
      signal?.throwIfAborted();
    }

    // All that are not finished at once, so that no worker begins one while another goes.
    await inTransaction(pool, async (client) => {
      await lockUser(client, userId);
      await rowsOf(client, deleteUnfinished, [userId]);
    });
    await deleteAll(deleteEnded);
    leave('jobs');
    for (const statement of deleteRows) await deleteAll(statement);
    leave('rows');
    await rowsOf(pool, nameless, [userId]);
    leave('receipts');
    await blobStore.removeAll(userId, signal);
    leave('bytes');
    await deleteAll(deleteBlobs);
    leave('blobs');
    await dataKeys.destroy(userId);
    onStage('key');
  }

  return {
    begin: (userId) =>
      inTransaction(pool, async (client) => {
        await rowsOf(client, markAlone, [userId]);
        await rowsOf(client, mark, [userId]);
      }),

    async advance({ userId: only, signal } = {}) {
      for (let passes = 0; ; passes += 1) {
        if (signal?.aborted) return passes;
        const [taken] = await rowsOf<{ user_id: string; last: boolean }>(
          pool,
          only === undefined ? takeAny : takeOne,
          only === undefined ? [settleMs] : [settleMs, only],
        );
        if (taken === undefined) return passes;
        try {
          await pass(taken.user_id, signal);
        } catch (error) {
          if (!signal?.aborted) throw error;
          await rowsOf(pool, giveBackPass, [taken.user_id]);
          return passes;
        }
        if (taken.last) await rowsOf(pool, finish, [taken.user_id]);
        else await rowsOf(pool, endPass, [taken.user_id, settleMs]);
      }
    },

    async readmit(userId) {
      const [found] = await rowsOf<{ finished: boolean }>(pool, findMark, [userId]);
      if (found === undefined) throw new AppError('not_found', 'No such user was erased.');
      if (!found.finished) {
        throw new AppError('state_conflict', 'The user is still being erased.', {
          hint: 'A running worker finishes it; try again in half an hour.',
        });
      }
      await rowsOf(pool, unmark, [userId]);
    },
  };
}
