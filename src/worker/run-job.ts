// One delivery: claims the job, makes the video within a slice of time, and writes the one outcome that is due.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { AppError, toAppError, toProblem } from '../domain/errors.ts';
import { type Degradation, retryDelayMs, type Stage } from '../domain/job.ts';
import type { PassCrashPoint } from '../engine/crash-points.ts';
import { createStepRunner, type StepRunner } from '../engine/run-step.ts';
import type { AssetStore } from '../ports/asset-store.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClaimedJob, JobLeases } from '../ports/job-leases.ts';
import type { Makers } from '../ports/makers.ts';
import type { MediaFetcher } from '../ports/media-fetcher.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Receipts, SpendingLimits } from '../ports/receipts.ts';
import type { StepStore } from '../ports/step-store.ts';
import { type Part, type Tracer, untraced, within } from '../ports/tracer.ts';
import { makeVideo } from '../video/make-video.ts';
import { createMakersUsed } from '../video/makers-used.ts';
import { createProgress } from '../video/progress.ts';
import { keepLease } from './keep-lease.ts';
import { type Patience, startPatience } from './patience.ts';

export interface RunJobDeps {
  leases: JobLeases;
  stepStore: StepStore;
  blobStore: BlobStore;
  receipts: Receipts;
  dailyLimits: Pick<SpendingLimits, 'userDailyMicroUsd' | 'dailyMicroUsd'>;
  assetStore: Pick<AssetStore, 'find'>;
  makers: Makers;
  mediaFetcher: MediaFetcher;
  clock: Clock;
  random: () => number;
  logger: WorkerLogger;
  /** Left out: no traces, and lines of makers do not say which job they are about. */
  tracer?: Tracer;
  crashPoint: PassCrashPoint;
  workerId: string;
  leaseMs: number;
  /** Longest time one delivery may work; the job then goes on with the next. */
  sliceMs: number;
  /** Folder for half-made files. */
  scratchFolder: string;
  metrics: Pick<Metrics, 'stepFinished' | 'leaseLost' | 'providerPaid' | 'jobRuns' | 'jobEnded'>;
}

export interface WorkerLogger {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** Why a running job is stopped without a result. */
const sliceSpent = Symbol('slice spent');
const shuttingDown = Symbol('shutting down');
const workEnded = Symbol('work ended');

/**
 * Runs the job whose turn it is, which need not be the delivered one. Resolves when nothing is left to do for this
 * delivery; rejects only when the outcome could not be written.
 */
export async function runJob(jobId: string, stopping: AbortSignal, deps: RunJobDeps): Promise<void> {
  const claimed = await deps.leases.claimNext(jobId, deps.workerId, deps.leaseMs);
  if (claimed === undefined) return;
  deps.crashPoint('after-claim');
  const work = new AbortController();
  const keeper = keepLease(deps.leases, claimed.lease, deps.leaseMs, (reason) => work.abort(reason));
  const slice = setTimeout(() => work.abort(sliceSpent), deps.sliceMs);
  const stop = () => work.abort(shuttingDown);
  stopping.addEventListener('abort', stop, { once: true });
  if (stopping.aborted) stop();
  const patience = startPatience(stopping, shuttingDown, deps.clock);
  const runsNoMore = deps.metrics.jobRuns();
  try {
    await within(deps.tracer ?? untraced, partOf(claimed), async (part) => {
      const { outcome, failure } = await workOn(claimed, work, patience, deps);
      part.set({ 'aiprod.outcome': outcome });
      part.end(failure);
    });
  } finally {
    runsNoMore();
    patience.end();
    keeper.stop();
    clearTimeout(slice);
    stopping.removeEventListener('abort', stop);
  }
}

/** Goes on with the trace of the request that created the job, whatever delivery brought it here. */
function partOf({ lease: { jobId, epoch }, traceParent }: ClaimedJob): Part {
  return { name: 'job', kind: 'consumer', facts: { jobId, epoch }, traceParent };
}

/** How one delivery's work ended. */
interface Ended {
  outcome: 'completed' | 'awaiting_approval' | 'given_back' | 'not_ours' | 'retry_later' | 'failed';
  failure?: AppError;
}

async function workOn(
  claimed: ClaimedJob,
  work: AbortController,
  { worn }: Patience,
  deps: RunJobDeps,
): Promise<Ended> {
  const { leases, logger, crashPoint } = deps;
  const { lease, job, approved, storyboard } = claimed;
  const facts = { jobId: lease.jobId, epoch: lease.epoch, retryCount: job.retryCount };
  const scratch = join(deps.scratchFolder, `${lease.jobId}-${lease.epoch}`);
  const degradations: Degradation[] = [];
  const progressWriter = createProgressWriter(claimed, deps);
  let runner: StepRunner | undefined;
  logger.info(facts, 'job claimed');
  try {
    await mkdir(scratch, { recursive: true });
    const progress = createProgress(progressWriter.note);
    runner = await createStepRunner({
      lease,
      stepStore: deps.stepStore,
      blobStore: deps.blobStore,
      receipts: deps.receipts,
      limits: { ...deps.dailyLimits, jobMicroUsd: job.request.budget_micro_usd },
      clock: deps.clock,
      signal: work.signal,
      scratch,
      retry: { attempts: 2, baseDelayMs: 500 },
      random: deps.random,
      crashPoint,
      onProgress: progress.update,
      onStep: deps.metrics.stepFinished,
      onPaid: deps.metrics.providerPaid,
      ...(deps.tracer && { tracer: deps.tracer }),
    });
    const making = makeVideo(job.request, {
      makers: deps.makers,
      run: runner.run,
      endedBefore: runner.endedBefore,
      history: runner.history,
      progress,
      used: createMakersUsed(),
      approved: approved || !job.request.approval,
      storyboard,
      userMedia: {
        jobId: lease.jobId,
        findAsset: (assetId) => deps.assetStore.find(lease.userId, assetId),
        fetcher: deps.mediaFetcher,
      },
      degrade(degradation, because) {
        if (because !== undefined)
          logger.warn(
            { ...facts, capability: degradation.capability, code: because.code, err: because },
            'a fallback was taken',
          );
        note(degradation, job.request.strict, degradations);
      },
    });
    const made = await Promise.race([making, worn]);
    await progressWriter.flush();
    if (made === 'awaiting_approval') {
      await leases.awaitApproval(lease);
      return { outcome: made };
    }
    crashPoint('before-complete');
    const runs = runner.history();
    const reused = runs.filter(({ outcome }) => outcome === 'reused').length;
    await leases.complete(lease, {
      ...made,
      degradations,
      reuse: { steps_total: runs.length, steps_reused: reused },
    });
    deps.metrics.jobEnded('completed');
    crashPoint('after-complete');
    logger.info({ ...facts, steps: runs.length, reused }, 'job completed');
    return { outcome: 'completed' };
  } catch (error) {
    const reason = work.signal.aborted ? work.signal.reason : error;
    work.abort(workEnded);
    await Promise.race([runner?.settled(), worn.catch(() => {})]);
    await progressWriter.flush();
    const mayGoOn = runner !== undefined && mayGoOnLater(runner, deps.sliceMs);
    return await settleFailure(reason, mayGoOn, claimed, degradations, deps);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Whether the next slice may get further than this one: a step was finished, or none had half of the slice to itself,
 * because other jobs had the media processes.
 */
function mayGoOnLater(runner: StepRunner, sliceMs: number): boolean {
  return runner.history().some(({ outcome }) => outcome === 'ran') || runner.longestAttemptMs() < sliceMs / 2;
}

/** Writes the outcome that the failure calls for; none when the job is not ours any more. */
async function settleFailure(
  reason: unknown,
  mayGoOn: boolean,
  { lease, job }: ClaimedJob,
  degradations: Degradation[],
  { leases, logger, metrics, random }: RunJobDeps,
): Promise<Ended> {
  const facts = { jobId: lease.jobId, epoch: lease.epoch };
  if (reason === shuttingDown || (reason === sliceSpent && mayGoOn)) {
    logger.info({ ...facts, why: reason.description }, 'job given back');
    await leases.release(lease);
    return { outcome: 'given_back' };
  }
  const failure =
    reason === sliceSpent
      ? new AppError('step_timed_out', 'No step could be finished within one slice of work.')
      : toAppError(reason);
  if (failure.kind === 'lease-lost' || failure.kind === 'canceled') {
    if (failure.kind === 'lease-lost') metrics.leaseLost();
    logger.info({ ...facts, code: failure.code }, 'job not ours any more');
    return { outcome: 'not_ours' };
  }
  const error = toProblem(failure);
  if (failure.kind === 'transient' && job.retryCount < job.maxRetries) {
    const delayMs = retryDelayMs(job.retryCount, random);
    logger.warn({ ...facts, code: failure.code, delayMs, err: failure }, 'job will be tried again');
    await leases.retryLater(lease, { error, delayMs });
    return { outcome: 'retry_later', failure };
  }
  const level = failure.kind === 'bug' ? 'error' : 'warn';
  logger[level]({ ...facts, code: failure.code, err: failure }, 'job failed');
  const callersOwn = failure.kind === 'invalid' || failure.kind === 'rejected';
  await leases.fail(lease, { error, degradations, deadLetter: !callersOwn });
  // Used-up quotas and wrong credentials are the operator's.
  metrics.jobEnded(callersOwn && error.status < 500 ? 'refused' : 'failed');
  return { outcome: 'failed', failure };
}

function note(degradation: Degradation, strict: boolean, degradations: Degradation[]): void {
  if (strict) throw new AppError('degraded', degradation.cause, { hint: degradation.remedy });
  // Said once, however many scenes it concerns.
  const said = degradations.some(({ capability, cause }) => {
    return capability === degradation.capability && cause === degradation.cause;
  });
  if (!said) degradations.push(degradation);
}

/** Less is not written: users hear of progress in steps of one percent. */
const tellingProgress = 0.01;

/**
 * Writes progress to the job: what is worth it, and without piling up: while one write is under way, only the newest
 * value waits.
 */
function createProgressWriter({ lease }: ClaimedJob, { leases, logger }: RunJobDeps) {
  let noted: { stage: Stage; progress: number } | undefined;
  let next: typeof noted;
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
    try {
      while (next !== undefined) {
        const current = next;
        next = undefined;
        await leases.setProgress(lease, current);
      }
    } catch (error) {
      // The heartbeat notices a lost lease; a missed progress report is nothing to fail a job for.
      logger.warn({ jobId: lease.jobId, code: toAppError(error).code }, 'progress not written');
    } finally {
      writing = undefined;
    }
  }

  return {
    note(stage: Stage, progress: number): void {
      if (noted?.stage === stage && progress - noted.progress < tellingProgress) return;
      noted = { stage, progress };
      next = noted;
      writing ??= write();
    },
    flush: async (): Promise<void> => void (await writing),
  };
}
