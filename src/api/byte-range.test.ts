import fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseByteRange } from './byte-range.ts';

test('a satisfiable range lies inside of the file', () => {
  const number = fc.oneof(fc.constant(''), fc.nat(2_000).map(String));
  fc.assert(
    fc.property(number, number, fc.nat(1_000), (from, to, bytes) => {
      const range = parseByteRange(`bytes=${from}-${to}`, bytes);
      if (range === undefined || range === 'unsatisfiable') return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.start).toBeLessThanOrEqual(range.end);
      expect(range.end).toBeLessThan(bytes);
    }),
  );
});

test.each([
  [undefined, undefined],
  ['', undefined],
  ['bytes=0-1,3-4', undefined],
  ['bytes=5-4', undefined],
  ['bytes= 0-4 ', { start: 0, end: 4 }],
  ['Bytes=0-', { start: 0, end: 9 }],
  ['bytes=-3', { start: 7, end: 9 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=0-99999999999999999999', undefined],
])('%s of ten bytes', (header, expected) => {
  expect(parseByteRange(header, 10)).toEqual(expected);
});

test('an empty file has no range', () => {
  expect(parseByteRange('bytes=0-', 0)).toBe('unsatisfiable');
  expect(parseByteRange('bytes=-5', 0)).toBe('unsatisfiable');
});
