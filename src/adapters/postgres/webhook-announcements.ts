// The SQL that puts a job's move into the outbox, in the statement that moves it: both happen or neither.
import type { WebhookType } from '../../domain/webhook.ts';
import type { News } from './tell-listeners.ts';

/** For SELECT beside `announce`: whether there is a message. */
export const wasAnnounced = 'EXISTS (SELECT FROM announced) AS announced';

/** NOTIFY channel; says that some message is due. */
export const webhookChannel = 'aiprod_webhook';

export const messageIsDue: News = { channel: webhookChannel, payload: '' };

const word = (type: WebhookType) => `'${type}'`;

/** What the new state of a row that moved tells; the first claim sets `started_at`. */
export const stateMessage = `CASE status
  WHEN 'completed' THEN ${word('video.completed')}
  WHEN 'failed' THEN ${word('video.failed')}
  WHEN 'canceled' THEN ${word('video.canceled')}
  WHEN 'processing' THEN CASE WHEN started_at = now() THEN ${word('video.started')} END
END`;

/** For a source that has `stage_changed` and `left_stage`. */
export const stageMessage = `CASE WHEN stage_changed AND left_stage IS NOT NULL
  THEN ${word('video.stage_completed')} END`;

/**
 * CTEs that write a message of type `type` (SQL; null = none) for each row of `source` (columns of jobs) and each endpoint
 * of its user that wants it. `leftStage` (SQL) is the stage that was completed.
 */
export function announce(source: string, type: string, leftStage = 'NULL'): string {
  return `
    news AS (SELECT *, ${type} AS news_type, ${leftStage} AS completed_stage FROM ${source}),
    announced AS (
      INSERT INTO webhook_messages (message_id, endpoint_id, user_id, job_id, job_order, type, payload)
      SELECT gen_random_uuid(), e.endpoint_id, e.user_id, news.job_id, news.event_seq, news_type, jsonb_build_object(
        'type', news_type,
        'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'data', jsonb_build_object(
          'job_id', news.job_id, 'status', status, 'stage', stage, 'progress', progress,
          'completed_stage', completed_stage,
          'error', CASE WHEN error IS NOT NULL
            THEN jsonb_build_object('code', error->'code', 'detail', error->'detail') END,
          'video', CASE WHEN status = 'completed' THEN jsonb_build_object(
            'duration', video->'duration', 'width', video->'width', 'height', video->'height', 'fps', video->'fps') END))
      FROM news JOIN webhook_endpoints e ON e.user_id = news.user_id
      WHERE news_type IS NOT NULL AND e.enabled AND (e.types IS NULL OR news_type = ANY(e.types))
        AND (NOT e.only_named_jobs OR e.endpoint_id = news.webhook_id)
      RETURNING 1
    )`;
}
