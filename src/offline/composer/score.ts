// The written piece: every note with its instrument, time and level, in order. The player turns it into sound.
import type { InstrumentName } from './instruments/all.ts';

export interface ScoreNote {
  instrument: InstrumentName;
  startSeconds: number;
  seconds: number;
  midi: number;
  /** 0..1 */
  velocity: number;
  /** 0..1 */
  brightness: number;
  levelDb: number;
  /** -1 = left … 1 = right. */
  pan: number;
  /** Share sent to the room. */
  room: number;
  /** Ducks under the kick. */
  pumped: boolean;
}

export interface Score {
  notes: ScoreNote[];
  bpm: number;
  key: string;
  room: { decaySeconds: number; damping: number; levelDb: number };
  /** Times of the kicks that push the rest aside, and how far. */
  pump: { atSeconds: number[]; depthDb: number; seconds: number };
}
