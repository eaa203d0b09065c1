// What a language has to tell so that its numbers, dates, money, units, abbreviations and acronyms can be read in words.
// Types only; the tables are one file a language, the reading itself is read-language.ts.

/** Which form of "one" stands before a noun; alone = no noun follows. */
export type OneForm = 'alone' | 'masculine' | 'feminine';

export interface Noun {
  one: string;
  many: string;
  feminine?: boolean;
}

interface Currency extends Noun {
  /** Of a hundredth; none = decimals are read as a decimal number. */
  cents?: Noun;
}

/** What stands around an ordinal: it may decide its ending. */
export interface Surroundings {
  /** The words before and after, in lower case; empty at the ends. */
  before: string;
  after: string;
}

export interface LanguageReading {
  /** 0 … 999,999,999,999,999. */
  cardinal(value: number, one: OneForm): string;
  /** A year where it differs from the cardinal. */
  year?(value: number): string | undefined;
  /** `sign` is what marked it: `e`, `º`, `.`, or `roman`. Undefined = the language reads a cardinal there. */
  ordinal(value: number, sign: string, around: Surroundings): string | undefined;
  /** What makes an ordinal of a number in one token, such as `er|e`; a full stop when `dottedOrdinals`. */
  ordinalSigns: string;
  dottedOrdinals: boolean;
  /** `month` is its name. */
  date(day: number, month: string, year: string | undefined, around: Surroundings): string;
  months: string[];
  /** `hours` and `minutes` as numbers; `unitFollows` = a token such as `Uhr` or `h` was written behind. */
  time(hours: number, minutes: number, unitFollows: boolean): string;
  /** Tokens behind a time that belong to it. */
  timeUnits: Set<string>;
  /** Words behind which `14.30` is a time. */
  beforeTimes: Set<string>;
  /** `1/2`, `½` and the like. */
  fractions: Record<string, string>;
  /** What some of those words become before a feminine noun. */
  feminineFractions: Record<string, string>;
  /** `trois heures et demie`, not `trois et demie heures`. */
  nounBeforeFraction: boolean;
  /** `3 1/2`: both as words. */
  mixed(whole: string, fraction: string): string;
  /** Words, in lower case, that begin a sentence behind an ordinal with a full stop: `am 5. Danach`. */
  sentenceStarters: Set<string>;
  /** Words of decimals: how the mark is called, and whether digits are read one by one. */
  comma: string;
  point: string;
  decimalsByDigit: boolean;
  /** Sum with cents: `twelve euros`, `fifty`. */
  withCents(sum: string, cents: string): string;
  /** Between a magnitude and its currency: `millions d'euros`. */
  ofMany(currency: string): string;
  minus: string;
  plus: string;
  /** 1939–1945. */
  to: string;
  /** 3:1. */
  ratio: string;
  /** 10x. */
  times: string;
  /** 1920×1080. */
  by: string;
  units: Record<string, Noun>;
  currencies: Record<string, Currency>;
  magnitudes: Record<string, Noun>;
  /** In lower case with their inner stops, without the last. Two or three tokens count as one: `z. B.`. */
  abbreviations: Record<string, string>;
  /** Read so before a number only: `p. 12`, `S. 12`. */
  numbered: Record<string, string>;
  /** Read so without a full stop; case counts. */
  bareAbbreviations: Record<string, string>;
  /** Of these abbreviations a sentence may end with. */
  mayEndSentence: Set<string>;
  /** Said as words although written in capitals, beside those of four letters and more. */
  wordAcronyms: Set<string>;
  /** Said as letters although they look like words. */
  letterAcronyms: Set<string>;
  letters: Record<string, string>;
  symbols: Record<string, string>;
  /** Of addresses: `.`, `@`, `/`, `-`, `_`, `#`. */
  addressMarks: Record<string, string>;
  /** Whether a noun that is in no table is feminine, guessed by its ending. */
  isFeminine(word: string): boolean;
}

const latin = [...'abcdefghijklmnopqrstuvwxyz'];

/** Names of a to z, in order, between single spaces (`_` = a space within a name). */
export function letterNames(names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name, i) => [latin[i]!, name.replaceAll('_', ' ')]));
}

export function noun(one: string, many = one, feminine = false): Noun {
  return feminine ? { one, many, feminine } : { one, many };
}

/** Own members only: nobody reads `constructor` in a table. */
export function lookUp<T>(table: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
