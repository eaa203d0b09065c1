// Runs a step at most once per key: looks for a stored result whose bytes all exist, else makes, stores and records it.
// First writer wins: when somebody stored the key meanwhile, their result is used. Knows nothing of video.
import { createHash } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { AppError } from '../domain/errors.ts';
import type { Lease, Stage } from '../domain/job.ts';
import type { BlobRef, BlobStore } from '../ports/blob-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { MadeFile } from '../ports/made-file.ts';
import type { Receipts, SpendingLimits } from '../ports/receipts.ts';
import type { Json, StepReason, StepRun, StepStore } from '../ports/step-store.ts';
import { type OpenPart, type Tracer, untraced, within } from '../ports/tracer.ts';
import type { PassCrashPoint } from './crash-points.ts';
import type { Step } from './define-step.ts';
import { makePaidCall, type PaidCallDeps } from './paid-call.ts';
import { type RetryPolicy, retryTransient } from './retry.ts';
import { changedParts, type StepKey, stepKeyOf } from './step-key.ts';
import { startStopwatch } from './stopwatch.ts';

export interface StepRunnerDeps {
  lease: Lease;
  stepStore: StepStore;
  blobStore: BlobStore;
  receipts: Receipts;
  /** What paid calls may cost. */
  limits: SpendingLimits;
  clock: Clock;
  /** Aborts every running step. */
  signal: AbortSignal;
  /** The job's own scratch folder; each step gets a folder inside. */
  scratch: string;
  retry: RetryPolicy;
  random: () => number;
  crashPoint: PassCrashPoint;
  /** Told when a step starts making, moves on, and is done (1). Reused steps are told as done only. */
  onProgress(step: { stepId: string; stage: Stage }, fraction: number): void;
  /** Told about every step that ran, failed or was reused. */
  onStep(run: StepRun): void;
  onPaid: PaidCallDeps['onPaid'];
  tracer?: Tracer;
}

export interface StepRunner {
  /** `instance` tells apart several runs of one step in a job, such as the scene's id. */
  run<Input, Result>(step: Step<Input, Result>, input: Input, instance?: string): Promise<Result>;
  /** Whether an earlier delivery of the job ended this step, with this input, well. */
  endedBefore<Input, Result>(step: Step<Input, Result>, input: Input): boolean;
  /** Every step this runner finished, in order. */
  history(): StepRun[];
  /** How long the longest attempt at a step that has ended worked, finished or not; its waits not counted. */
  longestAttemptMs(): number;
  /** Resolves when no step is under way any more. */
  settled(): Promise<void>;
}

export async function createStepRunner(deps: StepRunnerDeps): Promise<StepRunner> {
  const { lease, stepStore, blobStore, clock, signal, crashPoint, tracer = untraced } = deps;
  const earlier = new Map((await stepStore.runs(lease.userId, lease.jobId)).map((run) => [run.stepId, run]));
  const inFlight = new Map<string, Promise<Json>>();
  const finished: StepRun[] = [];
  let longestAttemptMs = 0;

  async function run<Input, Result>(
    step: Step<Input, Result>,
    input: Input,
    instance?: string,
  ): Promise<Result> {
    signal.throwIfAborted();
    const stepId = instance === undefined ? step.name : `${step.name}:${instance}`;
    const key = stepKeyOf(step, input as Json);
    const underWay = inFlight.get(key.stepKey);
    if (underWay !== undefined) {
      const result = await underWay;
      await record(step, stepId, key, 'reused', 'reused', 0);
      deps.onProgress({ stepId, stage: step.stage }, 1);
      return result as Result;
    }
    const facts = { step: step.name, stepId, stage: step.stage };
    const result = within(tracer, { name: step.name, kind: 'internal', facts }, (part) =>
      runOnce(step, input, stepId, key, part),
    );
    inFlight.set(key.stepKey, result);
    return (await result) as Result;
  }

  async function runOnce<Input, Result>(
    step: Step<Input, Result>,
    input: Input,
    stepId: string,
    key: StepKey,
    part: OpenPart,
  ): Promise<Json> {
    const stored = await stepStore.find(lease.userId, key.stepKey);
    let reason: StepReason = earlier.has(stepId) ? 'input_changed' : 'first_time';
    if (stored !== undefined) {
      if (await allPresent(stored.blobs)) {
        part.set({ 'aiprod.outcome': 'reused' });
        await record(step, stepId, key, 'reused', 'reused', 0);
        deps.onProgress({ stepId, stage: step.stage }, 1);
        return stored.result;
      }
      reason = 'blob_missing';
      await stepStore.forget(lease, key.stepKey);
    }
    part.set({ 'aiprod.outcome': 'ran' });
    let workedMs = 0;
    const tryOnce = () => make(step, input, { stepId, stepKey: key.stepKey }, (ms) => (workedMs += ms));
    deps.onProgress({ stepId, stage: step.stage }, 0);
    crashPoint(`before-make:${step.name}`);
    let result: Json;
    try {
      result = await retryTransient(tryOnce, { ...deps, policy: deps.retry });
    } catch (error) {
      if (!signal.aborted) await record(step, stepId, key, 'failed', reason, Math.round(workedMs));
      throw inStage(error, step.stage);
    }
    crashPoint(`after-blobs:${step.name}`);
    const ours = { stepKey: key.stepKey, step: step.name, result, blobs: blobsIn(result) };
    const kept = await stepStore.putIfAbsent(lease, ours);
    crashPoint(`after-result:${step.name}`);
    await record(step, stepId, key, 'ran', reason, Math.round(workedMs));
    crashPoint(`after-record:${step.name}`);
    deps.onProgress({ stepId, stage: step.stage }, 1);
    return kept.result;
  }

  /** One attempt; `onWorked` is told how long it worked, done or failed. */
  async function make<Input, Result>(
    step: Step<Input, Result>,
    input: Input,
    { stepId, stepKey }: { stepId: string; stepKey: string },
    onWorked: (ms: number) => void,
  ): Promise<Json> {
    const scratch = join(deps.scratch, stepId.replaceAll(/[^\w-]/g, '_'));
    await mkdir(scratch, { recursive: true });
    const stopwatch = startStopwatch(step.timeoutMs);
    const stepSignal = AbortSignal.any([signal, stopwatch.expired]);
    try {
      const result = await step.run(input, {
        scratch,
        signal: stepSignal,
        onProgress: (fraction) => deps.onProgress({ stepId, stage: step.stage }, Math.min(fraction, 0.99)),
        awaitTurn: stopwatch.awaitTurn,
        keep: async (file) => {
          crashPoint(`after-make:${step.name}`);
          return keep(file);
        },
        pay: (call) =>
          makePaidCall({ step: step.name, stepKey }, call, { ...deps, signal: stepSignal, keep }),
        open: (ref) => blobStore.localPath(lease.userId, ref.digest, deps.scratch),
      });
      return result as Json;
    } catch (error) {
      signal.throwIfAborted();
      if (!stopwatch.expired.aborted) throw error;
      const seconds = Math.round(step.timeoutMs / 1000);
      throw new AppError('step_timed_out', `The step ${stepId} took longer than ${seconds} s.`, {
        stage: step.stage,
        cause: error,
      });
    } finally {
      stopwatch.stop();
      const workedMs = stopwatch.workedMs();
      longestAttemptMs = Math.max(longestAttemptMs, workedMs);
      onWorked(workedMs);
      await rm(scratch, { recursive: true, force: true });
    }
  }

  async function keep({ path, mediaType }: MadeFile): Promise<BlobRef> {
    const digest = await digestOf(path);
    await stepStore.touchBlob(lease.userId, digest);
    return blobStore.putFile(lease.userId, path, mediaType, { digest, folder: deps.scratch });
  }

  async function allPresent(digests: string[]): Promise<boolean> {
    for (const digest of digests) {
      await stepStore.touchBlob(lease.userId, digest);
      if (!(await blobStore.has(lease.userId, digest))) return false;
    }
    return true;
  }

  async function record(
    step: { name: string },
    stepId: string,
    { stepKey, parts }: StepKey,
    outcome: StepRun['outcome'],
    reason: StepReason,
    durationMs: number,
  ): Promise<void> {
    const before = earlier.get(stepId);
    const changed = before === undefined || outcome === 'reused' ? [] : changedParts(before.parts, parts);
    const at = clock.now();
    const run = { stepId, step: step.name, stepKey, outcome, reason, changed, durationMs, parts, at };
    await stepStore.recordRun(lease, run);
    finished.push(run);
    deps.onStep(run);
  }

  return {
    run,
    endedBefore: (step, input) => {
      const before = earlier.get(step.name);
      return (
        before !== undefined &&
        before.outcome !== 'failed' &&
        before.stepKey === stepKeyOf(step, input as Json).stepKey
      );
    },
    history: () => [...finished],
    longestAttemptMs: () => longestAttemptMs,
    settled: async () => void (await Promise.allSettled(inFlight.values())),
  };
}

const digestBytes = 1 << 20;

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  // Read through one buffer: new ones for every piece would keep the garbage collector busy.
  const buffer = Buffer.allocUnsafeSlow(digestBytes);
  const file = await open(path, 'r');
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, digestBytes);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

function inStage(error: unknown, stage: Stage): unknown {
  if (!(error instanceof AppError) || error.stage !== undefined) return error;
  return new AppError(error.code, error.publicMessage, {
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.provider !== undefined && { provider: error.provider }),
    ...(error.errors !== undefined && { errors: error.errors }),
    stage,
    cause: error,
  });
}

/** Digests of all blob references anywhere in a step's result. */
function blobsIn(result: Json): string[] {
  if (result === null || typeof result !== 'object') return [];
  if (Array.isArray(result)) return result.flatMap(blobsIn);
  return isBlobRef(result) ? [result.digest] : Object.values(result).flatMap(blobsIn);
}

function isBlobRef(value: { [key: string]: Json }): value is { [key: string]: Json } & BlobRef {
  return (
    typeof value.digest === 'string' &&
    typeof value.bytes === 'number' &&
    typeof value.media_type === 'string'
  );
}
