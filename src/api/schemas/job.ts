// The job as users see it, and how a stored job is put into that form.
import { z } from 'zod';

import { type Job, jobStatuses, stages } from '../../domain/job.ts';
import { timestamp } from './field-types.ts';
import { problemSchema } from './problem.ts';
import { reportSchema } from './report.ts';
import { payloadSchema } from './video-request.ts';

export const jobSchema = z
  .object({
    job_id: z.uuid().meta({ example: '019ab6f0-7f4e-7c3a-9d5e-2f1f0a6b8c1d' }),
    user_id: z.string(),
    type: z.literal('video_generation'),
    status: z.enum(jobStatuses),
    stage: z.enum(stages).nullable().describe('Null until the work begins.'),
    progress: z.number().min(0).max(1),
    payload: payloadSchema,
    revision: z.int().min(1).describe('One more with every edit of the storyboard.'),
    created_at: timestamp,
    started_at: timestamp.nullable(),
    completed_at: timestamp.nullable().describe('When the job ended, however it ended.'),
    retry_count: z.int().min(0).describe('Whole-job attempts after the first.'),
    max_retries: z.int().min(0),
    metadata: z
      .object({ version: z.literal('1.0'), pipeline: z.literal('complete') })
      .describe("Of the job itself; the request's `metadata` is echoed in `payload.metadata`."),
    error: problemSchema
      .nullable()
      .describe(
        'Why the job failed, why its last attempt did, or why it was canceled when its user did not.',
      ),
    degradations: z
      .array(z.object({ capability: z.string(), cause: z.string(), remedy: z.string() }))
      .describe('Whatever was made by a fallback, or not quite as asked.'),
    cost: z.object({
      estimated_micro_usd: z.int(),
      actual_micro_usd: z.int(),
      by_provider: z.record(z.string(), z.int()),
    }),
    reuse: z
      .object({ steps_total: z.int(), steps_reused: z.int() })
      .nullable()
      .describe('How much was taken from earlier work; null until completed.'),
    report: reportSchema.nullable().describe('Null until completed.'),
    video: z
      .object({
        title: z.string(),
        width: z.int(),
        height: z.int(),
        fps: z.number(),
        duration: z.number(),
        bytes: z.int(),
      })
      .nullable()
      .describe('Null until completed; the bytes are at `/v1/videos/{job_id}/files/video.mp4`.'),
    files: z
      .record(
        z.string(),
        z.object({
          digest: z.string().describe('SHA-256 of the bytes.'),
          bytes: z.int(),
          media_type: z.string(),
        }),
      )
      .describe(
        'What can be downloaded from `/v1/videos/{job_id}/files/{name}`; empty until completed. While a new revision is made, those of the one before.',
      ),
  })
  .meta({ id: 'Job' });

type JobView = z.output<typeof jobSchema>;

export const jobPageSchema = z
  .object({
    jobs: z.array(jobSchema),
    next_cursor: z.string().nullable().describe('Give it as `cursor` for the next page; null on the last.'),
  })
  .meta({ id: 'JobPage' });

export function toJobView(job: Job): JobView {
  return {
    job_id: job.jobId,
    user_id: job.userId,
    type: 'video_generation',
    status: job.status,
    stage: job.stage,
    progress: job.progress,
    payload: job.request,
    revision: job.revision,
    created_at: job.createdAt.toISOString(),
    started_at: job.startedAt?.toISOString() ?? null,
    completed_at: job.completedAt?.toISOString() ?? null,
    retry_count: job.retryCount,
    max_retries: job.maxRetries,
    metadata: { version: '1.0', pipeline: 'complete' },
    error: job.error,
    degradations: job.degradations,
    cost: job.cost,
    reuse: job.reuse,
    report: job.report,
    video: job.video,
    files: job.files,
  };
}
