// Notes onto paper: beats become seconds with swing and a human hand, levels follow the bar, nothing outlasts the piece.
import { createRandom, type Random } from '../../domain/random.ts';
import type { Bar } from './form.ts';
import type { Chord } from './harmony.ts';
import { nearestPitch } from './harmony.ts';
import type { InstrumentName } from './instruments/all.ts';
import type { MoodScore } from './moods.ts';
import type { ScoreNote } from './score.ts';
import type { Band } from './styles.ts';

export interface BarPlan {
  bar: Bar;
  chord: Chord;
  next: Chord;
  /** MIDI, low to high. */
  voicing: number[];
  seconds: number;
}

export interface Stroke {
  instrument: InstrumentName;
  /** From the bar's start. */
  beat: number;
  beats: number;
  midi: number;
  velocity: number;
  levelDb: number;
  pan?: number;
  room?: number;
  pumped?: boolean;
}

export interface Pen {
  readonly notes: ScoreNote[];
  readonly kicks: number[];
  readonly band: Band;
  readonly mood: MoodScore;
  readonly beatSeconds: number;
  write(plan: BarPlan, stroke: Stroke): void;
  kick(plan: BarPlan, beat: number): void;
  /** A note of the tune, with its echo. */
  lead(plan: BarPlan, beat: number, beats: number, midi: number, accent: boolean): void;
  /** Before the first whole bar: the chord fades in. */
  pickup(first: BarPlan, seconds: number): void;
  /** The last chord: all together, then only what rings. */
  close(last: BarPlan): void;
}

export function createPen(options: {
  band: Band;
  mood: MoodScore;
  beatSeconds: number;
  totalSeconds: number;
  random: Random;
}): Pen {
  const { band, mood, beatSeconds, totalSeconds, random } = options;
  const hand = createRandom(Math.floor(random() * 2 ** 31));
  const notes: ScoreNote[] = [];
  const kicks: number[] = [];

  const swing = Math.min(1 / 3, band.swing + mood.swing);

  /** Off-beat eighths come late when the band swings. */
  function secondsAt(plan: BarPlan, beat: number): number {
    const inBeat = beat - Math.floor(beat);
    const late = inBeat >= 0.45 && inBeat <= 0.8 ? swing * 0.5 : 0;
    return plan.bar.startSeconds + (beat + late) * beatSeconds;
  }

  function brightnessOf(plan: BarPlan): number {
    return Math.min(1, Math.max(0, mood.brightness + band.brightness + (plan.bar.level - 0.5) * 0.5));
  }

  function put(plan: BarPlan, stroke: Stroke, startSeconds: number, seconds: number): void {
    const start = Math.max(0, startSeconds + ((hand() - 0.5) * 2 * band.humanMs) / 1000);
    if (start >= totalSeconds - 0.05) return;
    notes.push({
      instrument: stroke.instrument,
      startSeconds: start,
      seconds: Math.max(0.04, Math.min(seconds, totalSeconds - start)),
      midi: stroke.midi,
      velocity: Math.min(1, Math.max(0.1, stroke.velocity * (0.92 + 0.16 * hand()))),
      brightness: brightnessOf(plan),
      levelDb: stroke.levelDb,
      pan: stroke.pan ?? 0,
      room: stroke.room ?? 1,
      pumped: stroke.pumped ?? false,
    });
  }

  function write(plan: BarPlan, stroke: Stroke): void {
    put(plan, stroke, secondsAt(plan, stroke.beat), stroke.beats * beatSeconds);
  }

  return {
    notes,
    kicks,
    band,
    mood,
    beatSeconds,
    write,
    kick: (plan, beat) => kicks.push(secondsAt(plan, beat)),
    lead(plan, beat, beats, midi, accent) {
      const { instrument, levelDb } = band.lead;
      const velocity = (accent ? 0.8 : 0.62) * (0.75 + 0.35 * plan.bar.level);
      const stroke = { instrument, beat, beats, midi, velocity, levelDb, pan: 0.08, room: 1.2 };
      write(plan, stroke);
      if (!band.echo) return;
      for (const [repeat, pan] of [-0.5, 0.5].entries()) {
        const later = band.echo.beats * (repeat + 1);
        const quieter = levelDb + band.echo.levelDb * (0.7 + 0.5 * repeat);
        write(plan, {
          ...stroke,
          beat: beat + later,
          beats: beats * 0.8,
          levelDb: quieter,
          pan,
          velocity: 0.5,
        });
      }
    },
    pickup(first, seconds) {
      const { instrument, levelDb } = band.pad;
      for (const midi of first.voicing) {
        put(first, { instrument, beat: 0, beats: 0, midi, velocity: 0.4, levelDb: levelDb - 4 }, 0, seconds);
      }
      const { keys } = band;
      const stroke = { beat: 0, beats: 0, velocity: 0.45, levelDb: keys.levelDb - 2 };
      put(first, { ...stroke, instrument: keys.instrument, midi: first.voicing.at(-1)! }, 0, seconds);
    },
    close(last) {
      const { pad, keys, bass, lead } = band;
      const { voicing, chord, seconds } = last;
      const start = last.bar.startSeconds;
      const root = nearestPitch(chord.root, 40);
      const stroke = { beat: 0, beats: 0, velocity: 0.75 };
      for (const midi of voicing) {
        put(
          last,
          { ...stroke, instrument: pad.instrument, midi, levelDb: pad.levelDb, pan: 0 },
          start,
          seconds * 0.9,
        );
      }
      for (const [i, midi] of [root + 12, ...voicing, voicing[0]! + 24].entries()) {
        const spread = start + i * 0.045;
        put(
          last,
          { ...stroke, instrument: keys.instrument, midi, levelDb: keys.levelDb - 2, room: 1.4 },
          spread,
          seconds,
        );
      }
      put(
        last,
        { ...stroke, instrument: bass.instrument, midi: root, levelDb: bass.levelDb },
        start,
        seconds * 0.7,
      );
      const top = nearestPitch(chord.root, lead.centre);
      put(
        last,
        { ...stroke, instrument: lead.instrument, midi: top, levelDb: lead.levelDb - 2 },
        start,
        seconds * 0.5,
      );
    },
  };
}

/** Parts swell with the bar by this much, dB. */
const swellDb = 7;

export function swell({ bar }: BarPlan): number {
  return (bar.level - 0.7) * swellDb;
}
