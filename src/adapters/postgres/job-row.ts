// The job row: its columns and how they become a Job. Reads only.
import type { Job } from '../../domain/job.ts';

export const jobColumns = `job_id, user_id, status, stage, progress, request, created_at, started_at, completed_at,
  attempts, max_retries, error, degradations, cost, reuse, report, video, files, revision`;

export interface JobRow {
  job_id: string;
  user_id: string;
  status: Job['status'];
  stage: Job['stage'];
  progress: number;
  request: Job['request'];
  created_at: Date;
  started_at: Date | null;
  completed_at: Date | null;
  attempts: number;
  max_retries: number;
  error: Job['error'];
  degradations: Job['degradations'];
  cost: Job['cost'];
  reuse: Job['reuse'];
  report: Job['report'];
  video: Job['video'];
  files: Job['files'];
  revision: number;
}

export function toJob(row: JobRow): Job {
  return {
    jobId: row.job_id,
    userId: row.user_id,
    status: row.status,
    stage: row.stage,
    progress: row.progress,
    request: row.request,
    revision: row.revision,
    createdAt: row.created_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    // A released attempt is not charged, so before the next claim there may be none.
    retryCount: Math.max(0, row.attempts - 1),
    maxRetries: row.max_retries,
    error: row.error,
    degradations: row.degradations,
    cost: row.cost,
    reuse: row.reuse,
    report: row.report,
    video: row.video,
    files: row.files,
  };
}

/** Ids come from outside; what is no UUID names no job and must not reach a uuid column. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
