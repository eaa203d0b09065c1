import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { AppError } from '../domain/errors.ts';
import type { JobLeases } from '../ports/job-leases.ts';
import { keepLease } from './keep-lease.ts';

const lease = { jobId: 'job', userId: 'ann', epoch: 1 };

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** Keeps a lease of 300 ms; each beat waits until it is answered here. */
function keep() {
  const beats: PromiseWithResolvers<void>[] = [];
  const lost: string[] = [];
  const heartbeat = () => {
    const beat = Promise.withResolvers<void>();
    beats.push(beat);
    return beat.promise;
  };
  const keeper = keepLease({ heartbeat } as Partial<JobLeases> as JobLeases, lease, 300, ({ code }) =>
    lost.push(code),
  );
  return { keeper, beats, lost, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) };
}

test('beats every third of the lease until it is stopped', async () => {
  const { keeper, beats, lost, pass } = keep();
  for (let beat = 1; beat <= 10; beat++) {
    await pass(100);
    expect(beats).toHaveLength(beat);
    beats.at(-1)!.resolve();
  }
  keeper.stop();
  await pass(1_000);
  expect(beats).toHaveLength(10);
  expect(lost).toEqual([]);
});

test('a database that does not answer loses the lease when it has run out, counted from the last question', async () => {
  const { beats, lost, pass } = keep();
  await pass(100);
  await pass(150);
  beats[0]!.resolve();
  await pass(50);
  expect(beats, 'one beat at a time').toHaveLength(2);
  await pass(100);
  expect(lost).toEqual([]);
  await pass(100);
  expect(lost).toEqual(['lease_lost']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a failed beat is tried again; a void lease is told at once', async () => {
  const { beats, lost, pass } = keep();
  await pass(100);
  beats[0]!.reject(new AppError('database_unavailable', 'Away.'));
  await pass(100);
  expect(lost).toEqual([]);
  beats[1]!.reject(new AppError('job_canceled', 'Canceled.'));
  await pass(0);
  expect(lost).toEqual(['job_canceled']);
  await pass(1_000);
  expect(beats).toHaveLength(2);
});
