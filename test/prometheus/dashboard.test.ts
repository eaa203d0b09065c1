// The whole chain, as it runs: a real Prometheus with the shipped rules scrapes an API and a worker that make jobs, with a
// paid provider and with one that fails. Every panel of the dashboard then has something to show, and shows the truth.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import { blocksOf, operationsBooks } from '../support/books.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { type ElevenlabsDouble, elevenlabsKey, startElevenlabsDouble } from '../support/elevenlabs-double.ts';
import { type PrometheusProcess, startPrometheus } from '../support/prometheus-process.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { finished, smallRequest } from '../support/small-job.ts';

/** Also how long a scrape may take; on a busy machine that is more than one. */
const everySeconds = 2;
const deploy = resolve(import.meta.dirname, '../../deploy');

interface Panel {
  type: string;
  title: string;
  interval?: string;
  targets: { expr: string; instant: boolean; legendFormat?: string }[];
}
interface Query {
  title: string;
  interval: string | undefined;
  expr: string;
  /** Only what it is now is shown. */
  instant: boolean;
  legend: string;
}
async function queriesOf(file: string): Promise<Query[]> {
  const { panels } = JSON.parse(await readFile(join(deploy, file), 'utf8')) as { panels: Panel[] };
  return panels
    .filter(({ type }) => type !== 'row')
    .flatMap(({ title, interval, targets }) =>
      targets.map(({ expr, instant, legendFormat: legend = '' }) => ({
        title,
        interval,
        expr,
        instant,
        legend,
      })),
    );
}
const queries = await queriesOf('grafana/dashboards/aiprod.json');
const googleQueries = await queriesOf('google-cloud/dashboard.json');

let folder: string;
let database: TestDatabase;
let provider: ElevenlabsDouble;
let api: ServerProcess;
let worker: ServerProcess;
let prometheus: PrometheusProcess;
let paidMicroUsd = 0;
const began = Date.now() / 1000;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-dashboard-'));
  database = await openTestDatabase();
  provider = await startElevenlabsDouble();
  const environment = {
    AIPROD_DATA: join(folder, 'data'),
    DATABASE_URL: database.url,
    AIPROD_MAX_RETRIES: '0',
    AIPROD_VOICE: 'elevenlabs',
    AIPROD_ELEVENLABS_URL: provider.url,
    ELEVENLABS_API_KEY: elevenlabsKey,
  };
  api = await startServerProcess({ ...environment, AIPROD_ROLE: 'api' });
  worker = await startServerProcess({ ...environment, AIPROD_ROLE: 'worker' });
  prometheus = await startPrometheus({
    targets: { 'aiprod-api': [new URL(api.url).host], 'aiprod-worker': [new URL(worker.url).host] },
    everySeconds,
  });
  await prometheus.until('sum(up) == 2', 'both are scraped');
  await makeJobs();
}, 180_000);
afterAll(async () => {
  await prometheus.stop();
  await Promise.all([api.stop(), worker.stop()]);
  await provider.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** Two that complete, one after the other, and one whose provider fails: enough for every counter to move. */
async function makeJobs(): Promise<void> {
  const client = createApiClient(api.url);
  for (const seed of [1, 2]) {
    const { job_id: id } = await client.create({
      ...smallRequest,
      script: `${smallRequest.script} ${seed}.`,
      seed,
    });
    const job = await finished(api.url, id);
    expect(job).toMatchObject({ status: 'completed' });
    paidMicroUsd += job.cost.actual_micro_usd;
    for (const path of [`/v1/videos/${id}`, '/v1/videos', '/health']) await fetch(api.url + path);
  }
  provider.failing = { speech: 'fault_500' };
  const { job_id: id } = await client.create({ ...smallRequest, script: 'Nobody speaks this.' });
  expect(await finished(api.url, id)).toMatchObject({ status: 'failed' });
  const later = Date.now() / 1000 + 3 * everySeconds;
  await prometheus.until(`timestamp(queue_length) > ${later}`, 'the rules have seen how it ended');
}

/** As Grafana asks: with its own variables filled in. */
function filledIn({ expr, interval }: Query): string {
  const leastSeconds = interval === undefined ? everySeconds : 60 * Number(/^(\d+)m$/.exec(interval)![1]);
  const rateSeconds = Math.max(leastSeconds + everySeconds, 4 * everySeconds);
  return expr.replaceAll('$__rate_interval', `${rateSeconds}s`);
}

describe('a query of the books has data', async () => {
  const root = resolve(import.meta.dirname, '../..');
  const books = await Promise.all(operationsBooks.map((book) => readFile(join(root, book), 'utf8')));
  // No request was answered with a 5xx: of those there is nothing to see.
  const asked = books.flatMap((text) => blocksOf(text, 'promql')).filter((query) => !query.includes('5..'));
  test.each(asked)('%s', async (query) => {
    expect(await prometheus.now(query)).not.toEqual([]);
  });
});

describe.each([
  ['a panel', queries],
  ["a panel of Google's", googleQueries],
])('%s has data', (_, asked) => {
  test.each(asked)('$title: $legend', async (query) => {
    const expression = filledIn(query);
    const samples = await (query.instant ? prometheus.now(expression) : prometheus.since(began, expression));
    expect(samples.filter(({ value }) => !Number.isNaN(value)).length, query.expr).toBeGreaterThan(0);
    for (const [, label] of query.legend.matchAll(/\{\{(\w+)\}\}/g)) {
      for (const { labels } of samples) expect(labels, query.legend).toHaveProperty(label!);
    }
  });
});

describe('what the panels say is true', () => {
  /** What a panel shows now, by the values of the labels. */
  async function shown(title: string, legend: string, ...by: string[]): Promise<Record<string, number>> {
    const query = queries.find((each) => each.title === title && each.legend === legend)!;
    const samples = await prometheus.now(filledIn(query));
    return Object.fromEntries(
      samples.map(({ labels, value }) => [by.map((label) => labels[label]).join(' '), value]),
    );
  }
  /** Prometheus estimates what happened before the first and after the last scrape. */
  const about = (value: number) => expect.closeTo(value, value < 0.1 ? 3 : 0);

  test('users are served', async () => {
    expect((await shown('Request rate', 'requests'))['']).toBeGreaterThan(0.5);
    expect(await shown('Error rate', 'errors')).toEqual({ '': 0 });
    const latencyMs = (await shown('P99 latency', 'P99'))[''];
    // Creating a job takes milliseconds, and less than ten seconds however busy the machine is.
    expect(latencyMs).toBeGreaterThan(2);
    expect(latencyMs).toBeLessThan(10_000);
    expect(await shown('Requests served, last 3 days', '')).toEqual({ '': 1 });
    expect(await shown('Instances that answer', '')).toEqual({ '': 1 });
  });

  test('one process works, and the one that answers does not', async () => {
    expect(await shown('Active workers', 'workers')).toEqual({ '': 1 });
    expect(await shown('Active workers', 'room for jobs')).toEqual({ '': 2 });
    expect(await shown('Active workers', 'jobs being made')).toEqual({ '': 0 });
    for (const title of ['Memory', 'CPU']) {
      const used = await shown(title, '{{job}} {{instance}}', 'job');
      expect(Object.keys(used).sort()).toEqual(['aiprod-api', 'aiprod-worker']);
      for (const percent of Object.values(used)) {
        expect(percent).toBeGreaterThan(0);
        expect(percent).toBeLessThan(100);
      }
      expect(used['aiprod-worker']!, title).toBeGreaterThan(used['aiprod-api']!);
    }
  });

  test('two jobs completed and one failed, which is a dead letter', async () => {
    expect(await shown('Jobs ended', '{{outcome}}', 'outcome')).toEqual({
      completed: about(2),
      failed: about(1),
      refused: 0,
    });
    expect(await shown('Jobs that succeed', '')).toEqual({ '': expect.closeTo(2 / 3, 1) });
    expect((await shown('Steps', '{{outcome}}', 'outcome')).failed).toBeGreaterThan(0);
    expect(await shown('Dead letters', '')).toEqual({ '': 1 });
    expect(await shown('Queue length', 'waiting')).toEqual({ '': 0 });
    expect(await shown('Open jobs', '{{status}}', 'status')).toEqual({
      pending: 0,
      processing: 0,
      awaiting_approval: 0,
    });
  });

  test('the provider was paid what the jobs say, and failed', async () => {
    const paid = paidMicroUsd / 1e6;
    expect(paid).toBeGreaterThan(0.005);
    const shares = [
      (await shown('Cost in the last day', ''))['']! / paid,
      (await shown('Cost of a video', ''))['']! / (paid / 2),
    ];
    // An estimate like all increases, by as much as scrapes were late on a busy machine.
    for (const share of shares) {
      expect(share).toBeGreaterThan(0.8);
      expect(share).toBeLessThan(1.25);
    }
    const requests = await shown('Provider requests', '{{provider}} {{outcome}}', 'provider', 'outcome');
    expect(Object.keys(requests).sort()).toEqual(['elevenlabs ok', 'elevenlabs provider_unavailable']);
  });
});
