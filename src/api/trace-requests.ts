// Makes each request a part of what goes on: log lines written while it is answered say so, whoever writes them, and where
// traces are kept it is a span, which goes on with the trace of a caller whom we trust, and is linked to that of a stranger.
import type { FastifyRequest } from 'fastify';

import type { OpenPart, Tracer } from '../ports/tracer.ts';
import type { Api } from './deps.ts';
import { endpointOf } from './request-metrics.ts';

/**
 * Must be added before any other hook, so that what those do lies within. Probes are left out: they would hide the rest. A
 * `traceparent` decides what is kept, and comes before any login: that is not for `strangers` to say.
 */
export function traceRequests(api: Api, tracer: Tracer, { strangers }: { strangers: boolean }): void {
  const parts = new WeakMap<FastifyRequest, OpenPart>();

  api.addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.config.asked === 'often') return done();
    const endpoint = endpointOf(request);
    const { method, id } = request;
    const header = request.headers.traceparent;
    const given = typeof header === 'string' ? header : undefined;
    const part = tracer.open({
      name: `${method} ${endpoint}`,
      kind: 'server',
      facts: { requestId: id },
      attributes: { 'http.request.method': method, 'http.route': endpoint },
      ...(strangers ? { cameFrom: given } : { traceParent: given }),
    });
    parts.set(request, part);
    part.run(done);
  });

  api.addHook('onResponse', (request, { statusCode }, done) => {
    const part = parts.get(request);
    if (part === undefined) return done();
    part.set({ 'http.response.status_code': statusCode });
    part.end(statusCode >= 500 ? `${statusCode}` : undefined);
    part.run(done);
  });
}
