import { expect, test } from 'vitest';

import { requestOf } from '../../test/support/requests.ts';
import { estimateWork } from './estimate.ts';
import type { VideoRequest } from './video-request.ts';

const request = requestOf({
  script: 'one two three four five six seven eight '.repeat(10),
  resolution: '1080p',
  fps: 30,
});

test('counts words, scenes and frames', () => {
  const { words, scenes, frames, videoSeconds, basis } = estimateWork(request, {});
  expect({ words, scenes, basis }).toEqual({ words: 80, scenes: 8, basis: 'typical' });
  expect(videoSeconds).toBeCloseTo(80 / 2.6 + 0.9 + 7 * 0.42 + 2.2, 0);
  expect(frames).toBeCloseTo(videoSeconds * 30, -1);
});

test('a requested duration decides the frames', () => {
  expect(estimateWork({ ...request, duration: 60, fps: 24 }, {})).toMatchObject({
    videoSeconds: 60,
    frames: 1440,
  });
});

test('says which lengths pace and pauses can make of the words', () => {
  const { possibleSeconds, videoSeconds } = estimateWork(request, {});
  expect(possibleSeconds.min).toBeLessThan(videoSeconds);
  expect(possibleSeconds.max).toBeGreaterThan(videoSeconds);
  // 80 words at 1.25 of the usual pace and with the shortest pauses; at 0.85 and with the longest.
  expect(possibleSeconds).toEqual({ min: 28, max: 61 });
  expect(estimateWork({ ...request, script: 'One.' }, {}).possibleSeconds).toEqual({ min: 5, max: 8 });
  expect(estimateWork({ ...request, script: 'word '.repeat(4_000) }, {}).possibleSeconds.min).toBeGreaterThan(
    600,
  );
});

test('counts words of scripts without spaces', () => {
  expect(estimateWork({ ...request, script: '我们今天去海边看日出。' }, {}).words).toBeGreaterThan(4);
});

test('counts numbers as they are spoken', () => {
  const wordsOf = (script: string) => estimateWork({ ...request, script }, {}).words;
  expect(wordsOf('9,876,543,219,876')).toBe(22);
  expect(wordsOf('In 1987, 5 came.')).toBe(7);
});

test('more pixels and more frames are more work, silence is less', () => {
  const seconds = (change: Partial<VideoRequest>) =>
    estimateWork({ ...request, duration: 60, ...change }, {}).workSeconds;
  expect(seconds({ resolution: '2160p' })).toBeGreaterThan(3 * seconds({}));
  expect(seconds({ fps: 60 })).toBeGreaterThan(1.4 * seconds({}));
  expect(seconds({ audio: { music: false, effects: false, loudness_lufs: -14 } })).toBeLessThan(seconds({}));
});

test('uses measured times where there are some', () => {
  const typical = estimateWork(request, {});
  const measured = estimateWork(request, { plan: 10_060 });
  expect(measured.workSeconds - typical.workSeconds).toBeCloseTo(10, 5);
  expect(measured.basis).toBe('partly_measured');
});

test('a measured scene counts as it was, whatever the size of the pictures', () => {
  const large = { ...request, resolution: '2160p' } as const;
  const measured = estimateWork(large, { 'render-scene': 4_000 }).workSeconds;
  const without = estimateWork(large, { 'render-scene': 0 }).workSeconds;
  expect(measured - without).toBeCloseTo(8 * 4, 5);
});

test('the callers own scenes are the scenes', () => {
  const { scenes, words } = estimateWork(
    { ...request, script: '', scenes: [{ text: 'one two' }, { text: 'three' }] },
    {},
  );
  expect({ scenes, words }).toEqual({ scenes: 2, words: 3 });
});
