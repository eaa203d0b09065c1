// Rows that hold words of users, sealed before the stores beneath see them: a job's request, storyboard and title, a step's result.
// Stored as `{"sealed": "<base64>"}`; rows from before, which were not sealed, are read as they are.
import { v7 as uuidv7 } from 'uuid';

import { AppError } from '../../domain/errors.ts';
import type { Job, Lease } from '../../domain/job.ts';
import type { Storyboard } from '../../domain/storyboard.ts';
import type { JobLeases } from '../../ports/job-leases.ts';
import type { JobStore } from '../../ports/job-store.ts';
import type { Sealer } from '../../ports/sealer.ts';
import type { StepStore, StoredStep } from '../../ports/step-store.ts';

/** Throws what `inner` throws, `encryption_key_unavailable`, `sealed_unreadable`. */
export function createSealedJobStore(inner: JobStore, sealer: Sealer): JobStore {
  const opening =
    (move: JobStore['retry']): JobStore['retry'] =>
    async (...asked) =>
      openJob(sealer, await move(...asked));
  return {
    ...inner,

    async create(newJob) {
      refuseUnstorable(newJob.request);
      const jobId = newJob.jobId ?? uuidv7();
      const request = await sealValue(sealer, newJob.userId, contextOfJob.request(jobId), newJob.request);
      const { job, ...rest } = await inner.create({ ...newJob, jobId, request });
      return { ...rest, job: await openJob(sealer, job) };
    },

    async find(userId, jobId) {
      const job = await inner.find(userId, jobId);
      return job && openJob(sealer, job);
    },

    async list(userId, query) {
      const { jobs, ...rest } = await inner.list(userId, query);
      return { ...rest, jobs: await Promise.all(jobs.map((job) => openJob(sealer, job))) };
    },

    cancel: opening(inner.cancel),
    retry: opening(inner.retry),
    approve: opening(inner.approve),

    async findStoryboard(userId, jobId) {
      const found = await inner.findStoryboard(userId, jobId);
      if (found === undefined) return undefined;
      const { job, storyboard } = found;
      const [opened, openedStoryboard] = await Promise.all([
        openJob(sealer, job),
        openValue(sealer, userId, contextOfJob.storyboard(jobId), storyboard),
      ]);
      return { ...found, job: opened, storyboard: openedStoryboard };
    },

    async revise(userId, jobId, revision) {
      refuseUnstorable(revision.storyboard);
      const context = contextOfJob.storyboard(jobId);
      const storyboard = await sealValue(sealer, userId, context, revision.storyboard);
      return openJob(sealer, await inner.revise(userId, jobId, { ...revision, storyboard }));
    },
  };
}

/** Throws what `inner` throws, `encryption_key_unavailable`, `sealed_unreadable`. */
export function createSealedJobLeases(inner: JobLeases, sealer: Sealer): JobLeases {
  const sealDegradations = async ({ userId, jobId }: Lease, degradations: Job['degradations']) =>
    degradations.length === 0
      ? []
      : sealValue(sealer, userId, contextOfJob.degradations(jobId), degradations);
  return {
    ...inner,

    async claimNext(deliveredJobId, workerId, leaseMs) {
      const claimed = await inner.claimNext(deliveredJobId, workerId, leaseMs);
      if (claimed === undefined) return undefined;
      const { lease, storyboard } = claimed;
      return {
        ...claimed,
        job: await openJob(sealer, claimed.job),
        storyboard: await openValue(sealer, lease.userId, contextOfJob.storyboard(lease.jobId), storyboard),
      };
    },

    async complete(lease, result) {
      const title = await sealValue(
        sealer,
        lease.userId,
        contextOfJob.title(lease.jobId),
        result.video.title,
      );
      const degradations = await sealDegradations(lease, result.degradations);
      await inner.complete(lease, { ...result, video: { ...result.video, title }, degradations });
    },

    async fail(lease, failure) {
      const degradations = await sealDegradations(lease, failure.degradations);
      await inner.fail(lease, { ...failure, degradations });
    },
  };
}

/** Throws what `inner` throws, `encryption_key_unavailable`, `sealed_unreadable`. */
export function createSealedStepStore(inner: StepStore, sealer: Sealer): StepStore {
  const contextOf = (stepKey: string) => `step_results.result/${stepKey}`;
  const openStep = async (userId: string, stored: StoredStep): Promise<StoredStep> => ({
    ...stored,
    result: await openValue(sealer, userId, contextOf(stored.stepKey), stored.result),
  });
  return {
    ...inner,

    async find(userId, stepKey) {
      const stored = await inner.find(userId, stepKey);
      return stored && openStep(userId, stored);
    },

    async putIfAbsent(lease, step) {
      const result = await sealValue(sealer, lease.userId, contextOf(step.stepKey), step.result);
      return openStep(lease.userId, await inner.putIfAbsent(lease, { ...step, result }));
    },
  };
}

/** Under which context each sealed part of a job's row opens. */
export const contextOfJob = {
  request: (jobId: string) => `jobs.request/${jobId}`,
  storyboard: (jobId: string) => `jobs.storyboard/${jobId}`,
  degradations: (jobId: string) => `jobs.degradations/${jobId}`,
  /** Of a video's facts only this is words; the others are read where webhooks are announced. */
  title: (jobId: string) => `jobs.video.title/${jobId}`,
};

async function openJob(sealer: Sealer, job: Job): Promise<Job> {
  const { userId, jobId, video } = job;
  return {
    ...job,
    request: await openValue(sealer, userId, contextOfJob.request(jobId), job.request),
    degradations: await openValue(sealer, userId, contextOfJob.degradations(jobId), job.degradations),
    video: video && {
      ...video,
      title: await openValue(sealer, userId, contextOfJob.title(jobId), video.title),
    },
  };
}

/** The stores beneath do not look into the value, so that its sealed form takes its place. */
async function sealValue<T>(sealer: Sealer, userId: string, context: string, value: T): Promise<T> {
  const sealed = await sealer.seal(userId, context, Buffer.from(JSON.stringify(value)));
  return { sealed: sealed.toString('base64') } as T;
}

/** What was not sealed is given back as it is. Throws what Sealer.open throws. */
export async function openValue<T>(sealer: Sealer, userId: string, context: string, stored: T): Promise<T> {
  if (!isSealed(stored)) return stored;
  const plain = await sealer.open(userId, context, Buffer.from(stored.sealed, 'base64'));
  return JSON.parse(plain.toString()) as T;
}

function isSealed(stored: unknown): stored is { sealed: string } {
  if (typeof stored !== 'object' || stored === null) return false;
  return Object.keys(stored).length === 1 && typeof (stored as { sealed?: unknown }).sealed === 'string';
}

/** The database would refuse these texts where they are not sealed; sealed ones are no different. */
function refuseUnstorable(words: Job['request'] | Storyboard): void {
  if (!/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.test(JSON.stringify(words))) return;
  throw new AppError('request_invalid', 'The request has a text with a character that cannot be stored.', {
    hint: 'Remove NUL characters and unpaired surrogates.',
  });
}
