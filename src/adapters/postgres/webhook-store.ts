// Users' webhook endpoints on PostgreSQL, and what was sent to them. Sends nothing.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';

import { AppError } from '../../domain/errors.ts';
import {
  type MessageState,
  type MessageType,
  type WebhookAttempt,
  type WebhookEndpoint,
  type WebhookMessage,
  type WebhookPayload,
  type WebhookType,
  webhookLimits,
} from '../../domain/webhook.ts';
import type { Sealer } from '../../ports/sealer.ts';
import type { WebhookStore } from '../../ports/webhook-store.ts';
import { isUuid } from './job-row.ts';
import { fromCursor, toCursor } from './page-cursor.ts';
import { inTenant, rowsOf, type Statement, tenantRows } from './statements.ts';
import { messageIsDue } from './webhook-announcements.ts';
import { fromMessageId, toMessageId } from './webhook-outbox.ts';
import { makeSecret, openSecret } from './webhook-secrets.ts';

const columns = `endpoint_id, url, description, types, only_named_jobs, enabled, disabled_reason, created_at`;
const own = 'endpoint_id = $1 AND user_id = $2';

interface EndpointRow {
  endpoint_id: string;
  url: string;
  description: string;
  types: WebhookType[] | null;
  only_named_jobs: boolean;
  enabled: boolean;
  disabled_reason: string | null;
  created_at: Date;
}

interface MessageRow {
  message_id: string;
  endpoint_id: string;
  job_id: string | null;
  type: MessageType;
  state: MessageState;
  attempts: number;
  due_at: Date;
  created_at: Date;
  log: (Omit<WebhookAttempt, 'at' | 'durationMs'> & { at: string; duration_ms: number })[];
}

// Endpoints of one user are added one after the other, so that they can be counted.
const lockUser = {
  name: 'webhook_lock_user',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('webhooks/' || $1, 0))`,
};

// Senders such as n8n name another URL for each job: what no job needs any more makes room. What is being named right now is
// passed by, and what was named lately too: its job is still to be created.
const makeRoom = {
  name: 'webhook_make_room',
  text: `
    DELETE FROM webhook_endpoints WHERE endpoint_id IN (
      SELECT endpoint_id FROM webhook_endpoints e
      WHERE user_id = $1 AND only_named_jobs
        AND (SELECT count(*) FROM webhook_endpoints WHERE user_id = $1) >= $2
        AND NOT EXISTS (SELECT FROM webhook_messages m WHERE m.endpoint_id = e.endpoint_id AND m.state = 'pending')
        AND NOT EXISTS (
          SELECT FROM jobs j WHERE j.user_id = $1 AND j.status IN ('pending', 'processing', 'awaiting_approval')
            AND j.webhook_id = e.endpoint_id
        )
        AND coalesce(named_at, created_at) < now() - interval '1 minute'
      ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )`,
};

const addEndpoint = {
  name: 'webhook_add',
  text: `
    INSERT INTO webhook_endpoints (endpoint_id, user_id, url, description, types, only_named_jobs, secret)
    SELECT $1, $2, $3, $4, $5, $6, $7
    WHERE (SELECT count(*) FROM webhook_endpoints WHERE user_id = $2) < $8
    ON CONFLICT (user_id, url) DO NOTHING RETURNING ${columns}`,
};

const findByUrl = {
  name: 'webhook_find_url',
  text: `SELECT ${columns} FROM webhook_endpoints WHERE user_id = $1 AND url = $2`,
};
const nameByUrl = {
  name: 'webhook_name_url',
  text: `UPDATE webhook_endpoints SET named_at = now() WHERE user_id = $1 AND url = $2 RETURNING ${columns}`,
};
const findEndpoint = {
  name: 'webhook_find',
  text: `SELECT ${columns} FROM webhook_endpoints WHERE ${own}`,
};
const listEndpoints = {
  name: 'webhook_list',
  text: `SELECT ${columns} FROM webhook_endpoints WHERE user_id = $1 ORDER BY created_at, endpoint_id`,
};

// `false` in $3 and so on = leave as it is, for null is a value of `types`.
const changeEndpoint = {
  name: 'webhook_change',
  text: `
    UPDATE webhook_endpoints SET url = COALESCE($3, url), description = COALESCE($4, description),
      types = CASE WHEN $5::boolean THEN $6::text[] ELSE types END,
      only_named_jobs = COALESCE($7, only_named_jobs), enabled = COALESCE($8, enabled),
      disabled_reason = CASE WHEN $8 THEN NULL WHEN NOT $8 THEN 'Disabled by its user.' ELSE disabled_reason END,
      failing_since = CASE WHEN $8 THEN NULL ELSE failing_since END
    WHERE ${own} RETURNING ${columns}`,
};
const giveUpWaiting = {
  name: 'webhook_give_up_own',
  text: `UPDATE webhook_messages SET state = 'given_up', lease_until = NULL WHERE ${own} AND state = 'pending'`,
};
const removeEndpoint = {
  name: 'webhook_remove',
  text: `DELETE FROM webhook_endpoints WHERE ${own} RETURNING endpoint_id`,
};
const readSecret = { name: 'webhook_secret', text: `SELECT secret FROM webhook_endpoints WHERE ${own}` };
const rotateSecret = {
  name: 'webhook_rotate',
  text: `
    UPDATE webhook_endpoints SET previous_secret = secret, secret = $3,
      previous_until = now() + $4::float8 * interval '1 millisecond'
    WHERE ${own} RETURNING endpoint_id`,
};

const tellOfMessage = (rows: unknown[]) => rows.map(() => messageIsDue);

// Each waits for a day where nothing arrives: one can ask for more than can be sent.
const addTest = {
  name: 'webhook_test',
  text: `
    INSERT INTO webhook_messages (message_id, endpoint_id, user_id, job_order, type, payload)
    SELECT $3, endpoint_id, user_id, 0, 'webhook.test', $4 FROM webhook_endpoints WHERE ${own} AND enabled AND (
      SELECT count(*) FROM webhook_messages m
      WHERE m.endpoint_id = $1 AND m.job_id IS NULL AND m.state = 'pending'
    ) < $5
    RETURNING message_id`,
  news: tellOfMessage,
};

const listMessages = (afterCursor: boolean): Statement => ({
  name: `webhook_deliveries${afterCursor ? '_after' : ''}`,
  text: `
    SELECT message_id, endpoint_id, job_id, type, state, attempts, due_at, created_at, COALESCE((
      SELECT jsonb_agg(jsonb_build_object('attempt', attempt, 'at', at, 'status', status, 'error', error,
        'duration_ms', duration_ms, 'answer', answer) ORDER BY at)
      FROM webhook_attempts a WHERE a.message_id = m.message_id
    ), '[]') AS log
    FROM webhook_messages m WHERE ${own}
      ${afterCursor ? 'AND (created_at, message_id) < ($4::timestamptz, $5::uuid)' : ''}
    ORDER BY created_at DESC, message_id DESC LIMIT $3`,
});

const redeliverMessage = {
  name: 'webhook_redeliver',
  text: `
    UPDATE webhook_messages m SET state = 'pending', attempts = 0, due_at = now(), lease_until = NULL
    FROM webhook_endpoints e
    WHERE m.endpoint_id = $1 AND m.user_id = $2 AND m.message_id = $3 AND m.state <> 'pending'
      AND e.endpoint_id = m.endpoint_id AND e.enabled
    RETURNING m.message_id`,
  news: tellOfMessage,
};
const findMessage = {
  name: 'webhook_message_find',
  text: `SELECT state FROM webhook_messages WHERE ${own} AND message_id = $3`,
};

/** Every method may throw `database_unavailable`. */
export function createWebhookStore({ pool, sealer }: { pool: pg.Pool; sealer: Sealer }): WebhookStore {
  type NewEndpoint = Parameters<WebhookStore['add']>[1];

  async function insert(userId: string, endpoint: NewEndpoint, orName: boolean): Promise<WebhookEndpoint> {
    const endpointId = randomUUID();
    const { sealed } = await makeSecret(sealer, userId, endpointId);
    return inTenant(pool, userId, async (client) => {
      await rowsOf(client, lockUser, [userId]);
      const { url, description, types, onlyNamedJobs } = endpoint;
      const [present] = await rowsOf<EndpointRow>(client, orName ? nameByUrl : findByUrl, [userId, url]);
      if (present !== undefined && orName) return toEndpoint(present);
      if (present !== undefined) throw urlTaken();
      await rowsOf(client, makeRoom, [userId, webhookLimits.perUser]);
      const values = [endpointId, userId, url, description, types, onlyNamedJobs, sealed];
      const [row] = await rowsOf<EndpointRow>(client, addEndpoint, [...values, webhookLimits.perUser]);
      if (row === undefined) {
        throw new AppError(
          'limit_reached',
          `You have ${webhookLimits.perUser} webhooks, the most there may be.`,
          {
            hint: 'Delete one that is not needed any more: DELETE /v1/webhooks/{id}.',
          },
        );
      }
      return toEndpoint(row);
    });
  }

  async function find(userId: string, endpointId: string): Promise<WebhookEndpoint | undefined> {
    if (!isUuid(endpointId)) return undefined;
    const [row] = await tenantRows<EndpointRow>(pool, userId, findEndpoint, [endpointId, userId]);
    return row && toEndpoint(row);
  }

  async function get(userId: string, endpointId: string): Promise<WebhookEndpoint> {
    const endpoint = await find(userId, endpointId);
    if (endpoint === undefined) throw notFound();
    return endpoint;
  }

  return {
    add: (userId, endpoint) => insert(userId, endpoint, false),

    async forUrl(userId, url) {
      const [present] = await tenantRows<EndpointRow>(pool, userId, nameByUrl, [userId, url]);
      if (present !== undefined) return toEndpoint(present);
      return insert(userId, { url, description: '', types: null, onlyNamedJobs: true }, true);
    },

    find,

    list: async (userId) =>
      (await tenantRows<EndpointRow>(pool, userId, listEndpoints, [userId])).map(toEndpoint),

    async change(userId, endpointId, { url, description, types, onlyNamedJobs, enabled }) {
      const { endpointId: id } = await get(userId, endpointId);
      return inTenant(pool, userId, async (client) => {
        await rowsOf(client, lockUser, [userId]);
        if (url !== undefined) {
          const [other] = await rowsOf<EndpointRow>(client, findByUrl, [userId, url]);
          if (other !== undefined && other.endpoint_id !== id) throw urlTaken();
        }
        const values = [url, description, types !== undefined, types ?? null, onlyNamedJobs, enabled];
        const [row] = await rowsOf<EndpointRow>(client, changeEndpoint, [id, userId, ...values]);
        if (row === undefined) throw notFound();
        if (enabled === false) await rowsOf(client, giveUpWaiting, [id, userId]);
        return toEndpoint(row);
      });
    },

    async remove(userId, endpointId) {
      const removed = isUuid(endpointId)
        ? await tenantRows(pool, userId, removeEndpoint, [endpointId, userId])
        : [];
      if (removed.length === 0) throw notFound();
    },

    async secret(userId, endpointId) {
      const rows = isUuid(endpointId)
        ? await tenantRows<{ secret: Buffer }>(pool, userId, readSecret, [endpointId, userId])
        : [];
      if (rows[0] === undefined) throw notFound();
      return openSecret(sealer, userId, endpointId.toLowerCase(), rows[0].secret);
    },

    async rotate(userId, endpointId) {
      const { endpointId: id } = await get(userId, endpointId);
      const { secret, sealed } = await makeSecret(sealer, userId, id);
      const rotated = await tenantRows(pool, userId, rotateSecret, [
        id,
        userId,
        sealed,
        webhookLimits.rotationMs,
      ]);
      if (rotated.length === 0) throw notFound();
      return secret;
    },

    async test(userId, endpointId) {
      const { endpointId: id, enabled } = await get(userId, endpointId);
      if (!enabled) throw disabled();
      const messageId = randomUUID();
      const nothing = {
        job_id: null,
        status: null,
        stage: null,
        completed_stage: null,
        error: null,
        video: null,
      };
      const payload: WebhookPayload = {
        type: 'webhook.test',
        timestamp: new Date().toISOString(),
        data: { ...nothing, progress: 0 },
      };
      const added = await tenantRows(pool, userId, addTest, [
        id,
        userId,
        messageId,
        JSON.stringify(payload),
        webhookLimits.testsWaiting,
      ]);
      if (added.length > 0) return toMessageId(messageId);
      throw new AppError('state_conflict', `${webhookLimits.testsWaiting} tests wait to be delivered.`, {
        hint: 'Look at what became of them first: GET /v1/webhooks/{id}/deliveries.',
      });
    },

    async deliveries(userId, endpointId, { limit, cursor }) {
      const { endpointId: id } = await get(userId, endpointId);
      const values: unknown[] = [id, userId, limit + 1];
      if (cursor !== undefined) {
        const { createdAt, jobId: messageId } = fromCursor(cursor);
        values.push(createdAt, messageId);
      }
      const rows = await tenantRows<MessageRow>(pool, userId, listMessages(cursor !== undefined), values);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const more = rows.length > limit && last !== undefined;
      return {
        messages: page.map(toMessage),
        ...(more && { nextCursor: toCursor({ createdAt: last.created_at, jobId: last.message_id }) }),
      };
    },

    async redeliver(userId, endpointId, messageId) {
      const endpoint = await get(userId, endpointId);
      const values = [endpoint.endpointId, userId, fromMessageId(messageId) ?? null];
      if ((await tenantRows(pool, userId, redeliverMessage, values)).length > 0) return;
      if ((await tenantRows(pool, userId, findMessage, values)).length === 0) {
        throw new AppError('not_found', 'There is no such message.');
      }
      if (!endpoint.enabled) throw disabled();
      throw new AppError('state_conflict', 'The message still waits for its next delivery.');
    },
  };
}

function toEndpoint(row: EndpointRow): WebhookEndpoint {
  return {
    endpointId: row.endpoint_id,
    url: row.url,
    description: row.description,
    types: row.types,
    onlyNamedJobs: row.only_named_jobs,
    enabled: row.enabled,
    disabledReason: row.disabled_reason,
    createdAt: row.created_at,
  };
}

function toMessage(row: MessageRow): WebhookMessage {
  return {
    messageId: toMessageId(row.message_id),
    endpointId: row.endpoint_id,
    jobId: row.job_id,
    type: row.type,
    state: row.state,
    attempts: row.attempts,
    dueAt: row.due_at,
    createdAt: row.created_at,
    log: row.log.map(({ at, duration_ms, ...rest }) => ({
      ...rest,
      at: new Date(at),
      durationMs: duration_ms,
    })),
  };
}

const notFound = () => new AppError('not_found', 'There is no such webhook.');

const disabled = () =>
  new AppError('state_conflict', 'The webhook is disabled.', {
    hint: 'Repair the receiver, then enable it: PATCH /v1/webhooks/{id} with {"enabled": true}.',
  });

function urlTaken(): AppError {
  return new AppError('request_invalid', 'You have a webhook with this URL already.', {
    hint: 'GET /v1/webhooks lists yours; change that one with PATCH /v1/webhooks/{id}.',
    errors: [{ pointer: '/url', detail: 'is the URL of another webhook of yours' }],
  });
}
