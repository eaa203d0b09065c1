// SIGTERM while a video is rendered: the process ends within 8 s, whoever holds it up, with its children; the job is given
// back as if nobody had begun, and another process goes on where it was.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { expect, type TestContext, test, vi } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { elevenlabsKey, startElevenlabsDouble } from '../support/elevenlabs-double.ts';
import { childrenOf, gone } from '../support/processes.ts';
import { startServerProcess } from '../support/server-process.ts';
import { finished, reached, smallRequest } from '../support/small-job.ts';
import { startTcpRelay } from '../support/tcp-relay.ts';

/** Cloud Run and Kubernetes kill after 10 s. */
const mostMs = 8_000;

/** A folder and a database of the test's own. */
async function openPlace({ onTestFinished }: TestContext, changes: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-sigterm-'));
  const database = await openTestDatabase();
  onTestFinished(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  const environment = {
    AIPROD_DATA: folder,
    DATABASE_URL: database.url,
    AIPROD_JOBS_AT_ONCE: '1',
    AIPROD_LEASE_SECONDS: '30',
    AIPROD_SWEEP_SECONDS: '0.5',
    ...changes,
  };
  return { database, environment };
}

async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const startedAt = performance.now();
  return { result: await work, ms: performance.now() - startedAt };
}

async function rowsOf({ url }: TestDatabase, sql: string, values?: unknown[]) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

async function rowOf(database: TestDatabase, jobId: string) {
  const sql = 'SELECT status, attempts, lease_epoch, lease_until, stage FROM jobs WHERE job_id = $1';
  const [row] = await rowsOf(database, sql, [jobId]);
  return row;
}

/** An upload of which only the first bytes come. */
function beginUpload(url: string, firstBytes: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(
    `POST /v1/assets HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: image/png\r\nContent-Length: 100000\r\n\r\n`,
  );
  socket.write(firstBytes, 'latin1');
  return socket;
}

test.concurrent('a rendering job is given back uncharged, nothing else is claimed, and slow callers hold up nothing', async (context) => {
  const { database, environment } = await openPlace(context);
  const first = await startServerProcess(environment);
  const api = createApiClient(first.url);
  const { job_id: rendering } = await api.create({ ...smallRequest, resolution: '1080p' });
  await reached(first.url, rendering, 'render');
  const { job_id: waiting } = await api.create({ ...smallRequest, seed: 8 });
  const media = childrenOf(first.pid);
  expect(media.length).toBeGreaterThan(0);
  // The rest of one is waited for; the other was refused, and its sender does not take notice.
  const uploads = ['\x89PNG\r\n\x1a\n', 'no picture'].map((bytes) => beginUpload(first.url, bytes));
  const events = await fetch(new URL(`/v1/videos/${rendering}/events`, first.url));
  const reader = events.body!.getReader();
  await reader.read();

  const { result, ms } = await timed(first.stop());
  expect(result).toBe(0);
  expect(ms).toBeLessThan(mostMs);
  await gone(media);
  while (!(await reader.read()).done);
  for (const upload of uploads) if (!upload.closed) await once(upload, 'close');
  expect(await rowOf(database, rendering)).toMatchObject({
    status: 'pending',
    attempts: 0,
    lease_epoch: 1,
    lease_until: null,
    stage: 'render',
  });
  expect(await rowOf(database, waiting), 'never claimed').toMatchObject({
    status: 'pending',
    attempts: 0,
    lease_epoch: 0,
  });

  const second = await startServerProcess(environment);
  for (const jobId of [rendering, waiting]) {
    expect(await finished(second.url, jobId)).toMatchObject({
      status: 'completed',
      retry_count: 0,
      error: null,
    });
  }
  const steps = await createApiClient(second.url).steps(rendering);
  const reused = steps.filter(({ outcome }) => outcome === 'reused').map(({ step }) => step);
  expect(reused).toEqual(expect.arrayContaining(['plan', 'narrate', 'illustrate']));
  expect((await timed(second.stop())).ms, 'with nothing to do').toBeLessThan(3_000);
}, 120_000);

test.concurrent('while users are erased, for minutes, jobs are given back all the same', async (context) => {
  const { database, environment } = await openPlace(context);
  // Each pass takes a second.
  await rowsOf(
    database,
    `CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN NULL; END';
     CREATE TRIGGER dawdle BEFORE DELETE ON assets FOR EACH STATEMENT EXECUTE FUNCTION dawdle();
     INSERT INTO erased_users (user_hash, user_id)
     SELECT erased_user_hash(name), name FROM (SELECT 'user ' || n AS name FROM generate_series(1, 300) n) users`,
  );
  const server = await startServerProcess(environment);
  const { job_id: jobId } = await createApiClient(server.url).create({
    ...smallRequest,
    resolution: '1080p',
  });
  await reached(server.url, jobId, 'render');

  const { result, ms } = await timed(server.stop());
  expect(result).toBe(0);
  expect(ms).toBeLessThan(5_000);
  expect(await rowOf(database, jobId)).toMatchObject({ status: 'pending', attempts: 0, lease_until: null });
  const [passes] = await rowsOf(
    database,
    `SELECT count(*) FILTER (WHERE due_at <= now())::int AS due,
       count(*) FILTER (WHERE due_at >= requested_at + interval '15 minutes')::int AS made FROM erased_users`,
  );
  expect(passes.made).toBeGreaterThan(0);
  expect(passes.due + passes.made, 'what was broken off is due again').toBe(300);
}, 60_000);

test.concurrent('the answer to a paid request is waited for, but not past the end', async (context) => {
  const double = await startElevenlabsDouble();
  double.failing = { speech: 'hang' };
  const { database, environment } = await openPlace(context, {
    AIPROD_VOICE: 'elevenlabs',
    AIPROD_ELEVENLABS_URL: double.url,
    ELEVENLABS_API_KEY: elevenlabsKey,
  });
  const server = await startServerProcess(environment);
  // One scene, so that there is one call.
  const request = { ...smallRequest, script: 'The storm came at night.' };
  const { job_id: jobId } = await createApiClient(server.url).create(request);
  await vi.waitFor(() => expect(double.asked).toHaveLength(1), 20_000);
  const { result, ms } = await timed(server.stop());
  expect(result).toBe(0);
  expect(ms).toBeGreaterThan(5_500);
  expect(ms).toBeLessThan(mostMs);
  expect(await rowOf(database, jobId)).toMatchObject({ status: 'pending', attempts: 0, lease_until: null });
  const receipts = await rowsOf(database, 'SELECT state FROM receipts WHERE job_id = $1', [jobId]);
  expect(receipts, 'known as ambiguous by whoever goes on').toEqual([{ state: 'sending' }]);
  await double.close();
});

test.concurrent('with a database that does not answer it ends all the same, and the lease runs out', async (context) => {
  const { database, environment } = await openPlace(context, { AIPROD_LEASE_SECONDS: '2' });
  const { hostname, port } = new URL(database.url);
  expect(hostname).toBe('127.0.0.1');
  const relay = await startTcpRelay(Number(port));
  const through = new URL(database.url);
  through.port = `${relay.port}`;
  const first = await startServerProcess({ ...environment, DATABASE_URL: through.href });
  const { job_id: jobId } = await createApiClient(first.url).create(smallRequest);
  await reached(first.url, jobId, 'illustrate');
  const media = childrenOf(first.pid);
  relay.freeze();
  const health = await timed(fetch(new URL('/health', first.url)));
  expect(health.result.status, 'alive all the same').toBe(200);
  expect(health.ms).toBeLessThan(1_500);
  const ready = await timed(fetch(new URL('/ready', first.url)));
  expect(await ready.result.json()).toMatchObject({ failed: ['database', 'queue'] });
  expect(ready.ms).toBeLessThan(4_000);
  const { result, ms } = await timed(first.stop());
  expect(result).toBe(1);
  expect(ms).toBeLessThan(mostMs + 500);
  await gone(media);
  await relay.close();

  const second = await startServerProcess(environment);
  expect(await finished(second.url, jobId)).toMatchObject({ status: 'completed', retry_count: 1 });
  await second.stop();
}, 120_000);

/** A process that waits, while it starts, for a database which does not answer. */
async function startHanging(context: TestContext) {
  const silent = createServer((socket) => void socket.on('error', () => {}));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const asked = once(silent, 'connection') as Promise<[Socket]>;
  const { environment } = await openPlace(context, {
    DATABASE_URL: `postgresql://a@127.0.0.1:${port}/b`,
    AIPROD_PORT: '0',
  });
  const program = resolve(import.meta.dirname, '../../src/main.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      ...environment,
    },
  });
  const errors = text(child.stderr);
  const ended = once(child, 'exit');
  const [connection] = await asked;
  context.onTestFinished(() => void silent.close());
  return { silent, connection, child, ended, errors };
}

test.concurrent('while it is still starting it ends too', async (context) => {
  const { child, ended } = await startHanging(context);
  const media = childrenOf(child.pid!);
  child.kill('SIGTERM');
  const { result, ms } = await timed(ended);
  expect(result[0]).toBe(1);
  expect(ms).toBeLessThan(mostMs + 500);
  await gone(media);
});

test.concurrent('told to end while it starts, it says at once why it cannot start', async (context) => {
  const { silent, connection, child, ended, errors } = await startHanging(context);
  child.kill('SIGTERM');
  silent.close();
  connection.destroy();
  const { result, ms } = await timed(ended);
  expect(result[0]).toBe(4);
  expect(ms).toBeLessThan(mostMs / 2);
  expect(await errors).toContain('The database does not answer');
});
