// One connection that LISTENs on one channel and comes back after every break, for as long as the process wants it.
import pg from 'pg';

const firstRetryMs = 200;
const longestRetryMs = 5_000;

export interface Listener {
  /** Connects if it has not; may be called again and again. */
  start(): void;
  /** Ends the connection for good. */
  close(): Promise<void>;
}

/** `onConnected` is called each time that listening begins: what was notified before was missed. */
export function createListener(
  pool: pg.Pool,
  channel: string,
  on: { onNotification(payload: string): void; onConnected(): void },
): Listener {
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let retryMs = firstRetryMs;
  let closed = false;
  let connecting: Promise<void> | undefined;

  async function connect(): Promise<void> {
    // Not from the pool: it is held for good, and the pool's idle limits are not for it.
    const fresh = new pg.Client({ ...pool.options });
    client = fresh;
    fresh.on('notification', ({ payload }) => on.onNotification(payload ?? ''));
    fresh.on('error', () => reconnectInstead(fresh));
    fresh.on('end', () => reconnectInstead(fresh));
    try {
      await fresh.connect();
      await fresh.query(`LISTEN ${channel}`);
    } catch {
      reconnectInstead(fresh);
      return;
    }
    if (client !== fresh) return;
    retryMs = firstRetryMs;
    on.onConnected();
  }

  function reconnectInstead(broken: pg.Client): void {
    if (client !== broken) return;
    client = undefined;
    broken.end().catch(() => {});
    if (closed) return;
    retry = setTimeout(() => {
      connecting = connect();
    }, retryMs);
    retry.unref();
    retryMs = Math.min(longestRetryMs, retryMs * 2);
  }

  return {
    start() {
      if (closed || connecting !== undefined) return;
      connecting = connect();
    },

    async close() {
      closed = true;
      clearTimeout(retry);
      await connecting;
      const last = client;
      client = undefined;
      await last?.end();
    },
  };
}
