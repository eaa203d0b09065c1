// A sound file that came from elsewhere becomes one that the mix can use: 48 kHz, the asked channels, trimmed, of exact
// length. It is decoded twice, first to hear where its sound begins and ends, so that memory is that of a block.
import path from 'node:path';

import type { MediaTools } from '../../ports/media-tools.ts';
import { createBreather } from '../../sound/breather.ts';
import { dbToGain } from '../../sound/decibels.ts';
import { createLoudnessMeter, type LoudnessMeter } from '../../sound/loudness.ts';
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

/** A gain raises no sample above this. */
const highestPeak = dbToGain(-3);
/** The loudness meter needs this much to say anything. */
const shortestMeasuredFrames = 400 * framesPerMs;
/** Of a sound's end with its start, where it is heard again. */
const longestOverlap = 500 * framesPerMs;

type Input = Parameters<MediaTools['prepareSound']>[0];

/** Contract: see MediaTools. */
export const prepareSound: MediaTools['prepareSound'] = async (input, context) => {
  const breathe = createBreather(context.signal);
  const heard = await listen(input, breathe);
  const from = input.trim ? Math.max(0, heard.first - marginFrames) : 0;
  const to = input.trim ? Math.min(heard.frames, heard.last + 1 + marginFrames) : heard.frames;
  const wanted = input.durationMs === undefined ? to - from : Math.round(input.durationMs * framesPerMs);
  const file = path.join(context.scratch, 'prepared.wav');
  await write(file, input, { from, to, wanted, gain: heard.gain }, breathe);
  return {
    audio: { path: file, mediaType: 'audio/wav' },
    durationMs: wanted / framesPerMs,
    cutMs: from / framesPerMs,
  };
};

/** Length, the first and last sample that can be heard, and what brings it to the asked loudness. */
async function listen({ source, channels, loudnessLufs }: Input, breathe: () => Promise<void>) {
  const meter = loudnessLufs === undefined ? undefined : createLoudnessMeter(audioRate, channels);
  const peaks: number[] = [];
  let frames = 0;
  const sound = await openSound(source, channels);
  try {
    for (const block of sound.blocks()) {
      notePeaks(peaks, frames, block);
      meter?.push(block, block[0]!.length);
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
    gain: meter === undefined ? 1 : gainTo(loudnessLufs!, meter, { frames, peak }),
    first: peaks.findIndex(loud) * peakFrames,
    last: Math.min(frames, (peaks.findLastIndex(loud) + 1) * peakFrames) - 1,
  };
}

function gainTo(
  loudnessLufs: number,
  meter: LoudnessMeter,
  { frames, peak }: { frames: number; peak: number },
): number {
  const missing = Math.max(0, shortestMeasuredFrames - frames);
  meter.push(Array(2).fill(new Float32Array(missing)), missing);
  const { integratedLufs } = meter.read();
  return Math.min(dbToGain(loudnessLufs - integratedLufs), highestPeak / peak);
}

/** Samples that share a peak: a millisecond. */
const peakFrames = framesPerMs;

function notePeaks(peaks: number[], start: number, block: Float32Array[]): void {
  for (const samples of block) {
    for (let i = 0; i < samples.length; ) {
      const at = Math.floor((start + i) / peakFrames);
      const end = Math.min(samples.length, (at + 1) * peakFrames - start);
      let peak = peaks[at] ?? 0;
      for (; i < end; i++) peak = Math.max(peak, Math.abs(samples[i]!));
      peaks[at] = peak;
    }
  }
}

interface Cut {
  /** What is heard of the file, in frames. */
  from: number;
  to: number;
  /** Frames to write. */
  wanted: number;
  gain: number;
}

/** Writes `wanted` frames: those from `from` to `to`, over and over where asked; cut with a fade, or silence after. */
async function write(
  file: string,
  { source, channels, repeat }: Input,
  { from, to, wanted, gain }: Cut,
  breathe: () => Promise<void>,
): Promise<void> {
  const length = to - from;
  const overlap = repeat && wanted > length ? Math.min(longestOverlap, Math.floor(length / 4)) : 0;
  const passes = overlap === 0 ? 1 : Math.ceil((wanted - overlap) / (length - overlap));
  const isCut = passes * (length - overlap) + overlap > wanted;
  const seam = createSeam(channels, length, overlap);
  const writer = openWavWriter(file, channels, audioRate);
  let written = 0;
  const put = (block: Float32Array[], frames: number) => {
    fadeOut(block, wanted - written, isCut ? fadeLength(wanted) : 0);
    writer.write(block, Math.min(frames, wanted - written));
    written = Math.min(wanted, written + frames);
  };
  try {
    for (let pass = 0; pass < passes; pass++) {
      let at = 0;
      for await (const block of cutOut(source, channels, from, to)) {
        amplify(block, gain);
        put(block, seam.pass(block, at, { first: pass === 0, last: pass === passes - 1 }));
        at += block[0]!.length;
        if (written === wanted) break;
        await breathe();
      }
    }
    const silence = Array.from({ length: channels }, () => new Float32Array(audioRate));
    while (written < wanted) put(silence, audioRate);
  } finally {
    writer.close();
  }
}

/** The frames from `from` to `to` of a sound file. */
async function* cutOut(
  source: string,
  channels: 1 | 2,
  from: number,
  to: number,
): AsyncGenerator<Float32Array[]> {
  const sound = await openSound(source, channels);
  try {
    let position = 0;
    for (const block of sound.blocks()) {
      const [first, last] = [Math.max(0, from - position), Math.min(block[0]!.length, to - position)];
      if (first < last) yield block.map((samples) => samples.subarray(first, last));
      position += block[0]!.length;
      if (position >= to) return;
    }
  } finally {
    sound.close();
  }
}

/** Where a sound that is heard again begins, its end goes over into its start, at the same power. */
function createSeam(channels: number, length: number, overlap: number) {
  const ends = Array.from({ length: channels }, () => new Float32Array(overlap));
  const gain = (share: number) => Math.sin((share * Math.PI) / 2);
  return {
    /** Mixes the end before into the start, keeps the end for the start after; returns how many frames are ready. */
    pass(block: Float32Array[], at: number, { first, last }: { first: boolean; last: boolean }): number {
      const frames = block[0]!.length;
      const held = last ? length : length - overlap;
      for (const [c, samples] of block.entries()) {
        const end = ends[c]!;
        for (let i = 0; !first && i < frames && at + i < overlap; i++)
          samples[i] = samples[i]! * gain((at + i) / overlap) + end[at + i]!;
        for (let i = Math.max(0, held - at); i < frames; i++)
          end[at + i - held] = samples[i]! * gain((length - at - i) / overlap);
      }
      return Math.max(0, Math.min(frames, held - at));
    },
  };
}

function fadeLength(wanted: number): number {
  const length = Math.min(
    fade.mostMs * framesPerMs,
    Math.max(fade.leastMs * framesPerMs, wanted * fade.share),
  );
  return Math.min(wanted, Math.round(length));
}

function amplify(block: Float32Array[], gain: number): void {
  if (gain === 1) return;
  for (const samples of block) for (let i = 0; i < samples.length; i++) samples[i]! *= gain;
}

/** Half a cosine over the last `fadeFrames` before the frame `end`, counted from the block's first. */
function fadeOut(block: Float32Array[], end: number, fadeFrames: number): void {
  for (const samples of block) {
    for (let i = Math.max(0, end - fadeFrames); i < Math.min(end, samples.length); i++)
      samples[i]! *= 0.5 - 0.5 * Math.cos((Math.PI * (end - i)) / fadeFrames);
  }
}
