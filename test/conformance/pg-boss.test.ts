// pg-boss fulfils the queue's contract, and keeps what is its own: schema races, long handlers, dead consumers.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { describe, expect, test } from 'vitest';

import { createPgBossQueue } from '../../src/adapters/pg-boss/job-queue.ts';
import type { Transaction } from '../../src/ports/transaction.ts';
import { openTestDatabase } from '../support/database.ts';
import { holdDeliveries, jobQueueConformance } from './job-queue.ts';

const logger = { warn() {} };

async function setUp() {
  const database = await openTestDatabase({ empty: true });
  return {
    open: () => createPgBossQueue({ url: database.url, logger }),
    async transact(work: (transaction: Transaction) => Promise<void>) {
      const client = new pg.Client(database.url);
      await client.connect();
      const actions: (() => Promise<void>)[] = [];
      try {
        await client.query('BEGIN');
        await work({
          executeSql: (text, values) => client.query(text, values),
          afterCommit: (action) => void actions.push(action),
        });
        await client.query('COMMIT');
        for (const action of actions) await action();
      } finally {
        await client.end();
      }
    },
    close: () => database.close(),
    countsWhatWaits: true,
  };
}

describe('pg-boss as the job queue', () => {
  jobQueueConformance(setUp);

  test('processes that start at once on an empty database make one schema', async () => {
    const database = await openTestDatabase({ empty: true });
    const queues = await Promise.all(
      Array.from({ length: 4 }, () => createPgBossQueue({ url: database.url, logger })),
    );
    const jobId = randomUUID();
    await queues[0]!.send(jobId);
    expect((await queues[3]!.depth()).length).toBe(1);
    await Promise.all(queues.map((queue) => queue.close()));
    await database.close();
  });

  test('a handler of 20 minutes keeps its delivery; one whose process died loses it', async () => {
    const database = await openTestDatabase({ empty: true });
    const queue = await createPgBossQueue({ url: database.url, logger });
    const deliveries = holdDeliveries();
    const consumer = await queue.consume(deliveries.handler, { concurrency: 1 });
    const jobId = randomUUID();
    await queue.send(jobId);
    const held = await deliveries.next();

    const admin = new pg.Client(database.url);
    await admin.connect();
    const supervisor = new PgBoss({ connectionString: database.url, supervise: false, schedule: false });
    await supervisor.start();
    const superviseNow = async () => {
      await admin.query('UPDATE pgboss.queue SET monitor_claim_on = NULL, monitor_on = NULL');
      await supervisor.supervise('jobs');
    };
    const waiting = async () => (await queue.depth()).length;

    await admin.query(`UPDATE pgboss.job SET started_on = now() - interval '20 minutes'`);
    await superviseNow();
    expect(await waiting()).toBe(0);
    await admin.query(`UPDATE pgboss.job SET heartbeat_on = now() - interval '61 seconds'`);
    await superviseNow();
    expect(await waiting()).toBe(1);

    held.acknowledge();
    (await deliveries.next()).acknowledge();
    await consumer.stop();
    await supervisor.stop();
    await admin.end();
    await queue.close();
    await database.close();
  });

  test('a send is told where pg-boss listens', async () => {
    const database = await openTestDatabase({ empty: true });
    const queue = await createPgBossQueue({ url: database.url, logger });
    const listener = new pg.Client(database.url);
    await listener.connect();
    const { rows } = await listener.query(
      `SELECT substring(query FROM 'LISTEN "?([^"; ]+)') AS channel FROM pg_stat_activity
       WHERE datname = current_database() AND query ILIKE 'LISTEN %'`,
    );
    await listener.query(`LISTEN "${rows[0].channel}"`);
    const told = once(listener, 'notification');
    await queue.send(randomUUID());
    expect((await told)[0].payload).toBe('jobs');
    await queue.close();
    await listener.end();
    await database.close();
  });

  test('an unreachable database is said to be so', async () => {
    const queue = createPgBossQueue({ url: 'postgresql://nobody@127.0.0.1:1/none', logger });
    await expect(queue).rejects.toMatchObject({ code: 'database_unavailable' });
  });
});
