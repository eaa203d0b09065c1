// Loudness after ITU-R BS.1770-4 and EBU R 128 (Tech 3341, 3342): integrated, momentary, short-term, range.
// Measures in blocks of any size and changes nothing.
import { type Biquad, createBiquad } from './biquad.ts';

/** What silence measures: the absolute gate. */
export const silenceLufs = -70;

export interface LoudnessMeter {
  /** Appends the first `frames` of each channel. */
  push(channels: Float32Array[], frames: number): void;
  /** Reads the meter; push no more afterwards. */
  read(): Loudness;
}

export interface Loudness {
  /** Gated over the whole; −70 for silence. */
  integratedLufs: number;
  /** Loudest 400 ms. */
  maxMomentaryLufs: number;
  /** Loudest 3 s. */
  maxShortTermLufs: number;
  rangeLu: number;
  /** K-weighted power of each 100 ms, channels summed: `powerToLufs` of a mean of these is its ungated loudness. */
  stepPowers: Float64Array;
}

export const stepsPerSecond = 10;
const momentarySteps = 4;
const shortTermSteps = 30;

export function powerToLufs(power: number): number {
  return power > 0 ? Math.max(silenceLufs, -0.691 + 10 * Math.log10(power)) : silenceLufs;
}

export function lufsToPower(lufs: number): number {
  return 10 ** ((lufs + 0.691) / 10);
}

/** For mono or stereo at any usual rate. */
export function createLoudnessMeter(sampleRate: number, channelCount: number): LoudnessMeter {
  const filters = Array.from({ length: channelCount }, () => kWeighting(sampleRate));
  const stepFrames = Math.round(sampleRate / stepsPerSecond);
  const sums: Float64Array = new Float64Array(channelCount);
  const powers: number[] = [];
  let filled = 0;

  return {
    push(channels, frames) {
      for (let from = 0; from < frames; ) {
        const count = Math.min(frames - from, stepFrames - filled);
        for (let c = 0; c < channelCount; c++) {
          sums[c] = sums[c]! + weightedEnergy(filters[c]!, channels[c]!, from, from + count);
        }
        from += count;
        filled += count;
        if (filled === stepFrames) {
          powers.push(sums.reduce((total, sum) => total + sum, 0) / stepFrames);
          sums.fill(0);
          filled = 0;
        }
      }
    },
    read() {
      const stepPowers = Float64Array.from(powers);
      const momentary = slidingMeans(stepPowers, momentarySteps);
      const shortTerm = slidingMeans(stepPowers, shortTermSteps);
      return {
        integratedLufs: powerToLufs(gatedMean(momentary, -10)),
        maxMomentaryLufs: powerToLufs(momentary.reduce((a, b) => Math.max(a, b), 0)),
        maxShortTermLufs: powerToLufs(shortTerm.reduce((a, b) => Math.max(a, b), 0)),
        rangeLu: loudnessRange(shortTerm),
        stepPowers,
      };
    },
  };
}

/** Loudness of a whole sound in memory. */
export function measureLoudness(channels: Float32Array[], sampleRate: number): Loudness {
  const meter = createLoudnessMeter(sampleRate, channels.length);
  meter.push(channels, channels[0]?.length ?? 0);
  return meter.read();
}

interface KWeighting {
  shelf: Biquad;
  highPass: Biquad;
}

/** The two filters of BS.1770, for any sample rate (its tables are for 48 kHz only). */
function kWeighting(sampleRate: number): KWeighting {
  const shelfK = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
  const shelfQ = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const shelf = createBiquad(
    high + (band * shelfK) / shelfQ + shelfK ** 2,
    2 * (shelfK ** 2 - high),
    high - (band * shelfK) / shelfQ + shelfK ** 2,
    1 + shelfK / shelfQ + shelfK ** 2,
    2 * (shelfK ** 2 - 1),
    1 - shelfK / shelfQ + shelfK ** 2,
  );
  const passK = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const passQ = 0.5003270373238773;
  const a0 = 1 + passK / passQ + passK ** 2;
  const pass = createBiquad(a0, -2 * a0, a0, a0, 2 * (passK ** 2 - 1), 1 - passK / passQ + passK ** 2);
  return { shelf, highPass: pass };
}

function weightedEnergy(filters: KWeighting, samples: Float32Array, from: number, to: number): number {
  const { shelf, highPass } = filters;
  let { z1: s1, z2: s2 } = shelf;
  let { z1: h1, z2: h2 } = highPass;
  const { b0, b1, b2, a1, a2 } = shelf;
  const { b0: c0, b1: c1, b2: c2, a1: d1, a2: d2 } = highPass;
  let energy = 0;
  for (let i = from; i < to; i++) {
    const x = samples[i]!;
    const y = b0 * x + s1;
    s1 = b1 * x - a1 * y + s2;
    s2 = b2 * x - a2 * y;
    const w = c0 * y + h1;
    h1 = c1 * y - d1 * w + h2;
    h2 = c2 * y - d2 * w;
    energy += w * w;
  }
  const flush = (z: number) => (Math.abs(z) < 1e-30 ? 0 : z);
  shelf.z1 = flush(s1);
  shelf.z2 = flush(s2);
  highPass.z1 = flush(h1);
  highPass.z2 = flush(h2);
  return energy;
}

function slidingMeans(powers: Float64Array, steps: number): Float64Array {
  const means = new Float64Array(Math.max(0, powers.length - steps + 1));
  for (let i = 0; i < means.length; i++) {
    let sum = 0;
    for (let k = 0; k < steps; k++) sum += powers[i + k]!;
    means[i] = sum / steps;
  }
  return means;
}

/** Mean of the blocks above −70 LUFS and above `relativeLu` from the mean of those. */
function gatedMean(blocks: Float64Array, relativeLu: number): number {
  const heard = blocks.filter((power) => power > lufsToPower(silenceLufs));
  const threshold = mean(heard) * 10 ** (relativeLu / 10);
  return mean(heard.filter((power) => power > threshold));
}

function loudnessRange(shortTerm: Float64Array): number {
  const heard = shortTerm.filter((power) => power > lufsToPower(silenceLufs));
  const threshold = mean(heard) * 10 ** (-20 / 10);
  const sorted = heard.filter((power) => power > threshold).sort();
  if (sorted.length === 0) return 0;
  const percentile = (share: number) => powerToLufs(sorted[Math.round((sorted.length - 1) * share)]!);
  return percentile(0.95) - percentile(0.1);
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
