// Records phrases one behind the other into a first take: exact rests, polish, the time of each token, the loudness of
// the whole. Then masters the take to its final level. Both in blocks.
import { dbToGain } from '../../sound/decibels.ts';
import { createLimiter, limiterStride } from '../../sound/limiter.ts';
import { createLoudnessMeter } from '../../sound/loudness.ts';
import { openWavWriter } from '../../sound/wav.ts';
import type { TimeSpan } from './engine.ts';
import type { Phrase } from './phrases.ts';
import { createPolish, type PolishOptions } from './polish.ts';
import { createResampler, type Resampler } from './resample.ts';
import type { TakeFile } from './take-file.ts';

export const outputRate = 48_000;
const ceilingDb = -3;
const blockFrames = 24_000;
/** The loudness meter needs this much to say anything. */
const shortestMeasuredFrames = 0.4 * outputRate;

export interface Take {
  /** From the first to the last sound of each token, by its index. */
  spans: Map<number, TimeSpan>;
  loudnessLufs: number;
}

export interface Recorder {
  record(phrases: Phrase[], sampleRate: number): void;
  /** What was recorded. */
  finish(): Take;
}

const toFrames = (ms: number) => Math.round((ms * outputRate) / 1000);

/** Writes to `take`, polished as the voice needs it. */
export function createRecorder(take: TakeFile, polishing: Omit<PolishOptions, 'sampleRate'>): Recorder {
  const polish = createPolish({ sampleRate: outputRate, ...polishing });
  const meter = createLoudnessMeter(outputRate, 1);
  const spans = new Map<number, TimeSpan>();
  const resamplers = new Map<number, Resampler>();
  let last: Phrase | undefined;

  function append(samples: Float32Array): void {
    polish.process(samples);
    meter.push([samples], samples.length);
    take.append(samples);
  }

  function resamplerFrom(sampleRate: number): Resampler {
    const known = resamplers.get(sampleRate) ?? createResampler(sampleRate, outputRate);
    resamplers.set(sampleRate, known);
    return known;
  }

  return {
    record(phrases, sampleRate) {
      for (const phrase of phrases) {
        const restMs = last === undefined ? 0 : last.restMs - last.tailMs - phrase.leadMs;
        append(new Float32Array(Math.max(0, toFrames(restMs))));
        const startMs = (take.frames() * 1000) / outputRate;
        for (const word of phrase.words) {
          const known = spans.get(word.token);
          const endMs = startMs + word.endMs;
          if (known) known.endMs = endMs;
          else spans.set(word.token, { startMs: startMs + word.startMs, endMs });
        }
        append(resamplerFrom(sampleRate).resample(phrase.samples));
        last = phrase;
      }
    },
    finish() {
      if (take.frames() < shortestMeasuredFrames) {
        const missing = new Float32Array(shortestMeasuredFrames - take.frames());
        meter.push([missing], missing.length);
      }
      return { spans, loudnessLufs: meter.read().integratedLufs };
    },
  };
}

/** `take` at `gainDb` into `target`, its peaks held. Returns its length in frames. */
export async function masterTake(
  take: TakeFile,
  target: string,
  gainDb: number,
  breathe: () => Promise<void>,
): Promise<number> {
  const writer = openWavWriter(target, 1, outputRate);
  const limiter = createLimiter({
    channelCount: 1,
    sampleRate: outputRate,
    ceiling: dbToGain(ceilingDb),
    lookAheadMs: 4,
    releaseMs: 80,
    maxFrames: blockFrames,
  });
  const gain = dbToGain(gainDb);
  const block = new Float32Array(blockFrames);
  const total = take.frames();
  try {
    // The limiter answers late by its delay: what it says first is thrown away, silence pushes the rest out.
    let skip = limiter.delayFrames;
    for (let from = 0; from < total + limiter.delayFrames; from += blockFrames) {
      const left = Math.min(blockFrames, total + limiter.delayFrames - from);
      const count = Math.ceil(left / limiterStride) * limiterStride;
      take.read(block.subarray(0, count), from);
      for (let i = 0; i < count; i++) block[i]! *= gain;
      limiter.process([block], count);
      const heard = block.subarray(Math.min(skip, left), left);
      writer.write([heard]);
      skip = Math.max(0, skip - left);
      await breathe();
    }
  } finally {
    writer.close();
  }
  return total;
}
