// How the system says that it is: /health asks nobody, /ready asks every part, /status tells people what is going on.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createServiceRecord } from '../../src/adapters/postgres/service-record.ts';
import type { ApiDeps } from '../../src/api/deps.ts';
import { AppError, type ErrorCode, toProblem } from '../../src/domain/errors.ts';
import { openTestApi, type TestApi } from '../support/api.ts';

let on: TestApi;
beforeAll(async () => {
  on = await openTestApi();
});
afterAll(() => on.close());

const facts = async (api = on) =>
  (await api.ask('GET', '/status', { headers: { accept: 'application/json' } })).json();

/** Whatever is asked of it fails the test. */
function untouchable<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get(_, property) {
      throw new Error(`${name}.${String(property)} was asked`);
    },
  });
}

test('/health takes no connection and asks no part, whoever asks; /ready does both', async () => {
  const { pool } = on.stores;
  let taken = 0;
  const count = () => void taken++;
  pool.on('acquire', count);
  const everyWay = [{}, { authorization: 'Bearer x' }, { 'x-test-user': 'bob', cookie: 'a=b' }];
  for (const headers of everyWay) {
    for (const method of ['GET', 'HEAD'] as const) {
      expect((await on.ask(method, '/health', { headers })).statusCode).toBe(200);
    }
  }
  expect(taken).toBe(0);
  expect((await on.ask('GET', '/ready')).json()).toMatchObject({ status: 'ready', failed: [] });
  expect(taken).toBeGreaterThan(0);
  pool.off('acquire', count);

  const parts = [
    'jobStore',
    'jobEvents',
    'stepStore',
    'blobStore',
    'assetStore',
    'apiKeys',
    'deadLetters',
    'erasure',
    'auditLog',
    'queue',
    'serviceRecord',
    'incidents',
    'accountArchive',
  ];
  const alone = await openTestApi({
    ...(Object.fromEntries(parts.map((part) => [part, untouchable(part)])) as Partial<ApiDeps>),
    metrics: { ...untouchable<ApiDeps['metrics']>('metrics'), routeOffered() {}, httpRequest() {} },
    authenticate: () => {
      throw new Error('authenticate was asked');
    },
  });
  expect((await alone.ask('GET', '/health')).json()).toEqual({ status: 'ok', version: '0.1.0' });
  expect((await alone.ask('GET', '/status')).statusCode, 'asks what it needs').toBe(500);
  await alone.close();
});

test('/status tells the last hour: successes, whose fault failures were, how long it took and waited', async () => {
  expect((await facts()).last_hour).toMatchObject({
    completed: 0,
    success_ratio: null,
    making: null,
    waiting: null,
  });
  const { stores } = on;
  const { leases, pool } = stores;
  const claim = async (createdSecondsAgo: number, startedSecondsAgo: number) => {
    const lease = await stores.claimNew('ann');
    await pool.query(
      `UPDATE jobs SET created_at = now() - $2 * interval '1 second', due_at = now() - $2 * interval '1 second',
         started_at = now() - $3 * interval '1 second' WHERE job_id = $1`,
      [lease.jobId, createdSecondsAgo, startedSecondsAgo],
    );
    return lease;
  };
  const complete = async (lease: Awaited<ReturnType<typeof claim>>) =>
    leases.complete(lease, {
      files: {},
      report: {} as never,
      video: { title: 'Fog', width: 1280, height: 720, fps: 24, duration: 12.5, bytes: 1_000 },
      degradations: [],
      reuse: { steps_total: 1, steps_reused: 0 },
    });
  const fail = async (deadLetter: boolean, code: ErrorCode) =>
    leases.fail(await claim(20, 10), {
      error: toProblem(new AppError(code, 'x')),
      degradations: [],
      deadLetter,
    });
  for (const seconds of [10, 20, 30]) await complete(await claim(2 * seconds, seconds));
  await fail(true, 'storage_unavailable');
  await fail(false, 'provider_quota');
  await fail(false, 'glyph_missing');
  const old = await claim(9_000, 8_000);
  await complete(old);
  await pool.query(`UPDATE jobs SET completed_at = now() - interval '61 minutes' WHERE job_id = $1`, [
    old.jobId,
  ]);
  await on.ask('POST', `/v1/videos/${await on.create()}/cancel`);
  // Became due once more after its start: tells of no waiting.
  const again = await claim(0, 100);
  await complete(again);
  await pool.query(`UPDATE jobs SET due_at = now() WHERE job_id = $1`, [again.jobId]);

  const { last_hour: hour, versions } = await facts();
  expect(hour).toMatchObject({ completed: 4, failed: 2, refused: 1, canceled: 1, success_ratio: 4 / 6 });
  expect(hour.making.median_seconds).toBeCloseTo(25, 0);
  expect(hour.making.p95_seconds).toBeGreaterThan(80);
  expect(hour.waiting.median_seconds).toBeCloseTo(10, 0);
  expect(versions.schema).toBeGreaterThanOrEqual(16);
  expect(versions.postgresql).toMatch(/^\d+$/);

  const page = (await on.ask('GET', '/status', { headers: { accept: 'text/html' } })).body;
  expect(page).toContain('66.6 %');
  expect(page).not.toContain('<script');
});

test('/status counts users’ requests to this process: nothing that machines ask, and no time of uploads', async () => {
  const fresh = await openTestApi();
  for (const path of ['/health', '/ready', '/metrics', '/status']) await fresh.ask('GET', path);
  expect((await facts(fresh)).requests).toMatchObject({ answered: 0, median_ms: null });
  await fresh.ask('POST', '/v1/assets', { payload: 'GIF89a', headers: { 'content-type': 'image/gif' } });
  expect((await facts(fresh)).requests).toMatchObject({ answered: 1, median_ms: null });
  await fresh.ask('GET', '/v1/videos');
  const { requests } = await facts(fresh);
  await fresh.close();
  expect(requests.answered).toBe(2);
  expect(requests.p99_ms).toBeGreaterThanOrEqual(requests.median_ms);
});

test('/status shows incidents as soon as they are written, and says when they cannot be read', async () => {
  const file = join(on.stores.folder, 'incidents.json');
  const incident = { title: 'Slow <i>', impact: 'degraded', started_at: '2020-01-01T00:00:00Z' };
  await writeFile(file, JSON.stringify([incident]));
  expect((await facts()).incidents).toEqual([
    {
      title: 'Slow <i>',
      impact: 'degraded',
      started_at: '2020-01-01T00:00:00.000Z',
      resolved_at: null,
      updates: [],
    },
  ]);
  const page = (await on.ask('GET', '/status')).body;
  expect(page).toContain('Working, with trouble');
  expect(page).toContain('Slow &#60;i&#62;');
  await writeFile(file, '[');
  expect((await facts()).incidents).toBeNull();
  expect((await on.ask('GET', '/status')).body).toContain('The list of incidents cannot be read now.');
});

test('without a database /status still tells the incidents, and what is not known', async () => {
  const gone = async () => {
    throw new AppError('database_unavailable', 'The database does not answer.');
  };
  const down = await openTestApi({
    jobStore: { ...on.stores.jobStore, countByStatus: gone },
    queue: { depth: gone },
    serviceRecord: { lastHour: gone, versions: gone },
    readiness: { database: gone },
    incidents: {
      list: async () => [
        { title: 'Database down', impact: 'outage', startedAt: new Date(0), resolvedAt: null, updates: [] },
      ],
    },
  });
  const told = await facts(down);
  expect(told).toMatchObject({ status: 'not_ready', jobs: null, queue: null, last_hour: null });
  expect(told.versions).toMatchObject({ schema: null, postgresql: null });
  expect(told.incidents).toHaveLength(1);
  const page = await down.ask('GET', '/status');
  expect([page.statusCode, page.body.includes('Not ready: database.')]).toEqual([200, true]);
  await down.close();
});

test('an empty schema has a record too', async () => {
  const fresh = await openTestApi();
  expect(await createServiceRecord({ pool: fresh.stores.pool }).lastHour()).toEqual({
    completed: 0,
    failed: 0,
    refused: 0,
    canceled: 0,
    making: null,
    waiting: null,
  });
  await fresh.close();
});
