// Lets pages of named other sites ask, and answers their browsers' preflights before anybody is asked who they are. To all
// other sites no answer says anything of it.
import cors from '@fastify/cors';

import type { Api } from './deps.ts';

const preflightSeconds = 600;

/** `origins`: exactly as browsers send them. Must be added before the guards: preflights carry no proof. */
export async function letOriginsIn(api: Api, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  const allowed = new Set(origins);
  api.addHook('onRequest', async ({ headers: { origin } }, reply) => {
    if (origin !== undefined && allowed.has(origin))
      reply.header('cross-origin-resource-policy', 'cross-origin');
  });
  await api.register(cors, {
    // Not a list: with one, sites that are not on it get some of the headers too.
    origin: (origin, done) => done(null, origin !== undefined && allowed.has(origin)),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-Match',
      'If-None-Match',
      'If-Range',
      'Last-Event-ID',
      'Range',
      'Traceparent',
      'X-Request-Id',
    ],
    exposedHeaders: [
      'Content-Range',
      'ETag',
      'Idempotent-Replayed',
      'Location',
      'RateLimit',
      'RateLimit-Policy',
      'Retry-After',
      'X-Request-Id',
    ],
    maxAge: preflightSeconds,
    // Its refusal would be no problem document.
    strictPreflight: false,
  });
}
