// The job: its states, who may move it between them, and what it carries. Pure rules; storing is the job store's.
import type { Problem } from './errors.ts';
import type { Report } from './report.ts';
import type { VideoRequest } from './video-request.ts';

export const jobStatuses = [
  'pending',
  'processing',
  'awaiting_approval',
  'completed',
  'failed',
  'canceled',
] as const;
export type JobStatus = (typeof jobStatuses)[number];

export const stages = [
  'plan',
  'narrate',
  'illustrate',
  'compose_music',
  'find_effects',
  'mix',
  'render',
  'inspect',
  'publish',
] as const;
export type Stage = (typeof stages)[number];

/** Everything that can move a job, and the states from which it may. `docs/states.md` is its picture. */
export const transitions = {
  /** A worker takes the lease. Also from `processing`, once the lease there has run out. Counts an attempt. */
  claim: { from: ['pending', 'processing'], to: 'processing' },
  /** The slice's time is spent or the worker is stopping: finished steps stay, no attempt is charged. */
  release: { from: ['processing'], to: 'pending' },
  /** A transient failure with attempts left: again after a delay. */
  retry_later: { from: ['processing'], to: 'pending' },
  await_approval: { from: ['processing'], to: 'awaiting_approval' },
  approve: { from: ['awaiting_approval'], to: 'pending' },
  complete: { from: ['processing'], to: 'completed' },
  fail: { from: ['processing'], to: 'failed' },
  cancel: { from: ['pending', 'processing', 'awaiting_approval'], to: 'canceled' },
  /** A user (or an operator's redrive) asks again; attempts start from zero, finished steps are reused. */
  retry: { from: ['failed', 'canceled'], to: 'pending' },
  /** The user edited the storyboard of an ended job: a new revision runs, as `retry` does. */
  revise: { from: ['completed', 'failed', 'canceled'], to: 'pending' },
  /** The user edited the storyboard that waits for approval: the edited one waits instead. */
  redraft: { from: ['awaiting_approval'], to: 'awaiting_approval' },
} as const satisfies Record<string, { from: readonly JobStatus[]; to: JobStatus }>;

export type Transition = keyof typeof transitions;

export function mayMove(transition: Transition, from: JobStatus): boolean {
  return (transitions[transition].from as readonly JobStatus[]).includes(from);
}

export const terminalStatuses = ['completed', 'failed', 'canceled'] as const satisfies readonly JobStatus[];

export function isTerminal(status: JobStatus): boolean {
  return (terminalStatuses as readonly JobStatus[]).includes(status);
}

/** Something was made by a fallback or not quite as asked. Wire form. */
export interface Degradation {
  /** What is affected, such as `duration`, `captions` or `voice`. */
  capability: string;
  cause: string;
  /** What the user can do to avoid it. */
  remedy: string;
}

/** How much of the last run was taken from earlier work. Wire form. */
export interface Reuse {
  steps_total: number;
  steps_reused: number;
}

export interface Cost {
  estimated_micro_usd: number;
  actual_micro_usd: number;
  by_provider: Record<string, number>;
}

/** What a finished job gives out: file name → blob. */
export type JobFiles = Record<string, FileRef>;

export interface FileRef {
  /** SHA-256 of the bytes, lower-case hex. */
  digest: string;
  bytes: number;
  media_type: string;
}

/** Facts of the delivered video, wire form. */
export interface VideoFacts {
  title: string;
  width: number;
  height: number;
  fps: number;
  duration: number;
  bytes: number;
}

export interface Job {
  jobId: string;
  userId: string;
  status: JobStatus;
  stage: Stage | null;
  /** 0..1, never falls within one attempt. */
  progress: number;
  request: VideoRequest;
  /** 1, and one more with every edit of the storyboard. */
  revision: number;
  createdAt: Date;
  startedAt: Date | null;
  /** When it ended, whichever way. */
  completedAt: Date | null;
  /** Whole-job attempts after the first. */
  retryCount: number;
  maxRetries: number;
  error: Problem | null;
  degradations: Degradation[];
  cost: Cost;
  reuse: Reuse | null;
  report: Report | null;
  video: VideoFacts | null;
  files: JobFiles;
}

/** What a worker holds while it owns a job. Every write carries it; a higher epoch makes it void. */
export interface Lease {
  jobId: string;
  userId: string;
  epoch: number;
}

/** Delay before the next attempt: exponential with full jitter, between 1 s and 5 min. */
export function retryDelayMs(retryCount: number, random: () => number): number {
  const ceiling = Math.min(300_000, 2_000 * 2 ** retryCount);
  return Math.max(1_000, Math.round(random() * ceiling));
}
