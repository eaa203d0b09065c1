// Step results, the runs that used them and the blobs they name, on PostgreSQL. Writes of a worker are fenced.
import type pg from 'pg';

import type { Json, StepRun, StepStore, StoredStep } from '../../ports/step-store.ts';
import { collectGarbage } from './collect-garbage.ts';
import { fence, fenced } from './fence.ts';
import { isUuid } from './job-row.ts';
import { rowsOf, tenantRows } from './statements.ts';

const stepColumns = 'step_key, step, result, blobs, created_at';

interface StepRow {
  step_key: string;
  step: string;
  result: Json;
  blobs: string[];
  created_at: Date;
}

// Marks the use in the same statement: what was just found is not collected as garbage before its run is recorded.
const findStep = {
  name: 'step_find',
  text: `
    UPDATE step_results SET used_at = now(), unwanted_since = NULL
    WHERE user_id = $1 AND step_key = $2 RETURNING ${stepColumns}`,
};

// On conflict the row keeps its result and is returned: the first writer wins, and both see the same.
const putStep = {
  name: 'step_put',
  text: `
    WITH ${fence},
    stored AS (
      INSERT INTO step_results (user_id, step_key, step, result, blobs)
      SELECT user_id, $4, $5, $6::jsonb, $7::text[] FROM fence
      ON CONFLICT (user_id, step_key) DO UPDATE SET used_at = now(), unwanted_since = NULL
      RETURNING user_id, ${stepColumns}
    ),
    named AS (SELECT DISTINCT user_id, step_key, unnest(blobs) AS digest FROM stored),
    kept AS (
      INSERT INTO blobs (user_id, digest, referenced) SELECT user_id, digest, true FROM named ORDER BY digest
      ON CONFLICT (user_id, digest) DO UPDATE SET touched_at = now(), referenced = true, unwanted_since = NULL
    ),
    linked AS (
      INSERT INTO step_blobs (user_id, step_key, digest) SELECT user_id, step_key, digest FROM named
      ON CONFLICT DO NOTHING
    )
    SELECT ${stepColumns} FROM stored`,
};

const forgetStep = {
  name: 'step_forget',
  text: `
    WITH ${fence},
    forgotten AS (DELETE FROM step_results s USING fence f WHERE s.user_id = f.user_id AND s.step_key = $4)
    SELECT 1 FROM fence`,
};

const recordRun = {
  name: 'step_record_run',
  text: `
    WITH ${fence},
    used AS (
      UPDATE step_results s SET used_at = now(), unwanted_since = NULL FROM fence f
      WHERE s.user_id = f.user_id AND s.step_key = $6
    ),
    noted AS (
      INSERT INTO step_runs
        (job_id, user_id, step_id, step, step_key, outcome, reason, changed, duration_ms, parts, at)
      SELECT job_id, user_id, $4, $5, $6, $7, $8, $9::text[], $10::int, $11::jsonb, $12::timestamptz FROM fence
      ON CONFLICT (job_id, step_id) DO UPDATE SET
        step = excluded.step, step_key = excluded.step_key, outcome = excluded.outcome, reason = excluded.reason,
        changed = excluded.changed, duration_ms = excluded.duration_ms, parts = excluded.parts, at = excluded.at,
        recorded_at = excluded.recorded_at
    )
    SELECT 1 FROM fence`,
};

const listRuns = {
  name: 'step_runs',
  text: `
    SELECT step_id, step, step_key, outcome, reason, changed, duration_ms, parts, at FROM step_runs
    WHERE job_id = $1 AND user_id = $2 ORDER BY at, recorded_at`,
};

interface RunRow {
  step_id: string;
  step: string;
  step_key: string;
  outcome: StepRun['outcome'];
  reason: StepRun['reason'];
  changed: string[];
  duration_ms: number;
  parts: Record<string, string>;
  at: Date;
}

const touchBlob = {
  name: 'blob_touch',
  text: `
    INSERT INTO blobs (user_id, digest) VALUES ($1, $2)
    ON CONFLICT (user_id, digest) DO UPDATE SET touched_at = now(), unwanted_since = NULL`,
};

// Steps from name to name along the index, then 50 rows of each: never the whole table.
const medianDurations = {
  name: 'step_median_durations',
  text: `
    WITH RECURSIVE steps AS (
      SELECT min(step) AS step FROM step_runs WHERE outcome = 'ran'
      UNION ALL
      SELECT (SELECT min(step) FROM step_runs WHERE outcome = 'ran' AND step > steps.step)
      FROM steps WHERE steps.step IS NOT NULL
    )
    SELECT steps.step, percentile_cont(0.5) WITHIN GROUP (ORDER BY recent.duration_ms) AS median_ms
    FROM steps CROSS JOIN LATERAL (
      SELECT duration_ms FROM step_runs WHERE outcome = 'ran' AND step = steps.step ORDER BY at DESC LIMIT 50
    ) recent
    GROUP BY steps.step`,
};

/** Every method may throw `database_unavailable`. */
export function createStepStore({ pool }: { pool: pg.Pool }): StepStore {
  return {
    async find(userId, stepKey) {
      const [row] = await tenantRows<StepRow>(pool, userId, findStep, [userId, stepKey]);
      return row && toStoredStep(row);
    },

    async putIfAbsent(lease, { stepKey, step, result, blobs }) {
      const values = [stepKey, step, JSON.stringify(result), blobs];
      const [row] = await fenced<StepRow>(pool, lease, putStep, values);
      return toStoredStep(row!);
    },

    async forget(lease, stepKey) {
      await fenced(pool, lease, forgetStep, [stepKey]);
    },

    async recordRun(lease, run) {
      await fenced(pool, lease, recordRun, [
        run.stepId,
        run.step,
        run.stepKey,
        run.outcome,
        run.reason,
        run.changed,
        Math.round(run.durationMs),
        JSON.stringify(run.parts),
        run.at,
      ]);
    },

    async runs(userId, jobId) {
      if (!isUuid(jobId)) return [];
      const rows = await tenantRows<RunRow>(pool, userId, listRuns, [jobId, userId]);
      return rows.map((row) => ({
        stepId: row.step_id,
        step: row.step,
        stepKey: row.step_key,
        outcome: row.outcome,
        reason: row.reason,
        changed: row.changed,
        durationMs: row.duration_ms,
        parts: row.parts,
        at: row.at,
      }));
    },

    async touchBlob(userId, digest) {
      await tenantRows(pool, userId, touchBlob, [userId, digest]);
    },

    collectGarbage: (graceMs, removeBlob, signal) => collectGarbage(pool, graceMs, removeBlob, signal),

    async medianDurations() {
      const rows = await rowsOf<{ step: string; median_ms: number }>(pool, medianDurations);
      return Object.fromEntries(rows.map(({ step, median_ms }) => [step, median_ms]));
    },
  };
}

function toStoredStep(row: StepRow): StoredStep {
  return {
    stepKey: row.step_key,
    step: row.step,
    result: row.result,
    blobs: row.blobs,
    createdAt: row.created_at,
  };
}
