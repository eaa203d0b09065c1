// Makes a synthetic voice sound produced: rumble out, less box and more presence, softer s, evened loudness. Works on
// the stream in blocks; sets no final level.
import { bandPass, filterInPlace, highPass, peaking } from '../../sound/biquad.ts';
import { createCompressor } from '../../sound/compressor.ts';
import { dbToGain } from '../../sound/decibels.ts';

export interface Polish {
  /** Changes `samples` in place; keeps its state for the next block. */
  process(samples: Float32Array): void;
}

const hissBandHz = 6_300;

/** Expects speech at about −20 LUFS after `levelDb`. */
export function createPolish(sampleRate: number, levelDb: number): Polish {
  const equaliser = [
    highPass(75, Math.SQRT1_2, sampleRate),
    peaking(320, 0.9, -2, sampleRate),
    peaking(3_000, 0.8, 2.5, sampleRate),
    peaking(5_500, 0.9, 1.5, sampleRate),
  ];
  const hissBand = bandPass(hissBandHz, 1.1, sampleRate);
  const softenHiss = createCompressor({
    sampleRate,
    thresholdDb: -34,
    ratio: 3,
    attackMs: 1.5,
    releaseMs: 50,
  });
  const even = createCompressor({ sampleRate, thresholdDb: -22, ratio: 2.2, attackMs: 8, releaseMs: 140 });
  const input = dbToGain(levelDb);

  return {
    process(samples) {
      for (let i = 0; i < samples.length; i++) samples[i]! *= input;
      for (const filter of equaliser) filterInPlace(filter, samples);
      const gains = new Float32Array(samples.length);
      const hiss = samples.slice();
      filterInPlace(hissBand, hiss);
      softenHiss.follow([hiss], hiss.length, gains);
      for (let i = 0; i < samples.length; i++) samples[i]! += (gains[i]! - 1) * hiss[i]!;
      even.follow([samples], samples.length, gains);
      for (let i = 0; i < samples.length; i++) samples[i]! *= gains[i]!;
    },
  };
}
