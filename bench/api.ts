// npm run bench:api: how long requests take with logins, limits and validation on, 100,000 jobs in the table and two
// renders running; then throughput against a bare Fastify route. On loopback, for a bounded time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

import pg from 'pg';

import { findEmbeddedUrl } from '../src/adapters/postgres/embedded-server.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import { createApiClient } from '../src/cli/api-client.ts';
import { openApiKeys } from '../src/compose/choose-login.ts';
import { readConfig } from '../src/config/config.ts';
import { startServerProcess } from '../test/support/server-process.ts';
import { type Call, pace, send, type Target, throughput } from './api/load.ts';

const jobs = 100_000;
const users = 1_000;
const seconds = 20;
/** Requests per second of each kind. */
const perSecond = 20;
/** Alternating measurements of throughput, of which the median counts. */
const rounds = 5;

/** The product's promises, P99 in milliseconds. */
const promises = { health: 50, create: 2_000, read: 100, list: 500 } as const;
type Kind = keyof typeof promises;

const longScript = Array.from(
  { length: 30 },
  (_, n) => `Chapter ${n + 1} begins where the mountain meets the sea, and nobody sleeps.`,
).join(' ');

const folder = await mkdtemp(join(tmpdir(), 'aiprod-bench-'));
const environment = {
  AIPROD_DATA: folder,
  AIPROD_LOGIN: 'required',
  // On, and high enough that the load itself is not what they refuse.
  AIPROD_REQUESTS_PER_MINUTE: '1000000',
  AIPROD_USER_JOBS_WAITING: '1000000',
};
const server = await startServerProcess(environment);
const bare = await startBareServer();
try {
  const key = await makeKey();
  const { payload } = await createApiClient(server.url, { apiKey: key }).create({
    script: 'A job of the past.',
  });
  await fillTable(payload);
  const target: Target = { url: server.url, headers: { authorization: `Bearer ${key}` } };
  const rendering = await startRenders(server.url, key);
  printTimes(await measureTimes(target, rendering));
  await printThroughput(target, rendering);
} finally {
  await Promise.all([server.stop(), bare.stop()]);
  await rm(folder, { recursive: true, force: true });
}

async function makeKey(): Promise<string> {
  const url = await databaseUrl();
  const pool = createPool({ url, max: 1, applicationName: 'aiprod-bench', onError: () => {} });
  try {
    const apiKeys = await openApiKeys(readConfig(environment, {}), pool);
    return (
      await apiKeys.create({ userId: 'user-1', name: 'bench', scopes: ['videos:read', 'videos:write'] })
    ).key;
  } finally {
    await pool.end();
  }
}

/** With finished jobs of many users, all of the same request. */
async function fillTable(request: unknown): Promise<void> {
  const client = new pg.Client(await databaseUrl());
  await client.connect();
  await client.query(
    `INSERT INTO jobs (job_id, user_id, status, request, max_retries, cost, created_at, completed_at, attempts, progress)
     SELECT gen_random_uuid(), 'user-' || (n % $2::int), 'completed', $3::jsonb, 3, $4::jsonb,
       now() - n * interval '10 seconds', now(), 1, 1
     FROM generate_series(1, $1::int) n`,
    [jobs, users, JSON.stringify(request), '{"estimated_micro_usd":0,"actual_micro_usd":0,"by_provider":{}}'],
  );
  await client.query('ANALYZE jobs');
  await client.end();
}

async function databaseUrl(): Promise<string> {
  const url = await findEmbeddedUrl(join(folder, 'postgres'));
  if (url === undefined) throw new Error('the server has started no database');
  return url;
}

/** Id of one of two jobs, both of which render by now. */
async function startRenders(url: string, key: string): Promise<string> {
  const client = createApiClient(url, { apiKey: key });
  const started = await Promise.all([1, 2].map((seed) => client.create({ script: longScript, seed })));
  await Promise.all(
    started.map(({ job_id }) => {
      const leave = new AbortController();
      const onEvent = ({ stage }: { stage: string | null }) => {
        if (stage === 'render') leave.abort();
      };
      return client.follow(job_id, onEvent, leave.signal).catch((error) => {
        if (!leave.signal.aborted) throw error;
      });
    }),
  );
  return started[0]!.job_id;
}

function measureTimes(target: Target, jobId: string): Promise<Record<Kind, number[]>> {
  return pace<Kind>(
    target,
    {
      health: () => ({ path: '/health' }),
      create: () => ({
        method: 'POST',
        path: '/v1/videos',
        body: '{"script":"One more job waits in line.","mood":"calm"}',
      }),
      read: () => ({ path: `/v1/videos/${jobId}` }),
      list: () => ({ path: '/v1/videos?limit=20' }),
    },
    { perSecond, seconds },
  );
}

function printTimes(tookMs: Record<Kind, number[]>): void {
  console.log(
    `${seconds} s at ${perSecond} requests per second of each kind; ${jobs} jobs in the table, two renders running, login and limits on:`,
  );
  console.log('request      count     P50       P99       max   promised P99   P99 / promise');
  for (const kind of Object.keys(promises) as Kind[]) {
    const sorted = tookMs[kind].toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
    const ms = (value: number) => `${value.toFixed(1)} ms`.padStart(10);
    const ratio = (at(0.99) / promises[kind]).toFixed(2);
    console.log(
      `${kind.padEnd(10)} ${String(sorted.length).padStart(7)}${ms(at(0.5))}${ms(at(0.99))}${ms(at(1))}${ms(promises[kind]).padStart(15)}${ratio.padStart(16)}`,
    );
  }
}

async function printThroughput(target: Target, jobId: string): Promise<void> {
  const read: Call = { path: `/v1/videos/${jobId}` };
  const targets: Record<string, [Target, Call]> = {
    'bare Fastify route': [{ url: bare.url, headers: {} }, read],
    '/health': [target, { path: '/health' }],
    'read one job': [target, read],
    'list 20 jobs': [target, { path: '/v1/videos?limit=20' }],
  };
  const names = Object.keys(targets);
  const rates = Object.fromEntries(names.map((name) => [name, [] as number[]]));
  for (const name of names) await send(...targets[name]!);
  for (let round = 0; round < rounds; round++) {
    for (const name of names) rates[name]!.push(await throughput(...targets[name]!));
  }
  const median = (name: string) => rates[name]!.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!;
  console.log(
    `\nThroughput with 16 callers, median of ${rounds} alternating rounds, the renders still running:`,
  );
  console.log('route                 answers/s   of the bare route');
  for (const name of names) {
    const share = (median(name) / median('bare Fastify route')).toFixed(2);
    console.log(`${name.padEnd(20)}${median(name).toFixed(0).padStart(11)}${share.padStart(20)}`);
  }
}

async function startBareServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'api/bare-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    url,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
