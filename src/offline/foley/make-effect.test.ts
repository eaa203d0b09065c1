// Effects measured: length, level, peaks, edges, width, variation, and beds without a seam.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { type EffectKind, effectKinds } from '../../domain/storyboard.ts';
import { bandPass, filterInPlace } from '../../sound/biquad.ts';
import { measureLoudness } from '../../sound/loudness.ts';
import { readWav } from '../../sound/wav.ts';
import { makeEffect } from './make-effect.ts';

const rate = 48_000;
let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'foley-'));
});
afterAll(() => rm(scratch, { recursive: true }));

async function listen(kind: EffectKind, durationMs: number, seed = 5): Promise<Float32Array[]> {
  const { audio } = await makeEffect(
    { kind, durationMs, seed },
    { scratch, signal: new AbortController().signal },
  );
  return (await readWav(audio.path)).channels;
}

const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
const peak = (samples: Float32Array) => samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

const beds = ['rain', 'wind', 'waves', 'fire', 'birds', 'city', 'crowd', 'engine', 'drone'] as const;
const isBed = (kind: EffectKind) => (beds as readonly EffectKind[]).includes(kind);

test.each(effectKinds)('%s is well formed', async (kind) => {
  const durationMs = 2_433;
  const sound = await listen(kind, durationMs);
  expect(sound).toHaveLength(2);
  const loudest = Math.max(...sound.map(peak));
  expect(loudest).toBeLessThan(0.72);
  const { maxMomentaryLufs, integratedLufs } = measureLoudness(sound, rate);
  if (isBed(kind)) expect(Math.abs(integratedLufs + 24)).toBeLessThan(1.5);
  else expect(loudest).toBeGreaterThan(0.6);
  expect(maxMomentaryLufs).toBeGreaterThan(-36);
  for (const side of sound) {
    expect(side).toHaveLength(Math.round(durationMs * 48));
    expect(side.every(Number.isFinite)).toBe(true);
    expect(Math.abs(side.reduce((sum, x) => sum + x, 0) / side.length)).toBeLessThan(0.003);
    expect(Math.abs(side[0]!)).toBeLessThan(0.001);
    expect(Math.abs(side.at(-1)!)).toBeLessThan(0.001);
  }
});

test.each([
  'impact',
  'thunder',
  'chime',
  'click',
  'clock',
  'footsteps',
  'typing',
  'heartbeat',
] as const)('%s begins at once', async (kind) => {
  const [left] = await listen(kind, 2_000);
  expect(peak(left!.subarray(0, 0.12 * rate))).toBeGreaterThan(0.05);
});

test('a riser ends at its loudest, a whoosh is loudest near its middle', async () => {
  const [riser] = await listen('riser', 2_400);
  expect(rms(riser!.subarray(1.9 * rate, 2.2 * rate))).toBeGreaterThan(
    4 * rms(riser!.subarray(0, 0.8 * rate)),
  );
  const [whoosh] = await listen('whoosh', 1_200);
  const loudness = Array.from({ length: 12 }, (_, i) => rms(whoosh!.subarray(i * 4_800, (i + 1) * 4_800)));
  const loudest = loudness.indexOf(Math.max(...loudness));
  expect(loudest).toBeGreaterThanOrEqual(4);
  expect(loudest).toBeLessThanOrEqual(6);
});

test.each(['rain', 'crowd', 'drone'] as const)('%s goes on for a minute without a seam', async (kind) => {
  const [left] = await listen(kind, 60_000);
  const power = Array.from({ length: 58 }, (_, s) => rms(left!.subarray((s + 1) * rate, (s + 2) * rate)));
  expect(Math.max(...power) / Math.min(...power)).toBeLessThan(8);
  const jump = (at: number) => Math.abs(left![at]! - left![at - 1]!);
  const usual = Array.from({ length: 4_000 }, (_, i) => jump(10 * rate + i * 7)).reduce(
    (a, b) => Math.max(a, b),
    0,
  );
  for (const seam of [24, 48]) expect(jump(seam * rate)).toBeLessThanOrEqual(usual * 1.5);
});

test('another seed is another take; the same seed the same', async () => {
  const [first] = await listen('thunder', 2_000, 1);
  const [again] = await listen('thunder', 2_000, 1);
  const [other] = await listen('thunder', 2_000, 2);
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

/** Likeness of two sounds, whatever their levels: 1 = the same, 0 = nothing in common. */
function likeness(a: Float32Array, b: Float32Array): number {
  const product = a.reduce((sum, x, i) => sum + x * b[i]!, 0) / a.length;
  return Math.abs(product) / (rms(a) * rms(b));
}

test.each(effectKinds)('%s of another seed is heard as another take', async (kind) => {
  const [first] = await listen(kind, 1_500, 1);
  const [second] = await listen(kind, 1_500, 2);
  expect(likeness(first!, second!)).toBeLessThan(0.9);
});

test('kinds differ in colour', async () => {
  const colours = new Map<EffectKind, number>();
  for (const kind of ['heartbeat', 'wind', 'rain', 'birds'] as const) {
    const [left] = await listen(kind, 3_000);
    const low = left!.slice();
    filterInPlace(bandPass(150, 0.7, rate), low);
    const high = left!.slice();
    filterInPlace(bandPass(4_000, 0.7, rate), high);
    colours.set(kind, 20 * Math.log10(rms(high) / rms(low)));
  }
  const [heartbeat, wind, rain, birds] = [...colours.values()] as [number, number, number, number];
  expect(heartbeat).toBeLessThan(wind - 6);
  expect(wind).toBeLessThan(rain - 6);
  expect(rain).toBeLessThan(birds - 6);
});

test('stops when told', async () => {
  const context = { scratch, signal: AbortSignal.abort(new Error('enough')) };
  await expect(makeEffect({ kind: 'rain', durationMs: 1_000, seed: 1 }, context)).rejects.toThrow('enough');
});
