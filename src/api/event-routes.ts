// A job's events as they happen. Ends all open streams when the server stops.
import { z } from 'zod';

import { AppError } from '../domain/errors.ts';
import { isTerminal } from '../domain/job.ts';
import type { Api, ApiDeps } from './deps.ts';
import { type EventStream, openEventStream } from './event-stream.ts';
import { content, problems } from './responses.ts';
import { getJob, jobParams } from './video-routes.ts';

type EventRouteDeps = Pick<ApiDeps, 'jobStore' | 'jobEvents' | 'heartbeatMs' | 'eventPollMs'>;

/** Open at once, at one instance. A stream costs a connection and a look at the database every few seconds. */
const mostPerUser = 100;

export function addEventRoutes(api: Api, deps: EventRouteDeps): void {
  const { jobStore, jobEvents, heartbeatMs = 15_000, eventPollMs = 5_000 } = deps;
  const open = new Set<EventStream>();
  const openOf = new Map<string, number>();
  let closing = false;
  api.addHook('preClose', async () => {
    closing = true;
    for (const stream of open) stream.end();
  });

  api.route({
    method: 'GET',
    url: '/v1/videos/:job_id/events',
    exposeHeadRoute: false,
    config: { scope: 'videos:read' },
    schema: {
      operationId: 'followVideo',
      tags: ['videos'],
      summary: 'Follow a job',
      description:
        'Server-sent events. Each has an `id`, an `event` (`state`, `stage` or `progress`) and `data`: JSON with `status`, `stage`, `progress`, `at` and, on failure, `error`. It begins with what has happened so far, or after `Last-Event-ID`, and ends once the job has ended. A reader that comes back after that is answered 204, which tells an EventSource to stop. At most 100 at once per user and instance.',
      params: jobParams,
      headers: z.looseObject({
        'last-event-id': z
          .string()
          .regex(/^\d{1,15}$/, 'must be the id of an event')
          .optional()
          .describe('The last event the reader has.'),
      }),
      response: {
        200: content('The events.', ['text/event-stream']),
        204: z.undefined().describe('The job has ended and the reader has every event.'),
        ...problems('not_found', 'request_invalid', 'limit_reached'),
      },
    },
    async handler(request, reply) {
      const { userId } = request;
      const job = await getJob(deps, userId, request.params.job_id);
      const { jobId } = job;
      const afterEventId = Number(request.headers['last-event-id'] ?? 0);
      if (afterEventId > 0 && isTerminal(job.status)) {
        const news = await jobEvents.read(userId, jobId, afterEventId, 1);
        if (news.length === 0) return reply.code(204).send();
      }
      const ofUser = openOf.get(userId) ?? 0;
      if (ofUser >= mostPerUser) {
        throw new AppError('limit_reached', `You follow ${mostPerUser} jobs already.`, {
          hint: 'Close streams that nobody reads, or let a webhook tell you: POST /v1/webhooks.',
        });
      }
      const stream = openEventStream({
        userId,
        jobId,
        afterEventId,
        jobEvents,
        status: async () => (await jobStore.find(userId, jobId))?.status,
        heartbeatMs,
        pollMs: eventPollMs,
        onError: (error) => request.log.warn({ err: error }, 'events could not be read'),
      });
      open.add(stream);
      openOf.set(userId, ofUser + 1);
      stream.body.once('close', () => {
        open.delete(stream);
        const left = openOf.get(userId)! - 1;
        if (left > 0) openOf.set(userId, left);
        else openOf.delete(userId);
      });
      // The server began to stop while the job was looked up.
      if (closing) stream.end();
      reply.headers({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
      return reply.send(stream.body as never);
    },
  });
}
