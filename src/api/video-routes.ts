// Jobs over HTTP: create, read, list, cancel, retry, approve, delete, and what was done for one.
// The job store decides what is allowed; nothing here changes a job by itself.
import { z } from 'zod';

import { AppError } from '../domain/errors.ts';
import { estimateWork } from '../domain/estimate.ts';
import { type Job, jobStatuses } from '../domain/job.ts';
import { explainRun } from '../engine/explain.ts';
import type { JobStore } from '../ports/job-store.ts';
import { acceptRequest, digestOf, refuseUnknownAssets } from './accept-request.ts';
import type { Api, ApiDeps } from './deps.ts';
import { bodyProblems, json, nothing, problems } from './responses.ts';
import { choice, pageCursor, pageSize, strict } from './schemas/field-types.ts';
import { createVideoSchema, jobPageSchema, jobSchema, stepsSchema, toJobView } from './schemas/index.ts';
import { webhookOf } from './webhook-routes.ts';

export type VideoRouteDeps = Pick<
  ApiDeps,
  'jobStore' | 'stepStore' | 'assetStore' | 'voices' | 'maxRetries' | 'expectCost' | 'webhooks' | 'tracer'
>;

export const jobParams = z.object({ job_id: z.uuid() });
const tags = ['videos'];

/** The caller's job. Throws `not_found`, also for somebody else's. */
export async function getJob(
  { jobStore }: Pick<ApiDeps, 'jobStore'>,
  userId: string,
  jobId: string,
): Promise<Job> {
  const job = await jobStore.find(userId, jobId);
  if (job === undefined) throw new AppError('not_found', 'There is no such job.');
  return job;
}

export function addVideoRoutes(api: Api, deps: VideoRouteDeps): void {
  addCollectionRoutes(api, deps);
  addJobRoutes(api, deps);
  addInsightRoutes(api, deps);
}

function addCollectionRoutes(
  api: Api,
  { jobStore, assetStore, voices, maxRetries, expectCost, webhooks, tracer }: VideoRouteDeps,
): void {
  api.route({
    method: 'POST',
    url: '/v1/videos',
    config: { scope: 'videos:write' },
    schema: {
      operationId: 'createVideo',
      tags,
      summary: 'Create a video',
      description:
        'Accepts the request and answers at once; the video is made afterwards. Follow `Location` or its `/events`.\n\n' +
        'With an `Idempotency-Key`, sending the same body again within 24 hours answers 202 with the job that the first request made (as it is now) and `Idempotent-Replayed: true`; another body under the same key answers 409. Bodies are the same when they ask for the same video, however their JSON is written.',
      body: createVideoSchema,
      headers: z.looseObject({
        'idempotency-key': z
          .string()
          .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters without spaces')
          .optional()
          .describe('Makes repeating the request safe.'),
      }),
      response: {
        202: json('The job, created now or by an earlier request with the same key.', jobSchema, {
          location: { type: 'string', description: "The job's path." },
          'idempotent-replayed': { type: 'string', description: '`true` when the job was there before.' },
        }),
        ...problems(
          'request_invalid',
          'script_unspeakable',
          'language_unsupported',
          ...bodyProblems,
          'idempotency_conflict',
          'encryption_key_unavailable',
          'limit_reached',
        ),
      },
    },
    async handler(request, reply) {
      const accepted = acceptRequest(request.body, voices());
      await refuseUnknownAssets(accepted, request.userId, assetStore);
      const webhookId = await webhookOf({ webhooks }, request.userId, accepted.webhook_url);
      const key = request.headers['idempotency-key'];
      const { job, created } = await jobStore.create({
        userId: request.userId,
        request: accepted,
        maxRetries,
        estimatedMicroUsd: expectCost(accepted).totalMicroUsd,
        videoMs: estimateWork(accepted, {}).videoSeconds * 1000,
        ...(webhookId !== undefined && { webhookId }),
        traceParent: tracer?.traceParent(),
        ...(key !== undefined && { idempotency: { key, bodyDigest: digestOf(accepted) } }),
      });
      if (!created) reply.header('idempotent-replayed', 'true');
      return reply.code(202).header('location', `/v1/videos/${job.jobId}`).send(toJobView(job));
    },
  });

  api.route({
    method: 'GET',
    url: '/v1/videos',
    config: { scope: 'videos:read' },
    schema: {
      operationId: 'listVideos',
      tags,
      summary: 'List your videos',
      description: 'Newest first. Jobs created meanwhile do not move the pages that follow.',
      querystring: strict({
        status: choice(jobStatuses).optional().describe('Only jobs of this status.'),
        limit: pageSize(100, 20).describe('Jobs per page.'),
        cursor: pageCursor,
      }),
      response: { 200: json('One page of jobs.', jobPageSchema), ...problems('request_invalid') },
    },
    async handler(request) {
      const { status, limit, cursor } = request.query;
      const page = await jobStore.list(request.userId, {
        limit,
        ...(status !== undefined && { status }),
        ...(cursor !== undefined && { cursor }),
      });
      return { jobs: page.jobs.map(toJobView), next_cursor: page.nextCursor ?? null };
    },
  });
}

function addJobRoutes(api: Api, deps: VideoRouteDeps): void {
  const { jobStore, tracer } = deps;

  api.route({
    method: 'GET',
    url: '/v1/videos/:job_id',
    config: { scope: 'videos:read' },
    schema: {
      operationId: 'getVideo',
      tags,
      summary: 'Read one job',
      params: jobParams,
      response: { 200: json('The job.', jobSchema), ...problems('not_found') },
    },
    handler: async (request) => toJobView(await getJob(deps, request.userId, request.params.job_id)),
  });

  api.route({
    method: 'DELETE',
    url: '/v1/videos/:job_id',
    config: { scope: 'videos:write' },
    schema: {
      operationId: 'deleteVideo',
      tags,
      summary: 'Delete a job',
      description:
        'Cancels it if it still runs. Its files cannot be read any more; their bytes go soon after.',
      params: jobParams,
      response: { 204: nothing.describe('The job is gone.'), ...problems('not_found', ...bodyProblems) },
    },
    async handler(request, reply) {
      await jobStore.remove(request.userId, request.params.job_id);
      return reply.code(204).send();
    },
  });

  const actions = {
    cancel: {
      summary: 'Cancel a job',
      description:
        'Either the cancellation wins or the completion, never both. Canceling a canceled job changes nothing.',
    },
    retry: {
      summary: 'Try a failed or canceled job again',
      description: 'Attempts count from zero; finished steps are reused.',
    },
    approve: {
      summary: 'Approve the plan',
      description: 'For a job that was created with `approval: true` and waits in `awaiting_approval`.',
    },
  } as const;
  const moves: Record<keyof typeof actions, JobStore['retry']> = jobStore;
  for (const [action, { summary, description }] of Object.entries(actions)) {
    api.route({
      method: 'POST',
      url: `/v1/videos/:job_id/${action}`,
      config: { scope: 'videos:write' },
      schema: {
        operationId: `${action}Video`,
        tags,
        summary,
        description: `${description} Takes no body.`,
        params: jobParams,
        response: {
          200: json('The job as it is now.', jobSchema),
          ...problems('not_found', 'state_conflict', 'limit_reached', ...bodyProblems),
        },
      },
      handler: async (request) => {
        const cause = { traceParent: tracer?.traceParent() };
        return toJobView(
          await moves[action as keyof typeof actions](request.userId, request.params.job_id, cause),
        );
      },
    });
  }
}

function addInsightRoutes(api: Api, deps: VideoRouteDeps): void {
  const { stepStore } = deps;

  api.route({
    method: 'GET',
    url: '/v1/videos/:job_id/steps',
    config: { scope: 'videos:read' },
    schema: {
      operationId: 'explainVideo',
      tags,
      summary: 'Why each step ran or was reused',
      params: jobParams,
      response: { 200: json('Finished steps, in order of time.', stepsSchema), ...problems('not_found') },
    },
    async handler(request) {
      const { jobId } = await getJob(deps, request.userId, request.params.job_id);
      const runs = await stepStore.runs(request.userId, jobId);
      return {
        steps: runs.map((run) => ({
          step_id: run.stepId,
          step: run.step,
          outcome: run.outcome,
          reason: run.reason,
          changed: run.changed,
          duration_ms: run.durationMs,
          at: run.at.toISOString(),
          explanation: explainRun(run),
        })),
      };
    },
  });
}
