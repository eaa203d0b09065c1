// Results of finished steps, shared by all jobs of one user, and the record of which step ran in which job.
import type { Lease } from '../domain/job.ts';

/** JSON, as far as step results go. Blobs appear in it as BlobRef objects. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface StoredStep {
  stepKey: string;
  step: string;
  result: Json;
  /** Digests of every blob that `result` names; all must exist for the result to count. */
  blobs: string[];
  createdAt: Date;
}

/** Why a step ran or did not, for `aiprod explain`. */
export type StepReason = 'first_time' | 'input_changed' | 'blob_missing' | 'reused';

export interface StepRun {
  /** Name with its instance, such as `narrate:s03`. Unique within the job. */
  stepId: string;
  step: string;
  stepKey: string;
  outcome: 'ran' | 'reused' | 'failed';
  reason: StepReason;
  /** Paths of the key's parts that differ from the job's earlier run of this step, such as `input.pace`. */
  changed: string[];
  /** Time of work, all attempts together: without waiting for a turn (WorkContext.awaitTurn) or between attempts. */
  durationMs: number;
  /** Digest of each part of the key, so that the next run can tell what changed. */
  parts: Record<string, string>;
  at: Date;
}

export interface StepStore {
  find(userId: string, stepKey: string): Promise<StoredStep | undefined>;
  /** First writer wins: returns what is stored, ours or an earlier one. Fenced by the lease (see job-leases.ts). */
  putIfAbsent(
    lease: Lease,
    step: { stepKey: string; step: string; result: Json; blobs: string[] },
  ): Promise<StoredStep>;
  /** Forgets a result whose blobs are gone, so that it can be made again. Fenced. */
  forget(lease: Lease, stepKey: string): Promise<void>;
  /** Notes a run; a later one of the same stepId replaces it. Fenced. */
  recordRun(lease: Lease, run: StepRun): Promise<void>;
  /** In order of time. Empty for somebody else's job. */
  runs(userId: string, jobId: string): Promise<StepRun[]>;
  /** Keeps garbage collection away from the digest for the grace period; call before its bytes are written. */
  touchBlob(userId: string, digest: string): Promise<void>;
  /**
   * Forgets step results that no job's run has named for `graceMs`, then removes (through `removeBlob`) every blob
   * that no step result, no job file and no asset names and that was not touched within `graceMs`. Safe beside running jobs.
   * Stops early, between two small transactions, once `signal` is aborted.
   */
  collectGarbage(
    graceMs: number,
    removeBlob: (userId: string, digest: string) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<{
    steps: number;
    blobs: number;
  }>;
  /** Median duration in ms of each step over its last 50 runs that ran, for estimates. */
  medianDurations(): Promise<Record<string, number>>;
}
