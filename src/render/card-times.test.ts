import { expect, test } from 'vitest';

import type { TimedScene } from '../domain/timeline.ts';
import { cardOpacity, closingTimes, openingTimes } from './card-times.ts';

const sceneOf = (lastWordMs: number, frames: number): TimedScene => ({
  id: 's09',
  startFrame: 0,
  endFrame: frames,
  speechStartMs: 300,
  speechEndMs: lastWordMs,
  words: [{ text: 'end', startMs: lastWordMs - 400, endMs: lastWordMs }],
  emphasis: [],
  energy: 0.5,
});

test('a closing card stands in the silence after the last word, until the end', () => {
  const times = closingTimes(sceneOf(3_000, 156), 30)!;
  expect((times.fromFrame * 1000) / 30).toBeGreaterThan(3_000);
  expect(times.endFrame).toBe(156);
  const curve = Array.from({ length: 156 }, (_, index) => cardOpacity(times, index));
  expect(Math.max(...curve.slice(0, 90))).toBe(0);
  expect(curve.filter((opacity) => opacity === 1).length).toBeGreaterThanOrEqual(30);
  expect(curve.at(-1)).toBe(0);
});

test('where the silence is too short there is none', () => {
  expect(closingTimes(sceneOf(3_000, 120), 30)).toBeUndefined();
});

test('an opening card leaves a short scene its second part', () => {
  expect(openingTimes(300, 30).endFrame).toBeLessThan(120);
  expect(openingTimes(60, 30).endFrame).toBe(36);
});
