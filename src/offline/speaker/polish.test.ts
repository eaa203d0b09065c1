// The polish judged by what it does to single sounds: an s, a vowel, silence.
import { expect, test } from 'vitest';

import { filterInPlace, highPass } from '../../sound/biquad.ts';
import { createPolish } from './polish.ts';

const rate = 48_000;

/** One second of a sum of tones, each `[Hz, amplitude]`. */
function tones(parts: [number, number][]): Float32Array {
  return Float32Array.from({ length: rate }, (_, i) =>
    parts.reduce((sum, [hz, amplitude]) => sum + amplitude * Math.sin((2 * Math.PI * hz * i) / rate), 0),
  );
}

/** Level of one tone in the settled second half, dBFS. */
function levelOf(samples: Float32Array, hz: number): number {
  let [re, im] = [0, 0];
  for (let i = rate / 2; i < rate; i++) {
    re += samples[i]! * Math.cos((2 * Math.PI * hz * i) / rate);
    im += samples[i]! * Math.sin((2 * Math.PI * hz * i) / rate);
  }
  return 20 * Math.log10(Math.hypot(re, im) / (rate / 4) + 1e-9);
}

function polish(samples: Float32Array, narrow = false): Float32Array {
  const polished = samples.slice();
  const tone = [{ hz: 3_000, q: 0.8, gainDb: 2.5 }];
  createPolish({ sampleRate: rate, levelDb: 0, narrow, tone }).process(polished);
  return polished;
}

test('a sharp s is softened, a soft one and a vowel are not', () => {
  const gain = (amplitude: number) => {
    const s = tones([[6_300, amplitude]]);
    return levelOf(polish(s), 6_300) - levelOf(s, 6_300);
  };
  const soft = gain(0.003);
  expect(soft).toBeGreaterThan(0);
  expect(gain(0.06)).toBeLessThan(soft - 5);
  const vowel = tones([
    [220, 0.03],
    [700, 0.02],
    [6_300, 0.003],
  ]);
  expect(levelOf(polish(vowel), 6_300) - levelOf(vowel, 6_300)).toBeCloseTo(soft, 0);
});

test('rumble goes, loud and quiet come closer', () => {
  const rumble = tones([[30, 0.05]]);
  expect(levelOf(polish(rumble), 30) - levelOf(rumble, 30)).toBeLessThan(-12);
  const span = (amplitude: number) => levelOf(polish(tones([[900, amplitude]])), 900);
  const closer = 20 * Math.log10(0.3 / 0.03) - (span(0.3) - span(0.03));
  expect(closer).toBeGreaterThan(4);
  expect(closer).toBeLessThan(14);
});

test('air follows what hisses, adds nothing to a vowel and nothing to silence', () => {
  const above = (samples: Float32Array) => {
    const high = samples.slice();
    for (let i = 0; i < 4; i++) filterInPlace(highPass(8_300, Math.SQRT1_2, rate), high);
    return 10 * Math.log10(high.subarray(rate / 2).reduce((sum, x) => sum + x * x, 0) / (rate / 2) + 1e-12);
  };
  const hiss = tones([
    [5_100, 0.02],
    [5_900, 0.02],
    [6_700, 0.02],
  ]);
  expect(above(polish(hiss, true)) - above(polish(hiss))).toBeGreaterThan(3);
  expect(above(polish(hiss, true))).toBeLessThan(-38);
  const vowel = tones([
    [220, 0.1],
    [700, 0.05],
  ]);
  expect(above(polish(vowel, true))).toBeLessThan(-85);
  expect(polish(new Float32Array(rate), true).every((x) => Math.abs(x) < 1e-9)).toBe(true);
});

test('the room is far below the voice, comes after it and is gone in 25 ms', () => {
  const click = new Float32Array(rate);
  click[1_000] = 0.01;
  const heard = polish(click);
  const peak = (fromMs: number, toMs: number) =>
    heard
      .subarray(1_000 + fromMs * 48, 1_000 + toMs * 48)
      .reduce((loudest, x) => Math.max(loudest, Math.abs(x)), 0);
  expect(heard.subarray(0, 1_000).every((x) => x === 0)).toBe(true);
  expect(peak(4, 25)).toBeGreaterThan(peak(0, 1) * 10 ** (-45 / 20));
  expect(peak(4, 25)).toBeLessThan(peak(0, 1) * 10 ** (-24 / 20));
  expect(peak(26, 60)).toBeLessThan(peak(0, 1) * 10 ** (-55 / 20));
});
