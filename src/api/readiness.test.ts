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
  expect(told).toEqual(['storage: The disk is full.', 'queue: password=hunter2']);
  expect(answer.status).toBe('not_ready');
  expect(answer.failed).toEqual(['storage', 'queue', 'tools']);
  expect(answer.checks.database).toMatchObject({ ok: true });
  expect(answer.checks.storage?.detail).toBe('The disk is full.');
  expect(answer.checks.tools?.detail).toBe('No answer within 20 ms.');
  expect(JSON.stringify(answer)).not.toContain('hunter2');
});

test('orNull gives up quietly', async () => {
  expect(await orNull(async () => 7, 1_000)).toBe(7);
  expect(await orNull(() => Promise.reject(new Error('away')), 1_000)).toBeNull();
  expect(await orNull(() => new Promise(() => {}), 5)).toBeNull();
});
