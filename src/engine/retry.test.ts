import { expect, test } from 'vitest';

import { AppError, type ErrorCode } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { retryTransient } from './retry.ts';

/** Runs work that fails with `code` each time, on a clock that only notes how long it would sleep. */
function failing(code: ErrorCode, { onTry, onSleep }: { onTry?: () => void; onSleep?: () => void } = {}) {
  const sleptMs: number[] = [];
  let tries = 0;
  const clock: Clock = {
    now: () => new Date(0),
    async sleep(ms) {
      sleptMs.push(ms);
      onSleep?.();
    },
  };
  const work = async () => {
    tries++;
    onTry?.();
    throw new AppError(code, 'no');
  };
  const stop = new AbortController();
  const stopping = { abort: () => stop.abort(new Error('stopped')) };
  const run = () =>
    retryTransient(work, {
      policy: { attempts: 3, baseDelayMs: 100 },
      clock,
      signal: stop.signal,
      random: () => 0.5,
    }).catch((error: Error) => error.message);
  return { run, sleptMs, stopping, tries: () => tries };
}

test('a transient failure is tried as often as the policy says, each time later', async () => {
  const { run, sleptMs, tries } = failing('storage_unavailable');
  expect(await run()).toBe('no');
  expect(tries()).toBe(3);
  expect(sleptMs).toEqual([100, 200]);
});

test.each([
  'script_unspeakable',
  'internal',
  'lease_lost',
] as const)('%s is not tried again', async (code) => {
  const { run, tries } = failing(code);
  expect(await run()).toBe('no');
  expect(tries()).toBe(1);
});

test('stopped during the work, it says why it was stopped', async () => {
  const { run, stopping, tries } = failing('storage_unavailable', { onTry: () => stopping.abort() });
  expect(await run()).toBe('stopped');
  expect(tries()).toBe(1);
});

test('stopped between attempts, it tries no more', async () => {
  const { run, stopping, tries } = failing('storage_unavailable', { onSleep: () => stopping.abort() });
  expect(await run()).toBe('stopped');
  expect(tries()).toBe(1);
});
