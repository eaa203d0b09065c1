// npm run bench:queue: jobs per second of our whole path (create, claim, complete) against pg-boss by itself, in turns, with 1,
// 2 and 4 worker processes; then with 100,000 jobs queued. No video is made. On a PostgreSQL of its own that writes to disk.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import pg from 'pg';

import { watchMemory } from '../scripts/process-memory.ts';
import { startEmbeddedServer } from '../src/adapters/postgres/embedded-server.ts';
import { migrate } from '../src/adapters/postgres/migrate.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import { createTables, openPath, type PathName, pathNames } from './queue/paths.ts';
import { median, megabytes, printTable } from './render/table.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    jobs: { type: 'string', default: '100000' },
    only: { type: 'string', default: 'flow,backlog' },
  },
});
const [seconds, rounds, queued] = [options.seconds, options.rounds, options.jobs].map(Number) as [
  number,
  number,
  number,
];
const parts = options.only.split(',');
const workerCounts = [1, 2, 4];
/** Jobs that a worker has under way at a time. */
const places = 4;
/** Done before the clock starts, so that connections are open and statements planned. */
const warmUpJobs = 300;
/** Requests for jobs that are under way at a time. */
const callers = 16;

const log = { debug() {}, info() {}, warn: console.error, error: console.error };
const folder = await mkdtemp(join(tmpdir(), 'aiprod-bench-'));
const server = await startEmbeddedServer({ folder: join(folder, 'postgres'), logger: log });
try {
  await makeTemplate();
  if (parts.includes('flow')) await printFlow();
  if (parts.includes('backlog')) await printBacklog();
} finally {
  await server.close();
  await rm(folder, { recursive: true, force: true });
}

/** Jobs are created and worked on at the same time, until none is left. */
async function printFlow(): Promise<void> {
  console.log(
    `Jobs from the first create to the last complete: created for ${seconds} s by ${callers} callers beside the workers, each with\n` +
      `${places} places; medians of ${rounds} rounds, taken in turns. CPU of PostgreSQL and of all Node processes.`,
  );
  const rows: string[][] = [];
  for (const workers of workerCounts) {
    const flows = new Map<PathName, Flow[]>(pathNames.map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const name of pathNames) flows.get(name)!.push(await measureFlow(name, workers));
    }
    for (const [name, each] of flows) {
      rows.push([name, `${workers}`, ...describeFlows(each, flows.get('pg-boss')!)]);
    }
  }
  printTable([
    ['path', 'workers', 'jobs/s', 'spread', 'of pg-boss', 'PostgreSQL CPU ms/job', 'Node CPU ms/job'],
    ...rows,
  ]);
}

interface Flow {
  jobsPerSecond: number;
  databaseCpuMs: number;
  nodeCpuMs: number;
}

/** The middle, the extremes, the middle of what it is of the other's, and the CPU. */
function describeFlows(flows: Flow[], others: Flow[]): string[] {
  const rates = flows.map(({ jobsPerSecond }) => jobsPerSecond);
  const ratios = rates.map((rate, round) => rate / others[round]!.jobsPerSecond);
  return [
    median(rates).toFixed(0),
    `${Math.min(...rates).toFixed(0)}–${Math.max(...rates).toFixed(0)}`,
    median(ratios).toFixed(2),
    median(flows.map(({ databaseCpuMs }) => databaseCpuMs)).toFixed(1),
    median(flows.map(({ nodeCpuMs }) => nodeCpuMs)).toFixed(1),
  ];
}

function measureFlow(name: PathName, workers: number): Promise<Flow> {
  return withDatabase(async (url) => {
    const crew = await startWorkers(name, workers, url);
    const path = await openPath(name, url, folder);
    crew.go();
    await Promise.all(Array.from({ length: warmUpJobs }, (_, n) => path.create(n)));
    await crew.completed(warmUpJobs);
    const watch = watchMemory(200);
    const before = new Map(
      watchMemory(60_000)
        .stop()
        .map((seen) => [seen.pid, seen.cpuSeconds]),
    );
    try {
      const startedAt = performance.now();
      const created = await createFor(seconds * 1000, path.create);
      await crew.completed(warmUpJobs + created);
      const tookMs = performance.now() - startedAt;
      const seen = watch.stop();
      const cpuMs = (isDatabase: boolean) =>
        seen
          .filter((each) => (each.name === 'PostgreSQL') === isDatabase)
          .reduce((sum, { pid, cpuSeconds }) => sum + cpuSeconds - (before.get(pid) ?? 0), 0) *
        (1000 / created);
      return {
        jobsPerSecond: (created * 1000) / tookMs,
        databaseCpuMs: cpuMs(true),
        nodeCpuMs: cpuMs(false),
      };
    } finally {
      watch.stop();
      await path.close();
      await crew.stop();
    }
  });
}

/** Resolves with how many were created. */
async function createFor(ms: number, create: (n: number) => Promise<void>): Promise<number> {
  const until = performance.now() + ms;
  let created = 0;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < until) await create(created++);
    }),
  );
  return created;
}

async function printBacklog(): Promise<void> {
  console.log(
    `\nWith ${queued} jobs queued: completed for ${seconds} s by 4 workers, then created for ${seconds} s without workers.`,
  );
  const rows: string[][] = [];
  for (const name of pathNames) rows.push([name, ...(await measureBacklog(name))]);
  printTable([
    ['path', 'completed/s', 'created/s', 'largest worker', 'largest PostgreSQL process', 'database'],
    ...rows,
  ]);
}

function measureBacklog(name: PathName): Promise<string[]> {
  return withDatabase(async (url) => {
    const path = await openPath(name, url, folder);
    try {
      await path.fill(queued);
      const crew = await startWorkers(name, 4, url);
      const memory = watchMemory(250);
      const startedAt = performance.now();
      crew.go();
      await new Promise((passed) => setTimeout(passed, seconds * 1000));
      const completed = (crew.done() * 1000) / (performance.now() - startedAt);
      const peaks = memory.stop();
      const peakOf = (wanted: (pid: number, process: string) => boolean) =>
        megabytes(
          Math.max(...peaks.filter((peak) => wanted(peak.pid, peak.name)).map((peak) => peak.peakBytes)),
        );
      await crew.stop();
      const created = (await createFor(seconds * 1000, path.create)) / seconds;
      return [
        completed.toFixed(0),
        created.toFixed(0),
        peakOf((pid) => crew.pids.includes(pid)),
        peakOf((_, process) => process === 'PostgreSQL'),
        megabytes(await databaseBytes(url)),
      ];
    } finally {
      await path.close();
    }
  });
}

interface Crew {
  pids: number[];
  go(): void;
  done(): number;
  /** Resolves when so many jobs are done. Throws when a worker ends before. */
  completed(jobs: number): Promise<void>;
  stop(): Promise<void>;
}

async function startWorkers(name: PathName, count: number, url: string): Promise<Crew> {
  const env = { ...process.env, AIPROD_TEST_BENCH: JSON.stringify({ url, folder }) };
  const program = resolve(import.meta.dirname, 'queue/worker.ts');
  const workers: ChildProcess[] = Array.from({ length: count }, () =>
    fork(program, [name, `${places}`], { env }),
  );
  let done = 0;
  const enough = { jobs: Number.POSITIVE_INFINITY, reached: () => {}, failed: (_error: Error) => {} };
  for (const worker of workers) {
    worker.on('message', (message: 'ready' | { done: number }) => {
      if (message === 'ready') return;
      done += message.done;
      if (done >= enough.jobs) enough.reached();
    });
    worker.on('exit', (code) => enough.failed(new Error(`a worker ended with ${code}`)));
  }
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  return {
    pids: workers.map(({ pid }) => pid!),
    go() {
      for (const worker of workers) worker.send('go');
    },
    done: () => done,
    completed(jobs) {
      return new Promise((reached, failed) => {
        Object.assign(enough, { jobs, reached, failed });
        if (done >= jobs) reached();
      });
    },
    async stop() {
      const ended = workers.map((worker) => once(worker, 'exit'));
      for (const worker of workers) worker.send('stop');
      await Promise.all(ended);
    },
  };
}

async function makeTemplate(): Promise<void> {
  await asAdmin((admin) => admin.query('CREATE DATABASE template_bench'));
  const url = urlOf('template_bench');
  const pool = createPool({ url, max: 2, applicationName: 'aiprod-bench', onError: console.error });
  await migrate(pool);
  await pool.end();
  await createTables(url);
}

/** A fresh database for each measurement, so that none meets what another left. */
async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  await asAdmin((admin) => admin.query('CREATE DATABASE bench TEMPLATE template_bench'));
  try {
    return await work(urlOf('bench'));
  } finally {
    await asAdmin((admin) => admin.query('DROP DATABASE bench WITH (FORCE)'));
  }
}

async function databaseBytes(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query('SELECT pg_database_size(current_database())::float8 AS bytes');
  await client.end();
  return rows[0].bytes;
}

async function asAdmin(work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client(server.url);
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(database: string): string {
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  return url.href;
}
