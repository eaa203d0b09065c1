// npm run bench:api: how long requests take while two renders run. Starts the server as a process of its own, keeps two
// videos rendering, sends requests at a steady pace for a bounded time on loopback, and prints percentiles.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startServerProcess } from '../test/support/server-process.ts';
import { reached } from '../test/support/small-job.ts';

const seconds = 20;
/** Requests per second of each kind. */
const rate = 20;

/** The product's promises, P99 in milliseconds. */
const promises = { health: 50, create: 2_000, read: 100, list: 500 } as const;
type Kind = keyof typeof promises;

const longScript = Array.from(
  { length: 30 },
  (_, n) => `Chapter ${n + 1} begins where the mountain meets the sea, and nobody sleeps.`,
).join(' ');

const folder = await mkdtemp(join(tmpdir(), 'aiprod-bench-'));
const server = await startServerProcess({ AIPROD_DATA: folder, AIPROD_LOG_LEVEL: 'info' });
try {
  const rendering = await Promise.all([1, 2].map((seed) => create({ script: longScript, seed })));
  await Promise.all(rendering.map((jobId) => reached(server.url, jobId, 'render')));
  printTable(await measure(rendering[0]!));
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function create(request: Record<string, unknown>): Promise<string> {
  const response = await fetch(`${server.url}/v1/videos`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  if (response.status !== 202)
    throw new Error(`create answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { job_id: string }).job_id;
}

async function get(path: string): Promise<void> {
  const response = await fetch(server.url + path);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  await response.arrayBuffer();
}

async function measure(jobId: string): Promise<Record<Kind, number[]>> {
  const requests: Record<Kind, () => Promise<unknown>> = {
    health: () => get('/health'),
    create: () => create({ script: 'One more job waits in line.' }),
    read: () => get(`/v1/videos/${jobId}`),
    list: () => get('/v1/videos?limit=20'),
  };
  const tookMs: Record<Kind, number[]> = { health: [], create: [], read: [], list: [] };
  const pending: Promise<void>[] = [];
  for (let tick = 0; tick < seconds * rate; tick++) {
    for (const kind of Object.keys(requests) as Kind[]) {
      const startedAt = performance.now();
      pending.push(requests[kind]().then(() => void tookMs[kind].push(performance.now() - startedAt)));
    }
    await delay(1000 / rate);
  }
  await Promise.all(pending);
  return tookMs;
}

function printTable(tookMs: Record<Kind, number[]>): void {
  console.log(`${seconds} s at ${rate} requests per second of each kind, two renders running:`);
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
