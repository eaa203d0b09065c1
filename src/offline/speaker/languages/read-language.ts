// Reads a script in French, Spanish, German or Italian in words: what each part says, or that it is said with the one
// before. Knows how such texts are written; how they are called is in the language's table.
import type { Part } from '../take-apart.ts';
import { type LanguageReading, lookUp } from './language.ts';
import { readAmount, readUnit, unitOf } from './read-amounts.ts';
import { readClock, readDate } from './read-dates.ts';
import { parseFigures, sayDigits, sayFigures } from './read-figures.ts';
import { readPrefixedMoney } from './read-money.ts';
import { isDottedOrdinal, readOrdinal, readRoman } from './read-ordinals.ts';
import { readPhone } from './read-phone.ts';
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
  const named = /\d/.test(part.core) ? lookUp(language.bareAbbreviations, part.core) : undefined;
  if (named !== undefined) return { words: named, parts: 1 };
  const phone = readPhone(parts, index, language);
  if (phone) return phone;
  const whole = readWholeAndFraction(parts, index, language);
  if (whole) return whole;
  const beside = readFraction(parts, index, language) ?? readUnit(parts, index, language);
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

/** Half a noun agrees with it: `media taza`. */
function readFraction(parts: Part[], index: number, language: LanguageReading): string | undefined {
  const words = lookUp(language.fractions, parts[index]!.core);
  return words === undefined ? undefined : agreeing(words, parts, index, language);
}

/** `fraction` as it is before what stands behind `parts[index]`. */
function agreeing(fraction: string, parts: Part[], index: number, language: LanguageReading): string {
  const next = parts[index]!.rest === 'none' ? (parts[index + 1]?.core ?? '') : '';
  if (!/^\p{L}{3,}$/u.test(next) || !language.isFeminine(next.toLowerCase())) return fraction;
  return lookUp(language.feminineFractions, fraction) ?? fraction;
}

/** `3 1/2` and `3½`. */
function readWholeAndFraction(parts: Part[], index: number, language: LanguageReading): Stretch | undefined {
  const { core, rest } = parts[index]!;
  const glued = /^(\d{1,3})([½¼¾])$/u.exec(core);
  const whole = glued ? glued[1]! : core;
  if (!/^\d{1,3}$/.test(whole)) return undefined;
  const behind = glued ? glued[2]! : rest === 'none' ? (parts[index + 1]?.core ?? '') : '';
  const fraction = lookUp(language.fractions, behind);
  if (fraction === undefined) return undefined;
  const taken = glued ? 1 : 2;
  const part = agreeing(fraction, parts, index + taken - 1, language);
  const said = language.cardinal(Number(whole), 'alone');
  const noun = parts[index + taken - 1]!.rest === 'none' ? (parts[index + taken]?.core ?? '') : '';
  if (language.nounBeforeFraction && /^\p{Ll}{3,}$/u.test(noun)) {
    return { words: language.mixed(`${said} ${noun}`, part), parts: taken + 1 };
  }
  return { words: language.mixed(said, part), parts: taken };
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
    // `l'8` is said `l'otto`.
    .replace(/(?<=\p{L}') (?=[aeiouhàèéêô])/giu, '')
    .trim();
  return /[\p{L}\p{N}]/u.test(said) ? said : '';
}
