// How users share the queue: a job's turn, how many jobs of one user run at once, and who is next when a place is free.
// What counts is counted in a transaction, with the user locked, so that it holds until the commit.
import type pg from 'pg';

import type { Transaction } from '../../ports/transaction.ts';
import { queryAfter } from './query-after.ts';
import { type Executor, rowsOf, type Sender } from './statements.ts';

/** What one user may have; left out = no limit. */
export interface UserLimits {
  /** Jobs that run at the same time. */
  jobsAtOnce?: number | undefined;
  /** Jobs that have not ended. */
  jobsWaiting?: number | undefined;
  /** Milliseconds of video per day in UTC. */
  dailyVideoMs?: number | undefined;
}

const lockOf = (user: string) => `pg_advisory_xact_lock(hashtext('aiprod user'), hashtext(${user}))`;
const tryLockOf = (user: string) => lockOf(user).replace('pg_', 'pg_try_');

const takeUser = { name: 'turn_user_lock', text: `SELECT ${lockOf('$1')}` };

const takeUserOfJob = {
  name: 'turn_user_lock_by_job',
  text: `SELECT user_id, ${lockOf('user_id')} FROM jobs WHERE job_id = $1`,
};

/** SQL: the turn of a job of `user` (SQL) that begins to wait now: after what the user has waiting, and not in the past. */
export const nextTurn = (user: string) => `(
  SELECT greatest(clock.turn, (
    SELECT max(mine.turn) FROM jobs mine WHERE mine.user_id = ${user} AND mine.status = 'pending'
  )) + 1 FROM queue_clock clock)`;

/** SQL: how many places `user` (SQL) has taken. A job whose worker died keeps its place until another takes it over. */
export const placesTaken = (user: string) =>
  `(SELECT count(*) FROM jobs held WHERE held.user_id = ${user} AND held.status = 'processing')`;

/** Of how many that are next in turn one may be chosen whose user nobody is changing. */
const lookAhead = 32;

// Workers that choose at the same time choose jobs of different users, and none waits for another. A delivery for a job whose
// worker died is for that one, any other for whatever is next.
const takeNext = {
  name: 'turn_take_next',
  text: `
    SELECT job_id, user_id FROM (
      (SELECT job_id, user_id, true AS lapsed FROM jobs
       WHERE job_id = $1 AND status = 'processing' AND lease_until <= clock_timestamp())
      UNION ALL
      (SELECT job_id, user_id, false FROM jobs
       WHERE status = 'pending' AND NOT parked AND due_at <= clock_timestamp()
       ORDER BY turn, job_id LIMIT ${lookAhead})
    ) next
    WHERE CASE WHEN lapsed THEN ${lockOf('user_id')} IS NOT NULL ELSE ${tryLockOf('user_id')} END LIMIT 1`,
};

const setClock = { name: 'turn_clock', text: 'UPDATE queue_clock SET turn = $1 WHERE turn < $1' };

const firstInTurn = {
  name: 'turn_first',
  text: `
    SELECT user_id FROM jobs WHERE status = 'pending' AND NOT parked AND due_at <= clock_timestamp()
    ORDER BY turn, job_id LIMIT 1`,
};

/** Many at once, so that a user's long queue is passed by in a few steps. Nobody is waited for. */
const mostParked = 1_000;

const parkWaiting = {
  name: 'turn_park',
  text: `
    UPDATE jobs SET parked = true WHERE ${placesTaken('$1')} >= $2::int AND job_id IN (
      SELECT job_id FROM jobs
      WHERE user_id = $1 AND status = 'pending' AND NOT parked AND due_at <= clock_timestamp()
      ORDER BY turn LIMIT ${mostParked} FOR UPDATE SKIP LOCKED
    )`,
};

const mostUnparked = 100;

const unparkNext = {
  name: 'turn_unpark',
  text: `
    UPDATE jobs SET parked = false, resend_at = now(), resends = 0 WHERE job_id IN (
      SELECT job_id FROM jobs WHERE user_id = $1 AND status = 'pending' AND parked
      ORDER BY turn, job_id
      LIMIT least(greatest(coalesce($2::int - ${placesTaken('$1')}, ${mostUnparked}), 0), ${mostUnparked}) FOR UPDATE SKIP LOCKED
    ) RETURNING job_id`,
};

// Steps from user to user through the index, however many jobs each has. Whoever has a job on its way needs no help.
const usersWithPlaces = {
  name: 'turn_users_with_places',
  text: `
    WITH RECURSIVE waiting AS (
      (SELECT user_id FROM jobs WHERE status = 'pending' AND parked ORDER BY user_id LIMIT 1)
      UNION ALL
      SELECT (
        SELECT j.user_id FROM jobs j
        WHERE j.status = 'pending' AND j.parked AND j.user_id > w.user_id ORDER BY j.user_id LIMIT 1
      ) FROM waiting w WHERE w.user_id IS NOT NULL
    )
    SELECT user_id FROM waiting w WHERE user_id IS NOT NULL
      AND ($1::int IS NULL OR ${placesTaken('w.user_id')} < $1::int)
      AND NOT EXISTS (
        SELECT FROM jobs j
        WHERE j.user_id = w.user_id AND j.status = 'pending' AND NOT j.parked AND j.due_at <= now()
      )
    LIMIT 100`,
};

/** Waits for whoever changes what the user has under way right now. Taken before any lock on a job. */
export async function lockUser(client: Executor, userId: string): Promise<void> {
  await rowsOf(client, takeUser, [userId]);
}

/** As `lockUser`; undefined when there is no such job. */
export async function lockUserOf(client: Executor, jobId: string): Promise<string | undefined> {
  const [row] = await rowsOf<{ user_id: string }>(client, takeUserOfJob, [jobId]);
  return row?.user_id;
}

/**
 * The job that a delivery of this one is to run, and its user, who is locked then. `nothing` when none is due; `again` when
 * others were quicker: the transaction is to be ended before asking again.
 */
export async function takeNextInTurn(
  client: Executor,
  deliveredJobId: string | null,
): Promise<{ jobId: string; userId: string } | 'nothing' | 'again'> {
  const next = await tryNext(client, deliveredJobId);
  if (next !== undefined) return next;
  const [first] = await rowsOf<{ user_id: string }>(client, firstInTurn);
  if (first === undefined) return 'nothing';
  await lockUser(client, first.user_id);
  // Waits for nobody any more, for a user is locked.
  return (await tryNext(client, null)) ?? 'again';
}

async function tryNext(client: Executor, deliveredJobId: string | null) {
  const [row] = await rowsOf<{ job_id: string; user_id: string }>(client, takeNext, [deliveredJobId]);
  return row && { jobId: row.job_id, userId: row.user_id };
}

/**
 * A job of this turn was taken. By itself and without waiting for the disk, for all claims of the system change this one row:
 * in their transactions they would wait for each other. If it is lost, a newcomer stands a little too far ahead.
 */
export async function moveClock(pool: pg.Pool, turn: string): Promise<void> {
  const unsynced = { text: `SELECT set_config('synchronous_commit', 'off', true)`, values: [] };
  await queryAfter(pool, unsynced, { ...setClock, values: [turn] });
}

/** Lets the user's waiting jobs wait for a place, when all are taken. */
export async function park(client: Executor, userId: string, { jobsAtOnce }: UserLimits): Promise<void> {
  if (jobsAtOnce !== undefined) await rowsOf(client, parkWaiting, [userId, jobsAtOnce]);
}

/** Sends what may take the user's free places. Returns how many jobs. */
export async function unpark(
  client: Executor,
  { queue, transaction }: { queue: Sender; transaction: Transaction },
  userId: string,
  { jobsAtOnce }: UserLimits,
): Promise<number> {
  const next = await rowsOf<{ job_id: string }>(client, unparkNext, [userId, jobsAtOnce ?? null]);
  for (const { job_id } of next) await queue.send(job_id, { transaction });
  return next.length;
}

/** Users whose parked jobs nobody is going to send. */
export async function findUsersWithPlaces(executor: Executor, { jobsAtOnce }: UserLimits): Promise<string[]> {
  const users = await rowsOf<{ user_id: string }>(executor, usersWithPlaces, [jobsAtOnce ?? null]);
  return users.map(({ user_id }) => user_id);
}
