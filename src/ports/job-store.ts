// The user's side of the job row: create, read, cancel, retry, remove. Every call names the user; a job of
// somebody else's is as good as absent. A job that becomes runnable is sent to the queue in the same transaction.
import type { Job, JobStatus } from '../domain/job.ts';
import type { Storyboard } from '../domain/storyboard.ts';
import type { VideoRequest } from '../domain/video-request.ts';

export interface JobCause {
  /** The W3C `traceparent` of what asks for the job to run: whoever runs it goes on with that trace. Left out = as before. */
  traceParent?: string | undefined;
}

export interface NewJob extends JobCause {
  userId: string;
  /** A new UUIDv7; left out: the store makes one. */
  jobId?: string;
  request: VideoRequest;
  maxRetries: number;
  estimatedMicroUsd: number;
  /** How long the video will be, as far as that can be told: what counts for the user's daily minutes. Left out: 0. */
  videoMs?: number;
  /** The endpoint that the request's `webhook_url` names. */
  webhookId?: string;
  /** With `bodyDigest`: the same key and digest gives the first job, the same key and another digest throws
   *  `idempotency_conflict`. Keys are remembered for 24 h, per user. */
  idempotency?: { key: string; bodyDigest: string };
}

export interface JobRevision extends JobCause {
  /** `Job.revision` of what was edited. */
  from: number;
  storyboard: Storyboard;
  /** Names the edit as it was sent, so that it is known when it comes once more. */
  editDigest: string;
  /** Of all of the video, as of `NewJob`. */
  estimatedMicroUsd: number;
  videoMs: number;
}

export interface JobWithStoryboard {
  job: Job;
  /** Both undefined: it was never edited. */
  storyboard: Storyboard | undefined;
  editDigest: string | undefined;
}

export interface JobPage {
  jobs: Job[];
  /** Opaque; absent on the last page. */
  nextCursor?: string;
}

export interface JobStore {
  /**
   * Atomic with the queue's send and the first event. `created` is false when an idempotency key gave an old job. Throws
   * `limit_reached` when the user has as much under way as a user may have.
   */
  create(job: NewJob): Promise<{ job: Job; created: boolean }>;
  find(userId: string, jobId: string): Promise<Job | undefined>;
  /** Newest first, keyset-paginated. Throws `request_invalid` for a cursor that we did not make. */
  list(userId: string, query: { status?: JobStatus; limit: number; cursor?: string }): Promise<JobPage>;
  /** Wins against completion or throws `state_conflict`; canceling a canceled job returns it. `not_found`. */
  cancel(userId: string, jobId: string): Promise<Job>;
  /** From failed or canceled back to pending, attempts from zero. Throws `state_conflict`, `not_found`, `limit_reached`. */
  retry(userId: string, jobId: string, cause?: JobCause): Promise<Job>;
  /** From awaiting_approval to pending. Throws `state_conflict`, `not_found`. */
  approve(userId: string, jobId: string, cause?: JobCause): Promise<Job>;
  /** The job with the newest edit of its storyboard, if any; never from before what this process has written. */
  findStoryboard(userId: string, jobId: string): Promise<JobWithStoryboard | undefined>;
  /**
   * The edited storyboard takes the place of the planned one. A job that has ended goes back to pending, attempts from zero,
   * its files readable until there are others; one that awaits approval goes on waiting. Throws `state_conflict`,
   * `storyboard_changed` when the job has another revision by now, `not_found`, `limit_reached`.
   */
  revise(userId: string, jobId: string, revision: JobRevision): Promise<Job>;
  /** Cancels if needed and deletes the job's rows; its bytes go with the next garbage collection. `not_found`. */
  remove(userId: string, jobId: string): Promise<void>;
  countByStatus(): Promise<Record<JobStatus, number>>;
  /** Resolves when the database answers; throws `database_unavailable`. */
  ping(): Promise<void>;
}
