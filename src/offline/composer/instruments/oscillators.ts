// Band-limited waveforms from tables: one table per octave, so that no overtone folds back.
import { rate } from './voice.ts';

const size = 2048;
const lowestHz = 25;
const octaves = 10;
/** Pitches and corners are asked every so many samples. */
const stride = 64;

const oneSine = Float32Array.from({ length: size }, (_, i) => Math.sin((2 * Math.PI * i) / size));

export type Wave = Float32Array[];
export const saw = buildTables((k) => 1 / k);
export const square = buildTables((k) => (k % 2 === 1 ? 1 / k : 0));
export const sine: Wave = Array.from({ length: octaves }, () => Float32Array.from([...oneSine, 0]));

/** `amplitude` of each overtone, counted from 1. */
function buildTables(amplitude: (k: number) => number): Wave {
  return Array.from({ length: octaves }, (_, octave) => {
    const highestHz = lowestHz * 2 ** (octave + 1);
    const overtones = Math.max(1, Math.min(160, Math.floor((rate * 0.45) / highestHz)));
    const table = new Float32Array(size + 1);
    for (let k = 1; k <= overtones; k++) {
      const level = amplitude(k) * Math.sqrt(Math.cos((k / overtones) * 1.4));
      if (level === 0) continue;
      for (let i = 0; i <= size; i++) table[i]! += level * oneSine[(i * k) % size]!;
    }
    return table;
  });
}

/** Adds a waveform onto `into`; `hertz` is asked every 64 samples with the time in seconds. */
export function addWave(
  into: Float32Array,
  wave: Wave,
  phase: number,
  gain: number,
  hertz: (second: number) => number,
): void {
  let position = phase * size;
  for (let start = 0; start < into.length; start += stride) {
    const frequencyHz = hertz(start / rate);
    const octave = Math.max(0, Math.min(octaves - 1, Math.floor(Math.log2(frequencyHz / lowestHz))));
    const table = wave[octave]!;
    const step = (frequencyHz * size) / rate;
    const end = Math.min(into.length, start + stride);
    for (let i = start; i < end; i++) {
      const index = position | 0;
      const low = table[index]!;
      into[i]! += gain * (low + (table[index + 1]! - low) * (position - index));
      position += step;
      if (position >= size) position -= size;
    }
  }
}

/** Adds a sine whose phase, in turns, is swung by `swing`, a signal of the same length. */
export function addSwungSine(
  into: Float32Array,
  frequencyHz: number,
  gain: number,
  swing: Float32Array,
): void {
  const table = sine[0]!;
  const step = frequencyHz / rate;
  let turns = 0;
  for (let i = 0; i < into.length; i++) {
    const phase = turns + swing[i]!;
    const position = (phase - Math.floor(phase)) * size;
    const index = position | 0;
    const low = table[index]!;
    into[i]! += gain * (low + (table[index + 1]! - low) * (position - index));
    turns += step;
    if (turns >= 1) turns -= 1;
  }
}

/** Adds a sine that dies away by 60 dB in `decaySeconds`: two multiplications a sample. */
export function addPartial(
  into: Float32Array,
  frequencyHz: number,
  gain: number,
  decaySeconds: number,
  phase = 0,
): void {
  if (frequencyHz >= rate * 0.45) return;
  const shrink = 10 ** (-3 / (decaySeconds * rate));
  const turn = (2 * Math.PI * frequencyHz) / rate;
  const a = 2 * shrink * Math.cos(turn);
  const b = -shrink * shrink;
  let y1 = gain * Math.sin(phase);
  let y2 = (gain * Math.sin(phase - turn)) / shrink;
  // 80 dB below a full partial it is gone.
  const fallDb = 80 + 20 * Math.log10(Math.abs(gain) + 1e-9);
  const end = Math.min(into.length, Math.ceil((decaySeconds * rate * Math.max(0, fallDb)) / 60));
  for (let i = 0; i < end; i++) {
    into[i]! += y1;
    const y = a * y1 + b * y2;
    y2 = y1;
    y1 = y;
  }
}

/** Two poles of low-pass whose corner is asked every 64 samples; in place. */
export function sweepLowPass(
  samples: Float32Array,
  cornerHz: (second: number) => number,
  resonance = 0,
): void {
  let low = 0;
  let band = 0;
  const q = 1.41 - 1.2 * resonance;
  for (let start = 0; start < samples.length; start += stride) {
    // State-variable filter in its trapezoidal form: stable at any corner.
    const g = Math.tan((Math.PI * Math.min(cornerHz(start / rate), rate * 0.4)) / rate);
    const h = 1 / (1 + g * (g + q));
    const end = Math.min(samples.length, start + stride);
    for (let i = start; i < end; i++) {
      const v3 = samples[i]! - low;
      const v1 = h * (band + g * v3);
      const v2 = low + g * v1;
      band = 2 * v1 - band;
      low = 2 * v2 - low;
      samples[i] = v2;
    }
  }
}

/** Multiplies by a gain asked every 16 samples, straight in between; in place. */
export function shape(samples: Float32Array, gainAt: (second: number) => number): void {
  let gain = gainAt(0);
  for (let start = 0; start < samples.length; start += 16) {
    const end = Math.min(samples.length, start + 16);
    const step = (gainAt(end / rate) - gain) / (end - start);
    for (let i = start; i < end; i++) {
      samples[i]! *= gain;
      gain += step;
    }
  }
}

export function addNoise(into: Float32Array, gain: number, random: () => number): void {
  for (let i = 0; i < into.length; i++) into[i]! += gain * (random() * 2 - 1);
}

export function soundOf(seconds: number): Float32Array {
  return new Float32Array(Math.max(1, Math.ceil(seconds * rate)));
}
