import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createRecentAddresses } from './recent-addresses.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('an address is remembered as long as was asked for, the last time', () => {
  const recent = createRecentAddresses();
  expect(recent.has('a')).toBe(false);
  recent.add('a', 1_000);
  vi.advanceTimersByTime(999);
  expect(recent.has('a')).toBe(true);
  recent.add('a', 1_000);
  vi.advanceTimersByTime(999);
  expect([recent.has('a'), recent.has('b')]).toEqual([true, false]);
  vi.advanceTimersByTime(1);
  expect(recent.has('a')).toBe(false);
});

test('of too many the first are forgotten', () => {
  const recent = createRecentAddresses();
  for (let n = 0; n < 10_000; n += 1) recent.add(`${n}`, 1_000);
  recent.add('0', 1_000);
  expect(recent.has('1')).toBe(true);
  recent.add('one more', 1_000);
  expect(['0', '1', '2', 'one more'].map(recent.has)).toEqual([true, false, true, true]);
});
