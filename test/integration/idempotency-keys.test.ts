// Idempotency keys that are a day old go, without every request having to look for them.
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createJobStore } from '../../src/adapters/postgres/job-store.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { requestOf } from '../support/requests.ts';
import { openStores, type Stores } from '../support/stores.ts';

let database: TestDatabase;
let stores: Stores;
beforeAll(async () => {
  database = await openTestDatabase();
  stores = await openStores(database);
});
afterAll(() => stores.close());

const create = (key: string, { pool, queue }: Pick<Stores, 'pool' | 'queue'> = stores) =>
  createJobStore({ pool, queue }).create({
    userId: 'ann',
    request: requestOf({}),
    maxRetries: 3,
    estimatedMicroUsd: 0,
    idempotency: { key, bodyDigest: 'd' },
  });

async function keys(): Promise<string[]> {
  const { rows } = await stores.pool.query<{ key: string }>('SELECT key FROM idempotency_keys ORDER BY key');
  return rows.map(({ key }) => key);
}

test('a process looks for old keys with its first one, not again right after, and leaves none', async () => {
  for (let n = 10; n < 32; n += 1) await create(`old-${n}`);
  await stores.pool.query(`UPDATE idempotency_keys SET created_at = now() - interval '25 hours'`);
  await create('soon-after');
  expect(await keys()).toHaveLength(23);
  const pool = createPool({ url: database.url, max: 2, applicationName: 'another', onError: () => {} });
  try {
    await create('of another process', { ...stores, pool });
  } finally {
    await pool.end();
  }
  expect(await keys()).toEqual(['of another process', 'soon-after']);
});
