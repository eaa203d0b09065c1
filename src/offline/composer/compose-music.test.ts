// Music measured: length, level, peaks, ending, and that moods and styles differ in what can be heard.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { moods, styles } from '../../domain/video-request.ts';
import type { MusicInput } from '../../ports/providers.ts';
import { bandPass, filterInPlace } from '../../sound/biquad.ts';
import { measureLoudness } from '../../sound/loudness.ts';
import { readWav } from '../../sound/wav.ts';
import { arrange, planBeats } from './arrange.ts';
import { composeMusic } from './compose-music.ts';
import { noteName } from './harmony.ts';

const rate = 48_000;
let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'music-'));
});
afterAll(() => rm(scratch, { recursive: true }));

const request = (over: Partial<MusicInput>): MusicInput => ({
  mood: 'uplifting',
  style: 'documentary',
  durationMs: 11_000,
  sections: [
    { startMs: 0, energy: 0.5 },
    { startMs: 4_200, energy: 0.9 },
  ],
  seed: 11,
  ...over,
});

async function listen(over: Partial<MusicInput>): Promise<Float32Array[]> {
  const { audio } = await composeMusic(request(over), { scratch, signal: new AbortController().signal });
  return (await readWav(audio.path)).channels;
}

const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);

/** Where the sound lies (dB per band, less their mean), its tempo, how many notes it has, how minor its chords are. */
function portrait(sound: Float32Array[], input: MusicInput): number[] {
  const bands = [90, 350, 1_400, 5_600].map((hertz) => {
    const band = sound[0]!.slice();
    filterInPlace(bandPass(hertz, 0.7, rate), band);
    return 20 * Math.log10(rms(band) + 1e-6);
  });
  const mean = bands.reduce((sum, level) => sum + level, 0) / bands.length;
  const score = arrange(input);
  const tonic = Array.from({ length: 12 }, (_, pitchClass) => noteName(pitchClass)).indexOf(
    score.key.split(' ')[0]!,
  );
  const share = (above: number) =>
    score.notes.filter(({ midi }) => midi % 12 === (tonic + above) % 12).length / score.notes.length;
  const minorness = 20 * (share(3) - share(4));
  return [...bands.map((level) => level - mean), score.bpm / 4, Math.log2(score.notes.length) * 6, minorness];
}

/** How much louder the 40 ms from a moment on are than the 40 ms before, in amplitude; 0 where they are not. */
function attackAt(sound: Float32Array, ms: number): number {
  const [at, span] = [Math.round(ms * 48), 40 * 48];
  return Math.max(0, rms(sound.subarray(at, at + span)) - rms(sound.subarray(at - span, at)));
}

function nearestPair(portraits: number[][]): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const [i, a] of portraits.entries()) {
    for (const b of portraits.slice(0, i))
      nearest = Math.min(nearest, Math.hypot(...a.map((x, k) => x - b[k]!)));
  }
  return nearest;
}

function expectFit(sound: Float32Array[], durationMs: number): void {
  const [left, right] = sound as [Float32Array, Float32Array];
  expect(left.length).toBe(Math.round(durationMs * 48));
  const all = [left, right];
  expect(Math.max(...all.map((side) => side.reduce((a, x) => Math.max(a, Math.abs(x)), 0)))).toBeLessThan(
    0.8913,
  );
  for (const side of all) {
    expect(Math.abs(side.reduce((sum, x) => sum + x, 0) / side.length)).toBeLessThan(0.002);
    // Rings into the last second, falls through it, and is gone at its end.
    const tail = [1.5, 1, 0.5].map((s) =>
      rms(side.subarray(side.length - s * rate, side.length - (s - 0.5) * rate)),
    );
    expect(tail[0]!).toBeGreaterThan(0.001);
    expect(tail[1]!).toBeLessThan(tail[0]!);
    expect(tail[2]!).toBeLessThan(tail[1]! * 0.6);
    expect(rms(side.subarray(side.length - 480))).toBeLessThan(0.0005);
    for (let at = 0; at + rate < side.length - 2 * rate; at += rate) {
      expect(rms(side.subarray(at, at + rate))).toBeGreaterThan(0.003);
    }
  }
  const product = left.reduce((sum, x, i) => sum + x * right[i]!, 0) / left.length;
  const correlation = product / (rms(left) * rms(right));
  // Wide, and on one loudspeaker hardly quieter.
  expect(correlation).toBeGreaterThan(0.4);
  expect(correlation).toBeLessThan(0.97);
  expect(Math.abs(measureLoudness(sound, rate).integratedLufs + 18)).toBeLessThan(1);
}

test('every mood is well formed and sounds unlike the others', async () => {
  const portraits: number[][] = [];
  for (const mood of moods) {
    const sound = await listen({ mood });
    expectFit(sound, 11_000);
    portraits.push(portrait(sound, request({ mood })));
  }
  expect(nearestPair(portraits)).toBeGreaterThan(2);
});

test('every style is well formed and sounds unlike the others', async () => {
  const portraits: number[][] = [];
  for (const style of styles) {
    const sound = await listen({ style });
    expectFit(sound, 11_000);
    portraits.push(portrait(sound, request({ style })));
  }
  expect(nearestPair(portraits)).toBeGreaterThan(2.5);
});

/** dB of the band around `hertz`, an octave wide, both sides together. */
function octaveDb(sound: Float32Array[], hertz: number): number {
  const power = sound.map((side) => {
    const band = side.slice();
    for (let times = 0; times < 2; times++) filterInPlace(bandPass(hertz, Math.SQRT2, rate), band);
    return rms(band) ** 2;
  });
  return 10 * Math.log10(power.reduce((sum, x) => sum + x, 0));
}

test.each([
  'cinematic',
  'minimal',
  'noir',
  'social',
] as const)('%s is neither muddy nor shrill', async (style) => {
  const sound = await listen({ style, mood: 'dramatic' });
  const [low, lowMid, mid, air] = [125, 280, 700, 12_000].map((hertz) => octaveDb(sound, hertz)) as [
    number,
    number,
    number,
    number,
  ];
  expect(lowMid - Math.max(low, mid)).toBeLessThan(2.5);
  expect(air - mid).toBeLessThan(-4);
});

test('its beats are where notes are struck, and known beforehand', async () => {
  const input = request({ mood: 'epic', style: 'social', durationMs: 16_000 });
  const [left] = await listen(input);
  const beatsMs = planBeats(input);
  expect(beatsMs.length).toBeGreaterThan(20);
  const gapMs = beatsMs[1]! - beatsMs[0]!;
  const [onBeats, between] = [0, 0.3].map((share) => {
    // Where everything plays: after the intro, before the last chord.
    const at = beatsMs.slice(8, -8).map((ms) => ms + share * gapMs);
    return at.reduce((sum, ms) => sum + attackAt(left!, ms), 0) / at.length;
  });
  expect(onBeats!).toBeGreaterThan(2 * between!);
});

test('is exactly as long as asked, and the same each time', async () => {
  const first = await listen({ durationMs: 5_033, seed: 3 });
  expect(first[0]).toHaveLength(Math.round(5_033 * 48));
  expect(await listen({ durationMs: 5_033, seed: 3 })).toEqual(first);
});

test('names its key and tempo, and stops when told', async () => {
  const abort = new AbortController();
  const running = composeMusic(request({ mood: 'mysterious' }), {
    scratch,
    signal: abort.signal,
    onProgress: () => abort.abort(new Error('enough')),
  });
  await expect(running).rejects.toThrow('enough');
  const { tempoBpm, key } = await composeMusic(request({ mood: 'mysterious', durationMs: 5_000 }), {
    scratch,
    signal: new AbortController().signal,
  });
  expect(key).toMatch(/^[A-G][♯♭]? dorian$/);
  expect(tempoBpm).toBeGreaterThan(55);
  expect(tempoBpm).toBeLessThan(80);
});
