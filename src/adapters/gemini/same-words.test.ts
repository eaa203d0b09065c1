import fc from 'fast-check';
import { expect, test } from 'vitest';

import { tokenise } from '../../domain/tokens.ts';
import { cutLike } from './same-words.ts';

const script = 'The “old” harbour slept.\n\nThen — at last — the wind turned.';

test('scenes are cut out of the script itself, however white space, quotes and dashes came back', () => {
  const told = ['The "old" harbour slept.', 'Then - at  last - the wind turned.'];
  expect(cutLike(script, told, 'en')).toEqual([
    'The “old” harbour slept.',
    'Then — at last — the wind turned.',
  ]);
});

test.each([
  ['a word more', ['The "old" harbour slept well.', 'Then — at last — the wind turned.']],
  ['a word fewer', ['The "old" harbour slept.', 'Then — at last — the wind.']],
  ['another word', ['The "old" harbor slept.', 'Then — at last — the wind turned.']],
  ['another case', ['the "old" harbour slept.', 'Then — at last — the wind turned.']],
  ['another order', ['Then — at last — the wind turned.', 'The "old" harbour slept.']],
  ['two words in one', ['The "old" harbour slept.', 'Then — at last — thewind turned.']],
  ['a scene of nothing', ['The "old" harbour slept.', ' ', 'Then — at last — the wind turned.']],
  ['no scene', []],
])('%s is not the user’s words', (_, told) => {
  expect(cutLike(script, told, 'en')).toBeUndefined();
});

test('where words are written without spaces, characters count', () => {
  const text = '港口睡着了。后来风向变了。';
  expect(cutLike(text, ['港口睡着了。', '后来风向变了。'], 'zh')).toEqual(['港口睡着了。', '后来风向变了。']);
  expect(cutLike(text, ['港口睡着了。', '后来风变了。'], 'zh')).toBeUndefined();
});

test('any cut of any words gives all of them', () => {
  const word = fc.stringMatching(/^[\p{L}\p{N}“”—’.,]{1,8}$/u);
  fc.assert(
    fc.property(fc.array(word, { minLength: 2, maxLength: 40 }), fc.nat(), (words, n) => {
      const at = 1 + (n % (words.length - 1));
      const cut = cutLike(words.join('\n '), [words.slice(0, at).join(' '), words.slice(at).join(' ')], 'en');
      expect(cut?.flatMap((text) => tokenise(text, 'en'))).toEqual(words);
    }),
    { numRuns: 100 },
  );
});
