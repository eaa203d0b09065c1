// What the tables tell of the last hour, and the versions of schema and server.
import type pg from 'pg';

import type { Durations, ServiceRecord } from '../../ports/service-record.ts';
import { rowsOf } from './statements.ts';

const halfAndMost = (seconds: string, where: string) =>
  `percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM ${seconds})::float8 * 1000) FILTER (WHERE ${where})`;

// Ours is a failure with a dead letter, and what no request can help, such as a provider's used-up quota. Jobs that became due once
// more after their start tell of no waiting: when they were due at first is not kept.
const lastHour = {
  name: 'record_last_hour',
  text: `
    SELECT count(*) FILTER (WHERE status = 'completed')::int AS completed,
      count(*) FILTER (WHERE status = 'failed' AND ours)::int AS failed,
      count(*) FILTER (WHERE status = 'failed' AND NOT ours)::int AS refused,
      count(*) FILTER (WHERE status = 'canceled')::int AS canceled,
      ${halfAndMost('completed_at - started_at', "status = 'completed' AND NOT approved")} AS making,
      ${halfAndMost('started_at - due_at', 'due_at <= started_at')} AS waiting
    FROM (
      SELECT status, approved, due_at, started_at, completed_at,
        (error->>'status')::int >= 500
          OR EXISTS (SELECT FROM dead_letters d WHERE d.job_id = jobs.job_id AND d.redriven_at IS NULL) AS ours
      FROM jobs WHERE completed_at > now() - interval '1 hour'
    ) ended`,
};

const versions = {
  name: 'record_versions',
  text: `SELECT max(version) AS schema, current_setting('server_version') AS postgresql FROM aiprod_migrations`,
};

interface HourRow {
  completed: number;
  failed: number;
  refused: number;
  canceled: number;
  making: number[] | null;
  waiting: number[] | null;
}

export function createServiceRecord({ pool }: { pool: pg.Pool }): ServiceRecord {
  return {
    async lastHour() {
      const [row] = await rowsOf<HourRow>(pool, lastHour);
      const { making, waiting, ...counts } = row!;
      return { ...counts, making: toDurations(making), waiting: toDurations(waiting) };
    },

    async versions() {
      const [row] = await rowsOf<{ schema: number; postgresql: string }>(pool, versions);
      // Distributions put their own name behind it.
      return { schema: row!.schema, postgresql: row!.postgresql.split(' ')[0]! };
    },
  };
}

function toDurations(found: number[] | null): Durations | null {
  return found === null ? null : { medianMs: found[0]!, p95Ms: found[1]! };
}
