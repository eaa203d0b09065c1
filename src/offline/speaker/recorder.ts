// Records phrases one behind the other into a first take: exact rests, polish, the time of each token, the loudness of
// the whole. Then masters the take to its final level. Both in blocks.
import { dbToGain } from '../../sound/decibels.ts';
import { createLimiter, limiterStride } from '../../sound/limiter.ts';
import { createLoudnessMeter } from '../../sound/loudness.ts';
import { openWavReader, openWavWriter } from '../../sound/wav.ts';
import type { TimeSpan } from './engine.ts';
import type { Phrase } from './phrases.ts';
import { createPolish } from './polish.ts';
import { createResampler, type Resampler } from './resample.ts';

export const outputRate = 48_000;
/** The take is kept this much below full scale, so that no peak is lost before its level is known. */
const headroomDb = 9;
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
  /** Completes the file. Call always. */
  close(): Take;
}

const toFrames = (ms: number) => Math.round((ms * outputRate) / 1000);

/** Writes to `file`; `levelDb` and whether it is narrow belong to the voice (see createPolish). */
export function createRecorder(file: string, levelDb: number, narrow: boolean): Recorder {
  const writer = openWavWriter(file, 1, outputRate);
  const polish = createPolish(outputRate, levelDb, narrow);
  const meter = createLoudnessMeter(outputRate, 1);
  const headroom = dbToGain(-headroomDb);
  const spans = new Map<number, TimeSpan>();
  const resamplers = new Map<number, Resampler>();
  let frames = 0;
  let last: Phrase | undefined;

  function append(samples: Float32Array): void {
    polish.process(samples);
    meter.push([samples], samples.length);
    for (let i = 0; i < samples.length; i++) samples[i]! *= headroom;
    writer.write([samples]);
    frames += samples.length;
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
        const startMs = (frames * 1000) / outputRate;
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
    close() {
      writer.close();
      if (frames < shortestMeasuredFrames) {
        const missing = new Float32Array(shortestMeasuredFrames - frames);
        meter.push([missing], missing.length);
      }
      return { spans, loudnessLufs: meter.read().integratedLufs };
    },
  };
}

/** The take from `source` at `gainDb` into `target`, its peaks held. Returns its length in frames. */
export async function masterTake(
  source: string,
  target: string,
  gainDb: number,
  breathe: () => Promise<void>,
): Promise<number> {
  const reader = openWavReader(source);
  const writer = openWavWriter(target, 1, outputRate);
  const limiter = createLimiter({
    channelCount: 1,
    sampleRate: outputRate,
    ceiling: dbToGain(ceilingDb),
    lookAheadMs: 4,
    releaseMs: 80,
    maxFrames: blockFrames,
  });
  const gain = dbToGain(gainDb + headroomDb);
  const block = new Float32Array(blockFrames);
  const total = reader.frameCount;
  try {
    // The limiter answers late by its delay: what it says first is thrown away, silence pushes the rest out.
    let skip = limiter.delayFrames;
    for (let from = 0; from < total + limiter.delayFrames; from += blockFrames) {
      const left = Math.min(blockFrames, total + limiter.delayFrames - from);
      const count = Math.ceil(left / limiterStride) * limiterStride;
      reader.read([block], from, count);
      for (let i = 0; i < count; i++) block[i]! *= gain;
      limiter.process([block], count);
      const heard = block.subarray(Math.min(skip, left), left);
      writer.write([heard]);
      skip = Math.max(0, skip - left);
      await breathe();
    }
  } finally {
    reader.close();
    writer.close();
  }
  return total;
}
