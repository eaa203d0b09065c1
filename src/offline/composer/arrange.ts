// Writes the score: the mood's harmony and tune, played by the style's band, fuller and emptier as the form goes.

import { createRandom, mixSeed, pick } from '../../domain/random.ts';
import type { MusicInput } from '../../ports/providers.ts';
import { writeColour } from './colour-part.ts';
import { writeDrums } from './drum-part.ts';
import { type Bar, planForm } from './form.ts';
import { type Chord, leadVoices, noteName, parseChord } from './harmony.ts';
import { inventMotif, singMotif, varyMotif } from './melody.ts';
import { moodScores } from './moods.ts';
import { writeArp, writeBass, writeKeys, writePad } from './parts.ts';
import { type BarPlan, createPen } from './pen.ts';
import type { Score } from './score.ts';
import { bands } from './styles.ts';

/** Bars of one round of harmony; the next round takes another progression. */
const roundBars = 8;
/** From this level on, a part plays. */
const entersAt = { bass: 0.22, colour: 0.28, lead: 0.34, arp: 0.42 };

/** What is settled before the first note: mood, band, key and form. */
function planPiece(input: MusicInput) {
  const mood = moodScores[input.mood];
  const band = bands[input.style];
  const random = createRandom(mixSeed(input.seed, input.mood, input.style));
  const tonic = pick(random, mood.tonics);
  const [slow, fast] = mood.tempoBpm;
  const form = planForm(input, (slow + (fast - slow) * random()) * band.tempo);
  return { mood, band, random, tonic, form };
}

/** Every beat of the piece that `arrange` writes for the same input, ms; those before the first whole bar too. */
export function planBeats(input: MusicInput): number[] {
  const { beatSeconds } = planPiece(input).form;
  const count = Math.floor(input.durationMs / 1000 / beatSeconds + 1e-6);
  // Bars, and so beats, count back from the end.
  return Array.from({ length: count }, (_, i) => input.durationMs - 1000 * beatSeconds * (count - i));
}

export function arrange(input: MusicInput): Score {
  const { mood, band, random, tonic, form } = planPiece(input);
  const chords = chooseChords(form.bars, mood, tonic, band.jazz, random);
  const totalSeconds = input.durationMs / 1000;
  const pen = createPen({ band, mood, beatSeconds: form.beatSeconds, totalSeconds, random });

  let voicing: number[] | undefined;
  const plans = form.bars.map((bar, i): BarPlan => {
    const chord = chords[i]!;
    voicing = leadVoices(chord, voicing, 60 + mood.lift);
    const lastFinal = bar.part === 'final' ? totalSeconds - bar.startSeconds : undefined;
    const seconds = lastFinal ?? form.beatSeconds * 4;
    return { bar, chord, next: chords[i + 1] ?? chord, voicing, seconds };
  });

  if (form.pickupSeconds > 0.15 && plans[0]) pen.pickup(plans[0], form.pickupSeconds);
  const closing = plans.find(({ bar }) => bar.part === 'final');
  for (const plan of plans) {
    const { bar } = plan;
    if (bar.part === 'final') continue;
    writePad(pen, plan);
    writeKeys(pen, plan);
    if (bar.level >= entersAt.bass || bar.part === 'cadence') writeBass(pen, plan);
    if (band.arp && bar.level * (0.6 + 0.5 * mood.motion) >= entersAt.arp) writeArp(pen, plan);
    if (bar.level >= entersAt.colour) writeColour(pen, plan);
    writeDrums(pen, plan, plans[bar.index + 1]?.bar);
  }
  writeMelody();
  if (closing) pen.close(closing);

  return {
    notes: pen.notes.sort((a, b) => a.startSeconds - b.startSeconds),
    bpm: form.bpm,
    key: `${noteName(tonic)} ${mood.mode}`,
    room: band.room,
    pump: { atSeconds: pen.kicks, depthDb: band.pumpDb, seconds: form.beatSeconds * 0.85 },
  };

  function writeMelody(): void {
    const motif = inventMotif(mood, random);
    const body = plans.filter(({ bar }) => bar.part !== 'final');
    for (let i = 0; i + 1 < body.length; i += 2) {
      const [first, second] = [body[i]!, body[i + 1]!];
      const level = (first.bar.level + second.bar.level) / 2;
      const phrase = i / 2;
      // The tune waits until something carries it, and rests every fourth time so that it is heard again.
      if (level < entersAt.lead || (phrase % 4 === 2 && level < 0.5)) continue;
      const varied = varyMotif(motif, phrase, random);
      const centre = band.lead.centre + (level > 0.75 ? 3 : 0) + Math.round(mood.lift / 2);
      const sung = singMotif(varied, [first.chord, second.chord], tonic, mood, centre);
      for (const note of sung) {
        const bar = note.beat < 4 ? first : second;
        pen.lead(bar, note.beat % 4, note.beats, note.midi, note.accent);
      }
    }
  }
}

function chooseChords(
  bars: Bar[],
  mood: (typeof moodScores)[keyof typeof moodScores],
  tonic: number,
  jazz: boolean,
  random: () => number,
): Chord[] {
  const progressions = mood.progressions.map((line) => line.split(' '));
  const home = pick(random, progressions);
  const others = progressions.filter((line) => line !== home);
  const away = others.length > 0 ? pick(random, others) : home;
  return bars.map(({ index, part }) => {
    const line = Math.floor(index / roundBars) % 2 === 0 ? home : away;
    const symbol =
      part === 'final' ? mood.cadence[1] : part === 'cadence' ? mood.cadence[0] : line[index % line.length]!;
    return parseChord(jazz ? enrich(symbol) : symbol, tonic, mood.scale);
  });
}

/** A plain triad with the seventh or ninth that a night club would add. */
function enrich(symbol: string): string {
  if (!/^b?([iv]+|[IV]+)$/.test(symbol)) return symbol;
  if (symbol === 'I' || symbol === 'i') return `${symbol}6`;
  if (symbol === 'V' || symbol === 'v') return `${symbol}7`;
  return symbol === symbol.toLowerCase() ? `${symbol}7` : `${symbol}maj7`;
}
