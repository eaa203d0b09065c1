import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { repeat } from './repeat.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

test('a chore is done at once and then at each interval, until it is ended', async () => {
  let times = 0;
  const end = repeat(1_000, async () => void times++);
  await vi.advanceTimersByTimeAsync(2_500);
  expect(times).toBe(3);
  await end();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(times).toBe(3);
});

test('a slow chore skips turns instead of queueing them, and is waited for at the end', async () => {
  const hanging: (() => void)[] = [];
  const end = repeat(1_000, () => new Promise((resolve) => hanging.push(resolve)));
  await vi.advanceTimersByTimeAsync(10_500);
  expect(hanging).toHaveLength(1);
  hanging[0]!();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(hanging).toHaveLength(2);
  let ended = false;
  const ending = end().then(() => {
    ended = true;
  });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ended).toBe(false);
  hanging[1]!();
  await ending;
  expect(hanging).toHaveLength(2);
});
