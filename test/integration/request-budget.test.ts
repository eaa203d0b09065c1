// The count of requests to a provider, shared by instances over the database.
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createRequestBudget } from '../../src/adapters/postgres/request-budget.ts';
import { openStores, type Stores } from '../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

test('instances that take at once get as many as there are, and no more', async () => {
  const instances = [createRequestBudget({ pool: stores.pool }), createRequestBudget({ pool: stores.pool })];
  const taken = await Promise.all(Array.from({ length: 20 }, (_, i) => instances[i % 2]!.take('acme', 7)));
  expect(taken.filter(Boolean)).toHaveLength(7);
  expect(await instances[0]!.take('other', 7)).toBe(true);
});

test('every day begins anew', async () => {
  const budget = createRequestBudget({ pool: stores.pool });
  expect([await budget.take('daily', 1), await budget.take('daily', 1)]).toEqual([true, false]);
  await stores.pool.query("UPDATE provider_requests SET day = day - 1 WHERE provider = 'daily'");
  expect([await budget.take('daily', 1), await budget.take('daily', 1)]).toEqual([true, false]);
});

test('none may be allowed', async () => {
  expect(await createRequestBudget({ pool: stores.pool }).take('never', 0)).toBe(false);
});
