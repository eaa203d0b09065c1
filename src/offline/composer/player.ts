// Plays a score: renders each note once, lays it into a rolling window, adds the room, hands on the finished seconds.

import { createRandom, mixSeed } from '../../domain/random.ts';
import { type Biquad, filterInPlace, highPass, peaking } from '../../sound/biquad.ts';
import { dbToGain } from '../../sound/decibels.ts';
import { measureLoudness } from '../../sound/loudness.ts';
import { createReverb } from '../../sound/reverb.ts';
import { instruments } from './instruments/all.ts';
import { rate } from './instruments/voice.ts';
import type { Score, ScoreNote } from './score.ts';

/** Every note is brought to this loudness before its level counts. */
const noteLufs = -26;
const segmentFrames = 2 * rate;
/** A struck sound is damped so long after its key is let go, and is gone after the fade. */
const dampAfterSeconds = 0.25;
const dampSeconds = 0.2;
/** No sound of a note is longer. */
const longestFrames = 14 * rate;
/** Rendered notes that are kept for the next time they are played. */
const keptFrames = 9_000_000;

/**
 * Yields stereo blocks of the piece, `frames` in all, each valid until the next. Levels are those of the score:
 * the whole is not brought to any loudness here.
 */
export function* playScore(score: Score, frames: number): Generator<Float32Array[]> {
  const windowFrames = segmentFrames + longestFrames;
  const [dryLeft, dryRight, wetLeft, wetRight] = Array.from(
    { length: 4 },
    () => new Float32Array(windowFrames),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const play = createNotePlayer(score);
  const reverb = createReverb({ sampleRate: rate, ...score.room, preDelayMs: 18 });
  // Speech has its place between the low and the bright sounds; where chords, tune and bass meet it would grow thick.
  const tone = [0, 1].map(() => [
    highPass(30, Math.SQRT1_2, rate),
    peaking(270, 0.8, -3.5, rate),
    peaking(1_500, 0.55, -2, rate),
  ]);
  const width = highPass(140, Math.SQRT1_2, rate);
  const between = new Float32Array(segmentFrames);
  const finished = [new Float32Array(segmentFrames), new Float32Array(segmentFrames)];
  let next = 0;
  /** Frames of the window up to which anything sounds. */
  let filled = 0;

  for (let from = 0; from < frames; from += segmentFrames) {
    const count = Math.min(segmentFrames, frames - from);
    for (; next < score.notes.length; next++) {
      const note = score.notes[next]!;
      const start = Math.round(note.startSeconds * rate) - from;
      if (start >= segmentFrames) break;
      const end = play(note, Math.max(0, start), from, [dryLeft, dryRight], [wetLeft, wetRight]);
      filled = Math.max(filled, end);
    }
    reverb.process(wetLeft, wetRight, dryLeft, dryRight, count);
    const block = [dryLeft, dryRight].map((line, c) => {
      finished[c]!.set(line.subarray(0, count));
      return finished[c]!.subarray(0, count);
    });
    for (let c = 0; c < 2; c++) for (const filter of tone[c]!) filterInPlace(filter, block[c]!);
    centreBass(block as [Float32Array, Float32Array], between.subarray(0, count), width);
    yield block;
    const rest = Math.max(0, filled - segmentFrames);
    for (const line of [dryLeft, dryRight, wetLeft, wetRight]) {
      line.copyWithin(0, segmentFrames, segmentFrames + rest);
      line.fill(0, rest, Math.max(rest, filled, segmentFrames));
    }
    filled = rest;
  }
}

/** What is low comes from the middle, so that it is whole on one loudspeaker too. */
function centreBass([left, right]: [Float32Array, Float32Array], side: Float32Array, width: Biquad): void {
  for (let i = 0; i < side.length; i++) side[i] = 0.5 * (left[i]! - right[i]!);
  filterInPlace(width, side);
  for (let i = 0; i < side.length; i++) {
    const middle = 0.5 * (left[i]! + right[i]!);
    left[i] = middle + side[i]!;
    right[i] = middle - side[i]!;
  }
}

/** How much of a struck sound is heard, in steps, so that notes of nearly one length share one sound. */
function heardSeconds({ seconds }: ScoreNote): number {
  return Math.ceil((seconds + dampAfterSeconds + dampSeconds) * 2) / 2;
}

function createNotePlayer(score: Score) {
  const kept = new Map<string, Float32Array[]>();
  const roomGain = dbToGain(score.room.levelDb);
  let size = 0;

  function soundOf(note: ScoreNote): Float32Array[] {
    const instrument = instruments[note.instrument];
    // Long notes cost most and tell least of how they were struck.
    const shades = instrument.sustained ? 2 : 3;
    const velocity = Math.round(note.velocity * shades) / shades;
    const brightness = Math.round(note.brightness * 3) / 3;
    const seconds = instrument.sustained ? Math.round(note.seconds * 25) / 25 : heardSeconds(note);
    const key = [note.instrument, note.midi, velocity, brightness, seconds].join(' ');
    const known = kept.get(key);
    if (known) {
      kept.delete(key);
      kept.set(key, known);
      return known;
    }
    const random = createRandom(mixSeed(key));
    const sound = instrument.render({ midi: note.midi, seconds, velocity, brightness, random });
    equalise(sound, instrument.sustained);
    kept.set(key, sound);
    size += sound.length * sound[0]!.length;
    for (const [oldest, old] of kept) {
      if (size <= keptFrames) break;
      kept.delete(oldest);
      size -= old.length * old[0]!.length;
    }
    return sound;
  }

  /** Lays a note into the lines; returns where it ends there. */
  return (note: ScoreNote, at: number, from: number, dry: Float32Array[], wet: Float32Array[]): number => {
    const sound = soundOf(note);
    const { sustained } = instruments[note.instrument];
    const gain = dbToGain(note.levelDb) * (0.3 + 0.7 * note.velocity);
    const angle = ((note.pan + 1) * Math.PI) / 4;
    const sides = [Math.cos(angle) * Math.SQRT2, Math.sin(angle) * Math.SQRT2];
    const frames = Math.min(sound[0]!.length, longestFrames);
    const damp = sustained ? frames : Math.min(frames, Math.round((note.seconds + dampAfterSeconds) * rate));
    const fade = dampSeconds * rate;
    const end = Math.min(frames, damp + fade);
    const step = 64;
    for (let c = 0; c < 2; c++) {
      const source = sound[c] ?? sound[0]!;
      const dryLine = dry[c]!;
      const wetLine = wet[c]!;
      for (let start = 0; start < end; start += step) {
        const stop = Math.min(end, start + step);
        const damping = start > damp ? Math.max(0, 1 - (start - damp) / fade) : 1;
        const pumped = note.pumped ? pumpAt(score.pump, (from + at + start) / rate) : 1;
        const level = gain * sides[c]! * damping * pumped;
        const send = level * roomGain * note.room;
        for (let i = start; i < stop; i++) {
          const x = source[i]!;
          dryLine[at + i]! += x * level;
          wetLine[at + i]! += x * send;
        }
      }
    }
    return at + end;
  };
}

/** To `noteLufs` in its loudest 400 ms, so that all instruments start from one level. In place. */
function equalise(sound: Float32Array[], sustained: boolean): void {
  // Slow pads need seconds to open; struck notes are loudest at once. Both sides are alike.
  const heard = sound[0]!.subarray(0, (sustained ? 2.5 : 0.6) * rate);
  const padded = new Float32Array(Math.max(heard.length, rate / 2));
  padded.set(heard);
  const oneSideLu = 10 * Math.log10(2);
  const gain = dbToGain(noteLufs - oneSideLu - measureLoudness([padded], rate).maxMomentaryLufs);
  for (const channel of sound) for (let i = 0; i < channel.length; i++) channel[i]! *= gain;
}

function pumpAt({ atSeconds, depthDb, seconds }: Score['pump'], second: number): number {
  if (depthDb === 0 || atSeconds.length === 0) return 1;
  let low = 0;
  let high = atSeconds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (atSeconds[middle]! <= second) low = middle + 1;
    else high = middle;
  }
  const since = low === 0 ? seconds : second - atSeconds[low - 1]!;
  const share = Math.min(1, since / seconds);
  return dbToGain(-depthDb * (1 - share) ** 2);
}
