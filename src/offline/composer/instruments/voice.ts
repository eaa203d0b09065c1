// What an instrument is: a function from a note to its sound. Instruments know no bars, chords or levels.
import type { Random } from '../../../domain/random.ts';

export const rate = 48_000;

export interface VoiceNote {
  midi: number;
  /** How long the key is held; what follows is the instrument's release. Struck sounds need not be longer than this. */
  seconds: number;
  /** 0..1 */
  velocity: number;
  /** 0 = dull … 1 = bright. */
  brightness: number;
  random: Random;
}

export interface Instrument {
  /** True = the length of the sound follows the note; false = it decays by itself. */
  sustained: boolean;
  /** One or two channels of any level: the player brings all instruments to one loudness. */
  render(note: VoiceNote): Float32Array[];
}

export function midiToHz(midi: number): number {
  return 440 * 2 ** ((midi - 69) / 12);
}

/** Rise, hold, fall in seconds: 0..1 at `second` of a note held for `held` seconds. */
export function envelope(second: number, attack: number, held: number, release: number): number {
  const up = second < attack ? second / attack : 1;
  const down = second > held ? 1 - (second - held) / release : 1;
  const x = Math.max(0, Math.min(up, down));
  return x * x * (3 - 2 * x);
}
