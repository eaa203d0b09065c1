// The mix measured: length, loudness, peaks, distance of voice and music, stems, and what is missing.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import type { MixInput, MixResult } from '../ports/media-tools.ts';
import { measureLoudness } from './loudness.ts';
import { mixAudio } from './mix-audio.ts';
import { measureTruePeak } from './true-peak.ts';
import { readWav, writeWav } from './wav.ts';

const rate = 48_000;
let scratch: string;
let clipFolder: string;
beforeEach(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'mix-'));
});
afterEach(() => rm(scratch, { recursive: true }));

/**
 * Syllables of harmonics with pauses: crest and band like a voice. `spread` 0 = all harmonics peak together, as those of
 * a speech synthesiser may.
 */
function voice(seconds: number, level = 0.25, spread = 0.7): Float32Array {
  return Float32Array.from({ length: seconds * rate }, (_, i) => {
    const t = i / rate;
    const syllable =
      Math.max(0, Math.sin(2 * Math.PI * 3.3 * t)) ** 0.6 * (Math.sin(2 * Math.PI * 0.4 * t) > -0.8 ? 1 : 0);
    let tone = 0;
    for (let k = 1; k < 24; k++)
      tone += Math.cos(2 * Math.PI * 128 * k * t + spread * k * k) / (1 + (k / 5) ** 2);
    return (level / 4) * syllable * tone;
  });
}

const spoken = voice(3);

function chord(seconds: number, level: number): Float32Array[] {
  return [0, 0.7].map((phase) =>
    Float32Array.from({ length: seconds * rate }, (_, i) => {
      const t = i / rate;
      const swell = 0.8 + 0.2 * Math.sin(t);
      return (
        level *
        swell *
        [110, 220, 277.2, 329.6, 880].reduce((sum, f) => sum + Math.sin(2 * Math.PI * f * t + phase), 0)
      );
    }),
  );
}

function bang(): Float32Array[] {
  const wave = Float32Array.from(
    { length: 2 * rate },
    (_, i) =>
      0.7 * Math.sin(2 * Math.PI * 60 * (i / rate)) * Math.exp((-4 * i) / rate) +
      (i < 300 ? 0.25 * Math.sin(i * i) : 0),
  );
  return [wave, wave];
}

async function file(name: string, channels: Float32Array[]): Promise<string> {
  const target = path.join(clipFolder, `${name}.wav`);
  await writeWav(target, channels, rate);
  return target;
}

/** Root mean square of each 4 ms, one value per millisecond. */
function strengths(samples: Float32Array): number[] {
  const perMs = rate / 1000;
  return Array.from({ length: Math.floor(samples.length / perMs) - 3 }, (_, ms) =>
    Math.hypot(...samples.subarray(ms * perMs, (ms + 4) * perMs)),
  );
}

const mix = (input: MixInput) => mixAudio(input, { scratch, signal: new AbortController().signal });
const load = async (made: MixResult['mix'] | null) => (await readWav(made!.path)).channels;

/** Clips are made once: only mixing is under test. */
let clips: { voice: string; music: string; bed: string; bang: string };
beforeAll(async () => {
  clipFolder = await mkdtemp(path.join(os.tmpdir(), 'mix-clips-'));
  clips = {
    voice: await file('voice', [spoken]),
    music: await file('music', chord(10, 0.1)),
    bed: await file('bed', chord(3, 0.02)),
    bang: await file('bang', bang()),
  };
});
afterAll(() => rm(clipFolder, { recursive: true }));

function wholeInput(loudnessLufs = -14): MixInput {
  return {
    durationMs: 9_345,
    narration: [
      { path: clips.voice, startMs: 500 },
      { path: clips.voice, startMs: 5_900 },
    ],
    speech: [
      { startMs: 500, endMs: 3_500 },
      { startMs: 5_900, endMs: 8_900 },
    ],
    music: clips.music,
    effects: [
      { path: clips.bed, startMs: 1_000, intensity: 0.6, role: 'bed' },
      { path: clips.bang, startMs: 3_600, intensity: 1, role: 'hit' },
    ],
    loudnessLufs,
  };
}

test('a voice whose partials all peak together lands on its loudness too', async () => {
  const pulsing = await file('pulsing', [voice(3, 0.12, 0)]);
  const { narration, ...rest } = wholeInput();
  const made = await mix({ ...rest, narration: narration.map((clip) => ({ ...clip, path: pulsing })) });
  expect(Math.abs(made.integratedLufs + 14)).toBeLessThan(0.15);
  expect(made.truePeakDbtp).toBeLessThanOrEqual(-1.9);
});

test.each([
  -14, -19,
])('lands on %i LUFS with room below the peak and the voice in front', async (loudnessLufs) => {
  const input = wholeInput(loudnessLufs);
  const result = await mix(input);
  const mixed = await load(result.mix);
  expect(mixed[0]).toHaveLength(Math.round(9_345 * 48));
  const measured = measureLoudness(mixed, rate).integratedLufs;
  expect(Math.abs(measured - loudnessLufs)).toBeLessThan(0.2);
  expect(result.integratedLufs).toBeCloseTo(measured, 1);
  expect(measureTruePeak(mixed)).toBeLessThan(-1.95);
  expect(result.truePeakDbtp).toBeLessThanOrEqual(-2);
  expect(result.narrationToMusicLu).toBeGreaterThan(9);
  expect(result.narrationToMusicLu).toBeLessThan(16);

  const music = await load(result.music);
  const during = measureLoudness(
    music.map((c) => c.subarray(1 * rate, 3 * rate)),
    rate,
  ).integratedLufs;
  const between = measureLoudness(
    music.map((c) => c.subarray(4.7 * rate, 5.4 * rate)),
    rate,
  ).integratedLufs;
  expect(between - during).toBeGreaterThan(3);
});

test('stems add up to the mix where the limiter rests, and none is cut', async () => {
  const result = await mix(wholeInput(-23));
  const mixed = await load(result.mix);
  const stems = await Promise.all([result.narration, result.music, result.effects].map(load));
  let worst = 0;
  for (let i = 0; i < mixed[0]!.length; i++) {
    worst = Math.max(worst, Math.abs(mixed[0]![i]! - stems.reduce((sum, stem) => sum + stem[0]![i]!, 0)));
  }
  expect(worst).toBeLessThan(6 / 32_768);
  expect(stems.flat().every((channel) => channel.every((x) => Math.abs(x) < 1))).toBe(true);
});

test('begins and ends in silence', async () => {
  const result = await mix(wholeInput());
  const [left] = await load(result.mix);
  expect(Math.abs(left![0]!)).toBeLessThan(0.001);
  expect(Math.abs(left!.at(-1)!)).toBeLessThan(0.001);
});

test('the voice is where it was put', async () => {
  const input = wholeInput();
  const result = await mix({ ...input, music: null, effects: [] });
  expect(result).toMatchObject({ music: null, effects: null, narrationToMusicLu: null });
  const [left] = await load(result.mix);
  // Its phases are turned, so its strength over time is compared, millisecond by millisecond.
  const [source, heard] = [strengths(spoken), strengths(left!)];
  const correlation = (shiftMs: number) => {
    let [xy, xx, yy] = [0, 0, 0];
    for (let i = 0; i < source.length; i++) {
      const [x, y] = [source[i]!, heard[i + shiftMs]!];
      xy += x * y;
      xx += x * x;
      yy += y * y;
    }
    return xy / Math.sqrt(xx * yy);
  };
  expect(correlation(500)).toBeGreaterThan(0.9);
  const shifts = Array.from({ length: 81 }, (_, i) => 460 + i);
  const best = shifts.reduce((a, b) => (correlation(b) > correlation(a) ? b : a));
  expect(Math.abs(best - 500)).toBeLessThanOrEqual(4);
  expect(measureLoudness(await load(result.mix), rate).integratedLufs).toBeCloseTo(-14, 0);
});

test('music alone reaches the loudness; nothing at all is silence', async () => {
  const input = wholeInput();
  const musicOnly = await mix({ ...input, narration: [], effects: [] });
  expect(musicOnly.integratedLufs).toBeCloseTo(-14, 0);
  expect(musicOnly.narrationToMusicLu).toBeNull();
  const nothing = await mix({ ...input, narration: [], effects: [], music: null });
  expect(nothing).toMatchObject({ integratedLufs: -70, truePeakDbtp: Number.NEGATIVE_INFINITY });
  expect((await load(nothing.mix))[0]).toHaveLength(Math.round(9_345 * 48));
});

test('the same input gives the same bytes', async () => {
  const input = wholeInput();
  const [first] = await load((await mix(input)).mix);
  const [second] = await load((await mix(input)).mix);
  expect(second).toEqual(first);
});

test('stops when told', async () => {
  const input = wholeInput();
  const abort = new AbortController();
  const running = mixAudio(input, {
    scratch,
    signal: abort.signal,
    onProgress: () => abort.abort(new Error('enough')),
  });
  await expect(running).rejects.toThrow('enough');
});

test('refuses another sample rate', async () => {
  const wrong = path.join(scratch, 'wrong.wav');
  await writeWav(wrong, [new Float32Array(100)], 44_100);
  const input = {
    durationMs: 5_000,
    narration: [],
    speech: [],
    music: wrong,
    effects: [],
    loudnessLufs: -14,
  };
  await expect(mix(input)).rejects.toMatchObject({ code: 'internal' });
});
