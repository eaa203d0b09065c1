// Takes the deliveries that Pub/Sub pushes. Who pushes is verified before a byte of the body is read; the answer tells
// Pub/Sub only whether the message should come again. What to do with a job is the worker's business.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

import { jobIdOf } from '../domain/job-message.ts';
import type { Api, ApiDeps } from './deps.ts';
import { nothing, problems } from './responses.ts';
import { type PushEnvelope, pushEnvelopeSchema } from './schemas/index.ts';

export type ProcessJobDeps = Pick<ApiDeps, 'metrics'> & { push: NonNullable<ApiDeps['push']> };

/** More than any message that Pub/Sub can carry, so that none is refused, and so delivered again, for its size. */
const longestBody = 16_000_000;

export async function addProcessJobRoute(api: Api, deps: ProcessJobDeps): Promise<void> {
  // A scope of its own: only here a body that is no JSON is to be acknowledged, not refused.
  await api.register(async (scope) => addRoute(scope as Api, deps));
}

function addRoute(api: Api, { push, metrics }: ProcessJobDeps): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: longestBody }, (_, body, done) =>
    done(null, body),
  );
  api.addHook('onRequest', async ({ headers, log }) => {
    try {
      await push.verify(headers.authorization);
    } catch (error) {
      // Pub/Sub shows nobody what it was answered.
      log.warn({ err: error }, 'a push was refused');
      throw error;
    }
  });

  /** It would be no better the next time: acknowledged, and left for people in the log and the metrics. */
  function quarantine(request: FastifyRequest, why: string, envelope?: PushEnvelope): void {
    const { messageId, publishTime } = envelope?.message ?? {};
    request.log.warn(
      { why, messageId, publishTime, subscription: envelope?.subscription },
      'a pushed message is put aside',
    );
    metrics.messageQuarantined('push');
  }

  api.route({
    method: 'POST',
    url: '/process-job',
    config: { proof: 'own' },
    schema: {
      operationId: 'processJob',
      tags: ['operations'],
      summary: 'Take a pushed delivery',
      description:
        'For the push subscription of Pub/Sub only. Works on the job for one slice of time and answers when that is done; ' +
        'what is left comes with the next message. A message that names no job is put aside and acknowledged.',
      security: [{ pushToken: [] }],
      body: pushEnvelopeSchema,
      response: {
        204: nothing.describe('Done, or nothing to do: the message need not come again.'),
        ...problems(
          'unauthenticated',
          'forbidden',
          'http_malformed',
          'worker_busy',
          'shutting_down',
          'provider_unavailable',
        ),
      },
    },
    // The schema above is for readers: what does not fit is acknowledged, where a refusal would bring it back.
    validatorCompiler: () => (value: unknown) => ({ value }),
    async handler(request, reply) {
      const envelope = readEnvelope(request.body);
      const jobId = envelope && jobIdOf(Buffer.from(envelope.message.data, 'base64').toString());
      if (envelope === undefined) quarantine(request, 'it is not an envelope of Pub/Sub');
      else if (jobId === undefined) quarantine(request, 'it names no job', envelope);
      else if (!(await push.knowsJob(jobId))) quarantine(request, 'there is no such job', envelope);
      else {
        // Nothing is sent meanwhile, for longer than a silent connection may live elsewhere.
        request.raw.socket.setTimeout(0);
        const { deliveryAttempt, message } = envelope;
        request.log.info({ jobId, messageId: message.messageId, deliveryAttempt }, 'delivery pushed');
        await push.deliver(jobId);
      }
      return reply.code(204).send();
    },
  });
}

const bytes = z.instanceof(Uint8Array);

function readEnvelope(body: unknown): PushEnvelope | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.parse(body));
    return pushEnvelopeSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
