import { expect, test } from 'vitest';

import { cutOnBeat } from './cut-on-beat.ts';

const beatsMs = Array.from({ length: 40 }, (_, i) => 130 + 600 * i);
const silence = { startMs: 5_000, endMs: 6_200 };

test('a cut goes to the nearest beat within the silence', () => {
  // Social: a whip, then a cut.
  expect(cutOnBeat(5_660, silence, 2, { style: 'social', beatsMs })).toBe(5_530);
  expect(cutOnBeat(5_900, silence, 2, { style: 'social', beatsMs })).toBe(6_130);
});

test('a transition that strikes has its middle on the beat', () => {
  expect(cutOnBeat(5_500, silence, 1, { style: 'social', beatsMs })).toBe(5_530 - 130);
  expect(cutOnBeat(5_500, silence, 1, { style: 'cinematic', beatsMs })).toBe(5_530);
});

test('no beat in the silence, or none that leaves the words room: the cut stays', () => {
  expect(cutOnBeat(5_240, { startMs: 5_000, endMs: 5_420 }, 2, { style: 'social', beatsMs })).toBe(5_240);
  expect(cutOnBeat(5_600, { startMs: 5_480, endMs: 5_700 }, 2, { style: 'social', beatsMs })).toBe(5_600);
  expect(cutOnBeat(5_600, silence, 2, { style: 'social', beatsMs: [] })).toBe(5_600);
});
