import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { startStopwatch } from './stopwatch.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

test('it expires when the work has taken the limit, and not before', async () => {
  const stopwatch = startStopwatch(1_000);
  await vi.advanceTimersByTimeAsync(999);
  expect(stopwatch.expired.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(stopwatch.expired.aborted).toBe(true);
});

test('it stands still while a turn is awaited, and gives what the turn gives', async () => {
  const stopwatch = startStopwatch(1_000);
  await vi.advanceTimersByTimeAsync(300);
  const { promise, resolve } = Promise.withResolvers<string>();
  const turn = stopwatch.awaitTurn(promise);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(stopwatch.workedMs()).toBe(300);
  resolve('mine');
  expect(await turn).toBe('mine');
  await vi.advanceTimersByTimeAsync(699);
  expect(stopwatch.workedMs()).toBe(999);
  expect(stopwatch.expired.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(stopwatch.expired.aborted).toBe(true);
});

test('it goes on only when the last of several turns has come, also one that fails', async () => {
  const stopwatch = startStopwatch(1_000);
  const [a, b] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const first = stopwatch.awaitTurn(a.promise);
  const second = stopwatch.awaitTurn(b.promise);
  a.resolve();
  await first;
  await vi.advanceTimersByTimeAsync(500);
  expect(stopwatch.workedMs()).toBe(0);
  b.reject(new Error('no turn'));
  await expect(second).rejects.toThrow('no turn');
  await vi.advanceTimersByTimeAsync(500);
  expect(stopwatch.workedMs()).toBe(500);
});

test('stopped, it keeps its time and leaves no timer, whatever turn comes later', async () => {
  const stopwatch = startStopwatch(1_000);
  const { promise, resolve } = Promise.withResolvers<void>();
  await vi.advanceTimersByTimeAsync(200);
  const turn = stopwatch.awaitTurn(promise);
  stopwatch.stop();
  resolve();
  await turn;
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(stopwatch.workedMs()).toBe(200);
  expect(stopwatch.expired.aborted).toBe(false);
});
