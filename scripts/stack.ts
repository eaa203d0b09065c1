// npm run stack: a whole production in small, on this machine: PostgreSQL, an API, two workers and Prometheus. Makes five videos,
// kills a worker meanwhile, waits until the alert for it fires, prints the dashboard's numbers, brings the worker back, waits
// until the alert is resolved, and stops everything.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { createApiClient } from '../src/cli/api-client.ts';
import { CommandError, exitCodes } from '../src/cli/exit-codes.ts';
import { AppError } from '../src/domain/errors.ts';
import { readDashboard } from './stack/dashboard-numbers.ts';
import { needPrometheus, type Stack, startStack } from './stack/start-stack.ts';

/** How often Prometheus looks: oftener than in production, so that a short show has something to show. */
const everySeconds = 2;
const alert = 'ServiceDown';
/** The rule waits for two minutes. */
const alertWithinMs = 240_000;

/** Short and different; nobody needs to wait for long videos to see that it runs. */
const scripts = [
  'The storm came at night.\n\nThunder rolled over the sea.',
  'A market wakes up.\n\nBread, oranges, and the first laughter of the day.',
  'Snow falls on the forest.\n\nA fox crosses the road and is gone.',
  'The train leaves the city.\n\nFields, rivers, and at last the mountains.',
  'Rain on the roof.\n\nInside, somebody plays the piano.',
];

const interrupt = new AbortController();
let asked = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    asked += 1;
    console.error(
      asked === 1 ? '\nStopping …' : 'Still stopping: jobs are given back, then PostgreSQL ends.',
    );
    interrupt.abort();
  });
}

try {
  await show(readOptions());
} catch (error) {
  if (interrupt.signal.aborted) process.exitCode = exitCodes.interrupted;
  else if (error instanceof CommandError || error instanceof AppError) {
    console.error(`${error.message}${error.hint === undefined ? '' : `\n→ ${error.hint}`}`);
    process.exitCode = error instanceof CommandError ? error.exitCode : exitCodes.machine;
  } else throw error;
}

function readOptions(): { stay: boolean } {
  try {
    return parseArgs({ options: { stay: { type: 'boolean', default: false } } }).values;
  } catch (error) {
    throw new CommandError(
      exitCodes.usage,
      (error as Error).message,
      'npm run stack takes one option: -- --stay, to let it run on until Ctrl-C.',
    );
  }
}

async function show({ stay }: { stay: boolean }): Promise<void> {
  needPrometheus();
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-stack-'));
  const stops: (() => Promise<unknown>)[] = [];
  const from = Date.now() / 1000;
  try {
    const stack = await startStack({
      folder,
      workers: 2,
      everySeconds,
      say: console.log,
      onStop: (stop) => void stops.push(stop),
      signal: interrupt.signal,
    });
    await makeVideos(stack);
    await waitForAlert(stack, 'firing');
    await printDashboard(stack, from);
    console.log('\nWorker 2 comes back:');
    await stack.startWorkerAgain(1);
    await waitForAlert(stack, 'resolved');
    if (stay) await stayUntilInterrupted(stack);
  } finally {
    for (const stop of stops.reverse()) await stop();
    await rm(folder, { recursive: true, force: true });
    console.log('\nStopped; nothing is left running.');
  }
}

/** Five at once; worker 2 is killed when the first is done. Its job goes on at worker 1. */
async function makeVideos({ api, workers }: Stack): Promise<void> {
  const client = createApiClient(api.url);
  const startedAt = performance.now();
  const took = () => `${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s`;
  const request = { style: 'cinematic', mood: 'dramatic', resolution: '720p', fps: 24 };
  const create = async (script: string) => {
    const { job_id: jobId } = await client.create({ script, ...request });
    // As a page would that shows what there is.
    for (const path of ['/health', '/v1/videos']) await (await fetch(api.url + path)).text();
    return jobId;
  };
  const [first, ...others] = scripts;
  const jobIds = [await create(first!)];
  // Prometheus measures growth: it has to see the first before there are more.
  await delay(2_000 * everySeconds, undefined, { signal: interrupt.signal });
  for (const script of others) jobIds.push(await create(script));
  console.log(`\nFive videos are asked for: ${api.url}/status`);
  let ended = 0;
  const follow = async (jobId: string, n: number): Promise<void> => {
    const job = await client.follow(jobId, () => {}, interrupt.signal);
    if (job.status !== 'completed') {
      throw new CommandError(
        exitCodes.failed,
        job.error?.detail ?? `The job ended ${job.status}.`,
        job.error?.hint,
      );
    }
    const path = join(resolve('out'), `stack-${n + 1}.mp4`);
    await client.download(jobId, 'video.mp4', path);
    const tries = job.retry_count === 0 ? '' : ', its second attempt: the first worker died';
    console.log(`${took()}  ${path}: ${job.video!.duration.toFixed(1)} s of video${tries}`);
    ended += 1;
    if (ended !== 1) return;
    await workers[1]!.killGroup();
    console.log(`${took()}  worker 2 is killed (kill -9), as if its machine had gone`);
  };
  await Promise.all(jobIds.map(follow));
}

async function waitForAlert({ prometheus }: Stack, wanted: 'firing' | 'resolved'): Promise<void> {
  const deadline = performance.now() + alertWithinMs;
  let told = '';
  for (;;) {
    const alerts = await prometheus.now(`ALERTS{alertname="${alert}"}`);
    const state = alerts[0]?.labels.alertstate ?? 'resolved';
    if (state !== told)
      console.log(`Alert ${alert}: ${state}${state === 'pending' ? ' (fires after two minutes)' : ''}`);
    told = state;
    if (state === wanted) return;
    if (performance.now() > deadline)
      throw new CommandError(exitCodes.failed, `${alert} was not ${wanted} in time.`);
    await delay(500, undefined, { signal: interrupt.signal });
  }
}

async function printDashboard({ prometheus }: Stack, from: number): Promise<void> {
  console.log('\nWhat the dashboard shows (deploy/grafana): now, and the highest since the start');
  const rows = await readDashboard(prometheus, from, everySeconds);
  for (const [title, legend, last, highest] of rows) {
    if (last === '') console.log(`\n${title}`);
    else
      console.log(`  ${title.padEnd(34)} ${legend.padEnd(34)} ${last.padStart(14)} ${highest.padStart(16)}`);
  }
}

async function stayUntilInterrupted({ api, prometheus }: Stack): Promise<void> {
  console.log(`\nIt runs on until Ctrl-C: ${api.url}/docs, ${api.url}/status, ${prometheus.url}/alerts`);
  await delay(2 ** 31 - 1, undefined, { signal: interrupt.signal });
}
