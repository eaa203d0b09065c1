// Receipts of paid calls on PostgreSQL. Reserving takes turns under one lock, for limits are sums over many rows.
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

import { AppError } from '../../domain/errors.ts';
import type { Lease } from '../../domain/job.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import type { PaidCallFacts, Receipt, Receipts, SpendingLimits } from '../../ports/receipts.ts';
import { fence, fenced } from './fence.ts';
import { inTransaction, rowsOf } from './statements.ts';

const takeTurn = { name: 'receipt_turn', text: `SELECT pg_advisory_xact_lock(hashtext('aiprod receipts'))` };

const holdJob = { name: 'receipt_hold', text: `WITH ${fence} SELECT 1 FROM fence` };

// Alive: its job is held under the lease that it was written with.
const findOpen = {
  name: 'receipt_find',
  text: `
    SELECT r.receipt_id, r.job_id, r.lease_epoch, r.state, r.remote_id, r.answer,
      EXISTS (
        SELECT 1 FROM jobs j WHERE j.job_id = r.job_id AND j.status = 'processing'
          AND j.lease_epoch = r.lease_epoch AND j.lease_until > clock_timestamp()
      ) AS alive
    FROM receipts r
    WHERE r.user_id = $1 AND r.call_key = $2 AND r.state NOT IN ('refused', 'forgotten') FOR UPDATE OF r`,
};

/** What a receipt counts: what it cost, or what it may cost. */
const counted = `CASE WHEN state = 'refused' THEN 0 ELSE COALESCE(cost_micro_usd, estimate_micro_usd) END`;

const sumSpent = {
  name: 'receipt_sums',
  text: `
    SELECT
      COALESCE((SELECT sum(${counted}) FROM receipts WHERE job_id = $1), 0)::float8 AS job,
      COALESCE(sum(${counted}) FILTER (WHERE user_id = $2), 0)::float8 AS "user",
      COALESCE(sum(${counted}), 0)::float8 AS everybody
    FROM receipts WHERE opened_at >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'`,
};

const insertReceipt = {
  name: 'receipt_insert',
  text: `
    INSERT INTO receipts
      (receipt_id, user_id, job_id, lease_epoch, call_key, step, provider, state, estimate_micro_usd)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'reserved', $8)`,
};

const takeOver = {
  name: 'receipt_take_over',
  text: `UPDATE receipts SET lease_epoch = $2, changed_at = now() WHERE receipt_id = $1`,
};

/**
 * What the job has paid for so far, kept on its row so that everybody who reads the job sees it. It is added to, not summed
 * again: of answers that come at the same moment, none would see the others. `settled` has the receipt and what is added.
 */
const costOnJob = `
  UPDATE jobs j SET cost = j.cost || jsonb_build_object(
    'actual_micro_usd', (j.cost->>'actual_micro_usd')::bigint + settled.added,
    'by_provider', (j.cost->'by_provider') || jsonb_build_object(
      settled.provider, COALESCE((j.cost->'by_provider'->>settled.provider)::bigint, 0) + settled.added
    )
  )
  FROM settled WHERE j.job_id = settled.job_id AND settled.added <> 0`;

const startSending = {
  name: 'receipt_sending',
  text: `
    WITH ${fence}
    UPDATE receipts r SET state = 'sending', changed_at = now() FROM fence f
    WHERE r.receipt_id = $4 AND r.job_id = f.job_id AND r.lease_epoch = $3 AND r.state = 'reserved' RETURNING 1`,
};

/** A receipt in one of these states, and what the job's cost counts of it. */
const before = (states: string) => `
  before AS (
    SELECT receipt_id, CASE WHEN state = 'ambiguous' THEN estimate_micro_usd ELSE 0 END AS counted
    FROM receipts WHERE receipt_id = $1 AND state IN (${states}) FOR UPDATE
  )`;

const noteAccepted = {
  name: 'receipt_accepted',
  text: `
    WITH ${before(`'sending', 'ambiguous'`)},
    settled AS (
      UPDATE receipts r SET state = 'accepted', remote_id = $2, changed_at = now()
      FROM before WHERE r.receipt_id = before.receipt_id
      RETURNING r.job_id, r.provider, -before.counted AS added
    ),
    costed AS (${costOnJob})
    SELECT 1 FROM settled`,
};

const noteAnswered = {
  name: 'receipt_answered',
  text: `
    WITH ${before(`'sending', 'accepted', 'ambiguous'`)},
    settled AS (
      UPDATE receipts r SET state = 'answered', cost_micro_usd = $2::bigint, answer = $3::jsonb, changed_at = now()
      FROM before WHERE r.receipt_id = before.receipt_id
      RETURNING r.answer, r.job_id, r.provider, $2::bigint - before.counted AS added
    ),
    costed AS (${costOnJob})
    SELECT answer FROM settled
    UNION ALL
    SELECT answer FROM receipts WHERE receipt_id = $1 AND state = 'answered' AND NOT EXISTS (SELECT 1 FROM settled)`,
};

const noteRefused = {
  name: 'receipt_refused',
  text: `
    WITH ${before(`'reserved', 'sending', 'accepted', 'ambiguous'`)},
    settled AS (
      UPDATE receipts r SET state = 'refused', error_code = $2, changed_at = now()
      FROM before WHERE r.receipt_id = before.receipt_id
      RETURNING r.job_id, r.provider, -before.counted AS added
    ),
    costed AS (${costOnJob})
    SELECT 1 FROM settled`,
};

const noteAmbiguous = {
  name: 'receipt_ambiguous',
  text: `
    WITH settled AS (
      UPDATE receipts SET state = 'ambiguous', changed_at = now()
      WHERE receipt_id = $1 AND state = 'sending' RETURNING job_id, provider, estimate_micro_usd AS added
    ),
    costed AS (${costOnJob})
    SELECT 1 FROM settled`,
};

const forgetAnswer = {
  name: 'receipt_forget',
  text: `
    WITH ${fence}, forgotten AS (
      UPDATE receipts r SET state = 'forgotten', changed_at = now() FROM fence f
      WHERE r.receipt_id = $4 AND r.user_id = f.user_id AND r.state = 'answered'
    )
    SELECT 1 FROM fence`,
};

interface ReceiptRow {
  receipt_id: string;
  job_id: string;
  lease_epoch: number;
  state: 'reserved' | 'sending' | 'accepted' | 'answered' | 'ambiguous';
  remote_id: string | null;
  answer: BlobRef | null;
  alive: boolean;
}

/** Every method may throw `database_unavailable`; then the write may or may not have happened. */
export function createReceipts({ pool }: { pool: pg.Pool }): Receipts {
  return {
    open: (lease, call, limits) =>
      inTransaction(pool, async (client) => {
        await rowsOf(client, takeTurn);
        await fenced(client, lease, holdJob);
        const [row] = await rowsOf<ReceiptRow>(client, findOpen, [lease.userId, call.callKey]);
        if (row === undefined) return reserve(client, lease, call, limits);
        const { receipt_id: receiptId } = row;
        const isOurs = row.job_id === lease.jobId && row.lease_epoch === lease.epoch;
        if (row.state === 'accepted') return { receiptId, state: 'accepted', remoteId: row.remote_id! };
        if (row.state === 'answered') return { receiptId, state: 'answered', answer: row.answer! };
        if (row.state === 'ambiguous') return { receiptId, state: 'ambiguous' };
        if (row.alive && !isOurs) {
          throw new AppError(
            'paid_call_under_way',
            'Another job of yours makes the same paid call just now.',
            {
              provider: call.provider,
            },
          );
        }
        if (row.state === 'sending') {
          await rowsOf(client, noteAmbiguous, [receiptId]);
          return { receiptId, state: 'ambiguous' };
        }
        // Another job has a budget of its own.
        if (row.job_id !== lease.jobId) {
          await rowsOf(client, noteRefused, [receiptId, 'lease_lost']);
          return reserve(client, lease, call, limits);
        }
        await rowsOf(client, takeOver, [receiptId, lease.epoch]);
        return { receiptId, state: 'reserved' };
      }),

    async sending(lease, receiptId) {
      await fenced(pool, lease, startSending, [receiptId]);
    },

    async accepted(receiptId, remoteId) {
      await rowsOf(pool, noteAccepted, [receiptId, remoteId]);
    },

    async answered(receiptId, answer, costMicroUsd) {
      const values = [receiptId, Math.ceil(costMicroUsd), JSON.stringify(answer)];
      const [row] = await rowsOf<{ answer: BlobRef }>(pool, noteAnswered, values);
      if (row === undefined)
        throw new AppError('lease_lost', 'An operator gave this paid call up meanwhile.');
      return row.answer;
    },

    async refused(receiptId, errorCode) {
      await rowsOf(pool, noteRefused, [receiptId, errorCode]);
    },

    async ambiguous(receiptId) {
      await rowsOf(pool, noteAmbiguous, [receiptId]);
    },

    async forget(lease, receiptId) {
      await fenced(pool, lease, forgetAnswer, [receiptId]);
    },
  };
}

async function reserve(
  client: pg.PoolClient,
  lease: Lease,
  { callKey, step, provider, estimateMicroUsd }: PaidCallFacts,
  limits: SpendingLimits,
): Promise<Receipt> {
  const estimate = Math.ceil(estimateMicroUsd);
  const [spent] = await rowsOf<{ job: number; user: number; everybody: number }>(client, sumSpent, [
    lease.jobId,
    lease.userId,
  ]);
  const { job, user, everybody } = spent!;
  if (job + estimate > (limits.jobMicroUsd ?? Number.POSITIVE_INFINITY)) {
    const detail = `A call to ${provider} of up to ${estimate} micro-USD would exceed the budget of ${limits.jobMicroUsd}; ${job} are spent or reserved.`;
    throw new AppError('budget_exceeded', detail, {
      provider,
      hint: 'Raise budget_micro_usd, or leave out what is paid.',
    });
  }
  const overUser = user + estimate > (limits.userDailyMicroUsd ?? Number.POSITIVE_INFINITY);
  const overAll = everybody + estimate > (limits.dailyMicroUsd ?? Number.POSITIVE_INFINITY);
  if (overUser || overAll) {
    const whose = overUser ? 'Your' : 'This server’s';
    throw new AppError(
      'spending_cap_reached',
      `${whose} spending limit for today does not allow this call.`,
      {
        provider,
        hint: 'Try again after midnight UTC, or ask the operator to raise the limit.',
      },
    );
  }
  const receiptId = uuidv7();
  const values = [receiptId, lease.userId, lease.jobId, lease.epoch, callKey, step, provider, estimate];
  await rowsOf(client, insertReceipt, values);
  return { receiptId, state: 'reserved' };
}
