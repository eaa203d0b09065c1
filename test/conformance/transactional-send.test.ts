// Stores and queue together, as they run in production: a delivery exists exactly when the change that asks for it does.
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { inTransaction } from '../../src/adapters/postgres/statements.ts';
import { AppError, toProblem } from '../../src/domain/errors.ts';
import { requestOf } from '../support/requests.ts';
import { openStores, type Stores } from '../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const newJob = (userId: string, idempotency?: { key: string; bodyDigest: string }) => ({
  userId,
  request: requestOf(),
  maxRetries: 3,
  estimatedMicroUsd: 0,
  ...(idempotency && { idempotency }),
});

it('sends with the commit and not with a rollback', async () => {
  const { queue, pool, jobStore } = stores;
  const waiting = async () => (await queue.depth()).length;
  const before = await waiting();
  const { job } = await jobStore.create(newJob('ann', { key: 'k', bodyDigest: 'd' }));
  expect(await waiting()).toBe(before + 1);

  await jobStore.create(newJob('ann', { key: 'k', bodyDigest: 'd' }));
  await expect(jobStore.create(newJob('ann', { key: 'k', bodyDigest: 'e' }))).rejects.toThrow();
  await expect(jobStore.retry('ann', job.jobId)).rejects.toThrow();
  const rolledBack = inTransaction(pool, async (_, transaction) => {
    await queue.send(job.jobId, { transaction });
    throw new Error('rolled back');
  });
  await expect(rolledBack).rejects.toThrow('rolled back');
  expect(await waiting()).toBe(before + 1);
});

it('delivers a job that is tried again later no sooner than it is due', async () => {
  const { leases, pool, claimNew } = stores;
  const lease = await claimNew('cat');
  const error = toProblem(new AppError('storage_unavailable', 'Later.'));
  await leases.retryLater(lease, { error, delayMs: 3_600_000 });
  // A delivery that came early would be acknowledged and forgotten until the sweep.
  const { rows } = await pool.query(
    `SELECT q.start_after >= j.due_at AS in_time FROM jobs j
     JOIN pgboss.job q ON q.data->>'jobId' = j.job_id::text AND q.start_after > now() WHERE j.job_id = $1`,
    [lease.jobId],
  );
  expect(rows).toEqual([{ in_time: true }]);
});

it('delivers every job of a burst, and each is claimed by one worker', async () => {
  const { queue, jobStore, leases } = stores;
  const created = await Promise.all(Array.from({ length: 20 }, () => jobStore.create(newJob('bob'))));
  const missing = new Set(created.map(({ job }) => job.jobId));
  const claims = new Map<string, number>();
  const { promise: allSeen, resolve } = Promise.withResolvers<void>();
  const consumer = await queue.consume(
    async ({ jobId }) => {
      // Twice, as an at-least-once queue may.
      const both = await Promise.all([
        leases.claimNext(jobId, 'one', 30_000),
        turn().then(() => leases.claimNext(jobId, 'two', 30_000)),
      ]);
      for (const claimed of both) {
        const id = claimed?.lease.jobId ?? 'none';
        claims.set(id, (claims.get(id) ?? 0) + 1);
      }
      missing.delete(jobId);
      if (missing.size === 0) resolve();
    },
    { concurrency: 4 },
  );
  await allSeen;
  await consumer.stop();
  for (const { job } of created) expect(claims.get(job.jobId)).toBe(1);
});
