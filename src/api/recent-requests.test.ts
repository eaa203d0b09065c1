import { expect, test } from 'vitest';

import { createRecentRequests } from './recent-requests.ts';

const minuteMs = 60_000;

test('tells median and 99th percentile within nine percent', () => {
  const recent = createRecentRequests(() => 0);
  for (let ms = 1; ms <= 1000; ms++) recent.note({ status: ms <= 5 ? 503 : 200, ms });
  const { answered, faults, medianMs, p99Ms } = recent.lastHour();
  expect([answered, faults]).toEqual([1000, 5]);
  expect(medianMs! / 500).toBeGreaterThanOrEqual(1);
  expect(medianMs! / 500).toBeLessThan(1.1);
  expect(p99Ms! / 990).toBeGreaterThanOrEqual(1);
  expect(p99Ms! / 990).toBeLessThan(1.1);
});

test('forgets what is older than an hour, and counts a minute anew when its place comes round', () => {
  let nowMs = 5 * minuteMs;
  const recent = createRecentRequests(() => nowMs);
  expect(recent.lastHour()).toEqual({ answered: 0, faults: 0, medianMs: null, p99Ms: null });
  recent.note({ status: 500, ms: 4 });
  nowMs = 64.9 * minuteMs;
  recent.note({ status: 200, ms: 16 });
  expect(recent.lastHour()).toMatchObject({ answered: 2, faults: 1, medianMs: 4, p99Ms: 16 });
  nowMs = 65 * minuteMs;
  expect(recent.lastHour()).toMatchObject({ answered: 1, faults: 0, medianMs: 16 });
  recent.note({ status: 200, ms: 0 });
  expect(recent.lastHour()).toMatchObject({ answered: 2, faults: 0, medianMs: 0.25, p99Ms: 16 });
});

test('counts what took as long as its caller made it, and does not judge us by it', () => {
  const recent = createRecentRequests(() => 0);
  recent.note({ status: 507 });
  expect(recent.lastHour()).toEqual({ answered: 1, faults: 1, medianMs: null, p99Ms: null });
  recent.note({ status: 200, ms: 4 });
  expect(recent.lastHour()).toEqual({ answered: 2, faults: 1, medianMs: 4, p99Ms: 4 });
});

test('has a place for the longest ones', () => {
  const recent = createRecentRequests(() => 0);
  recent.note({ status: 200, ms: 86_400_000 });
  expect(recent.lastHour().p99Ms).toBe(0.25 * 2 ** 22);
});
