// Limits how often callers may ask, on PostgreSQL: the generic cell rate algorithm in one statement, so that all instances
// count together. A row says when its caller's allowance is whole again; nothing else has to be kept.
import { createHash } from 'node:crypto';

import type pg from 'pg';

import type { RateLimiter, RateState } from '../../ports/rate-limiter.ts';
import { rowsOf } from './statements.ts';

const windowUs = 60_000_000;
const us = `interval '1 microsecond'`;
const usedUs = `greatest(extract(epoch FROM whole_at - clock_timestamp()) * 1e6, 0)::float8`;

/** The clock is read once, under the row's lock: requests that wait for it are judged by when they get it. */
const countRequest = {
  name: 'rate_limit_count',
  text: `
    INSERT INTO rate_limits AS r (caller, whole_at, let_in) VALUES ($1, clock_timestamp() + $2::float8 * ${us}, true)
    ON CONFLICT (caller) DO UPDATE SET (let_in, whole_at) = (
      SELECT fits, CASE WHEN fits OR $3::boolean THEN then_whole_at ELSE r.whole_at END
      FROM (SELECT then_whole_at, then_whole_at <= at + ${windowUs} * ${us} AS fits
        FROM (SELECT at, greatest(r.whole_at, at) + $2::float8 * ${us} AS then_whole_at
          FROM (SELECT clock_timestamp() AS at) AS clock) AS step) AS verdict)
    RETURNING let_in AS "letIn", ${usedUs} AS "usedUs"`,
};

const lookAtCaller = {
  name: 'rate_limit_look',
  text: `SELECT ${usedUs} AS "usedUs" FROM rate_limits WHERE caller = $1`,
};

/** What is asked about meanwhile is skipped: it is not old. */
const dropWhole = {
  name: 'rate_limit_drop',
  text: `
    DELETE FROM rate_limits WHERE caller IN (
      SELECT caller FROM rate_limits WHERE whole_at < clock_timestamp() LIMIT 10000 FOR UPDATE SKIP LOCKED)`,
};

const dropEveryMs = 60_000;

export function createRateLimiter({ pool }: { pool: pg.Pool }): RateLimiter {
  let droppedAtMs = Number.NEGATIVE_INFINITY;

  async function count(caller: string, perMinute: number, always: boolean): Promise<RateState> {
    if (performance.now() - droppedAtMs > dropEveryMs) {
      droppedAtMs = performance.now();
      await rowsOf(pool, dropWhole);
    }
    const stepUs = stepOf(perMinute);
    const [row] = await rowsOf<{ letIn: boolean; usedUs: number }>(pool, countRequest, [
      digest(caller),
      stepUs,
      always,
    ]);
    return stateOf(row!.letIn, row!.usedUs, stepUs);
  }

  return {
    take: (caller, perMinute) => count(caller, perMinute, false),
    charge: (caller, perMinute) => count(caller, perMinute, true),
    async look(caller, perMinute) {
      const stepUs = stepOf(perMinute);
      const [row] = await rowsOf<{ usedUs: number }>(pool, lookAtCaller, [digest(caller)]);
      const usedUs = row?.usedUs ?? 0;
      return stateOf(usedUs + stepUs <= windowUs, usedUs, stepUs);
    },
  };
}

/** Rounded down, so that `perMinute` of them always fit into the minute. */
const stepOf = (perMinute: number) => Math.floor(windowUs / perMinute);

/** Of one length, and no name of anybody. */
const digest = (caller: string) => createHash('sha256').update(caller).digest();

function stateOf(letIn: boolean, usedUs: number, stepUs: number): RateState {
  return {
    letIn,
    remaining: Math.max(0, Math.floor((windowUs - usedUs) / stepUs)),
    waitMs: Math.max(0, usedUs + stepUs - windowUs) / 1000,
    wholeInMs: usedUs / 1000,
  };
}
