// Numbers with what they count: groups of digits, ranges, ratios, units, magnitudes.
import type { Part } from '../take-apart.ts';
import { type LanguageReading, lookUp, type Noun, type OneForm } from './language.ts';
import { countedName, figures, formOf, parseFigures, sayFigures } from './read-figures.ts';
import { nameOfMany, readMagnitudeOfMoney, sayMoney } from './read-money.ts';
import type { Stretch } from './stretch.ts';

const numberSuffix = new RegExp(`^([-−+~≈]?)(${figures})(.*)$`, 'u');
const range = new RegExp(`^(${figures})[-–−](${figures}.*)$`, 'u');

/** A number with what is measured: `1 000 €`, `12,50 €`, `5 km`, `20%`, `5–10 %`, `−4`. */
export function readAmount(parts: Part[], index: number, language: LanguageReading): Stretch | undefined {
  const grouped = joinGroups(parts, index);
  const between = range.exec(grouped.text);
  if (between) {
    const from = parseFigures(between[1]!);
    const to = from && sayAmount(between[2]!, parts, index + grouped.parts, language);
    if (from && to) {
      return {
        words: `${sayFigures(from, language, 'alone', true)} ${language.to} ${to.words}`,
        parts: grouped.parts + to.parts,
      };
    }
  }
  const size = /^(\d{3,5})[x×](\d{3,5})$/iu.exec(grouped.text);
  if (size) {
    const [width, height] = [Number(size[1]), Number(size[2])];
    const words = `${language.cardinal(width, 'alone')} ${language.by} ${language.cardinal(height, 'alone')}`;
    return { words, parts: 1 };
  }
  const ratio = /^(\d{1,3}):(\d{1,3})$/.exec(grouped.text);
  if (ratio) {
    const [first, second] = [Number(ratio[1]), Number(ratio[2])];
    const words = `${language.cardinal(first, 'alone')} ${language.ratio} ${language.cardinal(second, 'alone')}`;
    return { words, parts: grouped.parts };
  }
  const amount = sayAmount(grouped.text, parts, index + grouped.parts, language);
  return amount && { words: amount.words, parts: grouped.parts + amount.parts };
}

/** `12 500` in two tokens is one number. */
function joinGroups(parts: Part[], index: number): { text: string; parts: number } {
  let text = parts[index]!.core;
  let taken = 1;
  if (/^[-−+]?[1-9]\d{0,2}$/u.test(text)) {
    while (
      parts[index + taken - 1]!.rest === 'none' &&
      !parts[index + taken - 1]!.stopped &&
      /^\d{3}(?:[.,]\d+)?(?![\d.,])/.test(parts[index + taken]?.core ?? '')
    ) {
      const group = parts[index + taken]!.core;
      text += group;
      taken++;
      if (!/^\d{3}$/.test(group)) break;
    }
  }
  return { text, parts: taken };
}

/** `text` is a number with or without its unit; `next` is where the parts behind it begin. `parts` counts those taken. */
function sayAmount(
  text: string,
  parts: Part[],
  next: number,
  language: LanguageReading,
): Stretch | undefined {
  const found = numberSuffix.exec(text);
  const value = found && parseFigures(found[2]!);
  if (!found || !value) return undefined;
  const sign = /[-−]/u.test(found[1]!)
    ? `${language.minus} `
    : found[1] === '+'
      ? `${language.plus} `
      : found[1] === ''
        ? ''
        : `${language.symbols['≈']} `;
  const suffix = found[3]!.replace(/^[\u00A0\u202F]/u, '');
  const free = parts[next - 1]?.rest === 'none';
  const behind = free ? (parts[next]?.core ?? '') : '';

  if (suffix !== '') {
    const currency = lookUp(language.currencies, suffix);
    if (currency) return { words: sign + sayMoney(value, currency, language), parts: 0 };
    const many = readMagnitudeOfMoney(suffix, value, language);
    if (many !== undefined) return { words: sign + many, parts: 0 };
    const unit = unitOf(suffix, language) ?? lookUp(language.magnitudes, suffix);
    if (unit)
      return {
        words: `${sign}${sayFigures(value, language, formOf(unit))} ${countedName(value, unit)}`,
        parts: 0,
      };
    if (/^[xX×]$/u.test(suffix))
      return { words: `${sayFigures(value, language, 'feminine')} ${language.times}`, parts: 0 };
    if (suffix === '+')
      return { words: `${sayFigures(value, language, 'alone')} ${language.plus}`, parts: 0 };
    return undefined;
  }
  const currency = lookUp(language.currencies, behind);
  if (currency) return { words: sign + sayMoney(value, currency, language), parts: 1 };
  const unit = unitOf(behind, language) ?? lookUp(language.magnitudes, behind);
  const one: OneForm = unit ? formOf(unit) : oneBefore(free ? behind : '', language);
  // 1.234 is no year.
  const year = unit === undefined && found[2]!.length === 4;
  return { words: sign + sayFigures(value, language, one, year), parts: 0 };
}

/** A unit, a magnitude or a currency in a token of its own, behind its number. */
export function readUnit(parts: Part[], index: number, language: LanguageReading): string | undefined {
  const previous = parts[index - 1];
  const { core } = parts[index]!;
  if (previous?.rest !== 'none') return undefined;
  const magnitude = lookUp(language.magnitudes, previous.core);
  const currency = lookUp(language.currencies, core);
  if (
    currency &&
    (magnitude || Object.values(language.magnitudes).some(({ many }) => many === previous.core))
  ) {
    return language.ofMany(currency.many);
  }
  const value = parseFigures(new RegExp(`${figures}$`, 'u').exec(previous.core)?.[0] ?? '');
  const unit = unitOf(core, language) ?? lookUp(language.magnitudes, core);
  if (unit && lookUp(language.fractions, previous.core) !== undefined) return unit.one;
  if (!value) return undefined;
  return unit ? countedName(value, unit) : nameOfMany(core, value, language);
}

export function unitOf(name: string, { units }: LanguageReading): Noun | undefined {
  return lookUp(units, name) ?? lookUp(units, name.replace(/2$/, '²').replace(/3$/, '³'));
}

function oneBefore(next: string, language: LanguageReading): OneForm {
  if (!/^\p{L}{2,}/u.test(next) || /^(?:de|del|di|und|et|y|e|o|ou|oder|bis|a|à)$/.test(next)) return 'alone';
  return language.isFeminine(next.toLowerCase()) ? 'feminine' : 'masculine';
}
