// Scripts in any language: nothing lost, nothing endless, and rests where the punctuation puts them.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { AppError } from '../../domain/errors.ts';
import { tokenise } from '../../domain/tokens.ts';
import { readScript } from './read-script.ts';

const odd = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '😀',
    '—',
    '...',
    '«مرحبا»، 25%',
    '你好，世界。',
    '3.5',
    '$',
    'a',
    'U.S.',
    '\n\n',
    'สวัสดี',
    '<b>',
    "'",
    '“',
    '…',
  ),
);
const texts = fc.array(odd, { maxLength: 12 }).map((parts) => parts.join(' '));

test('tokens are those of the domain, and every piece belongs to one, in order', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom('en', 'de', 'fr', 'ar', 'zh'), (text, language) => {
      try {
        const { tokens, sentences } = readScript(text, language);
        expect(tokens).toEqual(tokenise(text, language));
        const pieces = sentences.flat();
        expect(pieces.every(({ text: said }) => said.trim() !== '' && said.length <= 400)).toBe(true);
        expect(
          pieces.every(({ token }, i) => token >= (pieces[i - 1]?.token ?? 0) && token < tokens.length),
        ).toBe(true);
        if (language === 'en') {
          const own = pieces.filter(({ foreign }) => foreign === undefined);
          expect(own.every(({ text: said }) => /^[a-z' ]+$/.test(said))).toBe(true);
        }
        expect(pieces.every(({ text: said }) => !/[<>[\]]/.test(said))).toBe(true);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        expect(error.code).toBe('script_unspeakable');
      }
    }),
    { seed: 20261124, numRuns: 300 },
  );
});

test.each(['😀 🎉', '— … !', '', '   ', '"()"'])('%j has nothing to say', (text) => {
  expect(() => readScript(text, 'en')).toThrow(expect.objectContaining({ code: 'script_unspeakable' }));
});

test('rests follow the punctuation; a lone dash or emoji gives its rest to the word before', () => {
  const { sentences } = readScript(
    'One, two; three — four! Five… six 😀. Seven\n\neight (nine) “ten” eleven?',
    'en',
  );
  const rests = sentences.flat().map(({ text, rest }) => `${text}:${rest}`);
  expect(rests).toEqual([
    'one:comma',
    'two:clause',
    'three:dash',
    'four:exclamation',
    'five:ellipsis',
    'six:sentence',
    'seven:paragraph',
    'eight:comma',
    'nine:comma',
    'ten:none',
    'eleven:question',
  ]);
  expect(sentences.map((sentence) => sentence.length)).toEqual([4, 1, 1, 1, 4]);
});

test('sentences without end are cut, at a comma where there is one', () => {
  const { sentences } = readScript(`${'word '.repeat(30)}stop, ${'more '.repeat(200)}`, 'en');
  expect(sentences[0]).toHaveLength(31);
  expect(Math.max(...sentences.map((sentence) => sentence.length))).toBeLessThanOrEqual(45);
  expect(sentences.flat()).toHaveLength(231);
  const endless = readScript('x'.repeat(5_000), 'de').sentences.flat();
  expect(endless.map(({ text }) => text.replaceAll(' ', '')).join('')).toBe('x'.repeat(5_000));
  expect(new Set(endless.map(({ token }) => token))).toEqual(new Set([0]));
});

test.each([
  ['de', 'Dr. Meier kam am 3. Oktober, z. B. spät. Ende', 2],
  ['fr', 'M. Dupont et Mme. Petit sont là. Fin', 2],
  ['es', 'El Sr. López vive en EE.UU. con ella. Fin', 2],
  ['zh', '你好，世界。再见！', 2],
  ['hi', 'नमस्ते। अलविदा।', 2],
  ['ar', 'مرحبا. كيف حالك؟ نعم', 3],
])('%s: stops of abbreviations end no sentence', (language, text, count) => {
  expect(readScript(text, language).sentences).toHaveLength(count);
});

test('words in another alphabet get its voice, or English letters; what nobody can say is named', () => {
  const { sentences, unspoken } = readScript(
    'From Москва to Ελλάδα, Київ and π: سلام नमस्ते 안녕 你好 שלום, ก こんにちは end.',
    'en',
  );
  expect(sentences.flat().map(({ text, foreign }) => (foreign ? `${text}:${foreign}` : text))).toEqual([
    ...['from', 'moskva', 'to', 'ellada', 'kyiv', 'and', 'pi'],
    ...['سلام:ar', 'नमस्ते:hi', '안녕:ko', '你好:zh', 'end'],
  ]);
  expect(new Set(sentences.map((sentence) => new Set(sentence.map(({ foreign }) => foreign)).size))).toEqual(
    new Set([1]),
  );
  expect(unspoken).toEqual(['שלום', 'ก', 'こんにちは']);
  const german = readScript('Москва und β-Carotin', 'de').sentences.flat();
  expect(german.map(({ text, foreign }) => [text, foreign])).toEqual([
    ['Москва', 'ru'],
    ['und', undefined],
    ['β', 'el'],
    ['Carotin', undefined],
  ]);
});

test.each(['en', 'de', 'ru'])('%s: of a number without end only the first digits are said', (language) => {
  const { sentences, unspoken } = readScript(`${'7'.repeat(2_000)} a`, language);
  const said = sentences.flat();
  expect(said.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(150);
  expect(unspoken).toEqual(['7'.repeat(2_000)]);
});

test('one piece may be the reading of several tokens', () => {
  const pieces = readScript('Über 12 500 km, z. B. heute.', 'de').sentences.flat();
  expect(pieces.map(({ token, through, text }) => [token, through ?? token, text])).toEqual([
    [0, 0, 'Über'],
    [1, 2, 'zwölftausend fünfhundert'],
    [3, 3, 'Kilometer'],
    [4, 5, 'zum Beispiel'],
    [6, 6, 'heute'],
  ]);
});
