// For the operator: jobs that failed for good, sending them again once their cause is gone, and giving them up.
import { z } from 'zod';

import type { Api, ApiDeps } from './deps.ts';
import { bodyProblems, json, nothing, problems } from './responses.ts';
import { pageSize, strict } from './schemas/field-types.ts';
import { deadLettersSchema } from './schemas/index.ts';

const tags = ['operations'];
const params = z.object({ dead_letter_id: z.uuid() });

export function addAdminRoutes(
  api: Api,
  { deadLetters, tracer }: Pick<ApiDeps, 'deadLetters' | 'tracer'>,
): void {
  api.route({
    method: 'GET',
    url: '/v1/admin/dead-letters',
    config: { scope: 'admin' },
    schema: {
      operationId: 'listDeadLetters',
      tags,
      summary: 'Jobs that failed for good',
      description: 'Newest first; redriven ones last.',
      querystring: strict({ limit: pageSize(500, 100) }),
      response: { 200: json('Dead letters.', deadLettersSchema), ...problems('request_invalid') },
    },
    async handler(request) {
      const letters = await deadLetters.list(request.query.limit);
      return {
        dead_letters: letters.map((letter) => ({
          dead_letter_id: letter.deadLetterId,
          job_id: letter.jobId,
          user_id: letter.userId,
          error: letter.error,
          attempts: letter.attempts,
          created_at: letter.createdAt.toISOString(),
          redriven_at: letter.redrivenAt?.toISOString() ?? null,
        })),
      };
    },
  });

  api.route({
    method: 'POST',
    url: '/v1/admin/dead-letters/:dead_letter_id/redrive',
    config: { scope: 'admin' },
    schema: {
      operationId: 'redriveDeadLetter',
      tags,
      summary: 'Send a failed job again',
      description: 'With fresh attempts; finished steps are reused. Takes no body.',
      params,
      response: {
        204: nothing.describe('The job is pending again.'),
        ...problems('not_found', 'state_conflict', ...bodyProblems),
      },
    },
    async handler(request, reply) {
      await deadLetters.redrive(request.params.dead_letter_id, { traceParent: tracer?.traceParent() });
      return reply.code(204).send();
    },
  });

  api.route({
    method: 'DELETE',
    url: '/v1/admin/dead-letters/:dead_letter_id',
    config: { scope: 'admin' },
    schema: {
      operationId: 'dismissDeadLetter',
      tags,
      summary: 'Give a dead letter up',
      description: 'For what cannot be mended: nobody is alerted about it any more. The job stays failed.',
      params,
      response: { 204: nothing.describe('The letter is gone.'), ...problems('not_found', ...bodyProblems) },
    },
    async handler(request, reply) {
      await deadLetters.dismiss(request.params.dead_letter_id);
      return reply.code(204).send();
    },
  });
}
