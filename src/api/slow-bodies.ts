// Ends requests whose JSON does not arrive in time. Uploads may take longer; the server's own limit holds for them.
import type { FastifyRequest } from 'fastify';

import type { Api } from './deps.ts';
import { answerBrokenHttp } from './problems.ts';

/** Must be added before the hooks that read bodies. */
export function refuseSlowBodies(api: Api, mostMs: number): void {
  const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>();
  const arrived = async (request: FastifyRequest) => clearTimeout(timers.get(request));

  api.addHook('onRequest', async (request) => {
    const { headers, routeOptions, raw } = request;
    const bodyComes =
      headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
    if (!bodyComes || routeOptions.config.body === 'upload') return;
    const tooSlow = Object.assign(new Error('the body came too slowly'), {
      code: 'ERR_HTTP_REQUEST_TIMEOUT',
    });
    timers.set(request, setTimeout(() => answerBrokenHttp(tooSlow, raw.socket), mostMs).unref());
  });
  api.addHook('preValidation', arrived);
  api.addHook('onRequestAbort', arrived);
  api.addHook('onResponse', arrived);
}
