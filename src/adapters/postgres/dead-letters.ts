// Dead letters on PostgreSQL: written by job-leases.ts when a job fails for good, read and redriven here.
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

import { AppError } from '../../domain/errors.ts';
import type { DeadLetter, DeadLetters } from '../../ports/dead-letters.ts';
import {
  againMove,
  become,
  countMinutes,
  dropLease,
  giveMinutesBack,
  leaveDeadLetter,
  mayBe,
  movingStatement,
  settleLetters,
} from './job-moves.ts';
import { isUuid } from './job-row.ts';
import { inTransaction, rowsOf, type Sender } from './statements.ts';
import { lockUserOf, type UserLimits, unpark } from './turns.ts';

const listLetters = {
  name: 'dead_letter_list',
  text: `
    SELECT dead_letter_id, job_id, user_id, error, attempts, created_at, redriven_at FROM dead_letters
    ORDER BY (redriven_at IS NOT NULL), created_at DESC, dead_letter_id DESC LIMIT $1`,
};

const findLetter = {
  name: 'dead_letter_find',
  text: 'SELECT job_id, redriven_at FROM dead_letters WHERE dead_letter_id = $1',
};

const removeLetter = {
  name: 'dead_letter_dismiss',
  text: 'DELETE FROM dead_letters WHERE dead_letter_id = $1 RETURNING dead_letter_id',
};

// Two redrives at once: the second waits for the row, finds the job pending, and moves nothing.
const redriveJob = movingStatement('dead_letter_redrive', againMove('retry', 'job_id = $1', '$2'), {
  minutes: countMinutes,
  settled: settleLetters,
  // Whoever redrives takes it upon himself that a call may be paid twice. It may have been sent by another job of the user.
  given_up: `UPDATE receipts r SET state = 'forgotten', changed_at = now() FROM moved
    WHERE r.user_id = moved.user_id AND r.state = 'ambiguous' AND (
      r.job_id = moved.job_id OR split_part(r.call_key, '/', 1) IN (
        SELECT step_key FROM step_runs s WHERE s.job_id = moved.job_id AND s.outcome = 'failed'
      )
    )`,
});

// As in lease_give_up: what nobody holds is claimed and failed in one.
const buryJob = movingStatement(
  'dead_letter_bury',
  `UPDATE jobs SET ${become('fail')}, completed_at = now(), ${dropLease}, error = $2::jsonb, event_seq = event_seq + 1
   WHERE job_id = $1 AND ${mayBe('claim')} AND due_at <= $4::timestamptz
     AND ((status = 'pending' AND NOT parked) OR lease_until <= clock_timestamp())
   RETURNING *`,
  { letter: leaveDeadLetter('$3', 'true'), ...giveMinutesBack },
);

const countOpen = {
  name: 'dead_letter_count',
  text: 'SELECT count(*)::int AS letters FROM dead_letters WHERE (redriven_at IS NOT NULL) = false',
};

interface LetterRow {
  dead_letter_id: string;
  job_id: string;
  user_id: string;
  error: DeadLetter['error'];
  attempts: number;
  created_at: Date;
  redriven_at: Date | null;
}

/** `count` is of those that wait for an operator. Every method may throw `database_unavailable`. */
export function createDeadLetters({
  pool,
  queue,
  limits = {},
}: {
  pool: pg.Pool;
  queue: Sender;
  limits?: Pick<UserLimits, 'jobsAtOnce'>;
}): DeadLetters {
  return {
    async list(limit) {
      const rows = await rowsOf<LetterRow>(pool, listLetters, [limit]);
      return rows.map((row) => ({
        deadLetterId: row.dead_letter_id,
        jobId: row.job_id,
        userId: row.user_id,
        error: row.error,
        attempts: row.attempts,
        createdAt: row.created_at,
        redrivenAt: row.redriven_at,
      }));
    },

    async redrive(deadLetterId, { traceParent } = {}) {
      await inTransaction(pool, async (client, transaction) => {
        const [letter] = isUuid(deadLetterId)
          ? await rowsOf<{ job_id: string; redriven_at: Date | null }>(client, findLetter, [deadLetterId])
          : [];
        if (letter === undefined) throw noLetter();
        await lockUserOf(client, letter.job_id);
        const values = [letter.job_id, traceParent ?? null];
        const moved = letter.redriven_at === null ? await rowsOf(client, redriveJob, values) : [];
        if (moved.length === 0) {
          throw new AppError('state_conflict', 'The job of this dead letter was already put back to work.');
        }
        await queue.send(letter.job_id, { transaction });
      });
    },

    async dismiss(deadLetterId) {
      const removed = isUuid(deadLetterId) ? await rowsOf(pool, removeLetter, [deadLetterId]) : [];
      if (removed.length === 0) throw noLetter();
    },

    async bury(jobId, { error, sentAt }) {
      if (!isUuid(jobId)) return false;
      return inTransaction(pool, async (client, transaction) => {
        const userId = await lockUserOf(client, jobId);
        if (userId === undefined) return false;
        const buried = await rowsOf(client, buryJob, [jobId, JSON.stringify(error), uuidv7(), sentAt]);
        await unpark(client, { queue, transaction }, userId, limits);
        return buried.length > 0;
      });
    },

    async count() {
      const [row] = await rowsOf<{ letters: number }>(pool, countOpen);
      return row!.letters;
    },
  };
}

function noLetter(): AppError {
  return new AppError('not_found', 'There is no such dead letter.');
}
