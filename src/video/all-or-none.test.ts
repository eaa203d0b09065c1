import { expect, test } from 'vitest';

import { allOrNone } from './all-or-none.ts';

/** Work that ends when it is told to. */
function desk() {
  const begun: number[] = [];
  const ends = new Map<number, PromiseWithResolvers<string>>();
  const work = (item: number) => {
    begun.push(item);
    ends.set(item, Promise.withResolvers());
    return ends.get(item)!.promise;
  };
  const turn = () => new Promise<void>((done) => setImmediate(done));
  return {
    begun,
    work,
    async end(item: number, error?: Error) {
      if (error) ends.get(item)!.reject(error);
      else ends.get(item)!.resolve(`made ${item}`);
      await turn();
    },
  };
}

test('so many at a time, the results in order', async () => {
  const { begun, work, end } = desk();
  const all = allOrNone([1, 2, 3], 2, work);
  expect(begun).toEqual([1, 2]);
  await end(2);
  expect(begun).toEqual([1, 2, 3]);
  await end(3);
  await end(1);
  expect(await all).toEqual(['made 1', 'made 2', 'made 3']);
  expect(await allOrNone([], 2, work)).toEqual([]);
});

test('after a failure nothing is begun, and it is told when the rest has ended', async () => {
  const { begun, work, end } = desk();
  let told: unknown;
  const all = allOrNone([1, 2, 3, 4], 2, work).catch((error) => {
    told = error;
  });
  const first = new Error('first');
  await end(1, first);
  expect(told).toBeUndefined();
  await end(2, new Error('second'));
  await all;
  expect(told).toBe(first);
  expect(begun).toEqual([1, 2]);
});
