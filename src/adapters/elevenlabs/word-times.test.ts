import { describe, expect, test } from 'vitest';

import { tokenise } from '../../domain/tokens.ts';
import { type Alignment, timeWords } from './word-times.ts';

/** Each entry lasts 0.1 s, the first begins at 0.5 s. */
function read(entries: string[]): Alignment {
  return {
    characters: entries,
    startSeconds: entries.map((_, i) => 0.5 + i / 10),
    endSeconds: entries.map((_, i) => 0.6 + i / 10),
  };
}

const whole = { cutMs: 500, durationMs: 60_000 };
const times = (text: string, language: string, alignment = read([...text]), cut = whole) =>
  timeWords(tokenise(text, language), alignment, cut).map(
    (word) => [word.text, word.startMs, word.endMs] as const,
  );

test('English: a word lasts from its first to its last letter, marks and the pause after them aside', () => {
  expect(times('Fog, “rain.” 42', 'en')).toEqual([
    ['Fog,', 0, 300],
    ['“rain.”', 600, 1000],
    ['42', 1300, 1500],
  ]);
});

test('German with punctuation and a dash of its own', () => {
  expect(times('Straße – „schön“!', 'de')).toEqual([
    ['Straße', 0, 600],
    ['–', 700, 800],
    ['„schön“!', 1000, 1500],
  ]);
});

test('Japanese: the words of the segmenter', () => {
  const text = '夜に嵐が来た。';
  const words = times(text, 'ja');
  expect(words.map(([word]) => word)).toEqual(tokenise(text, 'ja'));
  expect(words[0]).toEqual(['夜', 0, 100]);
  expect(words.at(-1)![2]).toBe(600);
});

test('Arabic: from the first to the last letter as they are written', () => {
  expect(times('هبت العاصفة.', 'ar')).toEqual([
    ['هبت', 0, 300],
    ['العاصفة.', 400, 1100],
  ]);
});

describe('emoji', () => {
  test('whole or in halves', () => {
    const halves = read(['A', ' ', '\ud83c', '\udf0a', ' ', 'b']);
    expect(times('A 🌊 b', 'en', halves)).toEqual([
      ['A', 0, 100],
      ['🌊', 200, 400],
      ['b', 500, 600],
    ]);
    expect(times('A 🌊 b', 'en')[1]).toEqual(['🌊', 200, 300]);
  });

  test('that were not read are a moment after the word before', () => {
    expect(times('A 🌊 b', 'en', read(['A', ' ', 'b']))).toEqual([
      ['A', 0, 100],
      ['🌊', 100, 100],
      ['b', 200, 300],
    ]);
  });
});

test('what was read otherwise is matched again from there on', () => {
  const asked = 'It cost 20 dollars in all.';
  const said = 'It cost twenty dollars in all.';
  const words = times(asked, 'en', read([...said]));
  expect(words.map(([word]) => word)).toEqual(asked.split(' '));
  expect(words[2]).toEqual(['20', 700, 1500]);
  expect(words[3]).toEqual(['dollars', 1500, 2200]);
  expect(words[5]).toEqual(['all.', 2600, 2900]);
});

test('words read otherwise share the time between those that were not', () => {
  const asked = 'It was over 20 °C hot in here all day';
  const said = 'It was over twenty degrees hot in here all day';
  const words = times(asked, 'en', read([...said]));
  expect(words.slice(2, 6)).toEqual([
    ['over', 700, 1100],
    ['20', 1100, 1900],
    ['°C', 1900, 2700],
    ['hot', 2700, 3000],
  ]);
});

test('no word begins before the sound or ends after it', () => {
  expect(times('Fog rain', 'en', undefined, { cutMs: 550, durationMs: 600.5 })).toEqual([
    ['Fog', 0, 250],
    ['rain', 350, 600],
  ]);
});

test('times of another text are refused', () => {
  expect(() => times('Fog over the harbour', 'en', read([...'Quite something else']))).toThrow(
    'Its times are not those of the words',
  );
});
