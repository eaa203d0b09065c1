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

test('work that ended lately is proof enough; after a quarter of an hour, or a death, it is tried anew', async () => {
  const { media, tasks, check } = checked();
  media.proved = 899_999;
  await check();
  expect(tasks).toHaveLength(0);
  for (const proved of [900_000, undefined]) {
    media.proved = proved;
    const asked = check();
    tasks.at(-1)!.end();
    await asked;
  }
  expect(tasks).toHaveLength(2);
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
