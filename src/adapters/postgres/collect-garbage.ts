// Garbage collection: forgets step results that nobody used for long, then removes blobs that nothing names. Locks
// what it removes, in small batches, and skips what others hold, so that it may run anywhere and at any time.
import type pg from 'pg';

import { isTerminal } from '../../domain/job.ts';
import { isStatusThat } from './job-moves.ts';
import { inTransaction, rowsOf, type Statement } from './statements.ts';

const stepBatch = 500;
const blobBatch = 20;

/** What its user removed is kept only so long that a job which is just taking it up can do so. */
const unwantedGraceMs = 600_000;

const olderThan = (column: string) => `${column} <= now() - $1::float8 * interval '1 millisecond'`;

// A job that may still run keeps what its runs name, however old.
const forgetSteps = (name: string, age: string): Statement => ({
  name,
  text: `
    WITH unused AS (
      SELECT user_id, step_key FROM step_results s
      WHERE ${olderThan(age)} AND NOT EXISTS (
        SELECT FROM step_runs r JOIN jobs ON jobs.job_id = r.job_id
        WHERE r.user_id = s.user_id AND r.step_key = s.step_key AND ${isStatusThat((status) => !isTerminal(status))}
      )
      ORDER BY ${age} LIMIT $2 FOR UPDATE OF s SKIP LOCKED
    )
    DELETE FROM step_results s USING unused u WHERE s.user_id = u.user_id AND s.step_key = u.step_key RETURNING 1`,
});
const forgetUnusedSteps = forgetSteps('garbage_unused_steps', 'used_at');
const forgetUnwantedSteps = forgetSteps('garbage_unwanted_steps', 'unwanted_since');

const lockBlobs = (name: string, age: string): Statement => ({
  name,
  text: `
    SELECT user_id, digest FROM blobs WHERE ${olderThan(age)} AND NOT referenced
    ORDER BY ${age} LIMIT $2 FOR UPDATE SKIP LOCKED`,
});
const lockUnusedBlobs = lockBlobs('garbage_unused_blobs', 'touched_at');
const lockUnwantedBlobs = lockBlobs('garbage_unwanted_blobs', 'unwanted_since');

// A statement of its own: it sees every reference that was committed before the locks were taken, and later ones
// wait for the locks.
const keepReferenced = {
  name: 'garbage_keep_referenced',
  text: `
    UPDATE blobs b SET referenced = true FROM unnest($1::text[], $2::text[]) AS locked (user_id, digest)
    WHERE b.user_id = locked.user_id AND b.digest = locked.digest AND (
      EXISTS (SELECT FROM step_blobs s WHERE s.user_id = b.user_id AND s.digest = b.digest) OR
      EXISTS (SELECT FROM job_blobs j WHERE j.user_id = b.user_id AND j.digest = b.digest) OR
      EXISTS (SELECT FROM assets a WHERE a.user_id = b.user_id AND a.digest = b.digest)
    )
    RETURNING b.user_id, b.digest`,
};

const deleteBlobs = {
  name: 'garbage_delete_blobs',
  text: `
    DELETE FROM blobs b USING unnest($1::text[], $2::text[]) AS gone (user_id, digest)
    WHERE b.user_id = gone.user_id AND b.digest = gone.digest`,
};

interface BlobRow {
  user_id: string;
  digest: string;
}

type RemoveBlob = (userId: string, digest: string) => Promise<void>;

/** See StepStore.collectGarbage. When `removeBlob` throws, its batch stays to be collected again. */
export async function collectGarbage(
  pool: pg.Pool,
  graceMs: number,
  removeBlob: RemoveBlob,
  signal?: AbortSignal,
): Promise<{ steps: number; blobs: number }> {
  const removed = { steps: 0, blobs: 0 };
  const shortGraceMs = Math.min(graceMs, unwantedGraceMs);

  const forgetAll = async (statement: Statement, ageMs: number) => {
    for (let count = stepBatch; count === stepBatch && !signal?.aborted; ) {
      count = (await rowsOf(pool, statement, [ageMs, stepBatch])).length;
      removed.steps += count;
    }
  };
  await forgetAll(forgetUnusedSteps, graceMs);
  await forgetAll(forgetUnwantedSteps, shortGraceMs);

  const removeAll = async (statement: Statement, ageMs: number) => {
    for (let count = blobBatch; count === blobBatch && !signal?.aborted; ) {
      const batch = await removeBatch(pool, statement, ageMs, removeBlob);
      count = batch.locked;
      removed.blobs += batch.removed;
    }
  };
  await removeAll(lockUnusedBlobs, graceMs);
  await removeAll(lockUnwantedBlobs, shortGraceMs);
  return removed;
}

function removeBatch(
  pool: pg.Pool,
  lock: Statement,
  ageMs: number,
  removeBlob: RemoveBlob,
): Promise<{ locked: number; removed: number }> {
  return inTransaction(pool, async (client) => {
    const locked = await rowsOf<BlobRow>(client, lock, [ageMs, blobBatch]);
    const named = new Set((await rowsOf<BlobRow>(client, keepReferenced, columnsOf(locked))).map(nameOf));
    const garbage = locked.filter((blob) => !named.has(nameOf(blob)));
    // The bytes go while the rows are locked: whoever touches the blob now waits, and then finds it gone.
    await Promise.all(garbage.map(({ user_id, digest }) => removeBlob(user_id, digest)));
    await rowsOf(client, deleteBlobs, columnsOf(garbage));
    return { locked: locked.length, removed: garbage.length };
  });
}

const columnsOf = (blobs: BlobRow[]) => [
  blobs.map(({ user_id }) => user_id),
  blobs.map(({ digest }) => digest),
];
const nameOf = ({ user_id, digest }: BlobRow) => JSON.stringify([user_id, digest]);
