// Brings sound from one whole sample rate to another: a polyphase low-pass, band-limited, without delay.

const halfTaps = 18;
const kaiserBeta = 8;
/** Where the low-pass begins to close, as a share of the lower of the two band widths. */
const passShare = 0.95;

export interface Resampler {
  /** What lies before and after `samples` counts as silence. Returns ceil(length × out / in) samples. */
  resample(samples: Float32Array): Float32Array;
}

export function createResampler(fromRate: number, toRate: number): Resampler {
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const [up, down] = [toRate / divisor, fromRate / divisor];
  const cutoff = passShare * Math.min(1, toRate / fromRate);
  const reach = Math.ceil(halfTaps / Math.min(1, toRate / fromRate));
  const phases = Array.from({ length: up }, (_, phase) => phaseTaps(phase / up, cutoff, reach));

  return {
    resample(samples) {
      const output = new Float32Array(Math.ceil((samples.length * up) / down));
      for (let i = 0, position = 0; i < output.length; i++, position += down) {
        const centre = Math.floor(position / up);
        const taps = phases[position % up]!;
        const first = centre - reach + 1;
        const from = Math.max(0, -first);
        const to = Math.min(taps.length, samples.length - first);
        let sum = 0;
        for (let k = from; k < to; k++) sum += taps[k]! * samples[first + k]!;
        output[i] = sum;
      }
      return output;
    },
  };
}

/** The filter around a point `offset` (0..1) behind a sample; its taps add up to 1. */
function phaseTaps(offset: number, cutoff: number, reach: number): Float64Array {
  const taps = Float64Array.from({ length: 2 * reach }, (_, k) => {
    const distance = k - reach + 1 - offset;
    return cutoff * sinc(cutoff * distance) * kaiser(distance / reach);
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(kaiserBeta * Math.sqrt(1 - x * x)) / bessel(kaiserBeta);
}

/** Modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let [term, sum] = [1, 1];
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
