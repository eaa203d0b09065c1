// Speech faster or slower at the same pitch: windows of the sound, each put where it goes on best from the one before
// (WSOLA). Memory is that of a second, however long the file.
import path from 'node:path';

import type { MadeFile } from '../ports/made-file.ts';
import type { WorkContext } from '../ports/work-context.ts';
import { createBreather } from './breather.ts';
import { openWavReader, openWavWriter, type WavReader } from './wav.ts';

const sampleRate = 48_000;
/** From one window to the next; a window is two of them long. */
const hop = 600;
/** How far a window may lie from its own place: more than half a period of the deepest voice. */
const reach = 360;
/** Likeness is looked for at this fraction of the rate first. */
const coarse = 6;
/** Likeness, 0..1, given for being at the own place rather than `reach` away: jumps fall where they are not heard. */
const punctuality = 0.15;
/** Quieter than this (about −80 dBFS) nothing is alike, and every window is at its own place. */
const silentPower = 1e-8;
const hopsPerBlock = 80;

const rise = Float32Array.from({ length: hop }, (_, i) => 0.5 - 0.5 * Math.cos((Math.PI * i) / hop));

/** Contract: see MediaTools.paceSpeech. */
export async function paceSpeech(
  input: { audio: string; pace: number },
  context: WorkContext,
): Promise<MadeFile> {
  const breathe = createBreather(context.signal);
  const file = path.join(context.scratch, 'paced.wav');
  const reader = openWavReader(input.audio);
  const writer = openWavWriter(file, 1, sampleRate);
  try {
    const total = Math.round(reader.frameCount / input.pace);
    const follow = createFollower(reader, input.pace);
    for (let from = 0; from < total; from += hopsPerBlock * hop) {
      const block = follow(hopsPerBlock);
      writer.write([block.subarray(0, Math.min(block.length, total - from))]);
      await breathe();
      context.onProgress?.(Math.min(1, (from + block.length) / total));
    }
  } finally {
    reader.close();
    writer.close();
  }
  return { path: file, mediaType: 'audio/wav' };
}

/** Gives the paced sound in order, so many hops at a time. */
function createFollower(reader: WavReader, pace: number): (hops: number) => Float32Array {
  let next = 1;
  /** Where the window before begins; its second half is still to be heard. */
  let position = -hop;

  return (hops) => {
    const first = Math.round((next - 1) * hop * pace) - hop - 2 * reach;
    const length = Math.ceil(hops * hop * pace) + 4 * hop + 4 * reach;
    const sound = new Float32Array(length);
    reader.read([sound], first, length);
    const thinned = thinOut(sound);
    const output = new Float32Array(hops * hop);
    for (let k = 0; k < hops; k++, next++) {
      const own = Math.round(next * hop * pace) - hop - first;
      const before = position + hop - first;
      const chosen = chooseStart(sound, thinned, own, before);
      for (let i = 0; i < hop; i++) {
        const share = rise[i]!;
        output[k * hop + i] = sound[before + i]! * (1 - share) + sound[chosen + i]! * share;
      }
      position = chosen + first;
    }
    return output;
  };
}

/** Where in `sound` the window goes on best from what begins at `before`, not farther than `reach` from its `own` place. */
function chooseStart(sound: Float32Array, thinned: Float32Array, own: number, before: number): number {
  const late = (start: number) => (punctuality * Math.abs(start - own)) / reach;
  const goingOn = Math.abs(before - own) <= reach;
  if (powerOf(sound, before) < silentPower * hop) return own;
  let best = own;
  let score = Number.NEGATIVE_INFINITY;
  const [size, model] = [hop / coarse, Math.round(before / coarse)];
  for (let at = Math.ceil((own - reach) / coarse); at * coarse <= own + reach; at++) {
    const found = alike(thinned, model, at, size, 1) - late(at * coarse);
    if (found > score) [score, best] = [found, at * coarse];
  }
  if (goingOn && 1 - late(before) >= score) return before;
  const centre = best;
  score = Number.NEGATIVE_INFINITY;
  for (let at = Math.max(own - reach, centre - coarse); at <= Math.min(own + reach, centre + coarse); at++) {
    const found = alike(sound, before, at, hop, 2);
    if (found > score) [score, best] = [found, at];
  }
  return best;
}

/** −1..1: how alike two stretches of `samples` are in shape. */
function alike(samples: Float32Array, a: number, b: number, size: number, step: number): number {
  let [product, powerA, powerB] = [0, 0, 0];
  for (let i = 0; i < size; i += step) {
    const [x, y] = [samples[a + i]!, samples[b + i]!];
    product += x * y;
    powerA += x * x;
    powerB += y * y;
  }
  return product / (Math.sqrt(powerA * powerB) + silentPower);
}

function powerOf(samples: Float32Array, from: number): number {
  let sum = 0;
  for (let i = from; i < from + hop; i++) sum += samples[i]! * samples[i]!;
  return sum;
}

/** One sample, the mean, for `coarse` of them. */
function thinOut(samples: Float32Array): Float32Array {
  const thinned = new Float32Array(Math.floor(samples.length / coarse));
  for (let i = 0; i < thinned.length; i++) {
    let sum = 0;
    for (let k = i * coarse; k < (i + 1) * coarse; k++) sum += samples[k]!;
    thinned[i] = sum / coarse;
  }
  return thinned;
}
