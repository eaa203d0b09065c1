// What effects are made of: noises, swept filters, ringing bodies, envelopes, panning. Knows no effect.

import { createRandom, type Random } from '../../domain/random.ts';
import { filterInPlace, highPass, lowPass } from '../../sound/biquad.ts';
import { createReverb } from '../../sound/reverb.ts';

export const rate = 48_000;

/** Left and right, of one length. */
export type Stereo = [Float32Array, Float32Array];

/** A value over the effect's own time in seconds. */
export type Curve = (second: number) => number;

export function silence(seconds: number): Stereo {
  const frames = Math.max(1, Math.round(seconds * rate));
  return [new Float32Array(frames), new Float32Array(frames)];
}

/** White, or with the falling spectrum of pink (−3 dB) or brown (−6 dB an octave) noise; peaks near ±1. */
export function noise(frames: number, colour: 'white' | 'pink' | 'brown', random: Random): Float32Array {
  const out = new Float32Array(frames);
  let [a, b, c, brown] = [0, 0, 0, 0];
  for (let i = 0; i < frames; i++) {
    const white = random() * 2 - 1;
    if (colour === 'white') out[i] = white;
    else if (colour === 'pink') {
      a = 0.99765 * a + white * 0.099046;
      b = 0.963 * b + white * 0.2965164;
      c = 0.57 * c + white * 1.0526913;
      out[i] = (a + b + c + white * 0.1848) * 0.25;
    } else {
      brown = brown * 0.997 + white * 0.06;
      out[i] = brown;
    }
  }
  return out;
}

/** Band-pass whose centre and width are asked every 32 samples; in place. `q` is centre over width. */
export function sweepBand(samples: Float32Array, centreHz: Curve, q: Curve | number): Float32Array {
  let low = 0;
  let band = 0;
  for (let start = 0; start < samples.length; start += 32) {
    const second = start / rate;
    const g = Math.tan((Math.PI * Math.min(Math.max(15, centreHz(second)), rate * 0.42)) / rate);
    const k = 1 / (typeof q === 'number' ? q : q(second));
    const h = 1 / (1 + g * (g + k));
    const end = Math.min(samples.length, start + 32);
    for (let i = start; i < end; i++) {
      const v3 = samples[i]! - low;
      const v1 = h * (band + g * v3);
      const v2 = low + g * v1;
      band = 2 * v1 - band;
      low = 2 * v2 - low;
      samples[i] = v1 * k;
    }
  }
  return samples;
}

/** Gain asked every 32 samples, straight in between; in place. */
export function shape(samples: Float32Array, gain: Curve): Float32Array {
  let now = gain(0);
  for (let start = 0; start < samples.length; start += 32) {
    const end = Math.min(samples.length, start + 32);
    const step = (gain(end / rate) - now) / (end - start);
    for (let i = start; i < end; i++) {
      samples[i]! *= now;
      now += step;
    }
  }
  return samples;
}

/** Keeps what lies between two frequencies; in place. */
export function between(samples: Float32Array, lowHz: number, highHz: number): Float32Array {
  filterInPlace(highPass(lowHz, Math.SQRT1_2, rate), samples);
  filterInPlace(lowPass(highHz, Math.SQRT1_2, rate), samples);
  return samples;
}

/** Adds a mono sound at `atSeconds`, `pan` −1 left … 1 right. What does not fit is cut off. */
export function place(into: Stereo, sound: Float32Array, atSeconds: number, gain: number, pan = 0): void {
  const angle = ((pan + 1) * Math.PI) / 4;
  const start = Math.round(atSeconds * rate);
  for (const [c, side] of [Math.cos(angle), Math.sin(angle)].entries()) {
    const out = into[c]!;
    const end = Math.min(sound.length, out.length - start);
    for (let i = Math.max(0, -start); i < end; i++) out[start + i]! += sound[i]! * gain * side;
  }
}

/** Adds a stereo layer of the same start. */
export function layer(into: Stereo, from: Stereo, gain: number): void {
  for (let c = 0; c < 2; c++) {
    const out = into[c]!;
    const end = Math.min(out.length, from[c]!.length);
    for (let i = 0; i < end; i++) out[i]! += from[c]![i]! * gain;
  }
}

/** Two independent noises: as wide as it gets. */
export function wideNoise(
  seconds: number,
  colour: 'white' | 'pink' | 'brown',
  random: Random,
  treat: (samples: Float32Array, side: number) => void,
): Stereo {
  const out = silence(seconds);
  for (let c = 0; c < 2; c++) {
    out[c] = noise(out[0].length, colour, createRandom(Math.floor(random() * 2 ** 31)));
    treat(out[c]!, c * 2 - 1);
  }
  return out;
}

/** [Hz, level, seconds to fall by 60 dB] */
export type Mode = [number, number, number];

/** A struck body: a sum of decaying sines. */
export function ring(seconds: number, modes: Mode[], random: Random): Float32Array {
  const out = new Float32Array(Math.max(1, Math.round(seconds * rate)));
  for (const [hertz, level, decay] of modes) {
    const shrink = 10 ** (-3 / (decay * rate));
    const turn = (2 * Math.PI * hertz) / rate;
    const a = 2 * shrink * Math.cos(turn);
    const b = -shrink * shrink;
    const phase = random() * 0.6;
    let y1 = level * Math.sin(phase);
    let y2 = (level * Math.sin(phase - turn)) / shrink;
    for (let i = 0; i < out.length; i++) {
      out[i]! += y1;
      const y = a * y1 + b * y2;
      y2 = y1;
      y1 = y;
    }
  }
  return out;
}

/** A tone whose pitch is asked every sample. */
export function glide(seconds: number, hertz: Curve, overtones: number[] = [1]): Float32Array {
  const out = new Float32Array(Math.max(1, Math.round(seconds * rate)));
  let phase = 0;
  for (let i = 0; i < out.length; i++) {
    phase += (2 * Math.PI * hertz(i / rate)) / rate;
    for (let k = 0; k < overtones.length; k++) out[i]! += overtones[k]! * Math.sin(phase * (k + 1));
  }
  return out;
}

/** Puts a sound into a room, in place. */
export function room(sound: Stereo, decaySeconds: number, gain: number, damping = 0.4): void {
  const [left, right] = [sound[0].slice(), sound[1].slice()];
  for (const side of [left, right]) for (let i = 0; i < side.length; i++) side[i]! *= gain;
  const reverb = createReverb({ sampleRate: rate, decaySeconds, damping, preDelayMs: 12 });
  reverb.process(left, right, sound[0], sound[1], left.length);
}

/** A slow wander between 0 and 1 that never repeats: sines of unrelated periods. */
export function wander(periodSeconds: number, random: Random): Curve {
  const waves = [1, 0.618, 0.382, 0.236].map((share) => ({
    turn: (2 * Math.PI) / (periodSeconds * share * (0.85 + 0.3 * random())),
    phase: random() * 6.28,
    weight: share,
  }));
  const total = waves.reduce((sum, { weight }) => sum + weight, 0);
  return (second) =>
    0.5 + (0.5 / total) * waves.reduce((sum, w) => sum + w.weight * Math.sin(w.phase + w.turn * second), 0);
}

/** Fast rise, exponential fall. */
export function burst(attackSeconds: number, fallPerSecond: number): Curve {
  return (second) => Math.min(1, second / attackSeconds) * Math.exp(-second * fallPerSecond);
}
