// The production path whole: jobs pushed by Pub/Sub, bytes in Cloud Storage, four providers, all of them doubles. Every
// message comes twice and again, and a real worker is killed at every crash point of the steps that ask a provider.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PubSub } from '@google-cloud/pubsub';
import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import type { JobView } from '../../src/cli/views.ts';
import { type CrashPoint, paidCrashPoints, stepCrashPoints } from '../../src/engine/crash-points.ts';
import { openTestDatabase } from '../support/database.ts';
import { type ElevenlabsDouble, elevenlabsKey, startElevenlabsDouble } from '../support/elevenlabs-double.ts';
import { type FreesoundDouble, openFreesoundDouble } from '../support/freesound-double.ts';
import { type GeminiDouble, openGeminiDouble } from '../support/gemini-double.ts';
import { type PubsubDouble, startPubsubDouble } from '../support/pubsub-double.ts';
import {
  pushAccount,
  pushAudience,
  startTokenIssuer,
  type TokenIssuer,
} from '../support/pubsub-double-issuer.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { finished, smallRequest } from '../support/small-job.ts';
import { type StorageDouble, startStorageDouble } from '../support/storage-double.ts';
import { makeSigningKey } from '../support/storage-double-signature.ts';
import { openSunoDouble, type SunoDouble } from '../support/suno-double.ts';

const project = 'aiprod-test';
const topic = 'aiprod-jobs';
/** One scene: its paid calls come one after the other, so that a kill meets just the one that it is aimed at. */
const request = { ...smallRequest, script: 'Thunder rolled over the sea.', duration: 8 };

/** After these nobody can know whether the provider took the request. */
const unknowable: readonly string[] = ['before-send', 'after-send'];
/** Only of calls whose result is waited for. */
const later: readonly string[] = ['after-accept', 'after-collect'];

/** In order; `keeps` = the step makes a file besides what the provider sent. */
function pointsOf(
  step: string,
  { paid, waits = false, keeps = true }: Record<string, boolean>,
): CrashPoint[] {
  const within = paid
    ? paidCrashPoints.filter((point) => !unknowable.includes(point) && (waits || !later.includes(point)))
    : [];
  const [first, ...others] = stepCrashPoints.filter(
    (point) => point !== 'after-record' && (keeps || point !== 'after-make'),
  );
  return [first!, ...within, ...others].map((point): CrashPoint => `${point}:${step}`);
}
const asking = [
  ...pointsOf('plan', { paid: true, keeps: false }),
  ...pointsOf('narrate', { paid: true }),
  ...pointsOf('compose-music', { paid: true, waits: true }),
];
/** Beside the music, so in a job of its own: a kill here might meet a song that is just asked for. */
const searching = pointsOf('find-effect', { paid: false });
/** What was recorded is reused, so these need a job in which it had not been. */
const recorded: CrashPoint[] = [
  'after-claim',
  'after-record:plan',
  'after-record:narrate',
  'after-record:compose-music',
  'before-complete',
  'after-complete',
];

let folder: string;
let issuer: TokenIssuer;
let pubsub: PubsubDouble;
let storage: StorageDouble;
let gemini: GeminiDouble;
let elevenlabs: ElevenlabsDouble;
let suno: SunoDouble;
let freesound: FreesoundDouble;
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let admin: PubSub;
let api: ServerProcess;
let workerPort: number;
let shared: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-production-'));
  const key = makeSigningKey();
  const keyFile = join(folder, 'key.json');
  await writeFile(keyFile, key.keyFile);
  issuer = await startTokenIssuer();
  [pubsub, storage, gemini, elevenlabs, suno, freesound, database] = await Promise.all([
    startPubsubDouble({ issuer }),
    startStorageDouble({ key }),
    openGeminiDouble(),
    startElevenlabsDouble(),
    openSunoDouble(),
    openFreesoundDouble(),
    openTestDatabase(),
  ]);
  workerPort = await freePort();
  vi.stubEnv('PUBSUB_EMULATOR_HOST', pubsub.host);
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
  admin = new PubSub({ projectId: project });
  await admin.createTopic(topic);
  await admin.createTopic('aiprod-dead-letters');
  await admin.createSubscription('aiprod-dead-letters', 'aiprod-dead-letters');
  // Two subscriptions push to the same worker: every message comes twice, each with its own pauses.
  for (const [name, pauseMs] of [
    ['aiprod-worker', 50],
    ['aiprod-again', 330],
  ] as const) {
    await admin.createSubscription(topic, name, {
      pushConfig: {
        pushEndpoint: `http://127.0.0.1:${workerPort}/process-job`,
        oidcToken: { serviceAccountEmail: pushAccount, audience: pushAudience },
      },
      retryPolicy: {
        minimumBackoff: { nanos: pauseMs * 1_000_000 },
        maximumBackoff: { nanos: 700_000_000 },
      },
    });
  }
  shared = {
    DATABASE_URL: database.url,
    PUBSUB_EMULATOR_HOST: pubsub.host,
    METADATA_SERVER_DETECTION: 'none',
    GOOGLE_APPLICATION_CREDENTIALS: keyFile,
    AIPROD_QUEUE: 'pubsub',
    AIPROD_PUBSUB_PROJECT: project,
    AIPROD_BLOBS: `gs://${storage.bucketName}/blobs`,
    AIPROD_SEAL_BLOBS: 'no',
    AIPROD_KEYS: join(folder, 'keys'),
    AIPROD_GCS_ENDPOINT: storage.endpoint,
    AIPROD_PLAN: 'gemini',
    GEMINI_API_KEY: gemini.apiKey,
    AIPROD_GEMINI_URL: gemini.url,
    AIPROD_VOICE: 'elevenlabs',
    ELEVENLABS_API_KEY: elevenlabsKey,
    AIPROD_ELEVENLABS_URL: elevenlabs.url,
    AIPROD_MUSIC: 'suno',
    SUNO_API_KEY: suno.apiKey,
    AIPROD_SUNO_URL: suno.url,
    AIPROD_EFFECTS: 'freesound',
    FREESOUND_API_KEY: freesound.apiKey,
    AIPROD_FREESOUND_URL: freesound.url,
    AIPROD_LEASE_SECONDS: '1',
    AIPROD_SWEEP_SECONDS: '0.2',
    AIPROD_MAX_RETRIES: '20',
    AIPROD_LOG_LEVEL: 'info',
  };
  api = await startServerProcess({ ...shared, AIPROD_ROLE: 'api', AIPROD_DATA: join(folder, 'api') });
}, 60_000);

afterEach(async () => {
  await api.stop();
  await admin.close();
  await pubsub.close();
  await Promise.all(
    [storage, gemini, elevenlabs, suno, freesound, issuer, database].map((each) => each.close()),
  );
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const startWorker = (change: Record<string, string> = {}) =>
  startServerProcess({
    ...shared,
    AIPROD_ROLE: 'worker',
    AIPROD_PORT: `${workerPort}`,
    AIPROD_DATA: join(folder, 'worker'),
    AIPROD_PUSH_AUDIENCE: pushAudience,
    AIPROD_PUSH_ACCOUNT: pushAccount,
    AIPROD_PUSH_KEYS_URL: issuer.keysUrl,
    ...change,
  });

async function create(change: Record<string, unknown> = {}): Promise<string> {
  return (await createApiClient(api.url).create({ ...request, ...change })).job_id;
}

/** Kills a worker at each point in turn, then lets one finish. */
async function finishThrough(points: CrashPoint[], jobId: string): Promise<JobView> {
  for (const point of points) {
    const worker = await startWorker({ AIPROD_CRASH_AT: point });
    const end = () => finished(api.url, jobId).then(({ status }) => `job ${status}: never came to ${point}`);
    // The last point comes after the end.
    const ended = point === 'after-complete' ? worker.ended : Promise.race([worker.ended, end()]);
    expect(await ended, `killed at ${point}`).toBe('SIGKILL');
  }
  const worker = await startWorker();
  const job = await finished(api.url, jobId);
  // What comes late changes nothing.
  for (let i = 0; i < 3; i++) await admin.topic(topic).publishMessage({ json: { job_id: jobId } });
  await vi.waitFor(() => expect(pubsub.unacknowledged(nameOf('aiprod-worker'))).toBe(0), 20_000);
  expect(await finished(api.url, jobId)).toEqual(job);
  expect(await worker.stop()).toBe(0);
  return job;
}

const nameOf = (subscription: string) => `projects/${project}/subscriptions/${subscription}`;

async function receiptsOf(jobId: string): Promise<{ step: string; provider: string; state: string }[]> {
  const client = new pg.Client(database.url);
  await client.connect();
  const { rows } = await client.query(
    'SELECT step, provider, state FROM receipts WHERE job_id = $1 ORDER BY opened_at',
    [jobId],
  );
  await client.end();
  return rows;
}

/** How often each provider took money. */
const charged = () => ({
  gemini: gemini.asked.length,
  elevenlabs: elevenlabs.charged.requests,
  suno: suno.billed,
});

test('killed at every crash point of four providers, it ends with one video, paid once, and a full ledger', async () => {
  const jobId = await create();
  const job = await finishThrough(asking, jobId);
  expect(job).toMatchObject({ status: 'completed', error: null, degradations: [] });
  expect(charged()).toEqual({ gemini: 1, elevenlabs: 1, suno: 1 });
  expect(await receiptsOf(jobId)).toEqual([
    { step: 'plan', provider: 'gemini', state: 'answered' },
    { step: 'narrate', provider: 'elevenlabs', state: 'answered' },
    { step: 'compose-music', provider: 'suno', state: 'answered' },
  ]);
  const { actual_micro_usd: actual, by_provider: by } = job.cost;
  expect(Object.keys(by).sort()).toEqual(['elevenlabs', 'gemini', 'suno']);
  for (const cost of Object.values(by)) expect(cost).toBeGreaterThan(0);
  expect(actual).toBe(Object.values(by).reduce((sum, cost) => sum + cost, 0));

  const manifest = await read<{
    makers: Record<string, string[]>;
    rights: { item: string; author?: string }[];
  }>(job, 'manifest.json');
  for (const [capability, provider] of Object.entries({
    plan: 'gemini',
    voice: 'elevenlabs',
    music: 'suno',
    sound_effects: 'freesound',
  }))
    expect(manifest.makers[capability]?.[0], capability).toMatch(new RegExp(`^${provider}/`));
  await expectCredits(job);
}, 300_000);

test('killed after each of them was recorded, it asks nobody again', async () => {
  const jobId = await create();
  const job = await finishThrough(recorded, jobId);
  expect(job).toMatchObject({ status: 'completed', error: null, degradations: [] });
  expect(charged()).toEqual({ gemini: 1, elevenlabs: 1, suno: 1 });
}, 200_000);

test('killed at every crash point of a search for sounds, it ends with one video and credits', async () => {
  shared.AIPROD_MUSIC = 'offline';
  const job = await finishThrough([...searching, 'after-record:find-effect'], await create());
  expect(job).toMatchObject({ status: 'completed', error: null, degradations: [] });
  expect(charged()).toEqual({ gemini: 1, elevenlabs: 1, suno: 0 });
  await expectCredits(job);
}, 200_000);

test('killed while a request is out, the payment is known as unclear, nobody is asked again, and another stands in', async () => {
  for (const [setting, maker] of Object.entries({
    AIPROD_PLAN: 'gemini',
    AIPROD_VOICE: 'elevenlabs',
    AIPROD_MUSIC: 'suno',
  }))
    shared[setting] = `${maker},offline`;
  const jobId = await create();
  const job = await finishThrough(
    ['after-send:plan', 'before-send:narrate', 'after-send:compose-music'],
    jobId,
  );
  expect(job).toMatchObject({ status: 'completed', error: null });
  expect(job.degradations.map(({ capability }) => capability).sort()).toEqual(['music', 'plan', 'voice']);
  expect(charged()).toEqual({ gemini: 1, elevenlabs: 0, suno: 1 });
  const receipts = await receiptsOf(jobId);
  expect(receipts.map(({ step, state }) => `${step} ${state}`)).toEqual([
    'plan ambiguous',
    'narrate ambiguous',
    'compose-music ambiguous',
  ]);
  // What may have been paid counts as paid.
  expect(Object.keys(job.cost.by_provider).sort()).toEqual(['elevenlabs', 'gemini', 'suno']);
}, 200_000);

/** Every sound of others is in the ledger, with its author, and in the text to publish. */
async function expectCredits(job: JobView): Promise<void> {
  const { rights } = await read<{ rights: { item: string; author?: string }[] }>(job, 'manifest.json');
  const credited = rights.filter(({ author }) => author !== undefined);
  const makers = freesound.sounds.map(({ username }) => username);
  expect(credited.some(({ author }) => makers.includes(author!))).toBe(true);
  const answer = await fetch(new URL(`/v1/videos/${job.job_id}/files/description.txt`, api.url));
  const description = await answer.text();
  for (const { item, author } of credited) {
    expect(description).toContain(item);
    expect(description).toContain(author);
  }
}

async function read<T>({ job_id }: JobView, name: string): Promise<T> {
  const answer = await fetch(new URL(`/v1/videos/${job_id}/files/${name}`, api.url));
  return (await answer.json()) as T;
}

/** Free when it was asked for; the worker comes back to it each time. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}
