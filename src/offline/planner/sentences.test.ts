import { describe, expect, it } from 'vitest';

import { endsSentence } from './sentences.ts';

const ends = (word: string, next: string, language = 'en') => endsSentence(word, next, language, false);

describe('endsSentence', () => {
  it.each([
    ['sea.', 'The'],
    ['“Go!”', 'She'],
    ['why?', '¿Por'],
    ['gone…', 'Then'],
    ['done.)', 'Next'],
    ['1969.', 'Then'],
    ['etc.', 'The'],
    ['p.m.', 'Then'],
    ['no.', 'Never'],
    ['है।', 'वह'],
    ['النور.', 'ثم'],
    ['**bold.**', 'More'],
    ['静かです。', '月'],
    ['平静。', '月亮'],
    ['هادئ؟', 'طلع'],
    ['شدہ۔', 'وہ'],
    ['す！」', '彼'],
  ])('%s | %s', (word, next) => {
    expect(ends(word, next)).toBe(true);
  });

  it.each([
    ['Dr.', 'Cole'],
    ['e.g.', 'The'],
    ['No.', '7'],
    ['J.', 'K.'],
    ['U.S.', 'Navy'],
    ['3.5', 'metres'],
    ['“Go!”', 'she'],
    ['well...', 'maybe'],
    ['sea,', 'The'],
    ['だ。」', 'と'],
    ['平静，', '月亮'],
    ['静かで、', '月'],
  ])('%s + %s', (word, next) => {
    expect(ends(word, next)).toBe(false);
  });

  it('knows ordinals where a dot makes them, and list numbers', () => {
    expect(ends('3.', 'Oktober', 'de')).toBe(false);
    expect(ends('3.', 'October', 'en')).toBe(true);
    expect(endsSentence('1.', 'Preheat', 'en', true)).toBe(false);
  });
});
