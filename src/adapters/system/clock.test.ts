import { expect, test } from 'vitest';

import { systemClock } from './clock.ts';

test('sleep lasts, and ends at once without an error when aborted', async () => {
  const before = systemClock.now().getTime();
  await systemClock.sleep(20);
  expect(systemClock.now().getTime() - before).toBeGreaterThanOrEqual(19);

  const stop = new AbortController();
  const long = systemClock.sleep(3_600_000, stop.signal);
  stop.abort();
  await expect(long).resolves.toBeUndefined();
  await expect(systemClock.sleep(3_600_000, stop.signal)).resolves.toBeUndefined();
});
