// A tune from one motif: stated, answered, varied, brought home. Pure.
import { pick, type Random } from '../../domain/random.ts';
import type { Chord } from './harmony.ts';
import { nearestPitch } from './harmony.ts';
import type { MoodScore } from './moods.ts';

export interface Motif {
  /** Onsets in beats over two bars of four. */
  onsets: number[];
  /** Steps of the scale from the motif's first note. */
  contour: number[];
}

export interface MelodyNote {
  /** Beats from the start of its two bars. */
  beat: number;
  beats: number;
  midi: number;
  accent: boolean;
}

const motifBeats = 8;
/** Semitones: a major sixth. */
const widestLeap = 9;

/** Invents the piece's motif: mostly steps, one leap, and a return. */
export function inventMotif(mood: MoodScore, random: Random): Motif {
  const onsets = pick(random, mood.rhythms);
  const leapAt = 1 + Math.floor(random() * Math.max(1, onsets.length - 2));
  const up = random() < 0.6 ? 1 : -1;
  let step = 0;
  const contour = onsets.map((_, i) => {
    if (i === 0) return 0;
    if (i === leapAt) step += up * pick(random, [3, 4, 2]);
    else if (i > leapAt) step -= up * pick(random, [1, 1, 2, 0]);
    else step += up * pick(random, [1, 1, 2]);
    return step;
  });
  return { onsets, contour };
}

/** How the motif comes back, two bars at a time: A, answer, B (sequence), A home. */
export function varyMotif(motif: Motif, phrase: number, random: Random): Motif {
  const { onsets, contour } = motif;
  const last = contour.length - 1;
  switch (phrase % 4) {
    case 0:
      return motif;
    case 1:
      return {
        onsets,
        contour: contour.map((step, i) => (i >= last - 1 ? step + pick(random, [-1, 1, 2]) : step)),
      };
    case 2: {
      const lifted = contour.map((step) => step + 2);
      const extra = [7, 6.5, 7.5].find((beat) => beat > onsets[last]! + 0.4);
      return extra === undefined || onsets.length > 6
        ? { onsets, contour: lifted }
        : { onsets: [...onsets, extra], contour: [...lifted, lifted[last]! + 1] };
    }
    default:
      return { onsets: onsets.slice(0, -1), contour: [...contour.slice(0, -2), 0] };
  }
}

/** Puts a motif over two bars: strong notes on chord tones, the others on the scale, all near `centre`. */
export function singMotif(
  motif: Motif,
  chords: [Chord, Chord],
  tonic: number,
  mood: MoodScore,
  centre: number,
): MelodyNote[] {
  const chordOf = (beat: number) => (beat < 4 ? chords[0] : chords[1]);
  const ladders = chords.map((chord) => ladderAround(tonic, mood.scale, chord, centre));
  const first = nearestChordTone(centre, chords[0]);
  const startOn = (ladder: number[]) =>
    ladder.reduce((best, p, i) => (Math.abs(p - first) < Math.abs(ladder[best]! - first) ? i : best), 0);
  let last: number | undefined;
  return motif.onsets.map((beat, i) => {
    const ladder = ladders[beat < 4 ? 0 : 1]!;
    const index = Math.max(0, Math.min(ladder.length - 1, startOn(ladder) + (motif.contour[i] ?? 0)));
    const strong = beat % 2 === 0;
    const next = motif.onsets[i + 1] ?? motifBeats;
    const plain = ladder[index]!;
    const long = next - beat >= 1.5;
    const meant = strong || long ? nearestChordTone(plain, chordOf(beat)) : plain;
    const midi = last === undefined ? meant : withinReach(meant, last);
    last = midi;
    return { beat, beats: Math.min(next - beat, 4) * mood.gate, midi, accent: strong };
  });
}

/** The same note in the octave in which a voice would take it. */
function withinReach(midi: number, last: number): number {
  if (midi - last > widestLeap) return midi - 12;
  return last - midi > widestLeap ? midi + 12 : midi;
}

function nearestChordTone(near: number, chord: Chord): number {
  const pitches = chord.tones.map((tone) => nearestPitch(tone, near));
  return pitches.reduce((best, pitch) => (Math.abs(pitch - near) < Math.abs(best - near) ? pitch : best));
}

/** The scale about `centre`, bent by the chord: what a borrowed chord alters is altered in the tune as well. */
function ladderAround(tonic: number, scale: number[], { tones }: Chord, centre: number): number[] {
  const own = new Set(scale.map((step) => (step + tonic) % 12));
  const borrowed = tones.filter((tone) => !own.has(tone));
  for (const tone of borrowed) {
    for (const near of [(tone + 1) % 12, (tone + 11) % 12]) if (!tones.includes(near)) own.delete(near);
    own.add(tone);
  }
  const pitches: number[] = [];
  for (let midi = centre - 14; midi <= centre + 14; midi++) if (own.has(midi % 12)) pitches.push(midi);
  return pitches;
}
