// The meter against the known signals of EBU Tech 3341 and 3342, and true peak against sines between samples.
import { expect, test } from 'vitest';

import { measureLoudness } from './loudness.ts';
import { measureTruePeak } from './true-peak.ts';

const rate = 48_000;

/** Stereo sine at levels in dBFS, one after the other. */
function tones(
  parts: { db: number; seconds: number }[],
  frequencyHz = 997,
  sampleRate = rate,
): Float32Array[] {
  const frames = parts.reduce((sum, { seconds }) => sum + Math.round(seconds * sampleRate), 0);
  const wave = new Float32Array(frames);
  let at = 0;
  for (const { db, seconds } of parts) {
    const end = at + Math.round(seconds * sampleRate);
    for (; at < end; at++)
      wave[at] = 10 ** (db / 20) * Math.sin((2 * Math.PI * frequencyHz * at) / sampleRate);
  }
  return [wave, wave];
}

test.each([44_100, 48_000])('a 997 Hz sine at −23 dBFS in stereo is −23 LUFS at %i Hz', (sampleRate) => {
  const loudness = measureLoudness(tones([{ db: -23, seconds: 20 }], 997, sampleRate), sampleRate);
  expect(loudness.integratedLufs).toBeCloseTo(-23, 1);
  expect(loudness.maxMomentaryLufs).toBeCloseTo(-23, 1);
  expect(loudness.maxShortTermLufs).toBeCloseTo(-23, 1);
  expect(loudness.rangeLu).toBeCloseTo(0, 1);
});

test('one channel alone is 3 LU less', () => {
  const [left] = tones([{ db: -23, seconds: 5 }]);
  expect(measureLoudness([left!], rate).integratedLufs).toBeCloseTo(-26, 1);
});

test.each([
  ['Tech 3341 case 3: relative gate', [10, 60, 10], [-36, -23, -36]],
  ['Tech 3341 case 4: absolute gate', [10, 10, 60, 10, 10], [-72, -36, -23, -36, -72]],
  ['Tech 3341 case 5: near levels', [20, 20.1, 20], [-26, -20, -26]],
])('%s is −23 LUFS', (_name, seconds, levels) => {
  const sound = tones(levels.map((db, i) => ({ db, seconds: seconds[i]! })));
  expect(Math.abs(measureLoudness(sound, rate).integratedLufs + 23)).toBeLessThanOrEqual(0.1);
});

test.each([
  [[-20, -30], 10],
  [[-20, -15], 5],
  [[-40, -20], 20],
  [[-50, -35, -20, -35, -50], 15],
])('Tech 3342: levels %j have a range of %i LU', (levels, rangeLu) => {
  const sound = tones(
    levels.map((db) => ({ db, seconds: 20 })),
    1_000,
  );
  expect(Math.abs(measureLoudness(sound.slice(1), rate).rangeLu - rangeLu)).toBeLessThanOrEqual(1);
});

test.each([
  [rate / 4, Math.PI / 4],
  [rate / 6, Math.PI / 3],
  [rate / 8, Math.PI / 8],
  [15_000, 0.3],
])('finds the peak of a %i Hz sine between its samples', (frequencyHz, phase) => {
  const wave = Float32Array.from(
    { length: 9_600 },
    (_, i) =>
      0.5 *
      Math.sin((2 * Math.PI * frequencyHz * i) / rate + phase) *
      Math.min(1, i / 2_000, (9_600 - i) / 2_000),
  );
  expect(Math.abs(measureTruePeak([wave, wave]) + 6.02)).toBeLessThan(0.2);
  expect(measureTruePeak([wave])).toBe(measureTruePeak([wave, wave]));
});

test('silence and nothing are −70 LUFS', () => {
  expect(measureLoudness([new Float32Array(rate)], rate).integratedLufs).toBe(-70);
  expect(measureLoudness([new Float32Array(0)], rate)).toMatchObject({ integratedLufs: -70, rangeLu: 0 });
});
