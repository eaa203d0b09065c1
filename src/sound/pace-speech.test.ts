// Speech at another pace, judged by its sound: length, pitch, level, and where things happen.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { paceSpeech } from './pace-speech.ts';
import { readWav, writeWav } from './wav.ts';

const rate = 48_000;
let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'pace-'));
});
afterAll(() => rm(scratch, { recursive: true }));

async function paced(samples: Float32Array, pace: number): Promise<Float32Array> {
  const audio = path.join(scratch, 'in.wav');
  await writeWav(audio, [samples], rate);
  const { path: made } = await paceSpeech({ audio, pace }, { scratch, signal: new AbortController().signal });
  return (await readWav(made)).channels[0]!;
}

/** A vowel-like sound: pulses through a resonance, 110 Hz gliding to 140. */
function voiced(seconds: number): Float32Array {
  const samples = new Float32Array(seconds * rate);
  let phase = 0;
  for (let i = 0; i < samples.length; i++) {
    phase += (110 + (30 * i) / samples.length) / rate;
    for (let h = 1; h <= 20; h++) samples[i]! += Math.sin(2 * Math.PI * h * phase) / (10 + (h - 6) ** 2);
  }
  return samples;
}

const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);

/** Hz, by the strongest likeness with itself. */
function pitchAt(samples: Float32Array, at: number): number {
  const part = samples.subarray(at, at + 4_800);
  let [best, lagOfBest] = [0, 0];
  for (let lag = 300; lag < 600; lag++) {
    let sum = 0;
    for (let i = 0; i < 4_000; i++) sum += part[i]! * part[i + lag]!;
    if (sum > best) [best, lagOfBest] = [sum, lag];
  }
  return rate / lagOfBest;
}

test.each([
  0.85, 0.93, 1.07, 1.25,
])('at %f a voice keeps its pitch and level and has the length asked for', async (pace) => {
  const sound = voiced(1.5);
  const result = await paced(sound, pace);
  expect(result).toHaveLength(Math.round(sound.length / pace));
  for (const share of [0.2, 0.5, 0.8]) {
    const before = pitchAt(sound, Math.round(sound.length * share));
    const after = pitchAt(result, Math.round(result.length * share));
    expect(Math.abs(after / before - 1)).toBeLessThan(0.015);
  }
  expect(Math.abs(20 * Math.log10(rms(result) / rms(sound)))).toBeLessThan(0.3);
});

test.each([0.85, 1.25])('at %f what happens, happens within 10 ms of its time', async (pace) => {
  const sound = new Float32Array(2 * rate);
  const beginnings = [4_800, 20_000, 41_000, 70_000];
  for (const at of beginnings) for (let i = 0; i < 7_000; i++) sound[at + i] = 0.4 * Math.sin(i / 20);
  const result = await paced(sound, pace);
  for (const at of beginnings) {
    const wanted = at / pace;
    const heard = result.findIndex((x, i) => i > wanted - 3_000 && Math.abs(x) > 0.05);
    expect(Math.abs(heard - wanted) / 48).toBeLessThan(10);
  }
});

test('pace 1 changes nothing', async () => {
  const sound = voiced(0.6);
  const result = await paced(sound, 1);
  const error = result.reduce((most, x, i) => Math.max(most, Math.abs(x - sound[i]!)), 0);
  // Two roundings to 16 bits with their dither.
  expect(error).toBeLessThan(1e-4);
});

test('stops when told', async () => {
  const audio = path.join(scratch, 'stop.wav');
  await writeWav(audio, [voiced(0.2)], rate);
  const stopped = { scratch, signal: AbortSignal.abort(new Error('enough')) };
  await expect(paceSpeech({ audio, pace: 0.9 }, stopped)).rejects.toThrow('enough');
});
