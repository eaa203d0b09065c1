// Numbers as they are written on the continent: `1.234,5`, `1 000`, `3.5`, `007`. Splits them and says them in words.
import type { LanguageReading, Noun, OneForm } from './language.ts';

export interface Figures {
  whole: string;
  /** Digits behind the mark. */
  fraction: string | undefined;
  mark: 'comma' | 'point';
}

/** What a number may look like, without sign; no capturing groups. */
export const figures = String.raw`\d+(?:['.,\u00A0\u202F]\d+)*`;

/** More digits are said one by one. */
const mostDigits = 15;

/** Undefined for what is no single number, such as `1.2.3`. */
export function parseFigures(text: string): Figures | undefined {
  const plain = text.replace(/['\u00A0\u202F]/gu, '');
  const integer =
    /^\d+$/.test(plain) || /^\d{1,3}(?:\.\d{3})+$/.test(plain) || /^\d{1,3}(?:,\d{3}){2,}$/.test(plain);
  if (integer) return { whole: plain.replace(/[.,]/g, ''), fraction: undefined, mark: 'comma' };
  const found =
    /^(\d+|\d{1,3}(?:\.\d{3})+),(\d+)$/.exec(plain) ?? /^(\d+|\d{1,3}(?:,\d{3})+)\.(\d+)$/.exec(plain);
  if (!found) return undefined;
  const mark = plain.at(found[1]!.length) === ',' ? 'comma' : 'point';
  return { whole: found[1]!.replace(/[.,]/g, ''), fraction: found[2]!, mark };
}

/** `year` = four digits without a mark may be one. */
export function sayFigures(
  { whole, fraction, mark }: Figures,
  language: LanguageReading,
  one: OneForm,
  year = false,
): string {
  if (fraction === undefined) {
    const inYear = year && /^\d{4}$/.test(whole) ? language.year?.(Number(whole)) : undefined;
    return inYear ?? sayWhole(whole, language, one);
  }
  const digits = language.decimalsByDigit || fraction.startsWith('0') || fraction.length > 2;
  const behind = digits ? sayDigits(fraction, language) : language.cardinal(Number(fraction), 'alone');
  return `${sayWhole(whole, language, 'alone')} ${language[mark]} ${behind}`;
}

function sayWhole(whole: string, language: LanguageReading, one: OneForm): string {
  // 007 is a name made of digits.
  if ((whole.length > 1 && whole.startsWith('0')) || whole.length > mostDigits)
    return sayDigits(whole, language);
  return language.cardinal(Number(whole), one);
}

export function sayDigits(digits: string, language: LanguageReading): string {
  return [...digits].map((digit) => language.cardinal(Number(digit), 'alone')).join(' ');
}

export function countedName({ whole, fraction }: Figures, { one, many }: Noun): string {
  return Number(whole) === 1 && fraction === undefined ? one : many;
}

export const formOf = ({ feminine }: Noun): OneForm => (feminine ? 'feminine' : 'masculine');
