// Who asks, on every route under /v1, and whether their scopes allow it. How it is proved is not decided here.
import type { FastifyRequest, RouteOptions } from 'fastify';

import { type Caller, type Scope, scopes } from '../domain/caller.ts';
import { AppError } from '../domain/errors.ts';
import type { Api, ApiDeps } from './deps.ts';
import { problems } from './responses.ts';

/**
 * Sets `request.caller` and `request.userId`, or refuses: `unauthenticated`, `forbidden` for a missing scope. Must be added
 * before any route: one under /v1 that names no scope cannot be added.
 */
export function authenticateCallers(api: Api, { authenticate }: Pick<ApiDeps, 'authenticate'>): void {
  // Objects cannot be shared among requests: each has its own from the hook below.
  api.decorateRequest('caller', null as unknown as Caller);
  api.decorateRequest('userId', '');
  api.addHook('onRoute', (route) => {
    if (isGuarded(route.url)) describeGuard(route, scopeOf(route));
  });
  api.addHook('onRequest', async (request) => {
    const { url, config } = request.routeOptions;
    if (!isGuarded(url)) return;
    const caller = await authenticate(request);
    request.caller = caller;
    request.userId = caller.userId;
    refuseWithoutScope(request, config.scope);
  });
}

function isGuarded(url: string | undefined): boolean {
  return url?.startsWith('/v1/') === true;
}

function scopeOf({ method, url, config }: RouteOptions): Scope {
  const scope = config?.scope;
  if (scope === undefined || !scopes.includes(scope))
    throw new Error(`${method} ${url} must say in config.scope which scope it takes`);
  return scope;
}

function refuseWithoutScope({ caller }: FastifyRequest, scope: Scope | undefined): void {
  if (scope !== undefined && caller.scopes.includes(scope)) return;
  throw new AppError('forbidden', `This takes the scope ${scope}, which you do not have.`, {
    hint: 'Ask with an access token or an API key that has it.',
  });
}

/** For the OpenAPI document. */
function describeGuard(route: RouteOptions, scope: Scope): void {
  const { schema = {} } = route;
  const answers = (schema.response ?? {}) as Record<string, unknown>;
  route.schema = {
    ...schema,
    security: [{ bearer: [scope] }],
    response: { ...problems('unauthenticated', 'forbidden'), ...answers },
  };
}
