// Job events on PostgreSQL: read from the table; listeners are woken by NOTIFY over one connection of their own.
import type pg from 'pg';

import type { JobEvent, JobEvents } from '../../ports/job-events.ts';
import { jobChannel } from './job-moves.ts';
import { isUuid } from './job-row.ts';
import { createListener } from './listener.ts';
import { tenantRows } from './statements.ts';

const readEvents = {
  name: 'job_events_read',
  text: `
    SELECT e.event_id, e.type, e.at, e.data FROM job_events e JOIN jobs j ON j.job_id = e.job_id
    WHERE e.job_id = $1 AND j.user_id = $2 AND e.event_id > $3::bigint
    ORDER BY e.event_id LIMIT $4`,
};

interface EventRow {
  event_id: number;
  type: JobEvent['type'];
  at: Date;
  data: Record<string, unknown>;
}

/** Connects with the first subscription; `close` ends that connection and every subscription. */
export function createJobEvents({ pool }: { pool: pg.Pool }): JobEvents & { close(): Promise<void> } {
  const subscriptions = new Map<string, Set<() => void>>();
  const listener = createListener(pool, jobChannel, {
    onNotification: (jobId) => {
      for (const onChange of subscriptions.get(jobId) ?? []) onChange();
    },
    // Whatever was notified before this moment was missed.
    onConnected: () => {
      for (const listeners of subscriptions.values()) for (const onChange of listeners) onChange();
    },
  });

  return {
    async read(userId, jobId, afterEventId, limit) {
      if (!isUuid(jobId)) return [];
      const rows = await tenantRows<EventRow>(pool, userId, readEvents, [jobId, userId, afterEventId, limit]);
      return rows.map(({ event_id, type, at, data }) => ({ eventId: event_id, type, at, data }));
    },

    subscribe(jobId, onChange) {
      // One function may be subscribed twice; each subscription ends by itself.
      const wake = () => onChange();
      const listeners = subscriptions.get(jobId) ?? new Set();
      subscriptions.set(jobId, listeners.add(wake));
      listener.start();
      return () => {
        listeners.delete(wake);
        if (listeners.size === 0 && subscriptions.get(jobId) === listeners) subscriptions.delete(jobId);
      };
    },

    async close() {
      subscriptions.clear();
      await listener.close();
    },
  };
}
