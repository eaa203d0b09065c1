// How a mood and the energy of a scene are spoken: a table, and what it makes of the two.
import type { MoodName } from '../../../domain/video-request.ts';
import type { Delivery } from '../../../ports/providers.ts';

export interface Manner {
  /** Factor of the pace. */
  tempo: number;
  /** Factor of how far the pitch moves. */
  range: number;
  /** Semitones up. */
  pitch: number;
  /** Factor of the rests. */
  rests: number;
}

const moods: Record<MoodName, Manner> = {
  neutral: { tempo: 1, range: 1, pitch: 0, rests: 1 },
  dramatic: { tempo: 0.97, range: 1.2, pitch: -0.4, rests: 1.15 },
  calm: { tempo: 0.95, range: 0.85, pitch: -0.3, rests: 1.15 },
  uplifting: { tempo: 1.02, range: 1.2, pitch: 0.6, rests: 0.95 },
  tense: { tempo: 1.04, range: 0.95, pitch: 0.3, rests: 0.9 },
  mysterious: { tempo: 0.94, range: 0.9, pitch: -0.7, rests: 1.25 },
  playful: { tempo: 1.03, range: 1.3, pitch: 0.9, rests: 0.9 },
  melancholic: { tempo: 0.94, range: 0.8, pitch: -0.6, rests: 1.2 },
  epic: { tempo: 0.97, range: 1.25, pitch: -0.3, rests: 1.1 },
};

/** Without a delivery a text is spoken neutrally. */
export function mannerOf(delivery: Delivery | undefined): Manner {
  if (delivery === undefined) return moods.neutral;
  const { tempo, range, pitch, rests } = moods[delivery.mood];
  const lift = delivery.energy - 0.5;
  return {
    tempo: tempo * (1 + 0.06 * lift),
    range: range * (1 + 0.3 * lift),
    pitch: pitch + 0.8 * lift,
    rests: rests * (1 - 0.16 * lift),
  };
}
