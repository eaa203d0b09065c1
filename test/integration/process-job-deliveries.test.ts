// What becomes of pushed messages, on real stores and a server that a double of Pub/Sub pushes to: twice, busy, spent
// slices, given up, redriven. The makers only wait or fail.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PubSub } from '@google-cloud/pubsub';
import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createMetrics } from '../../src/adapters/observe/metrics.ts';
import { createDeadLetters } from '../../src/adapters/postgres/dead-letters.ts';
import { createJobLeases } from '../../src/adapters/postgres/job-leases.ts';
import { createJobStore } from '../../src/adapters/postgres/job-store.ts';
import { createServiceRecord } from '../../src/adapters/postgres/service-record.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { Api } from '../../src/api/deps.ts';
import { createWorkerServer } from '../../src/api/server.ts';
import { type ChosenQueue, chooseQueue } from '../../src/compose/choose-queue.ts';
import { AppError } from '../../src/domain/errors.ts';
import { passNoCrash } from '../../src/engine/crash-points.ts';
import type { DeadLetters } from '../../src/ports/dead-letters.ts';
import type { JobLeases } from '../../src/ports/job-leases.ts';
import type { JobStore } from '../../src/ports/job-store.ts';
import type { Makers } from '../../src/ports/makers.ts';
import type { Metrics } from '../../src/ports/metrics.ts';
import type { Language } from '../../src/ports/providers.ts';
import { runJob } from '../../src/worker/run-job.ts';
import { type PubsubDouble, startPubsubDouble } from '../support/pubsub-double.ts';
import { GrpcError, grpcStatus } from '../support/pubsub-double-grpc.ts';
import {
  pushAccount,
  pushAudience,
  startTokenIssuer,
  type TokenIssuer,
} from '../support/pubsub-double-issuer.ts';
import { requestOf } from '../support/requests.ts';
import { openStores, type Stores } from '../support/stores.ts';

const projectId = 'aiprod-test';
const userId = 'ann';

let issuer: TokenIssuer;
let double: PubsubDouble;
let stores: Stores;
let chosen: ChosenQueue;
let jobStore: JobStore;
let leases: JobLeases;
let deadLetters: DeadLetters;
let server: Api;
let folder: string;
/** What was logged, parsed. */
let logged: Record<string, unknown>[];
let metrics: Metrics;
/** What the worker does with a delivery. */
let work: (jobId: string, signal: AbortSignal) => Promise<void>;

beforeEach(async () => {
  issuer = await startTokenIssuer();
  double = await startPubsubDouble({ issuer });
  stores = await openStores();
  folder = await mkdtemp(join(tmpdir(), 'aiprod-pushed-'));
  vi.stubEnv('PUBSUB_EMULATOR_HOST', double.host);
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
  logged = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  metrics = createMetrics({
    read: {
      countByStatus: stores.jobStore.countByStatus,
      queueDepth: stores.queue.depth,
      deadLetters: stores.deadLetters.count,
    },
  });
  const { pool } = stores;
  chosen = await chooseQueue(
    {
      kind: 'pubsub',
      projectId,
      topic: 'aiprod-jobs',
      subscription: 'aiprod-worker',
      deadLetterSubscription: 'aiprod-dead-letters',
      push: { audience: pushAudience, account: pushAccount, keysUrl: issuer.keysUrl },
    },
    { database: { url: 'postgres://unused', ssl: false }, pool, logger, metrics },
  );
  const { queue, push } = chosen;
  jobStore = createJobStore({ pool, queue });
  leases = createJobLeases({ pool, queue });
  deadLetters = createDeadLetters({ pool, queue });
  await push!.inbox.consume(({ jobId, signal }) => work(jobId, signal), { concurrency: 1 });
  server = await createWorkerServer({
    jobStore,
    queue,
    metrics,
    logger,
    readiness: { queue: chosen.ready },
    serviceRecord: createServiceRecord({ pool }),
    incidents: { list: async () => [] },
    version: '0.1.0',
    push: { verify: push!.verify, knowsJob: leases.isKnown, deliver: push!.inbox.deliver },
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const admin = new PubSub({ projectId });
  await admin.createTopic('aiprod-jobs');
  await admin.createTopic('aiprod-dead-letters');
  await admin.createSubscription('aiprod-dead-letters', 'aiprod-dead-letters');
  await admin.createSubscription('aiprod-jobs', 'aiprod-worker', {
    pushConfig: {
      pushEndpoint: `${url}/process-job`,
      oidcToken: { serviceAccountEmail: pushAccount, audience: pushAudience },
    },
    retryPolicy: { minimumBackoff: { nanos: 20_000_000 }, maximumBackoff: { nanos: 100_000_000 } },
    deadLetterPolicy: {
      deadLetterTopic: `projects/${projectId}/topics/aiprod-dead-letters`,
      maxDeliveryAttempts: 5,
    },
  });
  await admin.close();
});

afterEach(async () => {
  await chosen.push!.inbox.stop();
  await server.close();
  await chosen.queue.close();
  await double.close();
  await issuer.close();
  await stores.close();
  await rm(folder, { recursive: true });
  vi.unstubAllEnvs();
});

async function newJob(script?: string): Promise<string> {
  const { job } = await jobStore.create({
    userId,
    request: requestOf(script === undefined ? {} : { script }),
    maxRetries: 3,
    estimatedMicroUsd: 0,
  });
  return job.jobId;
}

/** The worker's own way with a delivery; the planner is all that is asked. */
function realWork(plan: Language['plan'], sliceMs: number) {
  const makers = {
    language: [{ id: 'test', version: crypto.randomUUID(), plan }],
  } as Partial<Makers> as Makers;
  return (jobId: string, signal: AbortSignal) =>
    runJob(jobId, signal, {
      leases,
      stepStore: stores.stepStore,
      blobStore: stores.blobStore,
      receipts: stores.receipts,
      dailyLimits: { userDailyMicroUsd: undefined, dailyMicroUsd: undefined },
      assetStore: stores.assetStore,
      makers,
      mediaFetcher: { fetch: () => expect.unreachable('nothing is fetched') },
      clock: systemClock,
      random: () => 0.5,
      logger: stores.logger,
      crashPoint: passNoCrash,
      workerId: 'test',
      leaseMs: 30_000,
      sliceMs,
      scratchFolder: folder,
      metrics,
    });
}

const read = async (jobId: string) => (await jobStore.find(userId, jobId))!;
const pushes = () => logged.filter(({ msg }) => msg === 'delivery pushed');
const settled = (name: string) =>
  vi.waitFor(
    () => expect(double.unacknowledged(`projects/${projectId}/subscriptions/${name}`)).toBe(0),
    5_000,
  );

test('a job whose slice is spent goes on with a new message', async () => {
  let slices = 0;
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const run = realWork(async (_, context) => {
    slices += 1;
    if (slices < 3) {
      await context.awaitTurn!(
        new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve())),
      );
      throw context.signal.reason;
    }
    throw new AppError('script_unspeakable', 'Enough.');
  }, 300);
  work = async (jobId, signal) => {
    await run(jobId, signal);
    if (slices === 3) resolve();
  };
  const jobId = await newJob();
  await ended;
  expect(await read(jobId)).toMatchObject({
    status: 'failed',
    retryCount: 0,
    error: { code: 'script_unspeakable' },
  });
  await settled('aiprod-worker');
  // Each was acknowledged, and the next was another message.
  expect(pushes().map(({ deliveryAttempt }) => deliveryAttempt)).toEqual([1, 1, 1]);
  expect(new Set(pushes().map(({ messageId }) => messageId)).size).toBe(3);
});

test('messages that come twice, and while the job is worked on, change nothing', async () => {
  const made: string[] = [];
  const working = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const run = realWork(async () => {
    made.push('plan');
    started.resolve();
    await working.promise;
    throw new AppError('script_unspeakable', 'Enough.');
  }, 60_000);
  work = run;
  const jobId = await newJob();
  await started.promise;
  await chosen.queue.send(jobId);
  await chosen.queue.send(jobId);
  // One works, one waits for its place: the third is refused and comes again.
  await vi.waitFor(() => expect(logged.some(({ status }) => status === 429)).toBe(true), 5_000);
  working.resolve();
  await settled('aiprod-worker');
  expect(made).toEqual(['plan']);
  expect(await read(jobId)).toMatchObject({ status: 'failed', error: { code: 'script_unspeakable' } });
  expect(await deadLetters.count()).toBe(0);
});

test('when every message comes twice and out of order, each job is still worked on once', async () => {
  double.beUnruly();
  const planned: string[] = [];
  work = (jobId, signal) =>
    realWork(async ({ script }) => {
      planned.push(script);
      throw new AppError('script_unspeakable', 'Enough.');
    }, 60_000)(jobId, signal);
  const jobs: string[] = [];
  const scripts = ['One.', 'Two.', 'Three.', 'Four.'];
  for (const script of scripts) jobs.push(await newJob(script));
  await vi.waitFor(async () => {
    for (const jobId of jobs) expect((await read(jobId)).status).toBe('failed');
  }, 10_000);
  await settled('aiprod-worker');
  expect(planned.toSorted()).toEqual(scripts.toSorted());
  expect(await deadLetters.count()).toBe(0);
});

test('a message that is given up fails its job with a dead letter; redriven, it is delivered anew', async () => {
  chosen.buryDeadLetters!(deadLetters);
  work = async () => {
    throw new AppError('database_unavailable', 'Away.');
  };
  const jobId = await newJob();
  await settled('aiprod-worker');
  await settled('aiprod-dead-letters');
  expect(pushes().map(({ deliveryAttempt }) => deliveryAttempt)).toEqual([1, 2, 3, 4, 5]);
  expect(await read(jobId)).toMatchObject({
    status: 'failed',
    error: { code: 'delivery_given_up', detail: 'No worker took the job in 5 deliveries.', retryable: true },
  });
  const [letter] = await deadLetters.list(10);
  expect(letter).toMatchObject({ jobId, redrivenAt: null });
  expect((await metrics.exposition()).body).toMatch(/^jobs_ended_total\{outcome="failed"\} 1$/m);

  const { promise: taken, resolve } = Promise.withResolvers<string>();
  work = async (id) => resolve(id);
  await deadLetters.redrive(letter!.deadLetterId);
  expect(await taken).toBe(jobId);
  expect((await read(jobId)).status).toBe('pending');
});

test('a message that is given up after its job has ended leaves the job as it is', async () => {
  work = async () => {
    throw new AppError('database_unavailable', 'Away.');
  };
  const jobId = await newJob();
  await settled('aiprod-worker');
  await jobStore.cancel(userId, jobId);
  chosen.buryDeadLetters!(deadLetters);
  await settled('aiprod-dead-letters');
  expect(await read(jobId)).toMatchObject({ status: 'canceled', error: null });
  expect(await deadLetters.count()).toBe(0);
});

test('a push with a token for somebody else is refused, and its message given up in the end', async () => {
  issuer.answerKeysWith(200, JSON.stringify({ keys: [] }));
  work = () => expect.unreachable('nobody may push here');
  chosen.buryDeadLetters!(deadLetters);
  const jobId = await newJob();
  await vi.waitFor(async () => expect((await read(jobId)).status).toBe('failed'), 5_000);
  await vi.waitFor(() => expect(logged.filter(({ status }) => status === 401)).toHaveLength(5), 5_000);
  expect(pushes()).toEqual([]);
});

test('without a login a worker tells other sites and tunnels nothing, and takes what Pub/Sub signed from wherever', async () => {
  const strangers = [{ host: 'rebound.example:8787' }, { 'x-forwarded-for': '203.0.113.7' }];
  for (const url of ['/metrics', '/status', '/ready', '/health']) {
    expect((await server.inject({ url })).statusCode, url).toBe(200);
    for (const headers of strangers)
      expect((await server.inject({ url, headers: headers as never })).statusCode, url).toBe(403);
  }
  const authorization = `Bearer ${await issuer.sign()}`;
  for (const headers of strangers) {
    const push = { method: 'POST', url: '/process-job', payload: '{}' } as const;
    expect(
      (await server.inject({ ...push, headers: { ...headers, authorization } as never })).statusCode,
    ).toBe(204);
    expect((await server.inject({ ...push, headers: headers as never })).statusCode).toBe(401);
  }
});

test('while Pub/Sub is away jobs are taken all the same, and the sweep sends them', async () => {
  double.refuse(new GrpcError(grpcStatus.permissionDenied, 'not you'));
  const arrived = Promise.withResolvers<string>();
  work = async (jobId) => arrived.resolve(jobId);
  const jobId = await newJob();
  await expect(chosen.queue.send(jobId)).rejects.toMatchObject({ code: 'config_invalid' });
  double.refuse(undefined);
  expect(await leases.sweep(0)).toBe(1);
  expect(await arrived.promise).toBe(jobId);
});
