// What the pitched parts of the band play in one bar: chords, broken chords, running notes, bass.
import { beatsPerBar } from './form.ts';
import { nearestPitch } from './harmony.ts';
import { type BarPlan, type Pen, swell } from './pen.ts';
import type { ArpPattern, BassPattern, KeysPattern } from './styles.ts';

const shortGate = 0.5;
const offBeats = [1, 3].map((beat) => ({ beat, beats: 0.8 }));

export function writePad(pen: Pen, plan: BarPlan): void {
  const { instrument, levelDb } = pen.band.pad;
  // Where notes are short, held chords would smother them: they answer the bass instead.
  const strokes = pen.mood.gate < shortGate ? offBeats : [{ beat: 0, beats: beatsPerBar }];
  for (const midi of openVoicing(plan.voicing)) {
    for (const stroke of strokes) {
      pen.write(plan, {
        ...stroke,
        instrument,
        midi,
        velocity: 0.5 + 0.4 * plan.bar.level,
        levelDb: levelDb + swell(plan),
        pumped: true,
      });
    }
  }
}

/** The second voice an octave higher: room between the voices, and for keys and tune among them. */
function openVoicing([lowest, second, ...others]: number[]): number[] {
  return [lowest!, ...others, second! + 12];
}

/** `[beat, which, beats, velocity]`: `which` is an index into the voicing, `root` or `all`. */
type KeyStroke = [number, number | 'root' | 'all', number, number];

const keyPatterns: Record<KeysPattern, (level: number) => KeyStroke[]> = {
  sparse: (level) => [
    [0, 'all', 4, 0.6],
    ...(level > 0.3 ? ([[2, 2, 2, 0.5]] as KeyStroke[]) : []),
    ...(level > 0.55
      ? ([
          [2.5, 1, 1.5, 0.45],
          [3, 3, 1, 0.5],
        ] as KeyStroke[])
      : []),
  ],
  broken: (level) => {
    const order = [0, 1, 2, 1, 3, 1, 2, 1];
    const eighths = order.map((which, i): KeyStroke => [i / 2, which, 1.5, i % 4 === 0 ? 0.7 : 0.5]);
    const chosen = level > 0.4 ? eighths : eighths.filter((_, i) => i % 2 === 0);
    return [[0, 'root', 3.5, 0.6], ...chosen];
  },
  comp: (level) => [
    [level > 0.5 ? 0.5 : 1.5, 'all', 0.4, 0.6],
    [2.5, 'all', 0.9, 0.55],
    ...(level > 0.6 ? ([[3.5, 'all', 0.4, 0.5]] as KeyStroke[]) : []),
  ],
  pulse: (level) =>
    [0, 1, 2, 3]
      .filter((beat) => level > 0.4 || beat % 2 === 0)
      .map((beat): KeyStroke => [beat, 'all', 0.9, beat === 0 ? 0.7 : 0.5]),
  offbeat: (level) =>
    [0.5, 1.5, 2.5, 3.5].slice(0, level > 0.5 ? 4 : 2).map((beat): KeyStroke => [beat, 'all', 0.3, 0.6]),
};

export function writeKeys(pen: Pen, plan: BarPlan): void {
  const { instrument, levelDb, pattern } = pen.band.keys;
  const { voicing, chord, bar } = plan;
  const busy = bar.level * (0.55 + 0.6 * pen.mood.motion);
  for (const [beat, which, beats, velocity] of keyPatterns[pattern](busy)) {
    const pitches =
      which === 'all'
        ? voicing
        : which === 'root'
          ? [nearestPitch(chord.root, 45)]
          : [voicing[which % voicing.length]! + (which >= voicing.length ? 12 : 0)];
    for (const [i, midi] of pitches.entries()) {
      pen.write(plan, {
        instrument,
        beat: beat + i * 0.012,
        beats: Math.max(0.15, beats * pen.mood.gate),
        midi,
        velocity: velocity + 0.25 * (bar.level - 0.4),
        levelDb: levelDb + swell(plan) * 0.6 - 2 * (pitches.length - 1),
        pan: (midi - 60) / 50,
        pumped: true,
      });
    }
  }
}

interface ArpForm {
  /** Indexes into the chord, upwards through the octaves. */
  order: number[];
  stepBeats: number;
  octave: number;
  /** Every how many steps an accent falls. */
  accents: number;
  /** `x` plays, `.` rests; over and over. */
  rhythm: string;
}

const arpForms: Record<ArpPattern, ArpForm> = {
  ostinato: { order: [0, 0, 2, 0, 1, 0, 2, 1], stepBeats: 0.25, octave: 0, accents: 4, rhythm: 'x' },
  sixteenths: { order: [0, 1, 2, 3, 4, 3, 2, 1], stepBeats: 0.25, octave: 0, accents: 4, rhythm: 'x' },
  strum: {
    order: [0, 1, 2, 3, 4],
    stepBeats: 0.12,
    octave: 0,
    accents: 5,
    rhythm: 'xxxxx...........................',
  },
  rolling: { order: [0, 2, 4, 1, 3, 4, 2, 3], stepBeats: 0.5, octave: 12, accents: 3, rhythm: 'xx.xxx.x' },
  syncopated: {
    order: [0, 2, 1, 3, 2, 1],
    stepBeats: 0.25,
    octave: 0,
    accents: 3,
    rhythm: 'x.xx.xx.x.xx.x.x',
  },
};

export function writeArp(pen: Pen, plan: BarPlan): void {
  const { band, mood } = pen;
  if (!band.arp) return;
  const { instrument, levelDb, pattern } = band.arp;
  const form = arpForms[pattern];
  const { voicing, bar } = plan;
  // Restful moods halve the notes, driving ones play them all.
  const urge = mood.motion * band.motion * (0.55 + 0.6 * bar.level);
  const step = form.stepBeats * (pattern === 'strum' || urge > 0.55 ? 1 : 2);
  const count = Math.floor(beatsPerBar / step + 1e-6);
  for (let i = 0, played = 0; i < count; i++) {
    if (form.rhythm[i % form.rhythm.length] !== 'x') continue;
    const which = form.order[played % form.order.length]!;
    const midi = voicing[which % voicing.length]! + 12 * Math.floor(which / voicing.length) + form.octave;
    const accent = played % form.accents === 0;
    played++;
    pen.write(plan, {
      instrument,
      beat: i * step,
      beats: step * 1.2,
      midi,
      velocity: (accent ? 0.8 : 0.5) * (0.7 + 0.4 * bar.level),
      levelDb: levelDb + swell(plan),
      pan: i % 2 === 0 ? -0.35 : 0.35,
      room: 0.8,
      pumped: true,
    });
  }
}

/** `[beat, beats, semitones above the root, velocity]` */
type BassStroke = [number, number, number, number];

function bassStrokes(pattern: BassPattern, plan: BarPlan, root: number): BassStroke[] {
  const full = plan.bar.level > 0.5;
  switch (pattern) {
    case 'whole':
      return full
        ? [
            [0, 2.9, 0, 0.75],
            [3, 1, 0, 0.6],
          ]
        : [[0, 3.9, 0, 0.65]];
    case 'half':
      return [
        [0, 1.9, 0, 0.7],
        [2, 1.9, full ? 7 : 0, 0.6],
      ];
    case 'octaves':
      return Array.from(
        { length: 8 },
        (_, i): BassStroke => [i / 2, 0.4, full && i % 2 === 1 ? 12 : 0, i % 2 ? 0.6 : 0.8],
      );
    case 'groove':
      return full
        ? [
            [0, 0.9, 0, 0.8],
            [1.5, 0.4, 0, 0.6],
            [2, 0.8, 7, 0.7],
            [3, 0.4, 0, 0.6],
            [3.5, 0.4, 12, 0.6],
          ]
        : [
            [0, 1.4, 0, 0.7],
            [1.5, 0.5, 0, 0.55],
            [2, 1.6, 0, 0.65],
          ];
    case 'boom':
      return full
        ? [
            [0, 1.3, 0, 0.8],
            [1.5, 0.8, 0, 0.7],
            [2.5, 1.2, 0, 0.75],
          ]
        : [
            [0, 2.2, 0, 0.75],
            [2.5, 1.2, 0, 0.65],
          ];
    case 'walk': {
      // Root, third, fifth, then a step towards the next root.
      const third = (plan.chord.tones[1]! - plan.chord.root + 12) % 12;
      const next = nearestPitch(plan.next.root, root);
      const approach = next - root + (next >= root ? -1 : 1);
      const steps: BassStroke[] = [
        [0, 0.95, 0, 0.8],
        [1, 0.95, third, 0.65],
        [2, 0.95, 7, 0.7],
        [3, 0.95, approach, 0.65],
      ];
      return full ? steps : [steps[0]!, steps[2]!, steps[3]!];
    }
  }
}

export function writeBass(pen: Pen, plan: BarPlan): void {
  const { band, mood } = pen;
  const { instrument, levelDb, pattern } = band.bass;
  const root = nearestPitch(plan.chord.root, pattern === 'walk' || pattern === 'octaves' ? 38 : 39);
  const stroke = { instrument, levelDb: levelDb + swell(plan) * 0.6, room: 0.15, pumped: true };
  // Under tension the bass does not move on: it knocks.
  const strokes: BassStroke[] = mood.pedal
    ? Array.from({ length: 8 }, (_, i): BassStroke => [i / 2, 0.3, 0, i % 4 === 0 ? 0.8 : 0.55])
    : bassStrokes(pattern, plan, root);
  for (const [beat, beats, above, velocity] of strokes) {
    pen.write(plan, {
      ...stroke,
      beat,
      beats: beats * Math.max(0.7, mood.gate),
      midi: root + above,
      velocity,
    });
  }
}
