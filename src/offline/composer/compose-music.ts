// The offline composer: writes a score for the scenes, plays it, and brings it to one loudness with a clean end.
import path from 'node:path';
import type { MadeFile } from '../../ports/made-file.ts';
import type { MusicInput } from '../../ports/providers.ts';
import type { WorkContext } from '../../ports/work-context.ts';
import { createBreather } from '../../sound/breather.ts';
import { dbToGain } from '../../sound/decibels.ts';
import { createLimiter, limiterStride } from '../../sound/limiter.ts';
import { createLoudnessMeter, stepsPerSecond } from '../../sound/loudness.ts';
import { openWavWriter } from '../../sound/wav.ts';
import { arrange } from './arrange.ts';
import { rate } from './instruments/voice.ts';
import { liftQuiet } from './lift-quiet.ts';
import { playScore } from './player.ts';

const loudnessLufs = -18;
const ceilingDb = -1.5;
const fadeInSeconds = 0.02;
const fadeOutSeconds = 1.3;

/** Contract: see Music.compose. The last bar ends with the piece; the tempo lies within 6 % of the mood's. */
export async function composeMusic(
  input: MusicInput,
  context: WorkContext,
): Promise<{ audio: MadeFile; tempoBpm: number; key: string }> {
  const breathe = createBreather(context.signal);
  const score = arrange(input);
  const frames = Math.round((input.durationMs * rate) / 1000);
  const sound = [new Float32Array(frames), new Float32Array(frames)];
  const meter = createLoudnessMeter(rate, 2);
  let done = 0;
  for (const block of playScore(score, frames)) {
    for (let c = 0; c < 2; c++) sound[c]!.set(block[c]!, done);
    done += block[0]!.length;
    fade(block, done - block[0]!.length, frames);
    meter.push(block, block[0]!.length);
    context.onProgress?.((0.85 * done) / frames);
    await breathe();
  }
  const file = path.join(context.scratch, 'music.wav');
  const { integratedLufs, stepPowers } = meter.read();
  applyLift(sound, liftQuiet(stepPowers, integratedLufs));
  await master(sound, dbToGain(loudnessLufs - integratedLufs), file, breathe);
  context.onProgress?.(1);
  return { audio: { path: file, mediaType: 'audio/wav' }, tempoBpm: score.bpm, key: score.key };
}

/** Gains move in straight lines from one step of the meter to the next. */
function applyLift(sound: Float32Array[], liftDb: Float64Array): void {
  const stride = rate / stepsPerSecond;
  for (const [step, db] of liftDb.entries()) {
    const next = liftDb[step + 1] ?? db;
    if (db === 0 && next === 0) continue;
    const [from, to] = [dbToGain(db), dbToGain(next)];
    for (const channel of sound) {
      const end = Math.min(channel.length, (step + 1) * stride);
      for (let i = step * stride; i < end; i++) {
        channel[i]! *= from + ((to - from) * (i - step * stride)) / stride;
      }
    }
  }
}

async function master(
  sound: Float32Array[],
  gain: number,
  file: string,
  breathe: () => Promise<void>,
): Promise<void> {
  const frames = sound[0]!.length;
  const blockFrames = 24_000;
  const limiter = createLimiter({
    channelCount: 2,
    sampleRate: rate,
    ceiling: dbToGain(ceilingDb),
    lookAheadMs: 4,
    releaseMs: 120,
    maxFrames: blockFrames,
  });
  const late = limiter.delayFrames;
  const parts = [new Float32Array(blockFrames), new Float32Array(blockFrames)];
  const writer = openWavWriter(file, 2, rate);
  try {
    for (let from = 0; from < frames + late; from += blockFrames) {
      const count = Math.min(blockFrames, Math.ceil((frames + late - from) / limiterStride) * limiterStride);
      const block = sound.map((channel, c) => {
        const part = parts[c]!.fill(0);
        part.set(channel.subarray(Math.min(from, frames), Math.min(from + count, frames)));
        for (let i = 0; i < count; i++) part[i]! *= gain;
        return part;
      });
      limiter.process(block, count);
      const skip = Math.max(0, Math.min(count, late - from));
      const keep = Math.min(count, frames + late - from);
      const ready = block.map((channel) => channel.subarray(skip, keep));
      fade(ready, from + skip - late, frames);
      writer.write(ready);
      await breathe();
    }
  } finally {
    writer.close();
  }
}

/** In and out, on a block that starts at frame `from` of the piece. */
function fade(block: Float32Array[], from: number, frames: number): void {
  const rise = fadeInSeconds * rate;
  const fall = Math.min(fadeOutSeconds * rate, frames / 2);
  for (const channel of block) {
    for (let i = 0; i < channel.length && from + i < rise; i++) channel[i]! *= Math.max(0, from + i) / rise;
    for (let i = Math.max(0, Math.floor(frames - fall) - from); i < channel.length; i++) {
      const left = (frames - 1 - from - i) / fall;
      channel[i]! *= left * left * (3 - 2 * left);
    }
  }
}
