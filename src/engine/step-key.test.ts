import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Json } from '../ports/step-store.ts';
import { canonicalJson, changedParts, stepKeyOf } from './step-key.ts';

const step = { name: 'narrate', version: '1' };

describe('step keys', () => {
  test('do not depend on the order of object members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (input) => {
        const reversed = Object.fromEntries(Object.entries(input).reverse());
        expect(stepKeyOf(step, reversed as Json).stepKey).toBe(stepKeyOf(step, input as Json).stepKey);
      }),
    );
  });

  test('differ whenever the input differs', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const same =
          JSON.stringify(JSON.parse(canonicalJson(a))) === JSON.stringify(JSON.parse(canonicalJson(b)));
        expect(stepKeyOf(step, a as Json).stepKey === stepKeyOf(step, b as Json).stepKey).toBe(same);
      }),
    );
  });

  test('differ between steps and between versions', () => {
    const keys = [step, { ...step, version: '2' }, { ...step, name: 'mix' }].map(
      (each) => stepKeyOf(each, {}).stepKey,
    );
    expect(new Set(keys).size).toBe(3);
  });

  test('stay the same from release to release: another form would make everybody make everything again', () => {
    const input = { text: 'The sea', pace: 1, words: [{ start: 0.5, end: null }] };
    expect(canonicalJson(input)).toBe('{"pace":1,"text":"The sea","words":[{"end":null,"start":0.5}]}');
    expect(stepKeyOf(step, input).stepKey).toBe(
      '108d750ead4f3151f29c2cf74abdc1b28a307370cd15b1ceb6d2095fa9961a67',
    );
  });

  test('tell which part changed', () => {
    const before = stepKeyOf(step, { text: 'a', pace: 1 }).parts;
    const after = stepKeyOf({ ...step, version: '2' }, { text: 'a', pace: 1.1 }).parts;
    expect(changedParts(before, after)).toEqual(['input.pace', 'version']);
  });

  test('refuse numbers that JSON would silently turn into null', () => {
    expect(() => stepKeyOf(step, { pace: Number.NaN })).toThrow('NaN');
  });
});
