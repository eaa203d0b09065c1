// The database goes away while the system works: stopped and started, and replaced by its standby. Requests are answered
// 503 meanwhile, the process stays, and jobs end completed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import { type PostgresServer, startPostgresServer } from '../support/postgres-server.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { finished, reached, smallRequest } from '../support/small-job.ts';
import { startTcpRelay, type TcpRelay } from '../support/tcp-relay.ts';

let folder: string;
let primary: PostgresServer;
let standby: PostgresServer;
let relay: TcpRelay;
let aiprod: ServerProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-failover-'));
  primary = await startPostgresServer();
  standby = await primary.startReplica();
  relay = await startTcpRelay(primary.port);
  aiprod = await startServerProcess({
    AIPROD_DATA: folder,
    DATABASE_URL: `postgresql://aiprod@127.0.0.1:${relay.port}/postgres`,
    AIPROD_LEASE_SECONDS: '3',
    AIPROD_SWEEP_SECONDS: '0.5',
  });
});
afterAll(async () => {
  expect(await aiprod?.stop()).toBe(0);
  await relay?.close();
  await standby?.close();
  await primary?.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string) => fetch(new URL(path, aiprod.url));
const post = (body: object) =>
  fetch(new URL('/v1/videos', aiprod.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function expectUnavailable(answer: Response): Promise<void> {
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ code: 'database_unavailable', retryable: true });
}

/** Asks until the answer has this status; the last answer. */
async function until(status: number, ask: () => Promise<Response>): Promise<Response> {
  for (const deadline = performance.now() + 20_000; ; await delay(100)) {
    const answer = await ask();
    if (answer.status === status || performance.now() > deadline) return answer;
  }
}

test('a job that runs while the server is restarted ends completed', async () => {
  const { job_id: jobId } = await createApiClient(aiprod.url).create(smallRequest);
  await reached(aiprod.url, jobId, 'render');
  await primary.stop();
  await expectUnavailable(await get(`/v1/videos/${jobId}`));
  await expectUnavailable(await post(smallRequest));
  expect(await (await get('/ready')).json()).toMatchObject({ status: 'not_ready' });
  expect((await get('/health')).status).toBe(200);
  await primary.start();
  expect((await until(200, () => get(`/v1/videos/${jobId}`))).status).toBe(200);
  expect(await finished(aiprod.url, jobId)).toMatchObject({ status: 'completed', error: null });
});

test('after a fail-over the standby is written to as soon as it leads', async () => {
  await caughtUp();
  relay.pointTo(standby.port, { cut: true });
  await primary.stop();
  // It follows nobody now and only reads: SQLSTATE 25006.
  await until(200, () => get('/v1/videos'));
  await expectUnavailable(await post(smallRequest));
  const ready = await get('/ready');
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ failed: expect.arrayContaining(['database']) });

  await query(standby, 'SELECT pg_promote()');
  const accepted = await until(202, () => post({ ...smallRequest, seed: 8 }));
  expect(accepted.status).toBe(202);
  const { job_id: jobId } = (await accepted.json()) as { job_id: string };
  expect((await until(200, () => get('/ready'))).status).toBe(200);
  expect(await finished(aiprod.url, jobId)).toMatchObject({ status: 'completed' });
});

async function query(server: PostgresServer, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(server.url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function caughtUp(): Promise<void> {
  const [{ lsn }] = (await query(primary, 'SELECT pg_current_wal_lsn() AS lsn')) as [{ lsn: string }];
  for (;;) {
    const [row] = await query(standby, `SELECT pg_last_wal_replay_lsn() >= '${lsn}' AS here`);
    if (row?.here === true) return;
    await delay(20);
  }
}
