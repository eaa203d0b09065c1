// Peaks between samples: 4× oversampling by a polyphase windowed sinc (ITU-R BS.1770-4, annex 2).
import { gainToDb } from './decibels.ts';

const factor = 4;
/** Samples on each side of the interpolated point. */
const reach = 8;
const taps = 2 * reach;

/** Interpolators for the points ¼, ½ and ¾ behind a sample; the sample itself needs none. The last is the first reversed. */
const phases = Array.from({ length: factor - 1 }, (_, index) => interpolator((index + 1) / factor));
const [quarter, half] = phases as [Float64Array, Float64Array];
/** No interpolated point can exceed this times the largest sample around it. */
const overshoot = Math.max(...phases.map((phase) => phase.reduce((sum, tap) => sum + Math.abs(tap), 0)));

function interpolator(offset: number): Float64Array {
  const kernel = Float64Array.from({ length: taps }, (_, tap) => {
    const distance = tap - (reach - 1) - offset;
    const x = distance / reach;
    const window = bessel(6 * Math.sqrt(Math.max(0, 1 - x * x))) / bessel(6);
    return (Math.sin(Math.PI * distance) / (Math.PI * distance)) * window;
  });
  const sum = kernel.reduce((total, tap) => total + tap, 0);
  return kernel.map((tap) => tap / sum);
}

/** Modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let sum = 1;
  for (let k = 1, term = 1; k < 30; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** Samples needed before and after a block to know its peaks. */
export const truePeakReach = reach;

/**
 * Writes into `peaks[i]` the largest absolute value from sample `from + i` up to the next one, for `count` samples,
 * where it exceeds `floor`; elsewhere a value not above `floor`. Keeps what is larger in `peaks` already, so that
 * channels combine. `samples` must reach `truePeakReach` beyond both ends.
 */
export function findTruePeaks(
  samples: Float32Array,
  from: number,
  count: number,
  floor: number,
  peaks: Float32Array,
): void {
  const stride = 32;
  for (let start = 0; start < count; start += stride) {
    const end = Math.min(count, start + stride);
    let loudest = 0;
    for (let i = from + start - reach; i < from + end + reach; i++) {
      const x = Math.abs(samples[i]!);
      if (x > loudest) loudest = x;
    }
    if (loudest * overshoot <= floor) continue;
    for (let i = start; i < end; i++) {
      const at = from + i;
      let peak = Math.abs(samples[at]!);
      let near = 0;
      for (let k = at - 2; k <= at + 3; k++) near = Math.max(near, Math.abs(samples[k]!));
      // Only a point beside a large sample can be the peak; this part of the floor is far below any such.
      if (near > floor * 0.6) {
        let [first, second, third] = [0, 0, 0];
        // Taps from both ends inwards: the outer points mirror each other.
        for (let tap = 0, early = at - (reach - 1), late = at + reach; tap < reach; tap++, early++, late--) {
          const x = samples[early]!;
          const y = samples[late]!;
          const inner = quarter[tap]!;
          const outer = quarter[taps - 1 - tap]!;
          first += inner * x + outer * y;
          second += half[tap]! * (x + y);
          third += outer * x + inner * y;
        }
        peak = Math.max(peak, Math.abs(first), Math.abs(second), Math.abs(third));
      }
      if (peak > peaks[i]!) peaks[i] = peak;
    }
  }
}

export interface TruePeakMeter {
  push(channels: Float32Array[], frames: number): void;
  /** Largest amplitude so far, linear. Call when all is pushed. */
  peak(): number;
}

export function createTruePeakMeter(channelCount: number, maxFrames: number): TruePeakMeter {
  const pads = Array.from({ length: channelCount }, () => new Float32Array(maxFrames + 2 * reach));
  const peaks = new Float32Array(maxFrames);
  let largest = 0;

  function push(channels: Float32Array[], frames: number): void {
    for (let c = 0; c < channelCount; c++) {
      const pad = pads[c]!;
      pad.set(channels[c]!.subarray(0, frames), 2 * reach);
      peaks.fill(0, 0, frames);
      findTruePeaks(pad, reach, frames, largest, peaks);
      for (let i = 0; i < frames; i++) if (peaks[i]! > largest) largest = peaks[i]!;
      pad.copyWithin(0, frames, frames + 2 * reach);
    }
  }

  return {
    push,
    peak() {
      const silence = Array.from(
        { length: channelCount },
        () => new Float32Array(Math.min(maxFrames, 2 * reach)),
      );
      push(silence, silence[0]!.length);
      return largest;
    },
  };
}

/** Peak of a whole sound in memory, dBTP; −Infinity for digital silence. */
export function measureTruePeak(channels: Float32Array[]): number {
  const frames = channels[0]?.length ?? 0;
  const meter = createTruePeakMeter(channels.length, Math.max(1, frames));
  meter.push(channels, frames);
  return gainToDb(meter.peak());
}
