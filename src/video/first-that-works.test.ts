import { describe, expect, test } from 'vitest';

import { AppError, type ErrorCode } from '../domain/errors.ts';
import type { Degradation } from '../domain/job.ts';
import type { Maker } from '../ports/providers.ts';
import { firstThatWorks } from './first-that-works.ts';
import { createMakersUsed } from './makers-used.ts';

const maker = (id: string): Maker => ({ id, version: '2' });
const makers = [maker('eleven/v3'), maker('offline/flite')] as const;

function kitchen() {
  const degradations: Degradation[] = [];
  const degrade = (degradation: Degradation) => void degradations.push(degradation);
  return { degradations, degrade, used: createMakersUsed() };
}

/** Fails with these codes, one maker after the other. */
const failing = (...codes: ErrorCode[]) => {
  const asked: string[] = [];
  const make = async ({ id }: Maker) => {
    const code = codes[asked.length];
    asked.push(id);
    if (code) throw new AppError(code, `${id} said ${code}.`, { hint: 'Do better.' });
    return `made by ${id}`;
  };
  return { asked, make };
};

test('the first one that can makes it, and nothing is said', async () => {
  const { degradations, ...rest } = kitchen();
  expect(await firstThatWorks('voice', makers, rest, failing().make)).toBe('made by eleven/v3');
  expect(degradations).toEqual([]);
  expect(rest.used.list()).toEqual({ voice: ['eleven/v3@2'] });
});

describe('a maker that cannot', () => {
  test.each<ErrorCode>([
    'language_unsupported',
    'provider_unavailable',
    'provider_quota',
    'payment_ambiguous',
    'budget_exceeded',
    'spending_cap_reached',
  ])('for %s is stood in for, and that is said with cause and remedy', async (code) => {
    const { degradations, ...rest } = kitchen();
    expect(await firstThatWorks('voice', makers, rest, failing(code).make)).toBe('made by offline/flite');
    expect(degradations).toEqual([
      {
        capability: 'voice',
        cause: `offline/flite stands in for eleven/v3: eleven/v3 said ${code}.`,
        remedy: 'Do better.',
      },
    ]);
    expect(rest.used.list()).toEqual({ voice: ['offline/flite@2'] });
  });

  test('fails when it was the last', async () => {
    const { degradations, ...rest } = kitchen();
    const { make } = failing('provider_busy', 'provider_quota');
    await expect(firstThatWorks('voice', makers, rest, make)).rejects.toMatchObject({
      code: 'provider_quota',
    });
    expect(degradations).toHaveLength(1);
  });

  test('is not stood in for when strictness forbids it', async () => {
    const { asked, make } = failing('provider_busy');
    const degrade = ({ cause }: Degradation) => {
      throw new AppError('degraded', cause);
    };
    const call = firstThatWorks('voice', makers, { degrade, used: createMakersUsed() }, make);
    await expect(call).rejects.toMatchObject({ code: 'degraded' });
    expect(asked).toEqual(['eleven/v3']);
  });

  test.each<ErrorCode>([
    'script_unspeakable',
    'lease_lost',
    'job_canceled',
    'paid_call_under_way',
    'internal',
  ])('for %s is not stood in for: another would not help', async (code) => {
    const { asked, make } = failing(code);
    await expect(firstThatWorks('voice', makers, kitchen(), make)).rejects.toMatchObject({ code });
    expect(asked).toHaveLength(1);
  });
});
