import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { type EventStreamOptions, openEventStream } from './event-stream.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

function openStream(change: Partial<EventStreamOptions> = {}) {
  let subscriptions = 0;
  const stream = openEventStream({
    userId: 'ann',
    jobId: 'job',
    afterEventId: 0,
    jobEvents: {
      read: async () => [],
      subscribe() {
        subscriptions++;
        return () => subscriptions--;
      },
    },
    status: async () => 'processing',
    heartbeatMs: 1_000,
    pollMs: 500,
    onError: (error) => {
      throw error;
    },
    ...change,
  });
  return { ...stream, subscriptions: () => subscriptions };
}

test('a reader that leaves takes every timer and subscription along', async () => {
  const { body, subscriptions } = openStream();
  expect([vi.getTimerCount(), subscriptions()]).toEqual([2, 1]);
  body.destroy();
  await vi.advanceTimersByTimeAsync(0);
  expect([vi.getTimerCount(), subscriptions()]).toEqual([0, 0]);
});

test('a reader that does not read is sent no comments to pile up', async () => {
  const event = { eventId: 1, type: 'state' as const, at: new Date(0), data: { text: 'x'.repeat(100_000) } };
  const { body } = openStream({ jobEvents: { read: async () => [event], subscribe: () => () => {} } });
  await vi.advanceTimersByTimeAsync(100);
  const held = body.readableLength;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(body.readableLength).toBe(held);
  body.destroy();
});

test('a database that is away is told about and asked again', async () => {
  const errors: unknown[] = [];
  let asked = 0;
  const { body } = openStream({
    status: async () => {
      if (++asked === 1) throw new Error('away');
      return 'completed';
    },
    onError: (error) => errors.push(error),
  });
  await vi.advanceTimersByTimeAsync(500);
  expect(errors).toHaveLength(1);
  expect((await body.toArray()).join('')).toBe('retry: 2000\n\n');
});
