import { expect, test } from 'vitest';

import { tokenise } from '../../domain/tokens.ts';
import { countCharacters, splitText } from './split-text.ts';

const check = (text: string, language: string, most: number) => {
  const parts = splitText(text, language, most);
  expect(parts.flatMap(({ tokens }) => tokens)).toEqual(tokenise(text, language));
  for (const part of parts) expect(countCharacters(part.text)).toBeLessThanOrEqual(most);
  return parts.map((part) => part.text);
};

test('a text that fits stays whole, without the space around it', () => {
  expect(check(' The storm  came.\nAt night. ', 'en', 100)).toEqual(['The storm  came.\nAt night.']);
});

test('a long text is cut after sentences', () => {
  const text = 'One two three. Four five! “Six seven.” Eight nine ten eleven';
  expect(check(text, 'en', 28)).toEqual([
    'One two three. Four five!',
    '“Six seven.”',
    'Eight nine ten eleven',
  ]);
});

test('a long sentence is cut between words', () => {
  expect(check('One two three four. Five', 'en', 11)).toEqual(['One two', 'three four.', 'Five']);
});

test('texts without spaces are cut after their own full stops', () => {
  expect(check('夜に嵐が来た。雷が海を渡った。船は揺れた。', 'ja', 16)).toEqual([
    '夜に嵐が来た。雷が海を渡った。',
    '船は揺れた。',
  ]);
});

test('an emoji is one character, as it is charged', () => {
  expect(check('🌊🌊🌊 🌊🌊🌊', 'en', 3)).toEqual(['🌊🌊🌊', '🌊🌊🌊']);
});

test('a word that no request takes is said so', () => {
  expect(() => splitText(`a ${'b'.repeat(30)}`, 'en', 20)).toThrow('more than 20 characters');
});
