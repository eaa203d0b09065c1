// Melody judged by the sound: what rises, what falls, what is stressed, and that words stay where they are said to be.
import { expect, test } from 'vitest';

import { createRandom } from '../../../domain/random.ts';
import type { Rest, Utterance } from '../engine.ts';
import { createFlite } from '../flite.ts';
import { readScript, type ScriptPiece } from '../read-script.ts';
import { intone } from './intonation.ts';
import { mannerOf } from './manner.ts';
import { asksByWord, takeBreaths } from './phrasing.ts';
import { stepMs, trackPitch } from './pitch.ts';
import { neutralShape, reshape } from './reshape.ts';

const melody = { range: 1.5, lengthening: 0.1, cadence: 1 };
const rate = 16_000;

function say(text: string, emphasis: number[] = [], mood: 'neutral' | 'playful' | 'melancholic' = 'neutral') {
  const pieces = readScript(text, 'en').sentences[0]!;
  const spoken = createFlite().speak(pieces, 'rms', 1);
  const place = { index: 0, count: 1, language: 'en', emphasis: new Set(emphasis) };
  const manner = mannerOf({ mood, energy: 0.5, emphasis });
  return { pieces, spoken, intoned: intone(spoken, pieces, place, melody, manner, createRandom(7)) };
}

/** Semitones above 100 Hz of the voiced steps of a word. */
function heights({ samples, sampleRate, spans }: Utterance, word: number): number[] {
  const { startMs, endMs } = spans.at(word)!;
  return [...trackPitch(samples, sampleRate)]
    .slice(Math.ceil(startMs / stepMs), Math.floor(endMs / stepMs))
    .filter((hz) => hz > 0)
    .map((hz) => 12 * Math.log2(hz / 100));
}

const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
const spread = (values: number[]) => Math.sqrt(mean(values.map((x) => (x - mean(values)) ** 2)));
const rise = (values: number[]) => mean(values.slice(-3)) - Math.min(...values.slice(0, -3));

test('a question that can be answered by yes rises at its end, one that asks who does not', () => {
  expect(rise(heights(say('Would the ships be alone?').intoned, -1))).toBeGreaterThan(2.5);
  expect(rise(heights(say('Who left the ships alone?').intoned, -1))).toBeLessThan(1);
  expect(rise(heights(say('They left the ships alone.').intoned, -1))).toBeLessThan(1);
});

test('a stressed word is higher, longer and louder than the same word', () => {
  const text = 'The keeper never owned a lamp.';
  const [plain, stressed] = [say(text).intoned, say(text, [2]).intoned];
  const length = ({ spans }: Utterance) => spans[2]!.endMs - spans[2]!.startMs;
  const loudness = ({ samples, sampleRate, spans }: Utterance) => {
    const part = samples.subarray(
      (spans[2]!.startMs * sampleRate) / 1000,
      (spans[2]!.endMs * sampleRate) / 1000,
    );
    return mean([...part].map((x) => x * x));
  };
  expect(mean(heights(stressed, 2)) - mean(heights(plain, 2))).toBeGreaterThan(0.8);
  expect(length(stressed) / length(plain)).toBeGreaterThan(1.05);
  expect(10 * Math.log10(loudness(stressed) / loudness(plain))).toBeGreaterThan(0.5);
});

test('a playful voice moves farther than a melancholic one, and both stay the same words', () => {
  const text = 'In the morning we found a small door behind the garden wall.';
  const [playful, melancholic] = [say(text, [], 'playful'), say(text, [], 'melancholic')];
  const all = ({ intoned }: typeof playful) => playful.pieces.flatMap((_, i) => heights(intoned, i));
  expect(spread(all(playful)) / spread(all(melancholic))).toBeGreaterThan(1.25);
  expect(mean(all(playful))).toBeGreaterThan(mean(all(melancholic)) + 0.5);
  for (const { spoken, intoned } of [playful, melancholic]) {
    // Only last syllables were made longer: nothing before them has moved.
    expect(Math.abs(intoned.spans[5]!.startMs - spoken.spans[5]!.startMs)).toBeLessThan(1);
    expect(intoned.spans.at(-1)!.endMs).toBeGreaterThan(spoken.spans.at(-1)!.endMs);
  }
});

/** Pulses through a resonance at 700 Hz. */
function vowel(hz: number, seconds: number): Float32Array {
  const samples = new Float32Array(seconds * rate);
  for (let i = 0; i < samples.length; i++) {
    for (let h = 1; h * hz < 4_000; h++) {
      samples[i]! += Math.cos((2 * Math.PI * h * hz * i) / rate) / (20 + ((h * hz - 700) / 60) ** 2);
    }
  }
  return samples;
}

test('reshaped sound has the length and pitch asked for; asked for nothing, it is the same', () => {
  const sound = vowel(125, 1);
  const pitch = trackPitch(sound, rate);
  expect(pitch[50]).toBeCloseTo(125, 0);
  const same = reshape(sound, rate, pitch, neutralShape(pitch.length));
  const inner = same.samples.subarray(0, -20);
  expect(inner.reduce((most, x, i) => Math.max(most, Math.abs(x - sound[i]!)), 0)).toBeLessThan(1e-4);

  const shape = neutralShape(pitch.length);
  shape.stretch.fill(1.2);
  shape.semitones.fill(3);
  const { samples, timeOf } = reshape(sound, rate, pitch, shape);
  expect(samples.length / rate).toBeCloseTo(1.2, 2);
  expect(timeOf(500)).toBeCloseTo(600, 3);
  expect(trackPitch(samples, rate)[60]).toBeCloseTo(125 * 2 ** (3 / 12), 0);
});

const piecesOf = (text: string, rest: Rest = 'sentence') =>
  text.split(' ').map(
    (word, token, all): ScriptPiece => ({
      text: word,
      token,
      rest: token < all.length - 1 ? 'none' : rest,
    }),
  );

test.each([
  ['en', 'the waves rose as high as the tower and the great lamp went dark', 8],
  ['fr', 'la tempête arriva dans la nuit et la grande lampe de la tour tomba', 6],
  ['de', 'der alte Wärter stieg jede Nacht hinauf und zündete die große Lampe an', 7],
])('%s: a long phrase takes a breath before a word that joins', (language, text, before) => {
  const pieces = piecesOf(text);
  takeBreaths(pieces, language);
  const breaths = pieces.flatMap(({ rest }, i) => (rest === 'breath' ? [i + 1] : []));
  expect(breaths).toEqual([before]);
});

test('short phrases take none', () => {
  const pieces = piecesOf('the wind and the waves rose');
  takeBreaths(pieces, 'en');
  expect(pieces.every(({ rest }) => rest !== 'breath')).toBe(true);
});

test.each([
  ['en', 'and who are you', true],
  ['en', 'are you who you are', false],
  ['es', 'dónde está', true],
  ['de', 'kommst du wieder', false],
  ['fr', 'est-ce que la lumière reviendrait', false],
  ['fr', "et pourquoi est-ce qu'il part", true],
  ['fi', 'kuka sinä olet', false],
])('%s “%s” asks by a word: %s', (language, text, expected) => {
  expect(asksByWord(piecesOf(text, 'question'), language)).toBe(expected);
});
