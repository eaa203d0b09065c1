// Who plays in each style, how and how loud. What they play comes from the mood.
import type { StyleName } from '../../domain/video-request.ts';
import type { InstrumentName } from './instruments/all.ts';

export type KeysPattern = 'broken' | 'sparse' | 'comp' | 'pulse' | 'offbeat';
export type ArpPattern = 'ostinato' | 'sixteenths' | 'strum' | 'rolling' | 'syncopated';
export type BassPattern = 'whole' | 'half' | 'octaves' | 'walk' | 'groove' | 'boom';
export type KitName = 'orchestral' | 'soft' | 'light' | 'beat' | 'none' | 'machine' | 'hand' | 'brushes';

interface Part<Pattern> {
  instrument: InstrumentName;
  levelDb: number;
  pattern: Pattern;
}

export interface Band {
  /** On the mood's tempo. */
  tempo: number;
  /** 0 = straight eighths … 0.33 = triplets. */
  swing: number;
  /** Largest shift of a note by a human hand. */
  humanMs: number;
  room: { decaySeconds: number; damping: number; levelDb: number };
  pad: { instrument: InstrumentName; levelDb: number };
  keys: Part<KeysPattern>;
  arp: Part<ArpPattern> | null;
  bass: Part<BassPattern>;
  lead: { instrument: InstrumentName; levelDb: number; centre: number };
  kit: { name: KitName; levelDb: number };
  /** Repeats of lead and arp, or none. */
  echo: { beats: number; levelDb: number } | null;
  /** How far everything ducks under the kick, dB. */
  pumpDb: number;
  /** On the mood's share of drums and of motion. */
  drive: number;
  motion: number;
  brightness: number;
  /** Adds sevenths and ninths to plain triads. */
  jazz: boolean;
}

export const bands: Record<StyleName, Band> = {
  cinematic: {
    tempo: 0.96,
    swing: 0,
    humanMs: 9,
    room: { decaySeconds: 3.2, damping: 0.35, levelDb: -9 },
    pad: { instrument: 'strings', levelDb: -4 },
    keys: { instrument: 'grandPiano', levelDb: -6, pattern: 'sparse' },
    arp: { instrument: 'spiccato', levelDb: -9, pattern: 'ostinato' },
    bass: { instrument: 'lowStrings', levelDb: -5, pattern: 'whole' },
    lead: { instrument: 'horn', levelDb: -5, centre: 63 },
    kit: { name: 'orchestral', levelDb: -3 },
    echo: null,
    pumpDb: 0,
    drive: 1,
    motion: 1,
    brightness: 0,
    jazz: false,
  },
  documentary: {
    tempo: 0.94,
    swing: 0,
    humanMs: 12,
    room: { decaySeconds: 2, damping: 0.45, levelDb: -13 },
    pad: { instrument: 'warmPad', levelDb: -8 },
    keys: { instrument: 'grandPiano', levelDb: -3, pattern: 'broken' },
    arp: { instrument: 'harp', levelDb: -12, pattern: 'strum' },
    bass: { instrument: 'softBass', levelDb: -8, pattern: 'half' },
    lead: { instrument: 'cello', levelDb: -6, centre: 62 },
    kit: { name: 'soft', levelDb: -11 },
    echo: null,
    pumpDb: 0,
    drive: 0.6,
    motion: 0.8,
    brightness: 0,
    jazz: false,
  },
  corporate: {
    tempo: 1.05,
    swing: 0,
    humanMs: 5,
    room: { decaySeconds: 1.3, damping: 0.4, levelDb: -15 },
    pad: { instrument: 'warmPad', levelDb: -12 },
    keys: { instrument: 'electricPiano', levelDb: -8, pattern: 'pulse' },
    arp: { instrument: 'mutedGuitar', levelDb: -4, pattern: 'syncopated' },
    bass: { instrument: 'fingerBass', levelDb: -5, pattern: 'groove' },
    lead: { instrument: 'marimba', levelDb: -7, centre: 76 },
    kit: { name: 'light', levelDb: -8 },
    echo: { beats: 0.75, levelDb: -12 },
    pumpDb: 0,
    drive: 1.1,
    motion: 1.1,
    brightness: 0.15,
    jazz: false,
  },
  social: {
    tempo: 1.1,
    swing: 0.04,
    humanMs: 0,
    room: { decaySeconds: 1.1, damping: 0.3, levelDb: -16 },
    pad: { instrument: 'superSaw', levelDb: -8 },
    keys: { instrument: 'brightPluck', levelDb: -9, pattern: 'offbeat' },
    arp: { instrument: 'brightPluck', levelDb: -9, pattern: 'syncopated' },
    bass: { instrument: 'boomBass', levelDb: -6, pattern: 'boom' },
    lead: { instrument: 'sawLead', levelDb: -9, centre: 76 },
    kit: { name: 'beat', levelDb: -1 },
    echo: { beats: 0.75, levelDb: -10 },
    pumpDb: 6,
    drive: 2,
    motion: 1.2,
    brightness: 0.25,
    jazz: false,
  },
  minimal: {
    tempo: 0.88,
    swing: 0,
    humanMs: 14,
    room: { decaySeconds: 2.8, damping: 0.5, levelDb: -11 },
    pad: { instrument: 'drone', levelDb: -13 },
    keys: { instrument: 'feltPiano', levelDb: -2, pattern: 'sparse' },
    arp: null,
    bass: { instrument: 'softBass', levelDb: -12, pattern: 'whole' },
    lead: { instrument: 'celesta', levelDb: -9, centre: 79 },
    kit: { name: 'none', levelDb: -20 },
    echo: null,
    pumpDb: 0,
    drive: 0,
    motion: 0.6,
    brightness: -0.1,
    jazz: false,
  },
  retro: {
    tempo: 1.06,
    swing: 0,
    humanMs: 0,
    room: { decaySeconds: 2, damping: 0.3, levelDb: -14 },
    pad: { instrument: 'analogPad', levelDb: -8 },
    keys: { instrument: 'bell', levelDb: -13, pattern: 'sparse' },
    arp: { instrument: 'sequencer', levelDb: -7, pattern: 'sixteenths' },
    bass: { instrument: 'synthBass', levelDb: -5, pattern: 'octaves' },
    lead: { instrument: 'squareLead', levelDb: -9, centre: 72 },
    kit: { name: 'machine', levelDb: -3 },
    echo: { beats: 0.75, levelDb: -9 },
    pumpDb: 3,
    drive: 1.6,
    motion: 1.4,
    brightness: 0.1,
    jazz: false,
  },
  nature: {
    tempo: 0.94,
    swing: 0,
    humanMs: 12,
    room: { decaySeconds: 2.4, damping: 0.4, levelDb: -11 },
    pad: { instrument: 'airyPad', levelDb: -8 },
    keys: { instrument: 'guitar', levelDb: -6, pattern: 'broken' },
    arp: { instrument: 'kalimba', levelDb: -6, pattern: 'rolling' },
    bass: { instrument: 'softBass', levelDb: -10, pattern: 'half' },
    lead: { instrument: 'flute', levelDb: -8, centre: 76 },
    kit: { name: 'hand', levelDb: -9 },
    echo: null,
    pumpDb: 0,
    drive: 0.8,
    motion: 1,
    brightness: 0.05,
    jazz: false,
  },
  noir: {
    tempo: 0.98,
    swing: 0.3,
    humanMs: 14,
    room: { decaySeconds: 1.7, damping: 0.55, levelDb: -12 },
    pad: { instrument: 'drone', levelDb: -16 },
    keys: { instrument: 'electricPiano', levelDb: -8, pattern: 'comp' },
    arp: { instrument: 'vibraphone', levelDb: -12, pattern: 'strum' },
    bass: { instrument: 'uprightBass', levelDb: -2, pattern: 'walk' },
    lead: { instrument: 'mutedTrumpet', levelDb: -8, centre: 69 },
    kit: { name: 'brushes', levelDb: -8 },
    echo: null,
    pumpDb: 0,
    drive: 2.5,
    motion: 0.7,
    brightness: -0.1,
    jazz: true,
  },
};
