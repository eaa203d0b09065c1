// Writes into the audit log what callers change, what is refused to them, and who reads what only operators may. Answers
// wait until their entry is durable.
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../domain/errors.ts';
import type { AuditAction, AuditEntry, AuditLog } from '../ports/audit-log.ts';
import type { Api } from './deps.ts';

/** Routes that change something or show what is secret, and what the log calls it; null = changes nothing. */
export const auditedRoutes: Readonly<Record<string, AuditAction | null>> = {
  'POST /v1/videos': 'video.create',
  'DELETE /v1/videos/:job_id': 'video.delete',
  'POST /v1/videos/:job_id/cancel': 'video.cancel',
  'POST /v1/videos/:job_id/retry': 'video.retry',
  'POST /v1/videos/:job_id/approve': 'video.approve',
  'PUT /v1/videos/:job_id/storyboard': 'video.revise',
  'POST /v1/assets': 'asset.create',
  'DELETE /v1/assets/:asset_id': 'asset.delete',
  'POST /v1/estimates': null,
  'POST /v1/webhooks': 'webhook.create',
  'PATCH /v1/webhooks/:webhook_id': 'webhook.change',
  'DELETE /v1/webhooks/:webhook_id': 'webhook.delete',
  'GET /v1/webhooks/:webhook_id/secret': 'webhook.read_secret',
  'POST /v1/webhooks/:webhook_id/rotate': 'webhook.rotate_secret',
  'POST /v1/webhooks/:webhook_id/test': 'webhook.test',
  'POST /v1/webhooks/:webhook_id/deliveries/:message_id/redeliver': 'webhook.redeliver',
  'POST /v1/api-keys': 'api_key.create',
  'POST /v1/api-keys/:key_id/rotate': 'api_key.rotate',
  'DELETE /v1/api-keys/:key_id': 'api_key.revoke',
  'DELETE /v1/account': 'account.erase',
  'DELETE /v1/admin/users/:user_id': 'user.erase',
  'GET /v1/account/export': 'account.export',
  'GET /v1/admin/users/:user_id/export': 'user.export',
  'GET /v1/admin/dead-letters': 'dead_letter.list',
  'POST /v1/admin/dead-letters/:dead_letter_id/redrive': 'dead_letter.redrive',
  'DELETE /v1/admin/dead-letters/:dead_letter_id': 'dead_letter.dismiss',
};

/** Entries of refusals and changes that could not be written yet; more than these are only in the log stream. */
const mostOwed = 1_000;

/**
 * Must be called before any route is added: one under /v1 that changes something and is not in `auditedRoutes` cannot be added.
 * What cannot be written is written before the next change is begun, which is refused with `database_unavailable` as long as
 * that fails. A change whose entry fails answers the same, though it may have been made.
 */
export function auditRequests(
  api: Api,
  { auditLog, logger }: { auditLog: AuditLog; logger: { error(facts: object, message: string): void } },
): void {
  api.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) {
      if (!url.startsWith('/v1/') || readingMethods.includes(each)) continue;
      if (!Object.hasOwn(auditedRoutes, `${each} ${url}`))
        throw new Error(`${each} ${url} must stand in auditedRoutes, with null if it changes nothing`);
    }
  });
  const audited = new WeakSet<FastifyRequest>();
  let owed: AuditEntry[] = [];

  function owe(entry: AuditEntry, error: unknown): void {
    logger.error({ err: error, audit: false, entry }, 'an audit entry could not be written yet');
    if (owed.length < mostOwed) owed.push(entry);
  }

  async function payOwed(): Promise<void> {
    const paying = owed;
    owed = [];
    const results = await Promise.allSettled(paying.map((entry) => auditLog.record(entry)));
    const failed = results.findIndex(({ status }) => status === 'rejected');
    owed.push(...paying.filter((_, index) => results[index]!.status === 'rejected'));
    if (failed !== -1) throw unwritable((results[failed] as PromiseRejectedResult).reason);
  }

  api.addHook('preHandler', async (request) => {
    if (owed.length > 0 && isChange(request)) await payOwed();
  });

  api.addHook('onSend', async (request, reply, payload) => {
    const outcome = outcomeOf(request, reply);
    if (outcome === undefined || audited.has(request)) return payload;
    audited.add(request);
    const entry = entryOf(request, reply, outcome, payload);
    try {
      await auditLog.record(entry);
    } catch (error) {
      owe(entry, error);
      // A refusal reveals nothing and changes nothing: it may be told before it is written.
      if (outcome === 'done') throw unwritable(error);
    }
    return payload;
  });
}

function unwritable(cause: unknown): AppError {
  return new AppError('database_unavailable', 'The audit log cannot be written right now.', {
    hint: 'Try again in a moment, with the same Idempotency-Key if you gave one.',
    cause,
  });
}

const readingMethods = ['GET', 'HEAD', 'OPTIONS'];
const isChange = (request: FastifyRequest) => !readingMethods.includes(request.method);

function actionOf({ method, routeOptions: { url } }: FastifyRequest): AuditAction | null {
  if (url?.startsWith('/v1/') !== true) return null;
  return auditedRoutes[`${method} ${url}`] ?? null;
}

/** Undefined = nothing to write down. */
function outcomeOf(request: FastifyRequest, { statusCode }: FastifyReply): AuditEntry['outcome'] | undefined {
  const { url = '' } = request.routeOptions;
  if (!url.startsWith('/v1/')) return undefined;
  // Refused before anybody was asked who they are: any page in a browser of this machine could fill the log.
  if (statusCode === 403 && (request.caller as typeof request.caller | null) === null) return undefined;
  if (statusCode === 401 || statusCode === 403) return 'refused';
  if (statusCode === 404) return 'refused';
  if (actionOf(request) === null) return undefined;
  if (statusCode < 400) return 'done';
  return statusCode >= 500 && isChange(request) ? 'failed' : undefined;
}

function entryOf(
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: AuditEntry['outcome'],
  payload: unknown,
): AuditEntry {
  const { caller, method, ip, id } = request;
  const { url } = request.routeOptions;
  // Null where nobody was found out to be asking.
  const actor = (caller as typeof caller | null) && {
    userId: caller.userId,
    via: caller.via,
    ...(caller.credentialId !== undefined && { credentialId: caller.credentialId }),
  };
  const code = outcome === 'done' ? null : codeOf(payload);
  return {
    action: actionOf(request) ?? 'api.request',
    outcome,
    actor,
    from: ip,
    requestId: id,
    userId: (outcome === 'refused' ? undefined : userOf(request)) ?? actor?.userId ?? null,
    target: targetOf(request, reply),
    facts: { route: `${method} ${url}`, status: reply.statusCode, ...(code !== null && { code }) },
  };
}

/** Whose data an operator's change concerns; what is refused may name anything. */
function userOf({ params }: FastifyRequest): string | undefined {
  return (params as { user_id?: string } | undefined)?.user_id;
}

function codeOf(payload: unknown): string | null {
  if (typeof payload !== 'string') return null;
  return (JSON.parse(payload) as { code?: string }).code ?? null;
}

/** What was made, or the first id in the path. Anything but an id may be a user's words, and is left out. */
function targetOf({ params }: FastifyRequest, reply: FastifyReply): string | null {
  const made = `${reply.getHeader('location') ?? ''}`.split('/').at(-1);
  const [named] = Object.values((params ?? {}) as Record<string, string>);
  const id = made || named;
  return id !== undefined && /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(id) ? id : null;
}
