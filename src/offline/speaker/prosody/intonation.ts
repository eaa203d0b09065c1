// Gives a spoken sentence its melody: wider or narrower pitch, a gentle fall from its start to its end, rises before
// what goes on and in questions, longer last syllables, stressed words. Changes sound and times, never words.
import { between, type Random } from '../../../domain/random.ts';
import type { Rest, TimeSpan, Utterance } from '../engine.ts';
import type { ScriptPiece } from '../read-script.ts';
import type { Manner } from './manner.ts';
import { asksByWord } from './phrasing.ts';
import { stepMs, trackPitch } from './pitch.ts';
import { neutralShape, reshape, type Shape } from './reshape.ts';

/** What an engine lacks by itself. */
export interface Melody {
  /** Factor of how far its pitch moves. */
  range: number;
  /** By how much the last syllable before a rest is longer: 0.1 = a tenth. */
  lengthening: number;
  /** Share of the usual rises and falls at the ends of phrases that it needs; what it does by itself is left to it. */
  cadence: number;
}

export interface SentencePlace {
  /** Of the text's sentences, from 0. */
  index: number;
  count: number;
  language: string;
  /** Token indexes that are stressed. */
  emphasis: ReadonlySet<number>;
}

interface Cadence {
  /** Semitones to which the last syllable moves. */
  rise: number;
  /** Share of the engine's lengthening. */
  length: number;
  /** Share of what the engine does there that is taken away first. */
  flat: number;
}

const cadences: Record<Rest, Cadence> = {
  none: { rise: 0, length: 0, flat: 0 },
  breath: { rise: 0.7, length: 0.5, flat: 0.2 },
  comma: { rise: 1.8, length: 0.8, flat: 0.4 },
  clause: { rise: -0.4, length: 1, flat: 0 },
  dash: { rise: 1, length: 1, flat: 0.3 },
  sentence: { rise: -1.3, length: 1, flat: 0 },
  exclamation: { rise: -0.8, length: 0.9, flat: 0 },
  question: { rise: 5.5, length: 1, flat: 0.9 },
  ellipsis: { rise: 0.3, length: 1.8, flat: 0.5 },
  paragraph: { rise: -1.6, length: 1.2, flat: 0 },
};
const answeredQuestion: Cadence = { rise: -0.6, length: 1, flat: 0 };
/** Members of a list rise a little more than other commas. */
const listRise = 2.6;
const longestListMember = 4;

const mostSyllableMs = 240;
/** A sentence this long falls by all of it. */
const fullFallMs = 3_500;
const fallSemitones = 1.5;
/** From the first to the last sentence of a text. */
const textFallSemitones = 0.9;
const stress = { semitones: 1.8, stretch: 0.12, gainDb: 1.4 };
const mostSemitones = 7;

/** `pieces` as spoken in `utterance`, told how: same words in the same order. */
export function intone(
  utterance: Utterance,
  pieces: ScriptPiece[],
  place: SentencePlace,
  melody: Melody,
  manner: Manner,
  random: Random,
): Utterance {
  const { samples, sampleRate } = utterance;
  const pitch = trackPitch(samples, sampleRate);
  const shape = neutralShape(pitch.length);
  const exclaims = pieces.at(-1)!.rest === 'exclamation';
  const range = melody.range * manner.range * (exclaims ? 1.15 : 1);

  const contour = widen(shape, pitch, range);
  const base = manner.pitch + between(random, -0.3, 0.3) + (exclaims ? 0.4 : 0) + placeInText(place);
  fallGently(shape, utterance, base);
  shapeEnds(shape, pitch, contour, utterance.spans, pieces, place, melody, random);
  for (const [i, span] of utterance.spans.entries()) {
    if (span && place.emphasis.has(pieces[i]!.token)) stressWord(shape, span, between(random, 0.85, 1.15));
  }
  for (let i = 0; i < pitch.length; i++) {
    shape.semitones[i] = Math.min(mostSemitones, Math.max(-mostSemitones, shape.semitones[i]!));
  }

  const { samples: spoken, timeOf } = reshape(samples, sampleRate, pitch, shape);
  return {
    samples: spoken,
    sampleRate,
    spans: utterance.spans.map(
      (span) => span && { startMs: timeOf(span.startMs), endMs: timeOf(span.endMs) },
    ),
  };
}

function placeInText({ index, count }: SentencePlace): number {
  return count < 2 ? 0 : textFallSemitones * (0.5 - index / (count - 1));
}

/** The voice's own contour, farther from its middle or nearer to it. Returns what it is now, in semitones. */
function widen({ semitones }: Shape, pitch: Float32Array, range: number): Float32Array {
  const heard = pitch.filter((hz) => hz > 0).sort();
  if (heard.length === 0) return semitones;
  const middle = heard[heard.length >> 1]!;
  const contour = smooth(bridge(pitch, middle).map((hz) => 12 * Math.log2(hz / middle)));
  return contour.map((away, i) => {
    semitones[i]! += (range - 1) * Math.min(5, Math.max(-5, away));
    return away + semitones[i]!;
  });
}

/** Straight from one heard pitch to the next. */
function bridge(pitch: Float32Array, middle: number): Float32Array {
  const bridged = pitch.slice();
  let before = -1;
  for (let i = 0; i <= pitch.length; i++) {
    if (i < pitch.length && pitch[i] === 0) continue;
    const from = before < 0 ? (pitch[i] ?? middle) : pitch[before]!;
    const to = pitch[i] ?? from;
    for (let k = before + 1; k < i; k++) bridged[k] = from + ((to - from) * (k - before)) / (i - before);
    before = i;
  }
  return bridged;
}

function smooth(values: Float32Array): Float32Array {
  return values.map((value, i) => {
    const [before, after] = [values[i - 1] ?? value, values[i + 1] ?? value];
    return (before + 2 * value + after) / 4;
  });
}

/** Down from the first sound to the last; the next sentence begins high again. */
function fallGently({ semitones }: Shape, { spans }: Utterance, base: number): void {
  const heard = spans.filter((span) => span !== null);
  const [startMs, endMs] = [heard[0]?.startMs ?? 0, heard.at(-1)?.endMs ?? 0];
  const lengthMs = Math.max(1, endMs - startMs);
  const fall = fallSemitones * Math.min(1, lengthMs / fullFallMs);
  for (let i = 0; i < semitones.length; i++) {
    const share = Math.min(1, Math.max(0, ((i + 0.5) * stepMs - startMs) / lengthMs));
    semitones[i]! += base + fall * (0.5 - share);
  }
}

function shapeEnds(
  shape: Shape,
  pitch: Float32Array,
  contour: Float32Array,
  spans: readonly (TimeSpan | null)[],
  pieces: ScriptPiece[],
  { language }: SentencePlace,
  melody: Melody,
  random: Random,
): void {
  const byWord = asksByWord(pieces, language);
  const listed = listMembers(pieces);
  pieces.forEach(({ rest }, i) => {
    const span = spans[i];
    if (!span || rest === 'none') return;
    const cadence = rest === 'question' && byWord ? answeredQuestion : cadences[rest];
    const wanted = listed.has(i) ? listRise : cadence.rise;
    const rise = wanted * melody.cadence * between(random, 0.8, 1.2);
    const length = cadence.length * melody.lengthening * between(random, 0.8, 1.2);
    const [first, last] = lastSyllable(pitch, span);
    for (let k = first; k < last; k++) {
      const share = (k + 1 - first) / (last - first);
      const own = contour[first]! - contour[k]!;
      shape.semitones[k]! += rise * share * share * (3 - 2 * share) + cadence.flat * melody.cadence * own;
      shape.stretch[k]! *= 1 + length;
    }
  });
}

/** Pieces before the commas of a list: several short members, the last behind another comma or a word that joins. */
function listMembers(pieces: ScriptPiece[]): Set<number> {
  const commas = pieces.flatMap(({ rest }, i) => (rest === 'comma' ? [i] : []));
  const between = commas.slice(1).filter((at, i) => at - commas[i]! <= longestListMember);
  return new Set(between.length > 0 ? [commas[0]!, ...between] : []);
}

/** Steps of the last voiced stretch of a word. */
function lastSyllable(pitch: Float32Array, { startMs, endMs }: TimeSpan): [number, number] {
  const from = Math.floor(startMs / stepMs);
  let last = Math.min(pitch.length, Math.ceil(endMs / stepMs));
  while (last > from && pitch[last - 1] === 0) last--;
  let first = last;
  while (first > from && pitch[first - 1]! > 0 && (last - first) * stepMs < mostSyllableMs) first--;
  return [first, last];
}

function stressWord(shape: Shape, { startMs, endMs }: TimeSpan, amount: number): void {
  const [from, to] = [
    Math.floor(startMs / stepMs),
    Math.min(shape.stretch.length, Math.ceil(endMs / stepMs)),
  ];
  for (let k = from; k < to; k++) {
    const height = Math.sin((Math.PI * (k + 0.5 - from)) / (to - from)) ** 0.7;
    shape.semitones[k]! += stress.semitones * amount * height;
    shape.gainDb[k]! += stress.gainDb * amount * height;
    shape.stretch[k]! *= 1 + stress.stretch * amount * height;
  }
}
