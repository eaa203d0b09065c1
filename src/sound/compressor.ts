// A gentle compressor that only computes the gain over time; the caller applies it, to as many signals as it likes.
import { dbToGain } from './decibels.ts';

export interface CompressorOptions {
  sampleRate: number;
  /** RMS level at which it begins to work, dBFS. */
  thresholdDb: number;
  /** Input dB per output dB above the threshold. */
  ratio: number;
  attackMs: number;
  releaseMs: number;
}

export interface Compressor {
  /** Fills `gains[0..frames)` from the loudest of `channels`. */
  follow(channels: Float32Array[], frames: number, gains: Float32Array): void;
}

const kneeDb = 6;
/** The gain is computed every so many samples and goes straight in between. */
const stride = 16;

export function createCompressor(options: CompressorOptions): Compressor {
  const { sampleRate, thresholdDb, ratio } = options;
  const rise = 1 - Math.exp((-1000 * stride) / (options.attackMs * sampleRate));
  const fall = 1 - Math.exp((-1000 * stride) / (options.releaseMs * sampleRate));
  const slope = 1 - 1 / ratio;
  let power = 0;
  let gain = 1;

  function gainFor(level: number): number {
    const over = 10 * Math.log10(level + 1e-12) - thresholdDb;
    if (over <= -kneeDb / 2) return 1;
    const excess = over >= kneeDb / 2 ? over : (over + kneeDb / 2) ** 2 / (2 * kneeDb);
    return dbToGain(-excess * slope);
  }

  return {
    follow(channels, frames, gains) {
      for (let start = 0; start < frames; start += stride) {
        const end = Math.min(frames, start + stride);
        let loudest = 0;
        for (let c = 0; c < channels.length; c++) {
          loudest = Math.max(loudest, energy(channels[c]!, start, end) / (end - start));
        }
        power += (loudest - power) * (loudest > power ? rise : fall);
        const step = (gainFor(power) - gain) / (end - start);
        for (let i = start; i < end; i++) {
          gain += step;
          gains[i] = gain;
        }
      }
    },
  };
}

function energy(samples: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += samples[i]! * samples[i]!;
  return sum;
}
