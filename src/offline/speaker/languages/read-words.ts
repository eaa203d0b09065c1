// Words of French, Spanish, German and Italian that are no numbers: abbreviations, acronyms, Roman numerals, addresses,
// symbols. What needs no reading passes as it is written: the engine knows its language.
import { endsSentence, type Part } from '../take-apart.ts';
import { type LanguageReading, lookUp } from './language.ts';

/** Words of an abbreviation and over how many parts it is written; `key` finds it in the tables. */
export interface Abbreviation {
  key: string;
  words: string;
  parts: number;
}

/** `Dr.`, `z.B.`, `z. B.`: the longest that begins at `index`. */
export function findAbbreviation(
  parts: Part[],
  index: number,
  { abbreviations, numbered }: LanguageReading,
): Abbreviation | undefined {
  for (let count = 3; count > 0; count--) {
    const written = parts.slice(index, index + count);
    if (written.length < count || !written.every(({ stopped }) => stopped)) continue;
    const key = written.map(({ core }) => core).join('.');
    const counts = count === 1 && /^\d/.test(parts[index + 1]?.core ?? '');
    const beforeNumber = counts ? lookUp(numbered, key.toLowerCase()) : undefined;
    if (beforeNumber !== undefined) return { key: key.toLowerCase(), words: beforeNumber, parts: 1 };
    const words = lookUp(abbreviations, key.toLowerCase());
    // `m.` behind a number is no title: a capital wants a name behind it, a small letter a number.
    if (words === undefined || (/^\p{L}$/u.test(key) && !isTitleLetter(parts, index))) continue;
    return { key: key.toLowerCase(), words, parts: count };
  }
  return undefined;
}

function isTitleLetter(parts: Part[], index: number): boolean {
  const next = parts[index + 1]?.core ?? '';
  if (/^\p{Lu}/u.test(parts[index]!.core)) return /^\p{Lu}/u.test(next);
  return /^\d/.test(next) && !/\d$/.test(parts[index - 1]?.core ?? '');
}

const email = /^(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/i;
const web = /^(?:https?:\/\/)?(?:www\.)?((?:[a-z\d-]+\.)+[a-z]{2,})(?::\d+)?(\/[^?#]*)?(?:[?#].*)?$/i;
const commonEndings =
  /\.(?:com|org|net|edu|gov|io|dev|app|ai|co|info|tv|me|uk|de|fr|es|it|eu|ch|at|be|ca|mx|ar)$/i;

/** The words of an e-mail or web address, a handle or a hashtag; undefined when it is none. */
export function readAddress(core: string, { addressMarks }: LanguageReading): string | undefined {
  const said = (text: string) =>
    text
      .split(/([.@/\-_#])/)
      .map((part) => lookUp(addressMarks, part) ?? part.replace(/[^\p{L}\p{N}]+/gu, ' '))
      .join(' ')
      .replace(/ +/g, ' ')
      .trim();
  if (email.test(core)) return said(core.replace(/^mailto:/i, ''));
  if (/^[#@][\p{L}\p{N}_]+$/u.test(core) && !/^#\d+$/.test(core)) {
    return said(core.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' '));
  }
  const found = web.exec(core);
  if (!found) return undefined;
  const [, host, path = ''] = found as unknown as [string, string, string | undefined];
  if (!/^(?:https?:|www\.)/i.test(core) && !commonEndings.test(host)) return undefined;
  return said(host + path.replace(/\/+$/, ''));
}

/** `shouted` = the whole text is in capitals, so that they say nothing about acronyms. */
export function readWord(core: string, language: LanguageReading, shouted: boolean): string {
  const symbol = lookUp(language.symbols, core);
  if (symbol !== undefined) return symbol;
  // R&D is no conjunction of words.
  const said = core
    .split(/([^\p{L}\p{M}\p{N}'’.-]+|(?<=\p{L})-(?=\p{L}))/u)
    .map((piece, i) => (i % 2 === 1 ? joint(piece, language) : readLetters(piece, language, shouted)))
    .join('');
  return said.replace(/ +/g, ' ').replace(/^[ -]+|[ -]+$/g, '');
}

function joint(marks: string, { symbols }: LanguageReading): string {
  if (marks === '-') return '-';
  return ` ${[...marks].map((mark) => (/[&+=×÷±%°§@€$£<>≤≥≈]/u.test(mark) ? (symbols[mark] ?? '') : '')).join(' ')} `;
}

function readLetters(word: string, language: LanguageReading, shouted: boolean): string {
  const [, elided = '', rest] = /^(\p{L}{1,5}'|)(.*)$/u.exec(word)! as unknown as [string, string, string];
  const plural = /^(\p{Lu}{2,})s$/u.exec(rest);
  if (plural && isAcronym(plural[1]!, language, shouted)) {
    return `${elided}${spellLetters(plural[1]!, language)}`;
  }
  const bare = rest.replaceAll('.', '');
  if (/^(?:\p{Lu}\.)+\p{Lu}?$/u.test(rest) && bare.length > 1)
    return elided + sayAcronym(bare, language, shouted);
  if (/^\p{Lu}+$/u.test(rest)) return elided + sayAcronym(rest, language, shouted);
  return word;
}

function sayAcronym(word: string, language: LanguageReading, shouted: boolean): string {
  return isAcronym(word, language, shouted)
    ? spellLetters(word, language)
    : word.length > 1
      ? word.toLowerCase()
      : word;
}

function isAcronym(
  word: string,
  { wordAcronyms, letterAcronyms }: LanguageReading,
  shouted: boolean,
): boolean {
  if (letterAcronyms.has(word.toLowerCase())) return true;
  if (word.length < 2 || wordAcronyms.has(word.toLowerCase())) return false;
  if (!/[AEIOUYÄÖÜÁÉÍÓÚÀÈ]/u.test(word)) return word.length <= 6;
  return !shouted && word.length <= 3;
}

export function spellLetters(letters: string, language: LanguageReading): string {
  return [...letters.toLowerCase()].map((letter) => language.letters[letter] ?? letter).join(' ');
}

const romanDigits: Record<string, number> = { I: 1, V: 5, X: 10 };

/** Value of a Roman numeral up to 39 as behind kings and before centuries; undefined when it is a word or letter. */
export function romanValue(parts: Part[], index: number): number | undefined {
  const { core } = parts[index]!;
  if (core === '' || !/^X{0,3}(?:IX|IV|V?I{0,3})$/.test(core)) return undefined;
  const previous = parts[index - 1];
  const named = previous !== undefined && !endsSentence(previous.rest) && /^\p{L}{3}/u.test(previous.core);
  if (
    core.length === 1 &&
    !(named && /^\p{Lu}|^(?:siglo|secolo|capitolo|siècle|tomo|tome)$/u.test(previous.core))
  ) {
    return undefined;
  }
  const values = [...core].map((digit) => romanDigits[digit]!);
  return values.reduce((sum, value, i) => sum + (value < (values[i + 1] ?? 0) ? -value : value), 0);
}
