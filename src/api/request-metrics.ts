// Counts requests and their time under the route's template, and writes one log line for each.
import type { FastifyRequest } from 'fastify';

import type { Metrics } from '../ports/metrics.ts';
import type { Api } from './deps.ts';
import type { RecentRequests } from './recent-requests.ts';

/** Asked by machines all the time, or for as long as a job takes: no requests of users. The recording rules have the same. */
export const noUsersRequests = ['/health', '/ready', '/status', '/metrics', '/process-job'];
/** Take as long as the caller's line makes them: they say nothing about us. The recording rules have the same. */
export const uploads = ['/v1/assets'];

export function countRequests(api: Api, metrics: Metrics, recentRequests: RecentRequests): void {
  /** When the answer began: how long a caller takes to read it says nothing about us. */
  const answeredAfterMs = new WeakMap<FastifyRequest, number>();

  api.addHook('onRoute', ({ method, url, schema }) => {
    const statuses = answersOf(schema?.response);
    for (const each of [method].flat())
      metrics.routeOffered({ endpoint: templateOf(url), method: each, statuses });
  });

  api.addHook('onSend', async (request, reply) => {
    answeredAfterMs.set(request, reply.elapsedTime);
  });

  api.addHook('onResponse', async (request, reply) => {
    const endpoint = endpointOf(request);
    const elapsedMs = answeredAfterMs.get(request) ?? reply.elapsedTime;
    const { method } = request;
    const { statusCode: status } = reply;
    metrics.httpRequest({ endpoint, method, status, seconds: elapsedMs / 1000 });
    if (!noUsersRequests.includes(endpoint))
      recentRequests.note({ status, ms: uploads.includes(endpoint) ? undefined : elapsedMs });
    const isProbe = request.routeOptions.config.asked === 'often';
    request.log[isProbe ? 'debug' : 'info'](
      { method, endpoint, status, ms: Math.round(elapsedMs) },
      'request',
    );
  });
}

/** The route's template, such as `/v1/videos/{job_id}`, or `unknown`. */
export function endpointOf({ routeOptions: { url } }: FastifyRequest): string {
  return url === undefined ? 'unknown' : templateOf(url);
}

function templateOf(url: string): string {
  return url.replaceAll(/:(\w+)/g, '{$1}');
}

/** Statuses by which a route is known to answer well, or to fail by our fault. */
function answersOf(described: unknown): number[] {
  const statuses = Object.keys(described ?? {}).map(Number);
  const known = statuses.filter((status) => status < 400 || status >= 500);
  return [...new Set([...known, 500, 503])];
}
