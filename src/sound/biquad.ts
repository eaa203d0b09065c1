// Second-order filters: coefficients (after the Audio EQ Cookbook) and in-place processing with kept state.

export interface Biquad {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
  /** State of the transposed direct form II. */
  z1: number;
  z2: number;
}

export function createBiquad(b0: number, b1: number, b2: number, a0: number, a1: number, a2: number): Biquad {
  return { b0: b0 / a0, b1: b1 / a0, b2: b2 / a0, a1: a1 / a0, a2: a2 / a0, z1: 0, z2: 0 };
}

/** `q` 0.707 = no bump at the corner. Frequencies in Hz. */
export function lowPass(frequencyHz: number, q: number, sampleRate: number): Biquad {
  const { cos, alpha } = angles(frequencyHz, q, sampleRate);
  return createBiquad((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
}

export function highPass(frequencyHz: number, q: number, sampleRate: number): Biquad {
  const { cos, alpha } = angles(frequencyHz, q, sampleRate);
  return createBiquad((1 + cos) / 2, -1 - cos, (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
}

/** Unity gain at the centre. */
export function bandPass(frequencyHz: number, q: number, sampleRate: number): Biquad {
  const { cos, alpha } = angles(frequencyHz, q, sampleRate);
  return createBiquad(alpha, 0, -alpha, 1 + alpha, -2 * cos, 1 - alpha);
}

/** Turns phases and leaves every level as it is. */
export function allPass(frequencyHz: number, q: number, sampleRate: number): Biquad {
  const { cos, alpha } = angles(frequencyHz, q, sampleRate);
  return createBiquad(1 - alpha, -2 * cos, 1 + alpha, 1 + alpha, -2 * cos, 1 - alpha);
}

/** Lifts or dips around the centre by `gainDb`. */
export function peaking(frequencyHz: number, q: number, gainDb: number, sampleRate: number): Biquad {
  const { cos, alpha } = angles(frequencyHz, q, sampleRate);
  const a = 10 ** (gainDb / 40);
  return createBiquad(1 + alpha * a, -2 * cos, 1 - alpha * a, 1 + alpha / a, -2 * cos, 1 - alpha / a);
}

function angles(frequencyHz: number, q: number, sampleRate: number): { cos: number; alpha: number } {
  const omega = (2 * Math.PI * Math.min(frequencyHz, sampleRate * 0.49)) / sampleRate;
  return { cos: Math.cos(omega), alpha: Math.sin(omega) / (2 * q) };
}

/** Filters `samples[from..to)` in place. */
export function filterInPlace(filter: Biquad, samples: Float32Array, from = 0, to = samples.length): void {
  const { b0, b1, b2, a1, a2 } = filter;
  let { z1, z2 } = filter;
  for (let i = from; i < to; i++) {
    const x = samples[i]!;
    const y = b0 * x + z1;
    z1 = b1 * x - a1 * y + z2;
    z2 = b2 * x - a2 * y;
    samples[i] = y;
  }
  // Numbers too small to hear but slow to compute with.
  filter.z1 = Math.abs(z1) < 1e-20 ? 0 : z1;
  filter.z2 = Math.abs(z2) < 1e-20 ? 0 : z2;
}
