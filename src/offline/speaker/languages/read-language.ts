// Reads a script in French, Spanish, German or Italian in words: what each part says, or that it is said with the one
// before. Knows how such texts are written; how they are called is in the language's table.
import type { Part } from '../take-apart.ts';
import { type LanguageReading, lookUp } from './language.ts';
import { readAmount, readUnit, unitOf } from './read-amounts.ts';
import { readClock, readDate } from './read-dates.ts';
import { parseFigures, sayDigits, sayFigures } from './read-figures.ts';
import { readPrefixedMoney } from './read-money.ts';
import { isDottedOrdinal, readOrdinal, readRoman } from './read-ordinals.ts';
import { findAbbreviation, readAddress, readWord, spellLetters } from './read-words.ts';
import type { Stretch } from './stretch.ts';

/** A part whose words belong to the part before: `500` of `12 500`, `B.` of `z. B.`. */
export const withPrevious = Symbol('said with the part before');
export type Reading = string | typeof withPrevious;

/** One entry per part. `shouted` = the text is written in capitals. */
export function readLanguage(parts: Part[], language: LanguageReading, shouted: boolean): Reading[] {
  const readings: Reading[] = [];
  while (readings.length < parts.length) {
    const { words, parts: taken } = readStretch(parts, readings.length, language, shouted);
    readings.push(clean(words), ...new Array<typeof withPrevious>(taken - 1).fill(withPrevious));
  }
  return readings;
}

/** True when the full stop behind `parts[index]` ends no sentence. */
export function isStopWithin(parts: Part[], index: number, language: LanguageReading): boolean {
  const next = parts[index + 1];
  if (next === undefined) return false;
  for (let start = Math.max(0, index - 2); start <= index; start++) {
    const found = findAbbreviation(parts, start, language);
    if (found === undefined || start + found.parts <= index) continue;
    if (start + found.parts - 1 > index) return true;
    return !language.mayEndSentence.has(found.key) || !/^\p{Lu}/u.test(next.core);
  }
  const { core } = parts[index]!;
  if (/^\p{Lu}$/u.test(core) || /^(?:\p{L}\.)+\p{L}$/u.test(core)) return /^\p{L}/u.test(next.core);
  if (lookUp(language.magnitudes, core) !== undefined && /\d/.test(parts[index - 1]?.core ?? '')) return true;
  if (unitOf(core, language) && /\d$/.test(parts[index - 1]?.core ?? '')) return /^\p{Ll}/u.test(next.core);
  if (!language.dottedOrdinals) return false;
  if (/^\p{Lu}/u.test(next.core) && language.sentenceStarters.has(next.core.toLowerCase())) return false;
  return isDottedOrdinal(parts, index, language);
}

function readStretch(parts: Part[], index: number, language: LanguageReading, shouted: boolean): Stretch {
  const part = parts[index]!;
  if (part.core === '') return { words: '', parts: 1 };
  const abbreviation = findAbbreviation(parts, index, language);
  if (abbreviation) return { words: abbreviation.words, parts: abbreviation.parts };
  const beside = lookUp(language.fractions, part.core) ?? readUnit(parts, index, language);
  if (beside !== undefined) return { words: beside, parts: 1 };
  const number = readNumber(parts, index, language, shouted);
  if (number) return number;
  const lone = readAddress(part.core, language) ?? readRoman(parts, index, language);
  if (lone !== undefined) return { words: lone, parts: 1 };
  const dotted = part.core.includes('.')
    ? lookUp(language.abbreviations, part.core.toLowerCase())
    : undefined;
  const bare = dotted ?? lookUp(language.bareAbbreviations, part.core);
  if (bare !== undefined) return { words: bare, parts: 1 };
  return { words: readWord(part.core, language, shouted), parts: 1 };
}

function readNumber(
  parts: Part[],
  index: number,
  language: LanguageReading,
  shouted: boolean,
): Stretch | undefined {
  const { core } = parts[index]!;
  const prefixed = readPrefixedMoney(parts, index, language);
  if (prefixed) return prefixed;
  if (!/\d/.test(core)) return undefined;
  return (
    readDate(parts, index, language) ??
    readClock(parts, index, language) ??
    readOrdinal(parts, index, language) ??
    readAmount(parts, index, language) ?? { words: readMixed(core, language, shouted), parts: 1 }
  );
}

/** Letters and digits in one token: each run by itself. */
function readMixed(core: string, language: LanguageReading, shouted: boolean): string {
  return (core.match(/\d+(?:,\d+)*|[^\d]+/g) ?? [])
    .map((run) => {
      const value = parseFigures(run);
      if (value) return sayFigures(value, language, 'alone', true);
      if (/\d/.test(run)) return sayDigits(run.replace(/\D/g, ''), language);
      if (run === '.') return language.point;
      return /^\p{L}$|^[b-df-hj-np-tv-xz]{2,4}$/iu.test(run)
        ? spellLetters(run, language)
        : readWord(run.replace(/^[-–/_.]+|[-–/_.]+$/gu, ''), language, shouted);
    })
    .join(' ');
}

function clean(words: string): string {
  const said = words
    .normalize('NFC')
    // The engine takes markup for orders.
    .replace(/[<>[\]{}\\^_|`"~]/gu, ' ')
    .replace(/ +/gu, ' ')
    .trim();
  return /[\p{L}\p{N}]/u.test(said) ? said : '';
}
