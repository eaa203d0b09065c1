// One delivery on real stores: which outcome is written for which end of the work. The makers here only fail or wait;
// making whole videos is tested end to end.
import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createMetrics } from '../../src/adapters/observe/metrics.ts';
import { createErasure } from '../../src/adapters/postgres/erase-user.ts';
import { createJobLeases } from '../../src/adapters/postgres/job-leases.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { AppError, type ErrorCode } from '../../src/domain/errors.ts';
import type { Scene } from '../../src/domain/storyboard.ts';
import type { VideoRequest } from '../../src/domain/video-request.ts';
import { passNoCrash } from '../../src/engine/crash-points.ts';
import type { JobLeases } from '../../src/ports/job-leases.ts';
import type { Makers } from '../../src/ports/makers.ts';
import type { MediaTools } from '../../src/ports/media-tools.ts';
import type { Metrics } from '../../src/ports/metrics.ts';
import type { Language, PlanInput, Speech, Visuals } from '../../src/ports/providers.ts';
import type { WorkContext } from '../../src/ports/work-context.ts';
import { type RunJobDeps, runJob } from '../../src/worker/run-job.ts';
import { requestOf } from '../support/requests.ts';
import { openStores, type Stores } from '../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());
// A delivery runs whatever is next in turn: not what an earlier test left.
afterEach(() => stores.pool.query('DELETE FROM jobs'));

let metrics: Metrics;
beforeEach(() => {
  metrics = createMetrics({
    read: {
      countByStatus: stores.jobStore.countByStatus,
      queueDepth: stores.queue.depth,
      deadLetters: stores.deadLetters.count,
    },
  });
});

/** The value of a series that this test's worker exports. */
async function counted(series: string): Promise<number> {
  const lines = (await metrics.exposition()).body.split('\n');
  return Number(lines.find((line) => line.startsWith(`${series} `))?.slice(series.length));
}

const userId = 'ann';

/** Makers of which only the planner is ever asked. */
function planner(plan: (context: WorkContext) => Promise<never>): Makers {
  const version = crypto.randomUUID();
  const language: Language = { id: 'test', version, plan: (_, context) => plan(context) };
  return { language: [language] } as Partial<Makers> as Makers;
}

const failing = (code: ErrorCode) =>
  planner(async () => {
    throw new AppError(code, 'The planner said no.');
  });

/** Resolves `started` when the planner works; it works until it is stopped. */
function waiting() {
  const { promise: started, resolve } = Promise.withResolvers<void>();
  const makers = planner(({ signal }) => {
    resolve();
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  return { started, makers };
}

const firstScene: Scene = {
  id: 's01',
  text: 'One word.',
  motif: 'sea',
  keywords: [],
  emphasis: [],
  effects: [],
  energy: 0.5,
  seed: 1,
};

/** Makers that get as far as one spoken scene; the picture is whatever `illustrate` does. */
function storytellers(illustrate: Visuals['illustrate'], speak: Speech['speak'] = neverAsked): Makers {
  const version = crypto.randomUUID();
  return {
    language: [
      {
        id: 'test',
        version,
        plan: async () => ({ title: 'One', language: 'en', scenes: [firstScene] }),
      },
    ],
    speech: [{ id: 'test', version, voices: () => [], speak }],
    visuals: [{ id: 'test', version, illustrate }],
    tools: { version, checkGlyphs: async () => ({ coverage: 1, missing: [] }) } as Partial<MediaTools>,
  } as Partial<Record<keyof Makers, unknown>> as Makers;
}

async function neverAsked(): Promise<never> {
  throw new Error('must not be asked');
}

const untilStopped = ({ signal }: WorkContext) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

async function newJob(maxRetries = 3, change: Partial<VideoRequest> = {}) {
  const { job } = await stores.jobStore.create({
    userId,
    request: requestOf(change),
    maxRetries,
    estimatedMicroUsd: 0,
  });
  return job.jobId;
}

function deps(makers: Makers, overrides: Partial<RunJobDeps> = {}): RunJobDeps {
  return {
    leases: stores.leases,
    stepStore: stores.stepStore,
    blobStore: stores.blobStore,
    receipts: stores.receipts,
    dailyLimits: { userDailyMicroUsd: undefined, dailyMicroUsd: undefined },
    assetStore: stores.assetStore,
    makers,
    mediaFetcher: { fetch: neverAsked },
    clock: systemClock,
    random: () => 0.5,
    logger: stores.logger,
    crashPoint: passNoCrash,
    workerId: 'test',
    leaseMs: 30_000,
    sliceMs: 60_000,
    scratchFolder: join(stores.folder, 'scratch'),
    metrics,
    ...overrides,
  };
}

const running = new AbortController().signal;
const read = async (jobId: string) => (await stores.jobStore.find(userId, jobId))!;
const deadLettersOf = async (jobId: string) =>
  (await stores.deadLetters.list(100)).filter((letter) => letter.jobId === jobId);

describe('a plan that a stand-in made', () => {
  test('is what is made once it was approved, though the first planner can again', async () => {
    const said: string[] = [];
    const { language, ...others } = storytellers(neverAsked, async ({ text }) => {
      said.push(text);
      throw new AppError('script_unspeakable', 'Enough was heard.');
    });
    const [standIn] = language;
    let isUsedUp = true;
    const first: Language = {
      id: 'first',
      version: crypto.randomUUID(),
      async plan(input, context) {
        if (isUsedUp) throw new AppError('provider_quota', 'Nothing is left.');
        const plan = await standIn.plan(input, context);
        return { ...plan, scenes: plan.scenes.map((scene) => ({ ...scene, text: 'Another.' })) };
      },
    };
    const makers = { ...others, language: [first, standIn] } as const;
    const jobId = await newJob(3, { approval: true });
    await runJob(jobId, running, deps(makers));
    expect(await read(jobId)).toMatchObject({ status: 'awaiting_approval' });
    isUsedUp = false;
    await stores.jobStore.approve(userId, jobId);
    await runJob(jobId, running, deps(makers));
    expect(said).toEqual(['One word.']);
    expect(await read(jobId)).toMatchObject({
      status: 'failed',
      degradations: [{ capability: 'plan', cause: expect.stringContaining('test stands in for first') }],
    });
  });
});

describe('an edited storyboard', () => {
  test('is what is made, once it is approved, and nobody plans again', async () => {
    const said: string[] = [];
    const { language, ...others } = storytellers(neverAsked, async ({ text }) => {
      said.push(text);
      throw new AppError('script_unspeakable', 'Enough was heard.');
    });
    let plans = 0;
    const planning: Language = {
      ...language[0],
      plan: (input, context) => {
        plans += 1;
        return language[0].plan(input, context);
      },
    };
    const makers = deps({ ...others, language: [planning] });
    const jobId = await newJob(3, { approval: true });
    await runJob(jobId, running, makers);
    const edit = (from: number, text: string) =>
      stores.jobStore.revise(userId, jobId, {
        from,
        storyboard: { title: 'Two', language: 'en', scenes: [{ ...firstScene, text }] },
        editDigest: text,
        estimatedMicroUsd: 0,
        videoMs: 0,
      });
    expect(await edit(1, 'Edited.')).toMatchObject({ status: 'awaiting_approval', revision: 2 });
    await stores.jobStore.cancel(userId, jobId);
    expect(await edit(2, 'Edited again.')).toMatchObject({ status: 'pending', revision: 3 });
    await runJob(jobId, running, makers);
    expect(await read(jobId)).toMatchObject({ status: 'awaiting_approval' });
    expect(said).toEqual([]);
    await stores.jobStore.approve(userId, jobId);
    await runJob(jobId, running, makers);
    expect(said).toEqual(['Edited again.']);
    expect(await read(jobId)).toMatchObject({ status: 'failed', error: { code: 'script_unspeakable' } });
    await edit(3, 'And once more.');
    await runJob(jobId, running, makers);
    expect(said).toEqual(['Edited again.', 'And once more.']);
    expect(plans).toBe(1);
  });
});

describe('words that may be rewritten', () => {
  const asked = { rewrite: true, strict: true, approval: true };

  test('are rewritten by a planner that can', async () => {
    const inputs: PlanInput[] = [];
    const jobId = await newJob(3, asked);
    const { language, ...others } = storytellers(neverAsked);
    const [{ plan }] = language;
    const rewriting: Language = {
      ...language[0],
      rewrites: true,
      plan: (input, context) => {
        inputs.push(input);
        return plan(input, context);
      },
    };
    await runJob(jobId, running, deps({ ...others, language: [rewriting] }));
    expect(inputs).toMatchObject([{ rewrite: true }]);
    expect(await read(jobId)).toMatchObject({ status: 'awaiting_approval' });
  });

  test('are named as kept where none can, which strictness forbids', async () => {
    const jobId = await newJob(3, asked);
    await runJob(jobId, running, deps(storytellers(neverAsked)));
    expect(await read(jobId)).toMatchObject({
      status: 'failed',
      error: { code: 'degraded', detail: expect.stringMatching(/as they were sent/) },
    });
  });
});

describe('a delivery', () => {
  test("of a job with the caller's own mistake fails it at once, without a dead letter", async () => {
    const jobId = await newJob();
    await runJob(jobId, running, deps(failing('script_unspeakable')));
    expect(await read(jobId)).toMatchObject({
      status: 'failed',
      error: { code: 'script_unspeakable', stage: 'plan', retryable: false },
    });
    expect(await deadLettersOf(jobId)).toEqual([]);
    expect(await counted('jobs_ended_total{outcome="refused"}')).toBe(1);
    expect(await counted('jobs_ended_total{outcome="failed"}')).toBe(0);
  });

  test("that a provider does not serve for the operator's making counts as our failure", async () => {
    await runJob(await newJob(), running, deps(failing('provider_quota')));
    expect(await counted('jobs_ended_total{outcome="failed"}')).toBe(1);
  });

  test('of a job that met a transient fault puts it back, later, with the reason', async () => {
    const jobId = await newJob();
    await runJob(jobId, running, deps(failing('storage_unavailable')));
    expect(await read(jobId)).toMatchObject({ status: 'pending', error: { code: 'storage_unavailable' } });
    await runJob(jobId, running, deps(failing('storage_unavailable')));
    expect((await read(jobId)).retryCount, 'not due yet').toBe(0);
    expect(await counted('jobs_ended_total{outcome="failed"}'), 'not ended yet').toBe(0);
  });

  test('of a job whose attempts are used up fails it and leaves a dead letter', async () => {
    const jobId = await newJob(0);
    await runJob(jobId, running, deps(failing('storage_unavailable')));
    expect(await read(jobId)).toMatchObject({ status: 'failed', error: { code: 'storage_unavailable' } });
    expect(await deadLettersOf(jobId)).toMatchObject([
      { attempts: 1, error: { code: 'storage_unavailable' } },
    ]);
    expect(await counted('jobs_ended_total{outcome="failed"}')).toBe(1);
  });

  test('of a job whose worker died in the last attempt fails it', async () => {
    const { pool, queue } = stores;
    const leases = createJobLeases({ pool, queue, onGivenUp: () => metrics.jobEnded('failed') });
    const jobId = await newJob(0);
    const { lease } = (await stores.leases.claimNext(jobId, 'other', 30_000))!;
    await stores.expire(lease);
    await runJob(jobId, running, deps(planner(neverAsked), { leases }));
    expect(await read(jobId)).toMatchObject({ status: 'failed', error: { code: 'internal' } });
    expect(await counted('jobs_ended_total{outcome="failed"}')).toBe(1);
  });

  test('of a job that hit a bug fails it, tells the user nothing private, and leaves a dead letter', async () => {
    const jobId = await newJob();
    const makers = planner(async () => {
      throw new TypeError('secret detail');
    });
    await runJob(jobId, running, deps(makers));
    const job = await read(jobId);
    expect(job).toMatchObject({ status: 'failed', error: { code: 'internal' } });
    expect(JSON.stringify(job.error)).not.toContain('secret');
    expect(await deadLettersOf(jobId)).toHaveLength(1);
  });

  test('that is stopped gives the job back without charging the attempt', async () => {
    const jobId = await newJob();
    const { started, makers } = waiting();
    const stopping = new AbortController();
    const done = runJob(jobId, stopping.signal, deps(makers));
    await started;
    expect(await counted('worker_jobs_running')).toBe(1);
    stopping.abort();
    await done;
    expect(await counted('worker_jobs_running')).toBe(0);
    expect(await read(jobId)).toMatchObject({ status: 'pending', retryCount: 0, error: null });
  });

  test('that is stopped waits for the answer to a paid request, but not for ever', async () => {
    const jobId = await newJob();
    const { promise: sent, resolve } = Promise.withResolvers<void>();
    const send = () => {
      resolve();
      return new Promise<never>(() => {});
    };
    const illustrate: Visuals['illustrate'] = (_, context) => untilStopped(context);
    const makers = storytellers(illustrate, async (_, context) => {
      await context.pay!({ provider: 'test', name: 'speech', estimateMicroUsd: 5, send });
      throw new Error('must not be answered');
    });
    const stopping = new AbortController();
    const patience = Promise.withResolvers<number>();
    const { promise: patienceEnds, resolve: endPatience } = Promise.withResolvers<void>();
    const clock = {
      ...systemClock,
      async sleep(ms: number) {
        patience.resolve(ms);
        await patienceEnds;
      },
    };
    const done = runJob(jobId, stopping.signal, deps(makers, { clock }));
    await sent;
    stopping.abort();
    expect(await patience.promise).toBe(6_000);
    expect(await read(jobId), 'still held').toMatchObject({ status: 'processing' });
    endPatience();
    await done;
    expect(await read(jobId)).toMatchObject({ status: 'pending', retryCount: 0, error: null });
    const { rows } = await stores.pool.query('SELECT state FROM receipts WHERE job_id = $1', [jobId]);
    expect(rows).toEqual([{ state: 'sending' }]);
  });

  test('of a job that is canceled meanwhile stops and writes nothing', async () => {
    const jobId = await newJob();
    const { started, makers } = waiting();
    const done = runJob(jobId, running, deps(makers, { leaseMs: 300 }));
    await started;
    await stores.jobStore.cancel(userId, jobId);
    await done;
    expect(await read(jobId)).toMatchObject({ status: 'canceled', error: null });
  });

  test('that lost its lease stops, says so, and writes nothing', async () => {
    const jobId = await newJob();
    const { started, makers } = waiting();
    const done = runJob(jobId, running, deps(makers, { leaseMs: 300 }));
    await started;
    await stores.expire({ jobId, userId, epoch: 1 });
    const second = await stores.leases.claimNext(jobId, 'other', 30_000);
    await done;
    expect(await counted('job_leases_lost_total')).toBe(1);
    expect(await read(jobId)).toMatchObject({ status: 'processing' });
    await stores.leases.heartbeat(second!.lease, 30_000);
  });

  test('whose slice is spent before any step was finished counts as a failed attempt', async () => {
    const jobId = await newJob();
    await runJob(jobId, running, deps(waiting().makers, { sliceMs: 2_000 }));
    expect(await read(jobId)).toMatchObject({ status: 'pending', error: { code: 'step_timed_out' } });
  });

  test('writes progress in whole percents, however often a maker reports', async () => {
    const jobId = await newJob();
    let writes = 0;
    const leases = { ...stores.leases, setProgress: async () => void writes++ };
    const makers = planner(async ({ onProgress }) => {
      for (let n = 1; n <= 100; n++) {
        onProgress?.(n / 100);
        await new Promise(setImmediate);
      }
      throw new AppError('script_unspeakable', 'Enough.');
    });
    await runJob(jobId, running, deps(makers, { leases }));
    // Planning is two percent of a job: its beginning and one percent more.
    expect(writes).toBe(2);
  });

  test('whose slice is spent waiting for its turn gives the job back without charging the attempt', async () => {
    const jobId = await newJob();
    const makers = planner((context) => context.awaitTurn!(untilStopped(context)));
    await runJob(jobId, running, deps(makers, { sliceMs: 500 }));
    expect(await read(jobId)).toMatchObject({ status: 'pending', retryCount: 0, error: null });
  });

  test('whose slice is spent after a step was finished gives the job back without charging the attempt', async () => {
    const jobId = await newJob();
    const makers = storytellers(
      (_, context) => untilStopped(context),
      (_, context) => untilStopped(context),
    );
    await runJob(jobId, running, deps(makers, { sliceMs: 2_000 }));
    expect(await read(jobId)).toMatchObject({ status: 'pending', retryCount: 0, error: null });
    const runs = await stores.stepStore.runs(userId, jobId);
    expect(runs.map(({ stepId }) => stepId)).toEqual(['plan', 'check-glyphs']);
  });

  test('that fails writes so only when nothing is under way any more, and leaves no file', async () => {
    const jobId = await newJob();
    const order: string[] = [];
    const painting = Promise.withResolvers<void>();
    const makers = storytellers(
      async (_, context) => {
        painting.resolve();
        await untilStopped(context).catch(() => {});
        await writeFile(join(context.scratch, 'half-painted'), 'x');
        order.push('picture left');
        throw context.signal.reason;
      },
      async () => {
        await painting.promise;
        throw new AppError('language_unsupported', 'Nobody speaks it.');
      },
    );
    const leases: JobLeases = {
      ...stores.leases,
      setProgress: async () => {},
      fail(...failure) {
        order.push('failed');
        return stores.leases.fail(...failure);
      },
    };
    await runJob(jobId, running, deps(makers, { leases }));
    expect(order).toEqual(['picture left', 'failed']);
    expect(await read(jobId)).toMatchObject({ status: 'failed', error: { code: 'language_unsupported' } });
    expect(await readdir(join(stores.folder, 'scratch'))).toEqual([]);
  });

  test.each([true, false])('of a video that misses its duration, strict %s', async (strict) => {
    const jobId = await newJob(3, {
      duration: 60,
      strict,
      audio: { music: false, effects: true, loudness_lufs: -14 },
    });
    const makers = storytellers(
      async () => ({
        info: { layers: [], particles: null, luma: { bottom: 0, middle: 0, top: 0 } },
        layers: [],
      }),
      // Far less than a minute takes at any pace.
      async (_, { scratch }) => {
        const path = join(scratch, 'speech.wav');
        await writeFile(path, 'sound');
        const words = [{ text: 'One', startMs: 0, endMs: 4_000 }];
        return {
          audio: { path, mediaType: 'audio/wav' },
          durationMs: 4_000,
          words,
          voice: 'quick',
          unspoken: [],
        };
      },
    );
    await runJob(jobId, running, deps(makers));
    const { status, error, degradations } = await read(jobId);
    expect(status).toBe('failed');
    if (strict)
      expect(error).toMatchObject({ code: 'duration_impossible', hint: expect.stringContaining('script') });
    // These makers mix no sound: it went on, and says on the failed job what it had to leave.
    else expect([error!.code, degradations]).toMatchObject(['internal', [{ capability: 'duration' }]]);
  });

  test('for a job that is done, held elsewhere or gone does nothing', async () => {
    const held = await newJob();
    await stores.leases.claimNext(held, 'other', 30_000);
    const canceled = await newJob();
    await stores.jobStore.cancel(userId, canceled);
    const asked = planner(async () => {
      throw new Error('must not be asked');
    });
    for (const jobId of [held, canceled, crypto.randomUUID()]) await runJob(jobId, running, deps(asked));
    expect((await read(held)).status).toBe('processing');
    expect((await read(canceled)).status).toBe('canceled');
  });

  test.each([
    'marked',
    'erased',
  ] as const)('of a user who is %s meanwhile stops and leaves nothing', async (how) => {
    const user = `${how}@example.org`;
    const { pool, blobStore, jobStore } = stores;
    const dataKeys = { destroy: async () => {} };
    const erasure = createErasure({ pool, blobStore, dataKeys, settleMs: 0 });
    const makers = storytellers(neverAsked, async (_, { scratch }) => {
      await erasure.begin(user);
      if (how === 'erased') await erasure.advance();
      const path = join(scratch, 'voice.wav');
      await writeFile(path, 'sound');
      const words = [{ text: 'One', startMs: 0, endMs: 1 }];
      return { audio: { path, mediaType: 'audio/wav' }, durationMs: 900, words, voice: 'v', unspoken: [] };
    });
    const newOf = { userId: user, request: requestOf({}), maxRetries: 3, estimatedMicroUsd: 0 };
    const { job } = await jobStore.create(newOf);
    await runJob(job.jobId, running, deps(makers));
    expect(await jobStore.find(user, job.jobId)).toEqual(
      how === 'marked' ? expect.objectContaining({ status: 'processing' }) : undefined,
    );
    await erasure.advance();
    const { rows } = await pool.query(
      `SELECT FROM jobs WHERE user_id = $1 UNION ALL SELECT FROM blobs WHERE user_id = $1
       UNION ALL SELECT FROM step_results WHERE user_id = $1`,
      [user],
    );
    expect(rows).toEqual([]);
    const sound = createHash('sha256').update('sound').digest('hex');
    expect(await blobStore.has(user, sound)).toBe(false);
    expect(await readdir(join(stores.folder, 'scratch'))).toEqual([]);
  });
});
