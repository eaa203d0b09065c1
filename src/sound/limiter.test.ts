// The limiter holds every kind of peak, leaves quiet sound alone, and works in blocks as in one piece.
import { expect, test } from 'vitest';
import { createRandom } from '../domain/random.ts';
import { createLimiter } from './limiter.ts';
import { measureTruePeak } from './true-peak.ts';

const frames = 24_000;
const options = {
  channelCount: 1,
  sampleRate: 48_000,
  ceiling: 0.5,
  lookAheadMs: 5,
  releaseMs: 90,
  maxFrames: frames,
};
const random = createRandom(1);
/** Silent at the end, so that what is late comes out whole. */
const ending = (i: number) => (i < frames - 1_000 ? 1 : Math.max(0, (frames - 600 - i) / 400));

test.each([
  ['noise', () => random() * 2 - 1],
  ['a swelling tone', (i: number) => 1.4 * Math.sin(i * 0.9) * Math.sin(i * 0.0005) ** 2],
  ['single pulses', (i: number) => (i % 480 === 0 ? 1.5 : 0)],
  [
    'a tone at a quarter of the rate, whose peaks lie between samples',
    (i: number) => 0.65 * Math.sin((i * Math.PI) / 2 + 0.785),
  ],
])('holds %s', (_name, wave) => {
  const sound = Float32Array.from({ length: frames }, (_, i) => wave(i) * ending(i) * Math.min(1, i / 200));
  createLimiter(options).process([sound], frames);
  expect(measureTruePeak([sound])).toBeLessThan(-6.02 + 0.1);
  expect(measureTruePeak([sound])).toBeGreaterThan(-6.02 - 1.5);
});

test('only delays what is below the ceiling', () => {
  const sound = Float32Array.from({ length: frames }, (_, i) => 0.4 * Math.sin(i * 0.05));
  const limiter = createLimiter(options);
  const out = sound.slice();
  limiter.process([out], frames);
  const late = limiter.delayFrames;
  expect(out.subarray(late)).toEqual(sound.subarray(0, frames - late));
});

test('blocks of any size make the same sound', () => {
  const sound = Float32Array.from({ length: frames }, () => random() * 2 - 1);
  const whole = sound.slice();
  createLimiter(options).process([whole], frames);
  const parts = sound.slice();
  const limiter = createLimiter(options);
  for (let from = 0; from < frames; from += 2_400)
    limiter.process([parts.subarray(from, from + 2_400)], 2_400);
  expect(parts).toEqual(whole);
});
