// Who asks, on every route under /v1, how often, and whether their scopes allow it. How it is proved is not decided here.
import type { FastifyRequest, RouteOptions } from 'fastify';

import { type Caller, type Scope, scopes } from '../domain/caller.ts';
import { AppError } from '../domain/errors.ts';
import type { Api, ApiDeps } from './deps.ts';
import { createFailureLimit, limitUser } from './rate-limits.ts';
import { problems } from './responses.ts';

/**
 * Sets `request.caller` and `request.userId`, or refuses: `unauthenticated`, `rate_limited`, `forbidden` for a missing scope.
 * Must be added before any route: one under /v1 that names no scope cannot be added.
 */
export function authenticateCallers(
  api: Api,
  { authenticate, requestLimits }: Pick<ApiDeps, 'authenticate' | 'requestLimits'>,
): void {
  const failures = requestLimits && createFailureLimit(requestLimits);
  // Objects cannot be shared among requests: each has its own from the hook below.
  api.decorateRequest('caller', null as unknown as Caller);
  api.decorateRequest('userId', '');
  api.addHook('onRoute', (route) => {
    if (isGuarded(route.url)) describeGuard(route, scopeOf(route));
  });
  api.addHook('onRequest', async (request, reply) => {
    const { url, config } = request.routeOptions;
    if (!isGuarded(url)) return;
    const prove = () => authenticate(request);
    const caller = await (failures ? failures.prove(request.ip, reply, prove) : prove());
    request.caller = caller;
    request.userId = caller.userId;
    if (requestLimits) await limitUser(requestLimits, caller.userId, reply);
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

interface Answer {
  description: string;
  headers?: object;
}

/** For the OpenAPI document. */
function describeGuard(route: RouteOptions, scope: Scope): void {
  const { schema = {} } = route;
  const own = (schema.response ?? {}) as Record<string, Answer>;
  const guard: Record<string, Answer> = problems('unauthenticated', 'forbidden', 'rate_limited');
  guard[429]!.headers = {
    'retry-after': { type: 'integer', description: 'Seconds after which to ask again.' },
    'ratelimit-policy': { type: 'string', description: 'Requests per window: `"default";q=100;w=60`.' },
    ratelimit: {
      type: 'string',
      description: 'What remains, and seconds until all is back: `"default";r=0;t=60`.',
    },
  };
  const both = Object.entries(guard).map(([status, answer]) => {
    const description = own[status]?.description ?? '';
    const isSaid = description.includes(answer.description);
    return [
      status,
      {
        ...answer,
        ...own[status],
        description: isSaid ? description : `${answer.description} ${description}`.trim(),
      },
    ];
  });
  route.schema = {
    ...schema,
    security: [{ bearer: [scope] }],
    response: { ...own, ...Object.fromEntries(both) },
  };
}
