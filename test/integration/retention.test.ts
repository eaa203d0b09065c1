// What is older than its period goes, what is younger or in use stays; the clock is moved instead of waited for.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createAuditLog } from '../../src/adapters/postgres/audit-log.ts';
import { verifyAuditLog } from '../../src/adapters/postgres/audit-verify.ts';
import { createJobStore } from '../../src/adapters/postgres/job-store.ts';
import { createRetention } from '../../src/adapters/postgres/retention.ts';
import type { Lease } from '../../src/domain/job.ts';
import type { KeepPeriods, Retention } from '../../src/ports/retention.ts';
import { purgeOld } from '../../src/worker/purge-old.ts';
import { reportOf } from '../support/reports.ts';
import { requestOf } from '../support/requests.ts';
import { runOf } from '../support/step-runs.ts';
import { storeBytes } from '../support/store-bytes.ts';
import { openStores, type Stores } from '../support/stores.ts';

const dayMs = 86_400_000;
const auditKey = Buffer.alloc(32, 7);
const forEver: KeepPeriods = {
  videosMs: undefined,
  assetsMs: undefined,
  logsMs: undefined,
  auditMs: undefined,
};
const nothing = {
  jobs: 0,
  unapproved: 0,
  assets: 0,
  events: 0,
  stepRuns: 0,
  webhookAttempts: 0,
  deadLetters: 0,
  videoMinutes: 0,
  auditEntries: 0,
};

let stores: Stores;
let retention: Retention;
beforeAll(async () => {
  stores = await openStores();
  retention = createRetention({ pool: stores.pool, auditKey });
});
afterAll(() => stores.close());
beforeEach(async () => {
  await stores.pool.query(
    'DELETE FROM jobs; DELETE FROM assets; DELETE FROM video_minutes; DELETE FROM step_results; DELETE FROM webhook_endpoints',
  );
});

/** Purges as it will be `days` from now. */
const purgeIn = (days: number, periods: Partial<KeepPeriods>) =>
  retention.purge({ ...forEver, ...periods }, { now: new Date(Date.now() + days * dayMs) });

async function count(table: string): Promise<number> {
  const { rows } = await stores.pool.query<{ rows: number }>(`SELECT count(*)::int AS rows FROM ${table}`);
  return rows[0]!.rows;
}

/** With one step and one file; `digest` is the step's blob. */
async function completed(userId: string, digest: string): Promise<Lease> {
  const { stepStore, blobStore, leases } = stores;
  const lease = await stores.claimNew(userId);
  await leases.setProgress(lease, { stage: 'plan', progress: 0.5 });
  const blob = await storeBytes(blobStore, userId, Buffer.from(`video of ${lease.jobId}`), 'video/mp4');
  await stepStore.putIfAbsent(lease, { stepKey: digest, step: 'plan', result: {}, blobs: [digest] });
  await stepStore.recordRun(lease, runOf({ stepKey: digest }));
  await leases.complete(lease, {
    files: { 'video.mp4': blob },
    report: reportOf(),
    video: { title: 'T', width: 1280, height: 720, fps: 30, duration: 5, bytes: 1 },
    degradations: [],
    reuse: { steps_total: 1, steps_reused: 0 },
  });
  return lease;
}

const upload = (userId: string) =>
  stores.assetStore.add({
    userId,
    digest: 'c'.repeat(64),
    bytes: 10,
    kind: 'image',
    mediaType: 'image/png',
    width: 1,
    height: 1,
    durationSeconds: null,
  });

test('without periods everything is kept for ever', async () => {
  await completed('ann', 'a'.repeat(64));
  await upload('ann');
  expect(await purgeIn(36_500, {})).toEqual(nothing);
});

describe('videos', () => {
  test('go with their bytes once they ended that long ago, and the others stay', async () => {
    const lease = await completed('ann', 'a'.repeat(64));
    const running = await stores.claimNew('ann');
    const { job: waiting } = await stores.jobStore.create({
      userId: 'ann',
      request: requestOf({}),
      maxRetries: 3,
      estimatedMicroUsd: 0,
    });
    expect(await purgeIn(29, { videosMs: 30 * dayMs })).toEqual(nothing);
    expect(await purgeIn(31, { videosMs: 30 * dayMs })).toEqual({ ...nothing, jobs: 1 });
    expect(await stores.jobStore.find('ann', lease.jobId)).toBeUndefined();
    for (const jobId of [running.jobId, waiting.jobId])
      expect(await stores.jobStore.find('ann', jobId)).toBeDefined();
    await stores.leases.heartbeat(running, 30_000);

    // Nothing has to wait for the usual grace period, only for what may just be taken up.
    await stores.pool.query(`UPDATE step_results SET unwanted_since = unwanted_since - interval '1 hour'`);
    await stores.pool.query(`UPDATE blobs SET unwanted_since = unwanted_since - interval '1 hour'`);
    const gone: string[] = [];
    await stores.stepStore.collectGarbage(7 * dayMs, async (_, digest) => void gone.push(digest));
    expect(gone).toContain('a'.repeat(64));
    expect(gone).toHaveLength(2);
  });

  test('what was made on a day stays counted', async () => {
    const jobStore = createJobStore({ pool: stores.pool, queue: stores.queue });
    const { job } = await jobStore.create({
      userId: 'ann',
      request: requestOf({}),
      maxRetries: 3,
      estimatedMicroUsd: 0,
      videoMs: 60_000,
    });
    await stores.pool.query(
      `UPDATE jobs SET status = 'completed', completed_at = now() - interval '31 days' WHERE job_id = $1`,
      [job.jobId],
    );
    expect((await purgeIn(0, { videosMs: 30 * dayMs })).jobs).toBe(1);
    expect(await count('video_minutes')).toBe(1);
  });

  test('a job that nobody approves is canceled after that time, with the reason, and goes after it once more', async () => {
    const { jobStore, leases } = stores;
    const lease = await stores.claimNew('ann');
    await leases.awaitApproval(lease);
    const periods = { videosMs: 30 * dayMs };
    expect(await purgeIn(29, periods)).toEqual(nothing);
    expect(await purgeIn(31, periods)).toEqual({ ...nothing, unapproved: 1 });
    expect(await jobStore.find('ann', lease.jobId)).toMatchObject({
      status: 'canceled',
      error: { code: 'job_canceled', detail: expect.stringContaining('Nobody approved') },
      completedAt: expect.any(Date),
    });
    const { rows } = await stores.pool.query(
      `SELECT data->>'status' AS status, data->'error'->>'code' AS code FROM job_events
       WHERE job_id = $1 ORDER BY event_id DESC LIMIT 1`,
      [lease.jobId],
    );
    expect(rows).toEqual([{ status: 'canceled', code: 'job_canceled' }]);
    expect(await purgeIn(60, periods)).toEqual(nothing);
    expect(await purgeIn(62, periods)).toEqual({ ...nothing, jobs: 1 });
    expect(await jobStore.find('ann', lease.jobId)).toBeUndefined();
  });

  test('a job that is being approved is not canceled, and one that was canceled so can be tried again', async () => {
    const { jobStore, leases, pool } = stores;
    const [approved, late] = [await stores.claimNew('ann'), await stores.claimNew('bob')];
    for (const lease of [approved, late]) await leases.awaitApproval(lease);
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM jobs WHERE job_id = $1 FOR UPDATE', [approved.jobId]);
    expect(await purgeIn(2, { videosMs: dayMs })).toEqual({ ...nothing, unapproved: 1 });
    await client.query('ROLLBACK');
    client.release();
    await jobStore.approve('ann', approved.jobId);
    expect(await purgeIn(2, { videosMs: dayMs })).toEqual(nothing);
    expect(await jobStore.retry('bob', late.jobId)).toMatchObject({ status: 'pending', error: null });
  });

  test('many instances at once remove each job once', async () => {
    for (let i = 0; i < 6; i++) {
      const lease = await stores.claimNew(`user-${i % 2}`);
      await stores.leases.fail(lease, {
        error: { type: 't', title: 't', status: 500, code: 'internal', detail: 'd', retryable: false },
        degradations: [],
        deadLetter: true,
      });
    }
    const purged = await Promise.all([1, 2, 3].map(() => purgeIn(2, { videosMs: dayMs })));
    expect(purged.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(6);
    expect(await count('jobs')).toBe(0);
    expect(await count('dead_letters')).toBe(0);
  });

  test('a job that somebody holds is passed by', async () => {
    await completed('ann', 'a'.repeat(64));
    const client = await stores.pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM jobs FOR UPDATE');
    expect(await purgeIn(2, { videosMs: dayMs })).toEqual(nothing);
    await client.query('ROLLBACK');
    client.release();
    expect((await purgeIn(2, { videosMs: dayMs })).jobs).toBe(1);
  });

  test('a purge that is told to stop leaves the rest for the next', async () => {
    await completed('ann', 'a'.repeat(64));
    const periods = { ...forEver, videosMs: 1 };
    expect(await retention.purge(periods, { signal: AbortSignal.abort() })).toEqual(nothing);
    // By the database's clock.
    expect(await retention.purge(periods)).toMatchObject({ jobs: 1 });
  });
});

describe('uploads', () => {
  test('go when they are old and their user has nothing under way', async () => {
    const anns = await upload('ann');
    const bobs = await upload('bob');
    const lease = await stores.claimNew('bob');
    expect(await purgeIn(6, { assetsMs: 7 * dayMs })).toEqual(nothing);
    expect(await purgeIn(8, { assetsMs: 7 * dayMs })).toEqual({ ...nothing, assets: 1 });
    expect(await stores.assetStore.find('ann', anns.assetId)).toBeUndefined();
    expect(await stores.assetStore.find('bob', bobs.assetId)).toBeDefined();
    await stores.jobStore.cancel('bob', lease.jobId);
    expect(await purgeIn(8, { assetsMs: 7 * dayMs })).toEqual({ ...nothing, assets: 1 });
    const { rows } = await stores.pool.query(
      `SELECT FROM blobs WHERE digest = $1 AND (referenced OR unwanted_since IS NULL)`,
      ['c'.repeat(64)],
    );
    expect(rows).toEqual([]);
  });
});

describe('logs', () => {
  test('go of ended jobs, all but the last event, and stay of the others', async () => {
    const lease = await completed('ann', 'a'.repeat(64));
    const running = await stores.claimNew('ann');
    const events = await count(`job_events WHERE job_id = '${lease.jobId}'`);
    expect(events).toBeGreaterThan(2);
    const runningEvents = await count(`job_events WHERE job_id = '${running.jobId}'`);
    expect(await purgeIn(13, { logsMs: 14 * dayMs })).toEqual(nothing);
    const purged = await purgeIn(15, { logsMs: 14 * dayMs });
    expect(purged).toEqual({ ...nothing, events: events - 1, stepRuns: 1 });
    const { rows } = await stores.pool.query<{ data: { status: string } }>(
      'SELECT data FROM job_events WHERE job_id = $1',
      [lease.jobId],
    );
    expect(rows.map(({ data }) => data.status)).toEqual(['completed']);
    expect(await count(`job_events WHERE job_id = '${running.jobId}'`)).toBe(runningEvents);
    expect(await stores.jobStore.find('ann', lease.jobId)).toMatchObject({ status: 'completed' });
  });

  test('attempts at webhooks, redriven dead letters and minutes go too', async () => {
    const lease = await stores.claimNew('ann');
    await stores.leases.fail(lease, {
      error: { type: 't', title: 't', status: 500, code: 'internal', detail: 'd', retryable: false },
      degradations: [],
      deadLetter: true,
    });
    await stores.pool.query(`
      INSERT INTO webhook_endpoints (endpoint_id, user_id, url, secret)
        VALUES ('0197e0a0-0000-4000-8000-000000000001', 'ann', 'https://example.org', '\\x00');
      INSERT INTO webhook_messages (message_id, endpoint_id, user_id, job_order, type, payload)
        VALUES ('0197e0a0-0000-4000-8000-000000000002', '0197e0a0-0000-4000-8000-000000000001', 'ann', 1, 'video.started', '{}');
      INSERT INTO webhook_attempts (message_id, user_id, attempt, duration_ms, answer)
        VALUES ('0197e0a0-0000-4000-8000-000000000002', 'ann', 1, 5, 'what was answered');
      INSERT INTO video_minutes SELECT gen_random_uuid(), 'ann', current_date - 40, 60000`);
    expect(await purgeIn(15, { logsMs: 14 * dayMs })).toMatchObject({
      webhookAttempts: 1,
      deadLetters: 0,
      videoMinutes: 1,
    });
    const [letter] = await stores.deadLetters.list(1);
    await stores.deadLetters.redrive(letter!.deadLetterId);
    expect(await purgeIn(15, { logsMs: 14 * dayMs })).toMatchObject({ deadLetters: 1, events: 0 });
    expect(await count('webhook_messages')).toBe(1);
  });
});

describe('the audit log', () => {
  test('is cut at most once a day, and stays whole', async () => {
    const { pool, logger } = stores;
    const auditLog = createAuditLog({ pool, key: auditKey, logger });
    const entry = {
      action: 'video.create',
      outcome: 'done',
      actor: null,
      from: null,
      requestId: null,
      userId: 'ann',
      target: null,
      facts: {},
    } as const;
    for (let i = 0; i < 3; i++) await auditLog.record(entry);
    expect(await purgeIn(89, { auditMs: 90 * dayMs })).toEqual(nothing);
    expect(await purgeIn(91, { auditMs: 90 * dayMs })).toEqual({ ...nothing, auditEntries: 3 });
    await auditLog.record(entry);
    expect(await purgeIn(0.5, { auditMs: 1 })).toEqual(nothing);
    expect(await purgeIn(1.5, { auditMs: dayMs })).toEqual({ ...nothing, auditEntries: 1 });
    await auditLog.record(entry);
    expect((await verifyAuditLog({ pool, key: auditKey })).fault).toBeUndefined();
  });

  test('says once what went', async () => {
    await completed('ann', 'a'.repeat(64));
    const { promise: logged, resolve } = Promise.withResolvers<object>();
    const auditLog = createAuditLog({ pool: stores.pool, key: auditKey, logger: stores.logger });
    const chore = purgeOld(
      { retention, auditLog, logger: { info: resolve, warn: console.error } },
      { ...forEver, videosMs: 1 },
    );
    expect(await logged).toEqual({ ...nothing, jobs: 1 });
    await chore.stop();
    const { rows } = await stores.pool.query<{ facts: object }>(
      `SELECT facts FROM audit_log WHERE action = 'retention.purge'`,
    );
    expect(rows).toEqual([{ facts: { ...nothing, jobs: 1 } }]);
  });
});
