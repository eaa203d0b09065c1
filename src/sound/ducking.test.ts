// The duck curve and its depth.
import { expect, test } from 'vitest';

import { drawDuckCurve, duckAt, duckedPower, solveDuckDepth } from './ducking.ts';

const speech = [
  { startMs: 2_000, endMs: 3_000 },
  { startMs: 3_400, endMs: 4_000 },
  { startMs: 8_000, endMs: 9_000 },
];

test('is down before the voice begins, stays down in short pauses, comes back in long ones', () => {
  const curve = drawDuckCurve(speech, 12_000);
  expect(duckAt(curve, 1.5)).toBe(0);
  expect(duckAt(curve, 1.8)).toBeGreaterThan(0);
  for (const second of [2, 2.7, 3.2, 3.9, 8, 8.9]) expect(duckAt(curve, second)).toBeGreaterThan(0.99);
  expect(duckAt(curve, 4.6)).toBeLessThan(0.9);
  expect(duckAt(curve, 6)).toBe(0);
  expect(duckAt(curve, 11.9)).toBe(0);
});

test('after the last word it is gone sooner than in a pause', () => {
  const curve = drawDuckCurve(speech, 12_000);
  expect(duckAt(curve, 4 + 0.8)).toBeGreaterThan(0.2);
  expect(duckAt(curve, 9 + 0.8)).toBe(0);
});

test('never jumps', () => {
  const curve = drawDuckCurve(speech, 12_000);
  for (let i = 1; i < curve.length; i++) expect(Math.abs(curve[i]! - curve[i - 1]!)).toBeLessThan(0.06);
});

test('finds the least depth that is enough', () => {
  const powers = [1, 2, 0.5];
  const amounts = [1, 1, 0.5];
  const depth = solveDuckDepth(powers, amounts, 0.1, { leastDb: 3, mostDb: 24 });
  expect(duckedPower(powers, amounts, depth)).toBeCloseTo(0.1, 4);
  expect(solveDuckDepth(powers, amounts, 10, { leastDb: 3, mostDb: 24 })).toBe(3);
});
