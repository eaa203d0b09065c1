// Reads from a real streaming standby, made to lag, to vanish and to go its own way: nobody ever reads less than what had
// been committed before.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { createDatabaseCheckups } from '../../src/adapters/postgres/checkups.ts';
import { createJobStore } from '../../src/adapters/postgres/job-store.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import { createReadReplica, type ReadOutcome } from '../../src/adapters/postgres/read-replica.ts';
import { createRecordingQueue } from '../conformance/stores-under-test.ts';
import { openTestDatabase } from '../support/database.ts';
import { type PostgresServer, startPostgresServer } from '../support/postgres-server.ts';
import { requestOf } from '../support/requests.ts';
import { startServerProcess } from '../support/server-process.ts';

let primary: PostgresServer;
let standby: PostgresServer;
const outcomes: ReadOutcome[] = [];
const told: string[] = [];
const pools: pg.Pool[] = [];

function open(url: string): pg.Pool {
  const pool = createPool({ url, max: 3, connectMs: 1_000, applicationName: 'test', onError: () => {} });
  pools.push(pool);
  return pool;
}

/** As one process of the API has it. */
function openInstance() {
  const pool = open(primary.url);
  const replica = open(standby.url);
  const log = (_: object, message: string) => void told.push(message);
  const readOn = createReadReplica({
    primary: pool,
    replica,
    onRead: (outcome) => outcomes.push(outcome),
    logger: { info: log, warn: log },
    patienceMs: 300,
    restMs: { behind: 0, away: 0 },
  });
  return createJobStore({ pool, queue: createRecordingQueue(), readOn });
}

let here: ReturnType<typeof openInstance>;
let there: ReturnType<typeof openInstance>;

beforeAll(async () => {
  primary = await startPostgresServer();
  standby = await primary.startReplica();
  await migrate(open(primary.url));
  [here, there] = [openInstance(), openInstance()];
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await standby?.close();
  await primary?.close();
});
beforeEach(() => {
  outcomes.length = 0;
  told.length = 0;
});

async function create(): Promise<string> {
  const { job } = await here.create({
    userId: 'ann',
    request: requestOf(),
    maxRetries: 3,
    estimatedMicroUsd: 0,
  });
  return job.jobId;
}

async function onStandby(sql: string): Promise<void> {
  const client = new pg.Client(standby.url);
  await client.connect();
  await client.query(sql);
  await client.end();
}

const from = (outcome: ReadOutcome) => outcomes.filter((each) => each === outcome).length;

test('whatever one process wrote, another reads at once, and from the replica', async () => {
  for (let round = 0; round < 20; round++) {
    const jobId = await create();
    expect(await there.find('ann', jobId)).toMatchObject({ status: 'pending' });
    await there.cancel('ann', jobId);
    expect((await here.list('ann', { limit: 1 })).jobs).toMatchObject([{ jobId, status: 'canceled' }]);
  }
  expect(await here.countByStatus()).toMatchObject({ canceled: 20 });
  expect(outcomes).toHaveLength(41);
  expect(from('replica')).toBeGreaterThan(35);
  const { rows } = await open(standby.url).query('SELECT count(*)::int AS jobs FROM jobs');
  expect(rows).toEqual([{ jobs: 20 }]);
});

test('many who read at once are all given what was there before', async () => {
  const ids = await Promise.all(Array.from({ length: 10 }, create));
  const found = await Promise.all(ids.map((jobId) => there.find('ann', jobId)));
  expect(found.map((job) => job?.jobId)).toEqual(ids);
});

test('a replica that is behind is not read, until it has caught up', async () => {
  await onStandby('SELECT pg_wal_replay_pause()');
  const jobId = await create();
  expect(await there.find('ann', jobId)).toMatchObject({ jobId });
  await here.cancel('ann', jobId);
  expect(await there.find('ann', jobId)).toMatchObject({ status: 'canceled' });
  expect(outcomes).toEqual(['behind', 'behind']);
  expect(told).toEqual(['the replica is behind: jobs are read from the primary']);
  await onStandby('SELECT pg_wal_replay_resume()');
  expect(await there.find('ann', jobId)).toMatchObject({ status: 'canceled' });
  expect(outcomes.at(-1)).toBe('replica');
  expect(told.at(-1)).toBe('jobs are read from the replica again');
});

test('a replica that is away is not missed', async () => {
  await standby.stop();
  const jobId = await create();
  expect(await there.find('ann', jobId)).toMatchObject({ jobId });
  expect((await there.list('ann', { limit: 1 })).jobs).toHaveLength(1);
  expect(outcomes).toEqual(['away', 'away']);
  expect(told, 'said once').toEqual(['the replica cannot be read: jobs are read from the primary']);
  await standby.start();
  await until(async () => {
    await there.find('ann', jobId);
    return outcomes.at(-1) === 'replica';
  });
});

test('a request that is wrong is wrong on both', async () => {
  await expect(there.list('ann', { limit: 1, cursor: 'x' })).rejects.toMatchObject({
    code: 'request_invalid',
  });
});

test('is used by the API where the configuration names it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-replica-'));
  const aiprod = await startServerProcess({
    AIPROD_ROLE: 'api',
    AIPROD_DATA: folder,
    DATABASE_URL: primary.url,
    AIPROD_DATABASE_REPLICA_URL: standby.url,
  });
  try {
    const answer = await fetch(new URL('/v1/videos', aiprod.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ script: 'One.' }),
    });
    const location = answer.headers.get('location')!;
    await until(async () => {
      expect((await fetch(new URL(location, aiprod.url))).status).toBe(200);
      const metrics = await (await fetch(new URL('/metrics', aiprod.url))).text();
      return /database_replica_reads_total\{outcome="replica"\} [1-9]/.test(metrics);
    });
  } finally {
    expect(await aiprod.stop()).toBe(0);
    await rm(folder, { recursive: true, force: true });
  }
});

test('the doctor knows a replica of this primary from others', async () => {
  const other = await openTestDatabase();
  const look = (url: string) => {
    const options = { url, caFile: undefined, replicaUrl: standby.url, perProcess: 12, withQueue: false };
    const replica = createDatabaseCheckups(options).find(({ name }) => name === 'database replica')!;
    return replica.check(AbortSignal.timeout(10_000));
  };
  expect(await look(primary.url)).toMatch(/^follows, \d+\.\d s behind$/);
  await expect(look(other.url)).rejects.toMatchObject({
    publicMessage: 'It follows another primary than DATABASE_URL.',
  });
  await other.close();
});

test('a replica that was promoted is none any more', async () => {
  await onStandby('SELECT pg_promote()');
  const jobId = await create();
  expect(await there.find('ann', jobId)).toMatchObject({ jobId });
  expect(outcomes).toEqual(['away']);
});

test('without the primary nobody knows what was written', async () => {
  await primary.stop();
  await expect(there.list('ann', { limit: 1 })).rejects.toMatchObject({ code: 'database_unavailable' });
});

async function until(done: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 10_000; !(await done()); await delay(50)) {
    if (performance.now() > deadline) throw new Error('waited too long');
  }
}
