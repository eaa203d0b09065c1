// What the conformance suites need of an adapter: its stores, sharing one set of rows, and a hand on time and delivery.
import { randomUUID } from 'node:crypto';

import type { Problem } from '../../src/domain/errors.ts';
import type { Job, Lease } from '../../src/domain/job.ts';
import type { Report } from '../../src/domain/report.ts';
import type { VideoRequest } from '../../src/domain/video-request.ts';
import type { AssetStore } from '../../src/ports/asset-store.ts';
import type { DeadLetters } from '../../src/ports/dead-letters.ts';
import type { JobEvents } from '../../src/ports/job-events.ts';
import type { ClaimedJob, CompletedJob, JobLeases } from '../../src/ports/job-leases.ts';
import type { JobQueue } from '../../src/ports/job-queue.ts';
import type { JobRevision, JobStore } from '../../src/ports/job-store.ts';
import type { Receipts } from '../../src/ports/receipts.ts';
import type { StepStore } from '../../src/ports/step-store.ts';
import { requestOf } from '../support/requests.ts';

export interface StoresUnderTest {
  jobStore: JobStore;
  assetStore: AssetStore;
  leases: JobLeases;
  stepStore: StepStore;
  jobEvents: JobEvents;
  deadLetters: DeadLetters;
  receipts: Receipts;
  queue: RecordingQueue;
  /** Makes everything stored look `ms` older, leases and due times included. */
  letTimePass(ms: number): Promise<void>;
  /** Everything that is stored of the job and of its user's steps, to compare. */
  dump(job: { userId: string; jobId: string }): Promise<unknown>;
  /** Runs `work` while no other job is due. */
  alone<T>(jobId: string, work: () => Promise<T>): Promise<T>;
  /** Cuts the connection over which subscribers are told of events, as a network does. */
  breakSubscriptions(): Promise<void>;
}

export interface RecordingQueue extends Pick<JobQueue, 'send'> {
  /** Sends that were committed, in order. */
  sent: { jobId: string; delayMs: number }[];
  /** Every send fails with this while it is set. */
  fault: Error | undefined;
}

/** Stands for delivery where delivery is not under test: notes what was sent, if the transaction commits. */
export function createRecordingQueue(): RecordingQueue {
  const queue: RecordingQueue = {
    sent: [],
    fault: undefined,
    async send(jobId, { transaction, delayMs = 0 } = {}) {
      if (queue.fault !== undefined) throw queue.fault;
      const note = async () => void queue.sent.push({ jobId, delayMs });
      if (transaction === undefined) return note();
      transaction.afterCommit(note);
    },
  };
  return queue;
}

export const leaseMs = 30_000;

export const problem: Problem = {
  type: 'urn:aiprod:error:storage_unavailable',
  title: 'The storage is not available',
  status: 503,
  code: 'storage_unavailable',
  detail: 'The disk was away.',
  retryable: true,
};

export const newUser = () => `user-${randomUUID()}`;
export const newDigest = () => randomUUID().replaceAll('-', '').repeat(2);

export async function createJob(
  { jobStore }: StoresUnderTest,
  {
    userId = newUser(),
    maxRetries = 3,
    request = {},
    traceParent,
  }: {
    userId?: string;
    maxRetries?: number;
    request?: Partial<VideoRequest>;
    traceParent?: string;
  } = {},
): Promise<Job> {
  const { job } = await jobStore.create({
    userId,
    request: requestOf(request),
    maxRetries,
    estimatedMicroUsd: 0,
    traceParent,
  });
  return job;
}

/** What the job's delivery claims where it is the only one: undefined when there is nothing to claim. */
export function tryClaim(
  { leases, alone }: StoresUnderTest,
  { jobId }: { jobId: string },
): Promise<ClaimedJob | undefined> {
  return alone(jobId, () => leases.claimNext(jobId, 'worker', leaseMs));
}

/** Throws when there is nothing to claim. */
export async function claim(stores: StoresUnderTest, job: { jobId: string }): Promise<ClaimedJob> {
  const claimed = await tryClaim(stores, job);
  if (claimed === undefined) throw new Error('the job was not to be claimed');
  return claimed;
}

export async function createClaimed(
  stores: StoresUnderTest,
  options: Parameters<typeof createJob>[1] = {},
): Promise<Lease> {
  return (await claim(stores, await createJob(stores, options))).lease;
}

/** A zombie's lease: a worker claimed, was silent past its lease, and another claimed. */
export async function createZombie(stores: StoresUnderTest): Promise<{ zombie: Lease; owner: Lease }> {
  const zombie = await createClaimed(stores);
  await stores.letTimePass(leaseMs + 1);
  const { lease: owner } = await claim(stores, zombie);
  return { zombie, owner };
}

export function getJob({ jobStore }: StoresUnderTest, { userId, jobId }: Lease | Job): Promise<Job> {
  return jobStore.find(userId, jobId).then((job) => {
    if (job === undefined) throw new Error('the job is gone');
    return job;
  });
}

/** What a worker hands over, with `files` as given. */
export function resultWith(files: CompletedJob['files'] = {}): CompletedJob {
  return {
    files,
    report: { duration: 12.5, gates: [] as Report['gates'] } as Report,
    video: { title: 'Fog', width: 1280, height: 720, fps: 24, duration: 12.5, bytes: 1_000 },
    degradations: [{ capability: 'voice', cause: 'None speaks Welsh.', remedy: 'Choose another language.' }],
    reuse: { steps_total: 9, steps_reused: 2 },
  };
}

/** An edit of the first revision, unless it says otherwise. */
export function revisionOf(change: Partial<JobRevision> = {}): JobRevision {
  const storyboard = { title: 'Edited', language: 'en', scenes: [] };
  return { from: 1, storyboard, editDigest: 'edit', estimatedMicroUsd: 0, videoMs: 0, ...change };
}

/** Brings a new job into each status; the lease is its worker's, when it had one. */
export const jobsIn = {
  pending: (stores: StoresUnderTest) => createJob(stores),
  processing: (stores: StoresUnderTest) => createClaimed(stores),
  awaiting_approval: async (stores: StoresUnderTest) => {
    const lease = await createClaimed(stores);
    await stores.leases.awaitApproval(lease);
    return lease;
  },
  completed: async (stores: StoresUnderTest) => {
    const lease = await createClaimed(stores);
    await stores.leases.complete(lease, resultWith());
    return lease;
  },
  failed: async (stores: StoresUnderTest) => {
    const lease = await createClaimed(stores);
    await stores.leases.fail(lease, { error: problem, degradations: [], deadLetter: true });
    return lease;
  },
  canceled: async (stores: StoresUnderTest) => {
    const lease = await createClaimed(stores);
    await stores.jobStore.cancel(lease.userId, lease.jobId);
    return lease;
  },
};
