// The resampler judged by tones: what it keeps, what it must not make up, and when it happens.
import { expect, test } from 'vitest';

import { createResampler } from './resample.ts';

const tone = (hz: number, rate: number, seconds = 0.5) =>
  Float32Array.from({ length: rate * seconds }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rate));

/** Level in dB of the part of `samples` that is a tone of `hz`, away from the edges. */
function levelAt(samples: Float32Array, hz: number, rate: number): number {
  const [from, to] = [Math.round(samples.length * 0.2), Math.round(samples.length * 0.8)];
  let [re, im, weight] = [0, 0, 0];
  for (let i = from; i < to; i++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * (i - from)) / (to - from));
    re += window * samples[i]! * Math.cos((2 * Math.PI * hz * i) / rate);
    im += window * samples[i]! * Math.sin((2 * Math.PI * hz * i) / rate);
    weight += window;
  }
  return 20 * Math.log10((2 * Math.hypot(re, im)) / weight);
}

test.each([16_000, 22_050])('from %i Hz: keeps tones and makes no images', (rate) => {
  const { resample } = createResampler(rate, 48_000);
  for (const share of [0.01, 0.1, 0.3, 0.42]) {
    const hz = rate * share;
    const output = resample(tone(hz, rate));
    expect(output).toHaveLength(Math.ceil((rate * 0.5 * 48_000) / rate));
    expect(Math.abs(levelAt(output, hz, 48_000))).toBeLessThan(0.1);
    expect(levelAt(output, rate - hz, 48_000)).toBeLessThan(-70);
  }
});

test('adds no delay', () => {
  const click = new Float32Array(1_000);
  click[500] = 1;
  const output = createResampler(16_000, 48_000).resample(click);
  expect(output.indexOf(output.reduce((a, b) => Math.max(a, b), 0))).toBe(1_500);
});

test('going down, what would fold is gone', () => {
  const output = createResampler(48_000, 16_000).resample(tone(10_000, 48_000));
  expect(levelAt(output, 6_000, 16_000)).toBeLessThan(-70);
});
