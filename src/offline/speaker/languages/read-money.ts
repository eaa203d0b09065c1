// Sums of money in words: with cents, with millions, with the sign before or behind.
import type { Part } from '../take-apart.ts';
import { type LanguageReading, lookUp } from './language.ts';
import { countedName, type Figures, formOf, parseFigures, sayFigures } from './read-figures.ts';
import type { Stretch } from './stretch.ts';

export function sayMoney(
  value: Figures,
  currency: LanguageReading['currencies'][string],
  language: LanguageReading,
): string {
  const { cents } = currency;
  const whole: Figures = { ...value, fraction: undefined };
  const sum = `${sayFigures(whole, language, formOf(currency))} ${countedName(whole, currency)}`;
  if (value.fraction === undefined) return sum;
  if (cents === undefined || value.fraction.length !== 2) {
    return `${sayFigures(value, language, 'alone')} ${currency.many}`;
  }
  const rest = Number(value.fraction);
  if (rest === 0) return sum;
  const said = language.cardinal(rest, 'masculine');
  if (Number(value.whole) === 0) return `${said} ${rest === 1 ? cents.one : cents.many}`;
  return language.withCents(sum, language.cardinal(rest, 'alone'));
}

/** `5M€`, and `5 M€` where the number is a token of its own. */
export function readMagnitudeOfMoney(
  suffix: string,
  value: Figures,
  language: LanguageReading,
): string | undefined {
  const said = nameOfMany(suffix, value, language);
  return said && `${sayFigures(value, language, 'masculine')} ${said}`;
}

export function nameOfMany(suffix: string, value: Figures, language: LanguageReading): string | undefined {
  const size = lookUp(language.magnitudes, suffix.slice(0, -1));
  const currency = lookUp(language.currencies, suffix.slice(-1));
  if (!size || !currency) return undefined;
  // Thousand euros, but millions of euros.
  const name = size.one === size.many ? currency.many : language.ofMany(currency.many);
  return `${countedName(value, size)} ${name}`;
}

/** `€ 12,50` and `$5`: the sign stands first and is said last. */
export function readPrefixedMoney(
  parts: Part[],
  index: number,
  language: LanguageReading,
): Stretch | undefined {
  const { core, rest } = parts[index]!;
  const glued = /^(US\$|[€$£¥₽])(.*\d)$/u.exec(core);
  if (glued) {
    const [value, currency] = [parseFigures(glued[2]!), lookUp(language.currencies, glued[1]!)];
    return value && currency ? { words: sayMoney(value, currency, language), parts: 1 } : undefined;
  }
  const currency = lookUp(language.currencies, core);
  const sum = rest === 'none' ? parts[index + 1]?.core : undefined;
  const value = sum === undefined ? undefined : parseFigures(sum);
  // Behind a number the sign belongs to that one.
  if (!currency || !value || /\d$/.test(parts[index - 1]?.core ?? '')) return undefined;
  return { words: sayMoney(value, currency, language), parts: 2 };
}
