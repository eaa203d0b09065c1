import { expect, test } from 'vitest';

import type { WorkContext } from '../../ports/work-context.ts';
import { createTurns } from './turns.ts';

const context = (change: Partial<WorkContext> = {}): WorkContext => ({
  scratch: '',
  signal: new AbortController().signal,
  ...change,
});

test('no more at once than there are places, and in order', async () => {
  const takeTurn = createTurns(2);
  const begun: number[] = [];
  const ends = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const works = ends.map(({ promise }, index) =>
    takeTurn(context(), async () => {
      begun.push(index);
      await promise;
    }),
  );
  await Promise.resolve();
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  ends[1]!.resolve();
  await works[1];
  for (const { resolve } of ends) resolve();
  await Promise.all(works);
  expect(begun).toEqual([0, 1, 2, 3]);
});

test('who fails leaves the place; who is stopped while waiting leaves the line', async () => {
  const takeTurn = createTurns(1);
  const first = Promise.withResolvers<void>();
  const failing = takeTurn(context(), () => first.promise);
  const stop = new AbortController();
  const stopped = takeTurn(context({ signal: stop.signal }), async () => 'never');
  const last = takeTurn(context(), async () => 'last');
  stop.abort(new Error('stopped'));
  await expect(stopped).rejects.toThrow('stopped');
  first.reject(new Error('failed'));
  await expect(failing).rejects.toThrow('failed');
  expect(await last).toBe('last');
});

test('waiting is not working', async () => {
  const waits: Promise<unknown>[] = [];
  const awaitTurn = <T>(turn: Promise<T>) => {
    waits.push(turn);
    return turn;
  };
  expect(await createTurns(1)(context({ awaitTurn }), async () => 7)).toBe(7);
  expect(waits).toHaveLength(1);
});
