// A look-ahead limiter that sees peaks between samples. Delays its input by `delayFrames`; the caller makes up for it.
import { findTruePeaks, truePeakReach } from './true-peak.ts';

export interface LimiterOptions {
  channelCount: number;
  sampleRate: number;
  /** Highest true peak, linear. */
  ceiling: number;
  /** Time in which the gain goes down ahead of a peak. */
  lookAheadMs: number;
  /** Time constant of the way back. */
  releaseMs: number;
  /** Largest block that will be processed. */
  maxFrames: number;
}

export interface Limiter {
  /** A multiple of `limiterStride`. */
  readonly delayFrames: number;
  /**
   * Replaces the first `frames` of each channel by limited sound of `delayFrames` earlier. `frames` must be a
   * multiple of `limiterStride`.
   */
  process(channels: Float32Array[], frames: number): void;
}

/** The gain is computed for every so many samples and goes straight in between. */
export const limiterStride = 8;
/** Nearer to 1 than this is 1: 0.001 dB. */
const fullGain = 0.9999;

export function createLimiter(options: LimiterOptions): Limiter {
  const { channelCount, sampleRate, ceiling, maxFrames } = options;
  const stride = limiterStride;
  const window = Math.max(2, Math.round((options.lookAheadMs * sampleRate) / 1000 / stride));
  const release = 1 - Math.exp((-1000 * stride) / (options.releaseMs * sampleRate));
  const delayFrames = truePeakReach + window * stride;
  const history = delayFrames + truePeakReach;
  const pads = Array.from({ length: channelCount }, () => new Float32Array(history + maxFrames));
  const peaks = new Float32Array(maxFrames);

  /** What the last `window` strides need, and the smallest of those for each of the last `window` strides. */
  const needs = new Float64Array(window).fill(1);
  const minima = new Float64Array(window).fill(1);
  let slot = 0;
  let envelope = 1;
  let needBefore = 1;
  let gain = 1;
  /** Strides since anything was to be limited; after two windows of them nothing is left to compute. */
  let idle = 2 * window;

  /** Gain at the end of the stride that is `window` strides back: the mean ramps down in time for each peak. */
  function nextGain(need: number): number {
    // A point between two strides must do for both.
    envelope = Math.min(need, needBefore, envelope + (1 - envelope) * release);
    if (envelope > fullGain) envelope = 1;
    needBefore = need;
    idle = envelope === 1 ? idle + 1 : 0;
    needs[slot] = envelope;
    if (idle > 2 * window) {
      minima[slot] = 1;
      slot = slot + 1 === window ? 0 : slot + 1;
      return 1;
    }
    let minimum = 1;
    for (let k = 0; k < window; k++) if (needs[k]! < minimum) minimum = needs[k]!;
    minima[slot] = minimum;
    slot = slot + 1 === window ? 0 : slot + 1;
    let sum = 0;
    for (let k = 0; k < window; k++) sum += minima[k]!;
    return sum / window;
  }

  return {
    delayFrames,
    process(channels, frames) {
      peaks.fill(0, 0, frames);
      for (let c = 0; c < channelCount; c++) {
        const pad = pads[c]!;
        pad.set(channels[c]!.subarray(0, frames), history);
        findTruePeaks(pad, history - truePeakReach, frames, ceiling, peaks);
      }
      for (let start = 0; start < frames; start += stride) {
        let peak = ceiling;
        for (let i = start; i < start + stride; i++) if (peaks[i]! > peak) peak = peaks[i]!;
        const next = nextGain(ceiling / peak);
        const step = (next - gain) / stride;
        for (let c = 0; c < channelCount; c++) {
          const channel = channels[c]!;
          const pad = pads[c]!;
          for (let i = 0; i < stride; i++) {
            channel[start + i] = pad[truePeakReach + start + i]! * (gain + step * i);
          }
        }
        gain = next;
      }
      for (const pad of pads) pad.copyWithin(0, frames, frames + history);
    },
  };
}
