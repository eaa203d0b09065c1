// Chords from roman numerals, and voicings that move as little as possible from one chord to the next. Pure.

export interface Chord {
  symbol: string;
  /** Pitch class of the root, 0 = C. */
  root: number;
  /** Pitch classes, the root first. */
  tones: number[];
}

const numerals = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII'];
const majorSteps = [0, 2, 4, 5, 7, 9, 11];

/** Semitones above the root; `3` stands for the third that the numeral's case asks for. */
const colours: Record<string, (third: number) => number[]> = {
  '': (third) => [0, third, 7],
  '6': (third) => [0, third, 7, 9],
  '7': (third) => [0, third, 7, 10],
  maj7: (third) => [0, third, 7, 11],
  add9: (third) => [0, third, 7, 14],
  sus2: () => [0, 2, 7],
  sus4: () => [0, 5, 7],
  '7sus4': () => [0, 5, 7, 10],
  dim: () => [0, 3, 6],
};

/**
 * `bVII7`: a flat counts from the major scale, a plain numeral is the scale's own step. Upper case = major third.
 * Throws a RangeError for a symbol that is none of these.
 */
export function parseChord(symbol: string, tonic: number, scale: number[]): Chord {
  const match = /^(b?)([iv]+|[IV]+)(.*)$/.exec(symbol);
  const [, flat, numeral = '', suffix = ''] = match ?? [];
  const step = numerals.indexOf(numeral.toUpperCase());
  const colour = colours[suffix];
  if (step < 0 || !colour) throw new RangeError(`no chord: ${symbol}`);
  const offset = flat ? majorSteps[step]! - 1 : scale[step]!;
  const third = numeral === numeral.toUpperCase() ? 4 : 3;
  const root = (tonic + offset + 12) % 12;
  return { symbol, root, tones: colour(third).map((semitones) => (root + semitones) % 12) };
}

/** Octave placements of the chord's tones around `centre`, one per inversion and shift. */
function voicings(tones: number[], centre: number): number[][] {
  return tones.flatMap((_, inversion) => {
    const order = [...tones.slice(inversion), ...tones.slice(0, inversion)];
    return [-12, 0, 12].map((shift) => {
      let below = Math.floor(centre / 12) * 12 - 12 + shift;
      return order.map((tone) => {
        let pitch = Math.ceil((below + 1 - tone) / 12) * 12 + tone;
        if (pitch <= below) pitch += 12;
        below = pitch;
        return pitch;
      });
    });
  });
}

/** The placement nearest to `before` (or to `centre` at first); common tones stay. Pitches as MIDI, low to high. */
export function leadVoices(chord: Chord, before: number[] | undefined, centre: number): number[] {
  const cost = (voicing: number[]): number => {
    const middle = voicing.reduce((sum, pitch) => sum + pitch, 0) / voicing.length;
    const away = Math.abs(middle - centre) ** 2 * 0.12;
    if (!before) return away;
    const moves = voicing.map((pitch) => Math.min(...before.map((old) => Math.abs(old - pitch))));
    const left = before.map((old) => Math.min(...voicing.map((pitch) => Math.abs(old - pitch))));
    return away + [...moves, ...left].reduce((sum, move) => sum + move, 0);
  };
  return voicings(chord.tones, centre).reduce((best, voicing) =>
    cost(voicing) < cost(best) ? voicing : best,
  );
}

/** The pitch of class `tone` nearest to `near`. */
export function nearestPitch(tone: number, near: number): number {
  return near + ((((tone - near) % 12) + 18) % 12) - 6;
}

const noteNames = ['C', 'C♯', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'A♭', 'A', 'B♭', 'B'];

export function noteName(pitchClass: number): string {
  return noteNames[((pitchClass % 12) + 12) % 12]!;
}
