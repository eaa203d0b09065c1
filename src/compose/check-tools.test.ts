import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';

import { createToolsCheck } from './check-tools.ts';

function checked() {
  const media = { proved: undefined as number | undefined };
  const tasks: { end(): void; fail(error: Error): void }[] = [];
  const check = createToolsCheck(
    { provedMsAgo: () => media.proved },
    {
      checkGlyphs: () =>
        new Promise((resolve, reject) =>
          tasks.push({ end: () => resolve({ coverage: 1, missing: [] }), fail: reject }),
        ),
    },
    '/tmp',
  );
  return { media, tasks, check };
}

test('a task proves it where no work has; all who ask meanwhile wait for the same one', async () => {
  const { tasks, check } = checked();
  const asked = [check(), check()];
  expect(tasks).toHaveLength(1);
  tasks[0]!.end();
  await Promise.all(asked);
});

test('work that ended lately is proof enough; after a death it is tried anew', async () => {
  const { media, tasks, check } = checked();
  media.proved = 899_999;
  await check();
  expect(tasks).toHaveLength(0);
  media.proved = undefined;
  const asked = check();
  tasks[0]!.end();
  await asked;
});

test('a proof of a quarter of an hour ago holds while a new one is made; nobody waits for a cold start', async () => {
  const { media, tasks, check } = checked();
  media.proved = 900_000;
  await check();
  await check();
  expect(tasks).toHaveLength(1);
  media.proved = 0;
  tasks[0]!.end();
  await check();
  expect(tasks).toHaveLength(1);
});

test('when the new proof fails, whoever asks next waits for another, until work ends again', async () => {
  const { media, tasks, check } = checked();
  media.proved = 900_000;
  await check();
  tasks[0]!.fail(new Error('no process'));
  await setImmediate();
  const asked = check();
  tasks[1]!.fail(new Error('none again'));
  await expect(asked).rejects.toThrow('none again');
  media.proved = 5;
  await check();
  media.proved = 900_000;
  await check();
  expect(tasks).toHaveLength(3);
});

test('what failed is tried again by the next who asks, and work that ends meanwhile is believed', async () => {
  const { media, tasks, check } = checked();
  const asked = check();
  tasks[0]!.fail(new Error('no process'));
  await expect(asked).rejects.toThrow('no process');
  const again = check();
  expect(tasks).toHaveLength(2);
  media.proved = 5;
  await check();
  tasks[1]!.end();
  await again;
});
