// Makes a synthetic voice sound produced: rumble out, less box and more presence, softer s, evened loudness, air above a
// narrow voice and a little room around it. Works on the stream in blocks; sets no final level, moves nothing in time.
import { bandPass, filterInPlace, highPass, peaking } from '../../sound/biquad.ts';
import { createCompressor } from '../../sound/compressor.ts';
import { dbToGain } from '../../sound/decibels.ts';
import { createAir } from './air.ts';
import { createRoom } from './room.ts';

/** Lifts or dips around `hz`. */
export interface Peak {
  hz: number;
  q: number;
  gainDb: number;
}

export interface Polish {
  /** Changes `samples` in place; keeps its state for the next block. */
  process(samples: Float32Array): void;
}

const hissBandHz = 6_300;
/** Worked on at once: small enough to stay near the processor. */
const blockFrames = 4_096;

export interface PolishOptions {
  sampleRate: number;
  /** Brings the voice to the level at which the compressor works gently. */
  levelDb: number;
  /** The voice ends at 8 kHz. */
  narrow: boolean;
  /** What brings the voice's spectrum near that of speech as it is broadcast. */
  tone: readonly Peak[];
}

export function createPolish({ sampleRate, levelDb, narrow, tone }: PolishOptions): Polish {
  const equaliser = [
    highPass(75, Math.SQRT1_2, sampleRate),
    ...tone.map(({ hz, q, gainDb }) => peaking(hz, q, gainDb, sampleRate)),
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
  const air = narrow ? createAir(sampleRate) : undefined;
  const room = createRoom(sampleRate);

  const gains = new Float32Array(blockFrames);
  const hissOfBlock = new Float32Array(blockFrames);

  function polishBlock(samples: Float32Array): void {
    for (let i = 0; i < samples.length; i++) samples[i]! *= input;
    for (const filter of equaliser) filterInPlace(filter, samples);
    const hiss = hissOfBlock.subarray(0, samples.length);
    hiss.set(samples);
    filterInPlace(hissBand, hiss);
    softenHiss.follow([hiss], hiss.length, gains);
    for (let i = 0; i < samples.length; i++) samples[i]! += (gains[i]! - 1) * hiss[i]!;
    even.follow([samples], samples.length, gains);
    for (let i = 0; i < samples.length; i++) samples[i]! *= gains[i]!;
    air?.process(samples);
    room.process(samples);
  }

  return {
    process(samples) {
      for (let from = 0; from < samples.length; from += blockFrames) {
        polishBlock(samples.subarray(from, from + blockFrames));
      }
    },
  };
}
