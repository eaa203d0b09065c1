// A whole job that travels by Pub/Sub: API, transaction, message, signed push, a worker, and another that pulls.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { type System, startSystem } from '../../src/compose/compose.ts';
import { readConfig } from '../../src/config/config.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { type PubsubDouble, startPubsubDouble } from '../support/pubsub-double.ts';
import { pushAccount, startTokenIssuer, type TokenIssuer } from '../support/pubsub-double-issuer.ts';
import { finished, reached, smallRequest } from '../support/small-job.ts';

const projectId = 'aiprod-test';
const audience = 'https://worker.example/process-job';
const pathOf = (kind: 'topics' | 'subscriptions', name: string) => `projects/${projectId}/${kind}/${name}`;

let issuer: TokenIssuer;
let double: PubsubDouble;
let database: TestDatabase;
let folder: string;
let settings: Record<string, string>;
const systems: System[] = [];

beforeAll(async () => {
  issuer = await startTokenIssuer();
  double = await startPubsubDouble({ issuer });
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'aiprod-push-'));
  vi.stubEnv('PUBSUB_EMULATOR_HOST', double.host);
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
  settings = {
    AIPROD_PORT: '0',
    AIPROD_DATA: folder,
    DATABASE_URL: database.url,
    AIPROD_QUEUE: 'pubsub',
    AIPROD_PUBSUB_PROJECT: projectId,
    AIPROD_PUSH_AUDIENCE: audience,
    AIPROD_PUSH_ACCOUNT: pushAccount,
    AIPROD_PUSH_KEYS_URL: issuer.keysUrl,
    AIPROD_JOBS_AT_ONCE: '1',
    AIPROD_LOG_LEVEL: 'silent',
    // The sweep has no part in what is tested here.
    AIPROD_SWEEP_SECONDS: '600',
  };
  const admin = new PubSub({ projectId });
  await admin.createTopic('aiprod-jobs');
  await admin.createTopic('aiprod-dead-letters');
  await admin.createSubscription('aiprod-dead-letters', 'aiprod-dead-letters');
  await admin.createSubscription('aiprod-jobs', 'aiprod-pull');
  await admin.close();
});

afterAll(async () => {
  for (const system of systems.splice(0).reverse()) await system.close();
  await double.close();
  await issuer.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

async function start(change: Record<string, string>): Promise<System> {
  const system = await startSystem(readConfig({ ...settings, ...change }, {}));
  systems.push(system);
  return system;
}

/** The subscription that pushes to a worker, as `aiprod gcp setup` makes it, only quicker. */
async function pushTo(url: string): Promise<void> {
  const admin = new PubSub({ projectId });
  await admin.createSubscription('aiprod-jobs', 'aiprod-worker', {
    pushConfig: {
      pushEndpoint: `${url}/process-job`,
      oidcToken: { serviceAccountEmail: pushAccount, audience },
    },
    ackDeadlineSeconds: 600,
    retryPolicy: { minimumBackoff: { nanos: 100_000_000 }, maximumBackoff: { nanos: 500_000_000 } },
    deadLetterPolicy: {
      deadLetterTopic: pathOf('topics', 'aiprod-dead-letters'),
      maxDeliveryAttempts: 50,
    },
  });
  await admin.close();
}

/** A process that has just started may have its tools still to prove. */
const untilReady = (url: string) =>
  vi.waitFor(async () => {
    const answer = await fetch(`${url}/ready`);
    expect(answer.status).toBe(200);
    return answer;
  }, 20_000);

async function create(api: string, change: object = {}): Promise<string> {
  const answer = await fetch(`${api}/v1/videos`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...smallRequest, ...change }),
  });
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { job_id: string }).job_id;
}

const unacknowledged = () => double.unacknowledged(pathOf('subscriptions', 'aiprod-pull'));

test('a pushed job is handed back by a worker that stops, and finished by one that pulls from where it was', async () => {
  const first = await start({ AIPROD_ROLE: 'worker' });
  const api = await start({ AIPROD_ROLE: 'api' });
  await pushTo(first.url!);

  const { checks } = (await (await untilReady(first.url!)).json()) as { checks: object };
  expect(Object.keys(checks)).toEqual(['database', 'queue', 'storage', 'tools']);
  expect((await fetch(`${first.url}/v1/videos`)).status, 'a worker is no API').toBe(404);
  expect((await fetch(`${api.url}/process-job`, { method: 'POST' })).status, 'an API is no worker').toBe(404);

  const jobId = await create(api.url!);
  await reached(api.url!, jobId, 'illustrate');
  await first.close();
  systems.splice(systems.indexOf(first), 1);
  // An empty setting is none: this one takes no pushes, and listens nowhere.
  const second = await start({
    AIPROD_ROLE: 'worker',
    AIPROD_PORT: '',
    AIPROD_PUSH_AUDIENCE: '',
    AIPROD_PUSH_ACCOUNT: '',
    AIPROD_PUBSUB_SUBSCRIPTION: 'aiprod-pull',
  });
  expect(second.url).toBeUndefined();

  const job = await finished(api.url!, jobId);
  expect(job).toMatchObject({ status: 'completed', retry_count: 0, error: null });
  expect(job.reuse!.steps_reused).toBeGreaterThan(0);
  // Both messages of the job came this way too: the first did the rest of it, the other found nothing to do.
  await vi.waitFor(() => expect(unacknowledged()).toBe(0), 5_000);
}, 120_000);

test('a worker that pulls can be probed and scraped on the port that it is given', async () => {
  const { url } = await start({
    AIPROD_ROLE: 'worker',
    AIPROD_PUSH_AUDIENCE: '',
    AIPROD_PUSH_ACCOUNT: '',
    AIPROD_PUBSUB_SUBSCRIPTION: 'aiprod-pull',
  });
  expect((await fetch(`${url}/health`)).status).toBe(200);
  await untilReady(url!);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/^worker_job_slots 1$/m);
  expect(metrics).toMatch(/^worker_jobs_running 0$/m);
  // Before it has run any step.
  for (const outcome of ['ran', 'reused', 'failed'])
    expect(metrics).toContain(`\njob_step_duration_seconds_count{step="publish",outcome="${outcome}"} 0\n`);
  expect((await fetch(`${url}/process-job`, { method: 'POST' })).status, 'nothing is pushed to it').toBe(404);
  expect((await fetch(`${url}/v1/videos`)).status, 'a worker is no API').toBe(404);
}, 60_000);
