// A sound file that came from elsewhere becomes one that the mix can use: 48 kHz, the asked channels, trimmed, of exact
// length. It is decoded twice, first to hear where its sound begins and ends, so that memory is that of a block.
import path from 'node:path';

import type { MediaTools } from '../../ports/media-tools.ts';
import { createBreather } from '../../sound/breather.ts';
import { dbToGain } from '../../sound/decibels.ts';
import { openWavWriter } from '../../sound/wav.ts';
import { audioRate } from '../encode-audio.ts';
import { openSound, unreadable } from './open-sound.ts';

const framesPerMs = audioRate / 1000;
/** A file that never gets louder than this is silent. */
const silentPeak = dbToGain(-60);
/** Sound begins where it first comes this near to the file's peak: coded silence is not quite silent. */
const audible = dbToGain(-44);
/** Kept of the quiet before and after, for soft beginnings and ends. */
const marginFrames = 20 * framesPerMs;
/** Where the end is cut off, the last of it fades: this share, within these lengths. */
const fade = { share: 0.05, leastMs: 20, mostMs: 1_500 };

type Input = Parameters<MediaTools['prepareSound']>[0];

/** Contract: see MediaTools. */
export const prepareSound: MediaTools['prepareSound'] = async (input, context) => {
  const breathe = createBreather(context.signal);
  const heard = await listen(input, breathe);
  const from = input.trim ? Math.max(0, heard.first - marginFrames) : 0;
  const to = input.trim ? Math.min(heard.frames, heard.last + 1 + marginFrames) : heard.frames;
  const wanted = input.durationMs === undefined ? to - from : Math.round(input.durationMs * framesPerMs);
  const file = path.join(context.scratch, 'prepared.wav');
  await write(file, input, { from, to, wanted }, breathe);
  return {
    audio: { path: file, mediaType: 'audio/wav' },
    durationMs: wanted / framesPerMs,
    cutMs: from / framesPerMs,
  };
};

/** Length, and the first and last sample that can be heard. */
async function listen({ source, channels }: Input, breathe: () => Promise<void>) {
  const peaks: number[] = [];
  let frames = 0;
  const sound = await openSound(source, channels);
  try {
    for (const block of sound.blocks()) {
      notePeaks(peaks, frames, block);
      frames += block[0]!.length;
      await breathe();
    }
  } finally {
    sound.close();
  }
  const peak = peaks.reduce((most, each) => Math.max(most, each), 0);
  if (peak < silentPeak) throw unreadable('is silent');
  const loud = (each: number) => each >= peak * audible;
  return {
    frames,
    first: peaks.findIndex(loud) * peakFrames,
    last: Math.min(frames, (peaks.findLastIndex(loud) + 1) * peakFrames) - 1,
  };
}

/** Samples that share a peak: a millisecond. */
const peakFrames = framesPerMs;

function notePeaks(peaks: number[], start: number, block: Float32Array[]): void {
  for (const samples of new Set(block)) {
    for (let i = 0; i < samples.length; ) {
      const at = Math.floor((start + i) / peakFrames);
      const end = Math.min(samples.length, (at + 1) * peakFrames - start);
      let peak = peaks[at] ?? 0;
      for (; i < end; i++) peak = Math.max(peak, Math.abs(samples[i]!));
      peaks[at] = peak;
    }
  }
}

/** Writes `wanted` frames: those from `from` to `to`, faded where they are more, then silence where they are fewer. */
async function write(
  file: string,
  { source, channels }: Input,
  { from, to, wanted }: { from: number; to: number; wanted: number },
  breathe: () => Promise<void>,
): Promise<void> {
  const end = Math.min(to, from + wanted);
  const fadeFrames = to - from > wanted ? fadeLength(wanted) : 0;
  const writer = openWavWriter(file, channels, audioRate);
  const sound = await openSound(source, channels);
  try {
    let position = 0;
    for (const block of sound.blocks()) {
      const length = block[0]!.length;
      const [first, last] = [Math.max(0, from - position), Math.min(length, end - position)];
      if (first < last) {
        fadeOut(block, end - position, fadeFrames);
        writer.write(block.map((samples) => samples.subarray(first, last)));
      }
      position += length;
      if (position >= end) break;
      await breathe();
    }
    const silence = Array.from({ length: channels }, () => new Float32Array(audioRate));
    for (let left = wanted - (end - from); left > 0; left -= audioRate)
      writer.write(silence, Math.min(left, audioRate));
  } finally {
    sound.close();
    writer.close();
  }
}

function fadeLength(wanted: number): number {
  const length = Math.min(
    fade.mostMs * framesPerMs,
    Math.max(fade.leastMs * framesPerMs, wanted * fade.share),
  );
  return Math.min(wanted, Math.round(length));
}

/** Half a cosine over the last `fadeFrames` before the frame `end`, counted from the block's first. */
function fadeOut(block: Float32Array[], end: number, fadeFrames: number): void {
  // Channels may be one array.
  for (const samples of new Set(block)) {
    for (let i = Math.max(0, end - fadeFrames); i < Math.min(end, samples.length); i++)
      samples[i]! *= 0.5 - 0.5 * Math.cos((Math.PI * (end - i)) / fadeFrames);
  }
}
