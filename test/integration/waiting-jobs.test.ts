// How many jobs wait and for how long, as the job table tells it to queues that cannot count.
import { expect, test } from 'vitest';

import { createWaitingJobs } from '../../src/adapters/postgres/waiting-jobs.ts';
import { AppError, toProblem } from '../../src/domain/errors.ts';
import { openStores } from '../support/stores.ts';

test('counts what nobody holds, and the age of what is due', async () => {
  const stores = await openStores();
  const depth = createWaitingJobs(stores);
  expect(await depth()).toEqual({ length: 0, oldestAgeMs: 0 });

  const held = await stores.claimNew('ann');
  expect(await depth(), 'being worked on').toEqual({ length: 0, oldestAgeMs: 0 });

  const error = toProblem(new AppError('storage_unavailable', 'Later.'));
  await stores.leases.retryLater(await stores.claimNew('bob'), { error, delayMs: 60_000 });
  expect(await depth(), 'not due yet').toEqual({ length: 1, oldestAgeMs: 0 });

  await stores.pool.query(`UPDATE jobs SET due_at = now() - interval '1 minute' WHERE user_id = 'bob'`);
  const due = await depth();
  expect(due.length).toBe(1);
  expect(due.oldestAgeMs).toBeGreaterThanOrEqual(60_000);
  expect(due.oldestAgeMs).toBeLessThan(70_000);

  await stores.pool.query(`UPDATE jobs SET lease_until = now() - interval '2 minutes' WHERE job_id = $1`, [
    held.jobId,
  ]);
  const left = await depth();
  expect(left.length, 'left by its worker').toBe(2);
  expect(left.oldestAgeMs).toBeGreaterThanOrEqual(120_000);
  await stores.close();
});
