// What each mood means in notes: scale, tempo, harmony, cadence, rhythm of the melody. Instruments are the style's.
import type { MoodName } from '../../domain/video-request.ts';
import type { InstrumentName } from './instruments/all.ts';

export interface MoodScore {
  /** Pitch classes to choose the tonic from, 0 = C. */
  tonics: number[];
  /** Semitones above the tonic. */
  scale: number[];
  /** Name of the mode for the key: 'D dorian'. */
  mode: string;
  tempoBpm: [number, number];
  /** Chords in roman numerals, one a bar; read against the scale. See harmony.ts. */
  progressions: string[];
  /** The bar before the last, and the last. */
  cadence: [string, string];
  /** 0 = dark … 1 = bright timbres. */
  brightness: number;
  /** 0 = no drums … 1 = full kit. */
  drive: number;
  /** 0 = few and long notes … 1 = running. */
  motion: number;
  /** Share of its length that a note sounds. */
  gate: number;
  /** On the band's own: 0 = straight eighths … 0.33 = triplets. */
  swing: number;
  /** Rhythms of a two-bar motif: onsets in beats of eight. */
  rhythms: number[][];
  /** Semitones by which melody and chords sit higher. */
  lift: number;
  /** A pulse on one pitch under everything. */
  pedal: boolean;
  /** Great drums, whatever the band's own are. */
  thunder: boolean;
  /** What this mood adds to any band. */
  colour: { instrument: InstrumentName; levelDb: number; pattern: ColourPattern };
}

export type ColourPattern = 'hits' | 'steps' | 'sparkle' | 'bounce' | 'line' | 'drops' | 'veil';

const major = [0, 2, 4, 5, 7, 9, 11];
const minor = [0, 2, 3, 5, 7, 8, 10];
const dorian = [0, 2, 3, 5, 7, 9, 10];
const phrygian = [0, 1, 3, 5, 7, 8, 10];
const lydian = [0, 2, 4, 6, 7, 9, 11];
const mixolydian = [0, 2, 4, 5, 7, 9, 10];

export const moodScores: Record<MoodName, MoodScore> = {
  dramatic: {
    tonics: [0, 2, 9],
    scale: minor,
    mode: 'minor',
    tempoBpm: [70, 78],
    progressions: ['i VI iv V', 'i iv VI V7', 'i III VI V', 'iv i VI V7sus4'],
    cadence: ['V', 'i'],
    brightness: 0.5,
    drive: 0.75,
    motion: 0.6,
    gate: 0.95,
    swing: 0,
    rhythms: [
      [0, 1.5, 2, 4, 5.5, 6],
      [0, 3, 3.5, 4, 7],
    ],
    lift: 0,
    pedal: false,
    thunder: false,
    colour: { instrument: 'lowStrings', levelDb: -6, pattern: 'hits' },
  },
  calm: {
    tonics: [0, 5, 7],
    scale: major,
    mode: 'major',
    tempoBpm: [60, 68],
    progressions: ['Imaj7 IVmaj7 vi7 IVadd9', 'Iadd9 iii7 IVmaj7 Vsus4', 'IVmaj7 Iadd9 ii7 Vsus4'],
    cadence: ['IVadd9', 'Iadd9'],
    brightness: 0.25,
    drive: 0.1,
    motion: 0.25,
    gate: 1,
    swing: 0,
    rhythms: [
      [0, 3, 4],
      [0, 2, 5],
    ],
    lift: 0,
    pedal: false,
    thunder: false,
    colour: { instrument: 'airyPad', levelDb: -9, pattern: 'veil' },
  },
  uplifting: {
    tonics: [2, 7, 9],
    scale: major,
    mode: 'major',
    tempoBpm: [106, 116],
    progressions: ['I V vi IV', 'IV I V vi', 'I iii IV Vsus4', 'IVadd9 V vi Vsus4'],
    cadence: ['V', 'Iadd9'],
    brightness: 0.75,
    drive: 0.75,
    motion: 0.7,
    gate: 0.9,
    swing: 0,
    rhythms: [
      [0, 1, 1.5, 2.5, 4, 5, 6],
      [0, 0.5, 1, 3, 4, 6],
    ],
    lift: 2,
    pedal: false,
    thunder: false,
    colour: { instrument: 'celesta', levelDb: -10, pattern: 'sparkle' },
  },
  tense: {
    tonics: [4, 1, 6],
    scale: phrygian,
    mode: 'phrygian',
    tempoBpm: [104, 118],
    progressions: ['i bII i iv', 'i i bII vdim', 'i VI bII i', 'isus2 bIImaj7 i bII'],
    cadence: ['bII', 'isus2'],
    brightness: 0.4,
    drive: 0.6,
    motion: 0.9,
    gate: 0.55,
    swing: 0,
    rhythms: [
      [0, 0.5, 4, 4.5],
      [1, 1.5, 3, 5, 5.5],
    ],
    lift: -3,
    pedal: true,
    thunder: false,
    colour: { instrument: 'strings', levelDb: -9, pattern: 'veil' },
  },
  mysterious: {
    tonics: [4, 11, 6],
    scale: dorian,
    mode: 'dorian',
    tempoBpm: [66, 76],
    progressions: ['iadd9 IV iadd9 bVImaj7', 'i bII iadd9 IV', 'i bIIImaj7 IV bVI'],
    cadence: ['IV', 'iadd9'],
    brightness: 0.3,
    drive: 0.25,
    motion: 0.4,
    gate: 1,
    swing: 0,
    rhythms: [
      [0, 1.5, 4],
      [1, 2.5, 3, 6],
    ],
    lift: 0,
    pedal: false,
    thunder: false,
    colour: { instrument: 'bell', levelDb: -9, pattern: 'drops' },
  },
  playful: {
    tonics: [0, 5, 10],
    scale: mixolydian,
    mode: 'major',
    tempoBpm: [122, 132],
    progressions: ['I vi7 ii7 V7', 'I IV I V7', 'I bVII IV V7', 'IV I ii7 V7'],
    cadence: ['V7', 'I6'],
    brightness: 0.7,
    drive: 0.6,
    motion: 0.8,
    gate: 0.45,
    swing: 0.2,
    rhythms: [
      [0, 0.5, 1.5, 2, 3, 4, 4.5, 5.5, 6],
      [0, 1, 1.5, 2.5, 3.5, 4, 6],
    ],
    lift: 5,
    pedal: false,
    thunder: false,
    colour: { instrument: 'marimba', levelDb: -5, pattern: 'bounce' },
  },
  melancholic: {
    tonics: [9, 2, 11],
    scale: minor,
    mode: 'minor',
    tempoBpm: [58, 66],
    progressions: ['iadd9 VImaj7 III VII', 'i v VI iv', 'i iv7 VII III', 'iadd9 III iv VI'],
    cadence: ['iv', 'iadd9'],
    brightness: 0.2,
    drive: 0.1,
    motion: 0.35,
    gate: 1,
    swing: 0,
    rhythms: [
      [0, 2, 3, 4],
      [0, 1, 4, 5],
    ],
    lift: -2,
    pedal: false,
    thunder: false,
    colour: { instrument: 'cello', levelDb: -7, pattern: 'line' },
  },
  epic: {
    tonics: [2, 4, 7],
    scale: minor,
    mode: 'minor',
    tempoBpm: [78, 86],
    progressions: ['i VI III VII', 'VI VII i i', 'i VII VI VII', 'iv VI III VII'],
    cadence: ['VII', 'I'],
    brightness: 0.7,
    drive: 1,
    motion: 0.9,
    gate: 0.95,
    swing: 0,
    rhythms: [
      [0, 2, 3, 4, 6, 7],
      [0, 1.5, 2, 4],
    ],
    lift: 0,
    pedal: false,
    thunder: true,
    colour: { instrument: 'horn', levelDb: -6, pattern: 'line' },
  },
  neutral: {
    tonics: [0, 7, 5],
    scale: lydian,
    mode: 'lydian',
    tempoBpm: [96, 102],
    progressions: ['Iadd9 IIadd9 vi7 Iadd9', 'Isus2 iii7 vi7 II', 'Imaj7 vi7 iii7 II'],
    cadence: ['II', 'Isus2'],
    brightness: 0.45,
    drive: 0.4,
    motion: 0.4,
    gate: 0.85,
    swing: 0,
    rhythms: [
      [0, 1.5, 3, 4],
      [0, 2, 2.5, 4, 6],
    ],
    lift: 0,
    pedal: false,
    thunder: false,
    colour: { instrument: 'mutedGuitar', levelDb: -10, pattern: 'steps' },
  },
};
