// Moves a cut within the silence between two scenes onto a beat of the music. Speech stays where it is. Pure.
import { cutOf, styleLooks } from '../domain/styles.ts';
import type { StyleName } from '../domain/video-request.ts';

/** From the last word to the cut, and from the cut to the next word. */
const afterSpeechMs = 80;
const beforeSpeechMs = 60;

export interface Rhythm {
  style: StyleName;
  /** In order. */
  beatsMs: number[];
}

/**
 * Where the scene at `index` begins: on the beat next to `wishedMs` for which the cut lies within the silence, or at
 * `wishedMs` when there is none. Transitions with a moment of their own (a whip, a dip, a wipe) have that on the beat.
 */
export function cutOnBeat(
  wishedMs: number,
  silence: { startMs: number; endMs: number },
  index: number,
  { style, beatsMs }: Rhythm,
): number {
  const kind = cutOf(style, index);
  const strikesMs = ['whip', 'dip', 'wipe'].includes(kind) ? styleLooks[style].transitionMs / 2 : 0;
  const cuts = beatsMs
    .map((beatMs) => beatMs - strikesMs)
    .filter((ms) => ms >= silence.startMs + afterSpeechMs && ms <= silence.endMs - beforeSpeechMs);
  return cuts.reduce(
    (best, ms) => (Math.abs(ms - wishedMs) < Math.abs(best - wishedMs) ? ms : best),
    cuts[0] ?? wishedMs,
  );
}
