// Picks the words that steer the details of a scene's picture.
import { isUnspaced } from '../../domain/tokens.ts';
import { propWords } from './cue-words.ts';
import { isPlain, isStriking } from './plain-words.ts';
import { morePropWordsOf } from './prop-words-more.ts';
import { thingWordsOf } from './thing-words.ts';
import { bareWord, indexWords, lookUp, perLanguage } from './word-forms.ts';

const mostKeywords = 3;

const propsOf = perLanguage((language) =>
  indexWords(`${propWords[language] ?? morePropWordsOf(language)}\n${thingWordsOf(language)}`, language),
);

/** How often each bare word comes in the script. */
export type WordCounts = Map<string, number>;

export function countWords(tokens: string[][]): WordCounts {
  const counts: WordCounts = new Map();
  for (const word of tokens.flat().map(bareWord)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Up to three, lower-case: things the painter knows by their English names first, then the rarest content words. */
export function pickKeywords(tokens: string[], language: string, counts: WordCounts): string[] {
  const words = tokens.map(bareWord);
  const props = propsOf(language);
  const things = words.map((word) => lookUp(props, word, language)).filter((thing) => thing !== undefined);
  const rarest = words
    .filter((word) => isContentWord(word, language) && !isStriking(word, language))
    .filter((word) => lookUp(props, word, language) === undefined)
    .sort((a, b) => counts.get(a)! - counts.get(b)! || b.length - a.length);
  return [...new Set([...things, ...rarest])].slice(0, mostKeywords);
}

/** Whether the bare word means something by itself. */
export function isContentWord(bare: string, language: string): boolean {
  const shortest = isUnspaced(language) || language === 'ko' ? 2 : 4;
  return bare.length >= shortest && /^[\p{L}\p{M}'-]+$/u.test(bare) && !isPlain(bare, language);
}
