// English words that are no numbers: acronyms, spelled letters, hyphens, foreign letters.
import type { Part } from '../take-apart.ts';
import { endsSentence } from '../take-apart.ts';
import { cardinal, ordinal, romanValue, spellDigits } from './numbers.ts';
import {
  bareAbbreviations,
  countedByRoman,
  letterAcronyms,
  letterNames,
  monarchs,
  shortWords,
  symbols,
  wordAcronyms,
} from './word-lists.ts';

const foldedLetters: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'th',
  þ: 'th',
  ı: 'i',
};

/** Only what Flite reads safely: words of `a` to `z` and inner apostrophes, between single spaces. */
export function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/gu, (letter) => foldedLetters[letter]!)
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z']+/gu, ' ')
    .replace(/(?<![a-z])'+|'+(?![a-z])/g, ' ')
    .replace(/ +/g, ' ')
    .trim();
}

export function spellLetters(letters: string): string {
  return [...letters.toLowerCase()].map((letter) => letterNames[letter] ?? '').join(' ');
}

/** Letters and digits mixed, as in `b2b`, `mp3`, `covid-19`. Digits are numbers, long ones digit by digit. */
export function readAlphanumeric(text: string): string {
  return text
    .split(/(\d+)/)
    .map((part) => {
      if (part === '') return '';
      if (/^\d/.test(part))
        return part.length <= 4 && !part.startsWith('0') ? cardinal(part) : spellDigits(part);
      return readLetters(part, false);
    })
    .join(' ');
}

/** `shouted` = the whole text is in capitals, so that they say nothing about acronyms. */
export function readWord(
  core: string,
  previous: Part | undefined,
  next: Part | undefined,
  shouted: boolean,
): string {
  const possessive = /^(.+)'s$/i.exec(core);
  if (possessive && isAcronym(possessive[1]!, shouted)) return `${readAcronym(possessive[1]!)}'s`;
  const roman = readRoman(core, previous);
  if (roman !== undefined) return roman;
  if (/^\p{Lu}$/u.test(core)) return readCapital(core, previous, next);
  // AT&T is no preposition.
  if (/^\p{Lu}{1,3}&\p{Lu}{1,3}$/u.test(core)) return core.split('&').map(spellLetters).join(' and ');
  return core
    .split(/([-/&@+=_·•×<>.]+|(?<=\p{Ll})(?<!^Ma?c)(?=\p{Lu}\p{L}))/u)
    .map((piece, i) => (i % 2 === 1 ? joint(piece ?? '') : readLetters(piece, shouted)))
    .join(' ');
}

/** `&`, `+`, `@`, `=` are read between words too; a hyphen and a slash are not. */
function joint(mark: string): string {
  return [...mark].map((sign) => (/[&@+=×]/u.test(sign) ? symbols[sign]! : '')).join(' ');
}

function readLetters(word: string, shouted: boolean): string {
  const bare = bareAbbreviations[word.toLowerCase()];
  if (bare !== undefined) return bare;
  const plural = /^(\p{Lu}{2,})s$/u.exec(word);
  if (plural && isAcronym(plural[1]!, shouted)) return `${readAcronym(plural[1]!)}'s`;
  if (isAcronym(word, shouted)) return readAcronym(word);
  // Without a vowel nobody can say it: letters.
  if (/^[bcdfghjklmnpqrstvwxz]{2,5}$/i.test(word) && !/^(hm+|sh+|m+|br+|psst|pst|nth|zz+)$/i.test(word))
    return spellLetters(word);
  if (/^[b-hj-zA-Z]$/.test(word)) return spellLetters(word);
  return word;
}

function isAcronym(word: string, shouted: boolean): boolean {
  if (!/^\p{Lu}{2,}$/u.test(word)) return false;
  if (word in wordAcronyms || letterAcronyms.has(word)) return true;
  if (!/[AEIOUY]/.test(word)) return word.length <= 6;
  return !shouted && word.length <= 3 && !shortWords.has(word.toLowerCase());
}

function readAcronym(word: string): string {
  return wordAcronyms[word] ?? spellLetters(word);
}

/** A lone capital: the article and the pronoun are words, all others letters. */
function readCapital(letter: string, previous: Part | undefined, next: Part | undefined): string {
  if (letter === 'I') return 'i';
  const startsSentence = previous === undefined || endsSentence(previous.rest);
  if (letter === 'A' && startsSentence && next !== undefined) return 'a';
  return spellLetters(letter);
}

function readRoman(core: string, previous: Part | undefined): string | undefined {
  const marked = /^([IVX]+)(?:st|nd|rd|th)$/.exec(core);
  const row = marked ? romanValue(marked[1]!) : undefined;
  if (row !== undefined) return ordinal(String(row));
  const value = romanValue(core);
  if (value === undefined || previous === undefined || previous.rest !== 'none') return undefined;
  const before = previous.core.toLowerCase();
  if (core.length === 1 && !(countedByRoman.has(before) && /^\p{Lu}/u.test(previous.core))) return undefined;
  if (monarchs.has(before)) return `the ${ordinal(String(value))}`;
  return countedByRoman.has(before) || /^[IX]{2,}$/.test(core) ? cardinal(String(value)) : undefined;
}
