// Starts a whole production in small: PostgreSQL, an API, workers, and a Prometheus that scrapes them, each a process of
// its own on one machine. Whatever was started is stopped by `stop`, also when something else did not start.
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { startEmbeddedServer } from '../../src/adapters/postgres/embedded-server.ts';
import { CommandError, exitCodes } from '../../src/cli/exit-codes.ts';
import { type PrometheusProcess, startPrometheus } from '../../test/support/prometheus-process.ts';
import { type ServerProcess, startServerProcess } from '../../test/support/server-process.ts';

/** Where the API listens unless something else does. */
const usualPort = 8787;

export interface Stack {
  api: ServerProcess;
  workers: ServerProcess[];
  prometheus: PrometheusProcess;
  /** In the place of the one that is gone: at the same address, so that Prometheus finds it. */
  startWorkerAgain(index: number): Promise<void>;
}

/** Throws CommandError `machine` when there is no Prometheus. */
export function needPrometheus(): void {
  const { error } = spawnSync('prometheus', ['--version'], { stdio: 'ignore' });
  if (error === undefined) return;
  throw new CommandError(
    exitCodes.machine,
    'Prometheus is not installed: nothing was started.',
    'Install it: apt-get install prometheus (Debian, Ubuntu), or put `prometheus` of https://prometheus.io/download on PATH.',
  );
}

/**
 * `say` is told what was started. `onStop` collects how to stop it, in the order of starting. Throws the signal's reason
 * between two parts once it is aborted.
 */
export async function startStack(options: {
  folder: string;
  workers: number;
  everySeconds: number;
  say(line: string): void;
  onStop(stop: () => Promise<unknown>): void;
  signal: AbortSignal;
}): Promise<Stack> {
  const { folder, everySeconds, say, onStop, signal } = options;
  const log = { debug() {}, info() {}, warn: console.error, error: console.error };
  const database = await startEmbeddedServer({ folder: join(folder, 'postgres'), logger: log });
  onStop(() => database.close());
  say(`PostgreSQL   ${new URL(database.url).host}`);
  const environment = {
    AIPROD_DATA: join(folder, 'data'),
    DATABASE_URL: database.url,
    AIPROD_LEASE_SECONDS: '10',
    AIPROD_SWEEP_SECONDS: '2',
  };
  const start = async (name: string, more: Record<string, string>): Promise<ServerProcess> => {
    signal.throwIfAborted();
    const server = await startServerProcess({ ...environment, ...more });
    onStop(() => server.stop());
    say(`${name.padEnd(12)} ${server.url}`);
    return server;
  };
  const port = (await isFree(usualPort)) ? usualPort : 0;
  if (port === 0) say(`(something listens on port ${usualPort}: the API takes another)`);
  const api = await start('API', { AIPROD_ROLE: 'api', AIPROD_PORT: `${port}` });
  const mediaProcesses = Math.max(1, Math.floor(availableParallelism() / options.workers));
  const startWorker = (index: number, at: string) =>
    start(`worker ${index + 1}`, {
      AIPROD_ROLE: 'worker',
      AIPROD_PORT: at,
      AIPROD_JOBS_AT_ONCE: '1',
      AIPROD_MEDIA_PROCESSES: `${mediaProcesses}`,
    });
  const workers: ServerProcess[] = [];
  while (workers.length < options.workers) workers.push(await startWorker(workers.length, '0'));
  signal.throwIfAborted();
  const prometheus = await startPrometheus({
    targets: {
      'aiprod-api': [new URL(api.url).host],
      'aiprod-worker': workers.map(({ url }) => new URL(url).host),
    },
    everySeconds,
  });
  onStop(() => prometheus.stop());
  signal.throwIfAborted();
  await prometheus.until(`sum(up) == ${1 + workers.length}`, 'Prometheus reaches all that it is to scrape');
  say(`Prometheus   ${prometheus.url}`);
  return {
    api,
    workers,
    prometheus,
    async startWorkerAgain(index) {
      workers[index] = await startWorker(index, new URL(workers[index]!.url).port);
    },
  };
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const probe = createServer();
  probe.once('error', () => resolve(false));
  probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  return promise;
}
