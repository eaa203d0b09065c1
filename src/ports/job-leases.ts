// The worker's side of the job row. Every write is fenced: it carries the lease, and when no row has that
// epoch any more it throws `lease_lost` (or `job_canceled` when the job was canceled or removed) and changes nothing.
import type { Problem } from '../domain/errors.ts';
import type { Degradation, Job, JobFiles, Lease, Reuse, Stage, VideoFacts } from '../domain/job.ts';
import type { Report } from '../domain/report.ts';
import type { Storyboard } from '../domain/storyboard.ts';

export interface ClaimedJob {
  lease: Lease;
  job: Job;
  /** True once the user approved the plan. */
  approved: boolean;
  /** As the user edited it; to be made as it is. */
  storyboard?: Storyboard | undefined;
  /** With what the trace goes on in which the job was last asked to run: created, approved, retried or redriven. */
  traceParent?: string | undefined;
}

export interface CompletedJob {
  files: JobFiles;
  report: Report;
  video: VideoFacts;
  degradations: Degradation[];
  reuse: Reuse;
}

export interface JobLeases {
  /** Whether there is such a job, in whatever state. */
  isKnown(jobId: string): Promise<boolean>;
  /**
   * Claims the job that a delivery of this one is to run: this one when its lease ran out (database clock), otherwise the one
   * that is next in turn of those that are pending and due, so that users share the queue evenly. Raises the epoch and counts
   * the attempt in the same update. Callers at the same time get different jobs and do not wait for each other, as long as
   * different users wait. Undefined = nothing to do: all that there is has ended, is held elsewhere or not due.
   * Passed by is a job whose user has as many running as a user may have: it is sent when one of them ends. So is one whose
   * attempts are used up: it is failed, with a dead letter.
   */
  claimNext(deliveredJobId: string, workerId: string, leaseMs: number): Promise<ClaimedJob | undefined>;
  /** Prolongs the lease to `leaseMs` from now. */
  heartbeat(lease: Lease, leaseMs: number): Promise<void>;
  /** Progress 0..1 only rises within an attempt. Writes an event when the stage changes or progress grew by ≥ 1 %. */
  setProgress(lease: Lease, progress: { stage: Stage; progress: number }): Promise<void>;
  complete(lease: Lease, result: CompletedJob): Promise<void>;
  /** Final. `deadLetter` also leaves a dead letter for the operator. */
  fail(
    lease: Lease,
    failure: { error: Problem; degradations: Degradation[]; deadLetter: boolean },
  ): Promise<void>;
  /** Back to pending, due after `delayMs`, and sent to the queue in the same transaction. `error` stays readable. */
  retryLater(lease: Lease, failure: { error: Problem; delayMs: number }): Promise<void>;
  /** Back to pending at once; the attempt is not charged. */
  release(lease: Lease): Promise<void>;
  /** The attempt is not charged either. */
  awaitApproval(lease: Lease): Promise<void>;
  /**
   * Sends again every runnable job that nobody holds: processing with a lease that ran out, or pending and due for
   * more than `overdueMs`. Safe to run on many instances at once. Returns how many it sent.
   */
  sweep(overdueMs: number): Promise<number>;
}
