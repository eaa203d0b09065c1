// Fencing of writes to other tables than the job's: they wait for a claim that is under way, and then find it.
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { openStores, type Stores } from '../../../test/support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

it('a step result is not stored beside a claim that is about to commit', async () => {
  const lease = await stores.claimNew();
  const claimer = new pg.Client(stores.pool.options.connectionString);
  await claimer.connect();
  try {
    await claimer.query('BEGIN');
    await claimer.query('UPDATE jobs SET lease_epoch = lease_epoch + 1 WHERE job_id = $1', [lease.jobId]);
    let settled = false;
    const put = stores.stepStore
      .putIfAbsent(lease, { stepKey: 'key', step: 'plan', result: 1, blobs: [] })
      .finally(() => {
        settled = true;
      });
    const outcome = expect(put).rejects.toMatchObject({ code: 'lease_lost' });
    const { rows } = await claimer.query('SELECT pg_backend_pid() AS pid');
    const isWaitedFor = `SELECT FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))`;
    const waiting = async () => (await stores.pool.query(isWaitedFor, [rows[0].pid])).rowCount! > 0;
    while (!settled && !(await waiting()));
    await claimer.query('COMMIT');
    await outcome;
  } finally {
    await claimer.end();
  }
  expect(await stores.stepStore.find(lease.userId, 'key')).toBeUndefined();
});
