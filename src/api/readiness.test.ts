import { expect, test } from 'vitest';

import { AppError } from '../domain/errors.ts';
import { checkReadiness, orNull } from './readiness.ts';

test('says which parts fail, and nothing private about why', async () => {
  const told: string[] = [];
  const answer = await checkReadiness(
    {
      database: async () => {},
      storage: async () => {
        throw new AppError('storage_full', 'The disk is full.');
      },
      queue: async () => {
        throw new Error('password=hunter2');
      },
      tools: () => new Promise(() => {}),
    },
    20,
    (part, error) => told.push(`${part}: ${(error as Error).message}`),
  );
  expect(told).toEqual([
    'storage: The disk is full.',
    'queue: password=hunter2',
    'tools: No answer within 20 ms.',
  ]);
  expect(answer.status).toBe('not_ready');
  expect(answer.failed).toEqual(['storage', 'queue', 'tools']);
  expect(answer.checks.database).toMatchObject({ ok: true });
  expect(answer.checks.storage?.detail).toBe('The disk is full.');
  expect(answer.checks.tools?.detail).toBe('No answer within 20 ms.');
  expect(JSON.stringify(answer)).not.toContain('hunter2');
});

test('orNull gives up, and says why', async () => {
  const told: string[] = [];
  const tell = (error: unknown) => told.push((error as Error).message);
  expect(await orNull(async () => 7, 1_000, tell)).toBe(7);
  expect(await orNull(() => Promise.reject(new Error('away')), 1_000, tell)).toBeNull();
  expect(await orNull(() => new Promise(() => {}), 5, tell)).toBeNull();
  expect(told).toEqual(['away', 'No answer within 5 ms.']);
});
