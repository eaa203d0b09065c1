// Reads a script in French, Spanish, German or Italian in words: what each part says, or that it is said with the one
// before. Knows how such texts are written; how they are called is in the language's table.
import { endsSentence, type Part } from '../take-apart.ts';
import { type LanguageReading, lookUp, type Noun, type OneForm, type Surroundings } from './language.ts';
import { type Figures, figures, parseFigures, sayDigits, sayFigures } from './read-figures.ts';
import { findAbbreviation, readAddress, readWord, romanValue, spellLetters } from './read-words.ts';

/** A part whose words belong to the part before: `500` of `12 500`, `B.` of `z. B.`. */
export const withPrevious = Symbol('said with the part before');
export type Reading = string | typeof withPrevious;

/** The words of a stretch of parts, and how many it takes. */
interface Stretch {
  words: string;
  parts: number;
}

const numberSuffix = new RegExp(`^([-−+]?)(${figures})(.*)$`, 'u');
const isoDate = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const dayFirst = /^(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2}))$/;
const clock = /^(\d{1,2})[:hH](\d{2})?$/;
const range = new RegExp(`^(${figures})[-–−](${figures}.*)$`, 'u');

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

/** `3. Oktober`, `der 2. Mann`, `Ludwig XIV. kam`, but not `Es waren 12. Dann …`. */
function isDottedOrdinal(parts: Part[], index: number, language: LanguageReading): boolean {
  const part = parts[index]!;
  if (!part.stopped) return false;
  const roman = romanValue(parts, index);
  if (roman !== undefined)
    return !/^\p{Lu}/u.test(parts[index + 1]?.core ?? 'X') || isTitled(parts[index + 1]!.core);
  if (!/^\d{1,2}$/.test(part.core)) return /^\d{1,2}\.\d{1,2}$/.test(part.core);
  const { before, after } = around(parts, index);
  const next = parts[index + 1]?.core ?? '';
  return (
    language.months.some(
      (month) => month.toLowerCase() === after || after === month.slice(0, 3).toLowerCase(),
    ) ||
    /^\p{Ll}/u.test(next) ||
    (/^(?:d(?:er|ie|as|em|en|es)|am|vom|zum|im|beim|bis|jede[rnms]?|eine[rmn]?|(?:sein|ihr|mein|unser)e[nmr]?|mein|sein)$/.test(
      before,
    ) &&
      /^\p{L}/u.test(next)) ||
    /^(?:jahrhundert|jh|mal|kapitel|platz|klasse|stock|etage|weltkrieg|auflage)$/.test(after)
  );
}

const isTitled = (word: string) => /^(?:Weltkrieg|Republik|Bundesliga|Akt|Kapitel|Jahrhundert)$/.test(word);

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

/** Lower-case words around a stretch that no rest separates from it. */
function around(parts: Part[], index: number, taken = 1): Surroundings {
  const before = parts[index - 1];
  const after = parts[index + taken];
  return {
    before: before && !endsSentence(before.rest) ? before.core.toLowerCase() : '',
    after: after && parts[index + taken - 1]!.rest !== 'comma' ? after.core.toLowerCase() : '',
  };
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

function readDate(parts: Part[], index: number, language: LanguageReading): Stretch | undefined {
  const { core, stopped } = parts[index]!;
  const iso = isoDate.exec(core);
  const european = dayFirst.exec(core);
  const short = language.dottedOrdinals && stopped ? /^(\d{1,2})\.(\d{1,2})$/.exec(core) : null;
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]]
    : european
      ? [european[4], european[3], european[1]]
      : short
        ? [undefined, short[2], short[1]]
        : [];
  if (month === undefined || day === undefined) return undefined;
  const name = language.months[Number(month) - 1];
  if (name === undefined || Number(day) < 1 || Number(day) > 31) return undefined;
  const inYear =
    year === undefined
      ? undefined
      : sayFigures(
          { whole: String(Number(year)), fraction: undefined, mark: 'comma' },
          language,
          'alone',
          true,
        );
  return { words: language.date(Number(day), name, inYear, around(parts, index)), parts: 1 };
}

function readClock(parts: Part[], index: number, language: LanguageReading): Stretch | undefined {
  const part = parts[index]!;
  const next = part.rest === 'none' ? parts[index + 1]?.core.toLowerCase() : undefined;
  const unitFollows = next !== undefined && language.timeUnits.has(next);
  // `14 h 30` in three tokens.
  const minutes = parts[index + 2]?.core;
  if (
    unitFollows &&
    /^\d{1,2}$/.test(part.core) &&
    /^\d{2}$/.test(minutes ?? '') &&
    parts[index + 1]!.rest === 'none'
  ) {
    const split = timeOf(part.core, minutes!, true, language);
    if (split) return { words: split, parts: 3 };
  }
  const dotted = unitFollows ? /^(\d{1,2})\.(\d{2})$/.exec(part.core) : null;
  const found = dotted ?? clock.exec(part.core);
  if (!found || (found[2] === undefined && !/h$/i.test(part.core))) return undefined;
  const words = timeOf(found[1]!, found[2] ?? '00', unitFollows || /h/i.test(part.core), language);
  return words === undefined ? undefined : { words, parts: unitFollows ? 2 : 1 };
}

function timeOf(
  hours: string,
  minutes: string,
  unit: boolean,
  language: LanguageReading,
): string | undefined {
  if (Number(hours) > 24 || Number(minutes) > 59) return undefined;
  return language.time(Number(hours), Number(minutes), unit);
}

function readOrdinal(parts: Part[], index: number, language: LanguageReading): Stretch | undefined {
  const { core } = parts[index]!;
  const beside = around(parts, index);
  if (language.dottedOrdinals && /^\d{1,2}$/.test(core) && isDottedOrdinal(parts, index, language)) {
    return { words: language.ordinal(Number(core), '.', beside)!, parts: 1 };
  }
  const decade = language.dottedOrdinals ? /^(\d{2}|\d{4})er$/.exec(core) : null;
  if (decade) {
    const value = Number(decade[1]);
    return { words: `${language.year?.(value) ?? language.cardinal(value, 'alone')}er`, parts: 1 };
  }
  const found = new RegExp(`^(\\d{1,4})\\.?(${language.ordinalSigns})$`, 'u').exec(core);
  if (!found) return undefined;
  const [, digits, sign] = found as unknown as [string, string, string];
  // 20° is a temperature or an angle; 1° and `5° piano` are not.
  if (sign === '°' && digits !== '1' && !/^\p{Ll}/u.test(beside.after)) return undefined;
  const words = language.ordinal(Number(digits), sign === '°' ? 'º' : sign, beside);
  return words === undefined ? undefined : { words, parts: 1 };
}

/** A number with what is measured: `1 000 €`, `12,50 €`, `5 km`, `20%`, `5–10 %`, `−4`. */
function readAmount(parts: Part[], index: number, language: LanguageReading): Stretch | undefined {
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
  const sign = /[-−]/u.test(found[1]!) ? `${language.minus} ` : found[1] === '+' ? `${language.plus} ` : '';
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

function sayMoney(
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
function readMagnitudeOfMoney(suffix: string, value: Figures, language: LanguageReading): string | undefined {
  const said = nameOfMany(suffix, value, language);
  return said && `${sayFigures(value, language, 'masculine')} ${said}`;
}

function nameOfMany(suffix: string, value: Figures, language: LanguageReading): string | undefined {
  const size = lookUp(language.magnitudes, suffix.slice(0, -1));
  const currency = lookUp(language.currencies, suffix.slice(-1));
  if (!size || !currency) return undefined;
  // Thousand euros, but millions of euros.
  const name = size.one === size.many ? currency.many : language.ofMany(currency.many);
  return `${countedName(value, size)} ${name}`;
}

/** `€ 12,50` and `$5`: the sign stands first and is said last. */
function readPrefixedMoney(parts: Part[], index: number, language: LanguageReading): Stretch | undefined {
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

/** A unit, a magnitude or a currency in a token of its own, behind its number. */
function readUnit(parts: Part[], index: number, language: LanguageReading): string | undefined {
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

function unitOf(name: string, { units }: LanguageReading): Noun | undefined {
  return lookUp(units, name) ?? lookUp(units, name.replace(/2$/, '²').replace(/3$/, '³'));
}

function countedName({ whole, fraction }: Figures, { one, many }: Noun): string {
  return Number(whole) === 1 && fraction === undefined ? one : many;
}

const formOf = ({ feminine }: Noun): OneForm => (feminine ? 'feminine' : 'masculine');

function oneBefore(next: string, language: LanguageReading): OneForm {
  if (!/^\p{L}{2,}/u.test(next) || /^(?:de|del|di|und|et|y|e|o|ou|oder|bis|a|à)$/.test(next)) return 'alone';
  return language.isFeminine(next.toLowerCase()) ? 'feminine' : 'masculine';
}

function readRoman(parts: Part[], index: number, language: LanguageReading): string | undefined {
  const { core, stopped } = parts[index]!;
  const beside = around(parts, index);
  const marked = new RegExp(`^([IVX]+)(${language.ordinalSigns})$`, 'u').exec(core);
  if (marked) {
    const value = romanValue([{ ...parts[index]!, core: `${marked[1]}` }], 0);
    const said = language.ordinal(value ?? 1, marked[2]!, beside);
    return value === undefined && marked[1] !== 'I' ? undefined : said;
  }
  const value = romanValue(parts, index);
  if (value === undefined) return undefined;
  if (language.dottedOrdinals) {
    if (!stopped) return language.cardinal(value, 'alone');
    const king =
      /^\p{Lu}/u.test(parts[index - 1]?.core ?? '') && !/^\p{Lu}/u.test(parts[index + 1]?.core ?? 'X');
    const said = language.ordinal(value, 'roman', king ? { before: 'der', after: '' } : beside)!;
    return king ? `der ${said}` : said;
  }
  return language.ordinal(value, 'roman', beside) ?? language.cardinal(value, 'alone');
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
