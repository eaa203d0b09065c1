import { expect, test } from 'vitest';

import { lufsToPower } from '../../sound/loudness.ts';
import { liftQuiet } from './lift-quiet.ts';

const steps = (seconds: number, lufs: number) =>
  Array.from({ length: seconds * 10 }, () => lufsToPower(lufs));

test('a quiet opening comes part of the way up, the rest stays', () => {
  const gains = liftQuiet(Float64Array.from([...steps(6, -32), ...steps(20, -18)]), -18.4);
  expect(gains[20]).toBeGreaterThan(4);
  expect(gains[20]).toBeLessThan(8);
  expect(gains[120]).toBe(0);
  for (let i = 1; i < gains.length; i++) expect(Math.abs(gains[i]! - gains[i - 1]!)).toBeLessThan(1);
});

test('the end may die away, and silence is not pulled up without limit', () => {
  const gains = liftQuiet(Float64Array.from([...steps(2, -70), ...steps(20, -18), ...steps(2, -50)]), -18);
  expect(Math.max(...gains)).toBeLessThanOrEqual(8);
  expect(Math.max(...gains.slice(-25))).toBe(0);
});
