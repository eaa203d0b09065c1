// Job delivery by pg-boss, in a schema of its own beside our tables. It delivers and forgets: attempts, results and
// fencing belong to the job row, so a delivery too many does no harm and none may be lost by a commit.
import { AssertionError } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';

import { PgBoss } from 'pg-boss';

import { AppError } from '../../domain/errors.ts';
import type { Consumer, Delivery, JobQueue } from '../../ports/job-queue.ts';

interface Log {
  warn(facts: object, message: string): void;
}

interface QueueOptions {
  url: string;
  /** How the server proves itself; left out: it is not asked to. */
  ssl?: false | ConnectionOptions;
  logger: Log;
}

const schema = 'pgboss';
const queueName = 'jobs';
/** New deliveries wake us; delayed, retried and untold ones are found by looking. pg-boss allows no shorter interval. */
const lookEverySeconds = 0.5;

const queueOptions = {
  // In the sender's transaction it would let senders commit one at a time only. We tell workers after the commit.
  notify: false,
  // Beaten by a timer of this process while a handler runs: longer than any stall of its event loop.
  heartbeatSeconds: 60,
  // Only a bound for handlers that never end; what a handler may take is the worker's to decide.
  expireInSeconds: 86_400,
  // A delivery is tried for ever: giving up is decided on the job row.
  retryLimit: 1_000_000,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  deleteAfterSeconds: 600,
} as const;

/** So that neither a dead network nor a forgotten transaction holds a connection for ever. Its migrations take longest. */
const limits = {
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  statement_timeout: 120_000,
  query_timeout: 130_000,
  idle_in_transaction_session_timeout: 60_000,
};

/**
 * Of its own connections, which take deliveries and settle them: what a crash of the server takes back is delivered again,
 * as at-least-once allows. What is sent is committed by the sender's transaction, which waits for the disk.
 */
const withoutWaitingForDisk = '-c synchronous_commit=off';

/**
 * Connects and brings pg-boss's schema up to date; safe when many processes start at once. The caller closes it.
 * Throws `database_unavailable`, `config_invalid` (no right to make the schema).
 */
export async function createPgBossQueue({ url, ssl = false, logger }: QueueOptions): Promise<JobQueue> {
  const boss = new PgBoss({
    ...limits,
    connectionString: url,
    ssl,
    options: withoutWaitingForDisk,
    application_name: 'aiprod-queue',
    schema,
    max: 4,
    useListenNotify: true,
    superviseIntervalSeconds: 30,
    monitorIntervalSeconds: 30,
    schedule: false,
  });
  boss.on('error', (error) => logger.warn({ err: error }, 'the queue had an error'));
  boss.on('warning', ({ message }) => logger.warn({ warning: message }, 'the queue warns'));
  try {
    await boss.start();
    await boss.createQueue(queueName, queueOptions);
    // A queue that an earlier version made keeps that version's options otherwise.
    await boss.updateQueue(queueName, queueOptions);
  } catch (error) {
    await boss.stop({ graceful: false });
    throw toQueueError(error);
  }
  const consumers = new Set<Consumer>();
  const closing = new AbortController();
  const wakeWorkers = createWaker(boss, logger, closing.signal);

  return {
    async send(jobId, { transaction, delayMs = 0 } = {}) {
      const options = {
        // The database's clock counts the delay, not ours.
        ...(delayMs > 0 && { startAfter: `${delayMs} milliseconds` }),
        ...(transaction !== undefined && {
          db: { executeSql: (text: string, values?: unknown[]) => transaction.executeSql(text, values) },
        }),
      };
      try {
        await boss.send(queueName, { jobId }, options);
      } catch (error) {
        // What a transaction throws is for its owner to understand.
        throw transaction === undefined ? toQueueError(error) : error;
      }
      if (delayMs > 0) return;
      if (transaction === undefined) wakeWorkers();
      else transaction.afterCommit(async () => wakeWorkers());
    },

    async consume(handler, { concurrency }) {
      const consumer = await startConsumer(boss, handler, concurrency, logger);
      consumers.add(consumer);
      return {
        async stop() {
          await consumer.stop();
          consumers.delete(consumer);
        },
      };
    },

    async depth() {
      const sql = `
        SELECT count(*)::int AS length,
          coalesce(extract(epoch FROM now() - min(start_after)) * 1000, 0)::float8 AS oldest
        FROM ${schema}.job WHERE name = $1 AND state < 'active'`;
      try {
        const { rows } = await boss.getDb().executeSql(sql, [queueName]);
        const { length, oldest } = rows[0] as { length: number; oldest: number };
        return { length, oldestAgeMs: Math.max(0, oldest) };
      } catch (error) {
        throw toQueueError(error);
      }
    },

    async close() {
      await Promise.all([...consumers].map((consumer) => consumer.stop()));
      closing.abort();
      await boss.stop();
    },
  };
}

/** Where pg-boss listens for the names of queues that have something new: its `notifyChannelSql`. */
const wake = `SELECT pg_notify('pgboss_' || left(encode(sha224('${schema}'), 'hex'), 24), '${queueName}')`;

/** Each wakes all places of all workers: many sends at a time become one. */
const wakePauseMs = 20;

/** At once when nobody was woken lately. Waits for nothing: workers look by themselves too. */
function createWaker(boss: PgBoss, logger: Log, closed: AbortSignal): () => void {
  let underWay = false;
  let again = false;
  return function wakeWorkers() {
    again = underWay;
    if (underWay) return;
    underWay = true;
    boss
      .getDb()
      .executeSql(wake)
      .catch((error) => logger.warn({ err: error }, 'workers could not be told of a delivery'))
      .finally(async () => {
        await delay(wakePauseMs, undefined, { ref: false });
        underWay = false;
        if (again && !closed.aborted) wakeWorkers();
      });
  };
}

async function startConsumer(
  boss: PgBoss,
  handler: (delivery: Delivery) => Promise<void>,
  concurrency: number,
  logger: Log,
): Promise<Consumer> {
  const stopping = new AbortController();
  const { signal } = stopping;

  // One pg-boss worker per place, so that each can be told to look again as soon as its place is free.
  const places = await Promise.all(
    Array.from({ length: concurrency }, async () => {
      const place: { id?: string } = {};
      const polling = { batchSize: 1, pollingIntervalSeconds: lookEverySeconds };
      place.id = await boss.work<{ jobId: string }>(queueName, polling, async ([delivered]) => {
        const { jobId } = delivered!.data;
        // Fetched while we were stopping: given back.
        if (signal.aborted) throw new Error('stopping');
        try {
          await handler({ jobId, signal });
        } catch (error) {
          logger.warn({ jobId, err: error }, 'a delivery failed and will come again');
          // pg-boss stores what it is thrown; the story is in the log.
          throw new Error('the handler rejected');
        } finally {
          if (place.id !== undefined && !signal.aborted) boss.notifyWorker(place.id);
        }
      });
      return place.id;
    }),
  );

  return {
    async stop() {
      stopping.abort();
      await Promise.all(places.map((id) => boss.offWork(queueName, { id, wait: true })));
    },
  };
}

function toQueueError(error: unknown): unknown {
  if (error instanceof AppError || error instanceof AssertionError || error instanceof TypeError)
    return error;
  const { code } = error as { code?: unknown };
  if (code === '42501' || (typeof code === 'string' && /^(28|3D)/.test(code))) {
    return new AppError('config_invalid', "The database does not let us make or use the queue's schema.", {
      hint: `Let the user of DATABASE_URL create schemas, or create the schema "${schema}" and give it to that user.`,
      cause: error,
    });
  }
  return new AppError('database_unavailable', 'The queue cannot be reached.', { cause: error });
}
