// Alive, ready, busy: for load balancers, Prometheus and people. None of them asks who is asking.
import type { FastifyRequest } from 'fastify';

import type { Api, ApiDeps } from './deps.ts';
import { pagePolicy } from './headers.ts';
import { refuseStrangers } from './metrics-guard.ts';
import { checkReadiness } from './readiness.ts';
import { content, json, problems } from './responses.ts';
import { healthSchema, readySchema, statusSchema } from './schemas/index.ts';
import { gatherStatus, type StatusDeps } from './status-facts.ts';
import { renderStatusPage } from './status-page.ts';

const tags = ['operations'];
/** Longest time one part may take to say that it works. */
const checkLimitMs = 2_000;

export type HealthDeps = StatusDeps & Pick<ApiDeps, 'metrics' | 'readiness' | 'login'>;

export function addHealthRoutes(api: Api, deps: HealthDeps): void {
  const { metrics, readiness, version, login } = deps;
  const ready = shared((request) => checkReadiness(readiness, checkLimitMs, logFailure(request)));

  api.route({
    method: 'GET',
    url: '/health',
    config: { asked: 'often' },
    schema: {
      operationId: 'getHealth',
      tags,
      summary: 'Whether this process is alive',
      description: 'Asks nothing of the database or any other part.',
      response: { 200: json('It is.', healthSchema) },
    },
    handler: async () => ({ status: 'ok' as const, version }),
  });

  api.route({
    method: 'GET',
    url: '/ready',
    config: { asked: 'often' },
    schema: {
      operationId: 'getReadiness',
      tags,
      summary: 'Whether work can be taken',
      description: `Asks each part, for at most ${checkLimitMs} ms.`,
      response: {
        200: json('Every part works.', readySchema),
        503: json('Some part does not: `failed` says which.', readySchema),
      },
    },
    async handler(request, reply) {
      const answer = await ready(request);
      return reply.code(answer.status === 'ready' ? 200 : 503).send(answer);
    },
  });

  const statusFacts = shared((request) =>
    gatherStatus(deps, ready(request), checkLimitMs, (part, error) =>
      request.log.warn({ part, err: error }, 'the status lacks a part'),
    ),
  );

  api.route({
    method: 'GET',
    url: '/status',
    schema: {
      operationId: 'getStatus',
      tags,
      summary: 'A status page',
      description:
        'HTML for people; JSON with `Accept: application/json`. Always 200: it says itself what fails.',
      response: {
        200: {
          description: 'The state of the system.',
          content: {
            'application/json': { schema: statusSchema },
            ...content('', ['text/html']).content,
          },
        },
        ...problems(),
      },
    },
    async handler(request, reply) {
      const facts = await statusFacts(request);
      reply.header('vary', [reply.getHeader('vary') ?? [], 'accept'].flat().join(', '));
      if (wantsJson(request.headers.accept)) return reply.type('application/json').send(facts);
      const html = renderStatusPage(facts);
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', pagePolicy(html))
        .send(html);
    },
  });

  const exposition = shared(() => metrics.exposition());

  api.route({
    method: 'GET',
    url: '/metrics',
    config: { asked: 'often' },
    schema: {
      operationId: 'getMetrics',
      tags,
      summary: 'Metrics for Prometheus',
      response: {
        200: content('Text in the Prometheus exposition format.', ['text/plain']),
        ...problems('unauthenticated'),
      },
    },
    async handler(request, reply) {
      if (login !== undefined) refuseStrangers(request, login.metricsToken);
      const { contentType, body } = await exposition(request);
      return reply.type(contentType).send(body);
    },
  });
}

/** Whoever asks while an answer is being made gets the same one: strangers cannot have all jobs counted many times at once. */
function shared<Answer>(make: (request: FastifyRequest) => Promise<Answer>) {
  let underWay: Promise<Answer> | undefined;
  return (request: FastifyRequest): Promise<Answer> => {
    underWay ??= make(request).finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

function logFailure({ log }: FastifyRequest) {
  return (part: string, error: unknown) => log.warn({ part, err: error }, 'not ready');
}

/** Whether JSON is named before HTML; who names neither gets HTML. */
function wantsJson(accept = ''): boolean {
  const json = accept.indexOf('application/json');
  const html = accept.indexOf('text/html');
  return json >= 0 && (html < 0 || json < html);
}
