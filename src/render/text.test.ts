import { describe, expect, test } from 'vitest';

import { chooseTypeface, createRuler, placeWords } from './text.ts';

const words = (...texts: string[]) =>
  texts.map((text, i) => ({ text, width: 10, gapBefore: i === 0 ? 0 : 2 }));
const place = (line: string, rtl: boolean) =>
  placeWords(words(...line.split(' ')), rtl, (text) => text.length);
const seen = (line: string, rtl: boolean) => place(line, rtl).map(({ index }) => index);
const seenTexts = (line: string, rtl: boolean) => place(line, rtl).map(({ text }) => text);

describe('words stand as they are read', () => {
  test('from the left', () => {
    const placed = place('one two three', false);
    expect(placed.map(({ index, x }) => [index, x])).toEqual([
      [0, 0],
      [1, 12],
      [2, 24],
    ]);
  });

  test('from the right', () => expect(seen('שלום עולם יפה', true)).toEqual([2, 1, 0]));

  test('Latin names inside Arabic keep their own order', () =>
    expect(seen('خرائط Google Maps جميلة', true)).toEqual([3, 1, 2, 0]));

  test('an Arabic quotation inside English keeps its own order', () =>
    expect(seen('he said مرحبا بالعالم twice', false)).toEqual([0, 1, 3, 2, 4]));

  test.each([
    '\u202eone',
    '\u2067one',
    'one\u202c',
    '\u202d\u2066one',
  ])('%j turns no other word about', (word) => {
    expect(seen(`zero ${word} two three`, false)).toEqual([0, 1, 2, 3]);
    expect(seen(`שלום ${word} עולם`, true)).toEqual([2, 1, 0]);
  });

  test('numbers and marks go with the line', () => {
    expect(seen('عام 2024 كان', true)).toEqual([2, 1, 0]);
    expect(seen('in Google 2024 Maps', false)).toEqual([0, 1, 2, 3]);
  });

  test('a number after a Latin name stays behind it', () =>
    expect(seen('هاتف iPhone 15 جديد', true)).toEqual([3, 1, 2, 0]));

  test('marks at the end of a Latin phrase go to the end of the Arabic line', () => {
    expect(seenTexts('قال Hello big world.', true)).toEqual(['.', 'Hello', 'big', 'world', 'قال']);
    expect(seenTexts('قال (Hello big world)', true)).toEqual([')', 'Hello', 'big', 'world', '(', 'قال']);
    expect(seenTexts('قال Visit York (2024)!', true)).toEqual(['!', 'Visit', 'York', '(2024)', 'قال']);
    expect(seenTexts('قال Hello, big world', true)).toEqual(['Hello,', 'big', 'world', 'قال']);
  });

  test('and of a Hebrew phrase to the right end of the English line', () =>
    expect(seenTexts('he said שלום עולם.', false)).toEqual(['he', 'said', 'עולם', 'שלום', '.']));

  test('a mark stands close to the phrase, the phrase apart from what was read before', () => {
    const placed = place('قال Hello world.', true);
    expect(placed.map(({ text, x }) => [text, x])).toEqual([
      ['.', 0],
      ['Hello', 1],
      ['world', 13],
      ['قال', 20],
    ]);
  });

  test('the gaps of a line are the same from either side', () => {
    const placed = place('خرائط Google Maps جميلة', true);
    expect(placed.map(({ x }) => x)).toEqual([0, 12, 24, 36]);
  });
});

test('letters of Arabic join: together they are narrower than apart', () => {
  const typeface = chooseTypeface('متسلق', 'ar', 'montserrat', 800);
  const width = createRuler(typeface, 100);
  const apart = [...'متسلق'].reduce((sum, letter) => sum + width(letter), 0);
  expect(width('متسلق')).toBeLessThan(apart * 0.8);
});

test('a heavier weight is a wider face, not the same one', () => {
  const light = createRuler(chooseTypeface('Mountain', 'en', 'montserrat', 300), 100)('Mountain');
  const heavy = createRuler(chooseTypeface('Mountain', 'en', 'montserrat', 900), 100)('Mountain');
  expect(heavy).toBeGreaterThan(light * 1.05);
});
