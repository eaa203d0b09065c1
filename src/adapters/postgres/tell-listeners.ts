// Tells listeners by NOTIFY what was committed. Not within the transaction that changed it: PostgreSQL lets those that notify
// commit one at a time, each waiting for the disk, so that a whole database was held to as many changes a second as its disk
// has syncs. What is not told because this process died in between, listeners find by looking every few seconds.
import { setTimeout as delay } from 'node:timers/promises';

import type pg from 'pg';

export interface News {
  channel: string;
  /** The same news told twice at a time arrives once. */
  payload: string;
}

const notify = {
  name: 'tell_listeners',
  text: 'SELECT pg_notify(channel, payload) FROM unnest($1::text[], $2::text[]) AS news (channel, payload)',
};

/** Each statement wakes every listener of the database, whatever it listens for: many changes at a time are told together. */
const pauseMs = 20;

/** What waits while an earlier statement, or the pause after it, is under way. */
const waiting = new WeakMap<pg.Pool, News[]>();

/**
 * At once when there was nothing to tell lately, otherwise with all else that comes up within a few milliseconds. What fails is
 * told to the pool's error handler only.
 */
export function tellListeners(pool: pg.Pool, news: readonly News[]): void {
  if (news.length === 0) return;
  const underWay = waiting.get(pool);
  if (underWay !== undefined) underWay.push(...news);
  else void tellAll(pool, news);
}

async function tellAll(pool: pg.Pool, news: readonly News[]): Promise<void> {
  for (let next = news; next.length > 0; next = waiting.get(pool)!) {
    waiting.set(pool, []);
    const values = [next.map(({ channel }) => channel), next.map(({ payload }) => payload)];
    await pool.query({ ...notify, values }).catch((error: Error) => pool.emit('error', error));
    await delay(pauseMs, undefined, { ref: false });
    if (pool.ending) return;
  }
  waiting.delete(pool);
}
