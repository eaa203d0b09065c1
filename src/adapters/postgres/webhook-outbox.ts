// The outbox's side of delivery on PostgreSQL: who takes which message, and what became of it. Works for all users. Sends
// nothing.
import type pg from 'pg';

import { type MessageType, webhookLimits } from '../../domain/webhook.ts';
import type { Sealer } from '../../ports/sealer.ts';
import type { WebhookOutbox } from '../../ports/webhook-outbox.ts';
import type { DueMessage } from '../../ports/webhook-sender.ts';
import { createListener } from './listener.ts';
import { rowsOf } from './statements.ts';
import { webhookChannel } from './webhook-announcements.ts';
import { openSecret } from './webhook-secrets.ts';

/** Deliveries at a time, so that whoever answers slowly delays nobody else. */
const perEndpoint = 2;
const perUser = 16;

const dueNow = `m.state = 'pending' AND m.due_at <= clock_timestamp()
  AND (m.lease_until IS NULL OR m.lease_until <= clock_timestamp())`;

// The conditions are looked at again once a row is locked: another may have taken it meanwhile.
const takeDue = {
  name: 'webhook_take',
  text: `
    WITH under_way AS MATERIALIZED (
      SELECT endpoint_id, user_id FROM webhook_messages
      WHERE state = 'pending' AND lease_until > clock_timestamp()
    ),
    ready AS (
      SELECT m.message_id, m.user_id, m.due_at,
        row_number() OVER (PARTITION BY m.endpoint_id ORDER BY m.due_at, m.message_id)
          + (SELECT count(*) FROM under_way u WHERE u.endpoint_id = m.endpoint_id) AS of_endpoint
      FROM webhook_messages m JOIN webhook_endpoints e USING (endpoint_id)
      WHERE ${dueNow} AND e.enabled AND NOT EXISTS (
        SELECT FROM webhook_messages earlier
        WHERE earlier.endpoint_id = m.endpoint_id AND earlier.job_id = m.job_id AND earlier.state = 'pending'
          AND earlier.job_order < m.job_order
      )
    ),
    places AS (
      SELECT r.message_id, r.due_at,
        row_number() OVER (PARTITION BY r.user_id ORDER BY r.due_at, r.message_id)
          + (SELECT count(*) FROM under_way u WHERE u.user_id = r.user_id) AS of_user
      FROM ready r WHERE of_endpoint <= ${perEndpoint}
    ),
    held AS (
      SELECT message_id FROM webhook_messages m
      WHERE ${dueNow} AND message_id IN (
        SELECT message_id FROM places WHERE of_user <= ${perUser}
        ORDER BY of_user, due_at LIMIT $1
      )
      FOR UPDATE SKIP LOCKED
    )
    UPDATE webhook_messages m
    SET attempts = m.attempts + 1, lease_until = clock_timestamp() + $2::float8 * interval '1 millisecond'
    FROM held, webhook_endpoints e
    WHERE m.message_id = held.message_id AND e.endpoint_id = m.endpoint_id
    RETURNING m.message_id, m.endpoint_id, m.user_id, m.type, m.payload, m.attempts, e.url, e.secret,
      CASE WHEN e.previous_until > now() THEN e.previous_secret END AS previous_secret`,
};

interface TakenRow {
  message_id: string;
  endpoint_id: string;
  user_id: string;
  type: MessageType;
  payload: unknown;
  attempts: number;
  url: string;
  secret: Buffer;
  previous_secret: Buffer | null;
}

// $1 message, $2 attempts as taken, $3 status, $4 error, $5 ms, $6 answer, $7 ms until the next, $8 reason to disable.
const recordAttempt = {
  name: 'webhook_record',
  text: `
    WITH noted AS (
      UPDATE webhook_messages SET lease_until = NULL,
        state = CASE WHEN $4::text IS NULL THEN 'delivered' WHEN $7::float8 IS NULL THEN 'given_up' ELSE 'pending' END,
        due_at = clock_timestamp() + COALESCE($7::float8, 0) * interval '1 millisecond'
      WHERE message_id = $1 AND attempts = $2 AND state = 'pending'
      RETURNING message_id, endpoint_id, user_id
    ),
    logged AS (
      INSERT INTO webhook_attempts (message_id, user_id, attempt, status, error, duration_ms, answer)
      SELECT message_id, user_id, $2, $3, $4, $5, $6 FROM noted
    ),
    healthy AS (
      UPDATE webhook_endpoints e SET failing_since = NULL FROM noted
      WHERE e.endpoint_id = noted.endpoint_id AND $4::text IS NULL AND e.failing_since IS NOT NULL
    ),
    failing AS (
      UPDATE webhook_endpoints e SET failing_since = COALESCE(failing_since, now()),
        enabled = $8::text IS NULL AND NOT COALESCE(failing_since <= now() - $9::float8 * interval '1 millisecond', false),
        disabled_reason = CASE
          WHEN $8::text IS NOT NULL THEN $8
          WHEN failing_since <= now() - $9::float8 * interval '1 millisecond' THEN $10
        END
      FROM noted
      WHERE e.endpoint_id = noted.endpoint_id AND $4::text IS NOT NULL AND e.enabled
      RETURNING e.endpoint_id, e.enabled
    )
    SELECT endpoint_id FROM failing WHERE NOT enabled`,
};

const giveUpWaiting = {
  name: 'webhook_give_up_waiting',
  text: `UPDATE webhook_messages SET state = 'given_up', lease_until = NULL
    WHERE endpoint_id = $1 AND state = 'pending'`,
};

const removeOld = {
  name: 'webhook_remove_old',
  text: `
    DELETE FROM webhook_messages WHERE message_id IN (
      SELECT message_id FROM webhook_messages
      WHERE created_at < now() - $1::float8 * interval '1 millisecond' LIMIT 1000
    ) RETURNING message_id`,
};

/** Connects with the first subscription. Every method may throw `database_unavailable`. */
export function createWebhookOutbox({
  pool,
  sealer,
}: {
  pool: pg.Pool;
  sealer: Sealer;
}): WebhookOutbox & { close(): Promise<void> } {
  const subscriptions = new Set<() => void>();
  const wake = () => {
    for (const onDue of subscriptions) onDue();
  };
  // What was notified before listening began was missed.
  const listener = createListener(pool, webhookChannel, { onNotification: wake, onConnected: wake });

  function toDueMessage(row: TakenRow): DueMessage {
    const { user_id: userId, endpoint_id: endpointId } = row;
    const sealed = [row.secret, row.previous_secret].filter((each) => each !== null);
    return {
      messageId: toMessageId(row.message_id),
      endpointId,
      userId,
      type: row.type,
      url: row.url,
      body: JSON.stringify(row.payload),
      attempts: row.attempts,
      openSecrets: () => Promise.all(sealed.map((each) => openSecret(sealer, userId, endpointId, each))),
    };
  }

  return {
    async take(limit, leaseMs) {
      const rows = await rowsOf<TakenRow>(pool, takeDue, [limit, leaseMs]);
      return rows.map(toDueMessage);
    },

    async record({ messageId, attempts }, { status, error, durationMs, answer }, { retryMs, disable }) {
      const ended = await rowsOf<{ endpoint_id: string }>(pool, recordAttempt, [
        fromMessageId(messageId),
        attempts,
        status,
        error,
        Math.round(durationMs),
        answer,
        retryMs ?? null,
        disable ?? null,
        webhookLimits.failingMs,
        'Nothing that was sent to it arrived for 5 days.',
      ]);
      for (const { endpoint_id } of ended) await rowsOf(pool, giveUpWaiting, [endpoint_id]);
    },

    subscribe(onDue) {
      const own = () => onDue();
      subscriptions.add(own);
      listener.start();
      return () => void subscriptions.delete(own);
    },

    removeOld: async () => (await rowsOf(pool, removeOld, [webhookLimits.keptMs])).length,

    async close() {
      subscriptions.clear();
      await listener.close();
    },
  };
}

/** As receivers see it. */
export function toMessageId(uuid: string): string {
  return `msg_${uuid.replaceAll('-', '')}`;
}

/** Undefined for what is none of our ids. */
export function fromMessageId(messageId: string): string | undefined {
  const parts = /^msg_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(messageId);
  return parts?.slice(1).join('-');
}
