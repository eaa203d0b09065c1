// Everything in English that has digits in it: amounts, money, dates, times, ranges, versions, decades.
import type { Part } from '../take-apart.ts';
import { cardinal, decade, decimal, fraction, ordinal, spellDigits, year } from './numbers.ts';
import { readWord } from './read-word.ts';
import { currencies, letterNames, magnitudes, months, units } from './word-lists.ts';

const amount = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+`;
const signs = Object.keys(currencies)
  .map((sign) => sign.replace('$', String.raw`\$`))
  .sort((a, b) => b.length - a.length)
  .join('|');
const sizes = Object.keys(magnitudes).join('|');

const sizeBehind = /^(thousand|[mbtr]+illion|bn|mn)$/i;
const plainAmount = new RegExp(`^(?:${amount})$`);
const numberLike = new RegExp(`^[-−+~≈]?(?:${signs})?(?:${amount})$`);
const moneyBefore = new RegExp(`^([-−]?)(${signs})([-−]?)(${amount})(${sizes})?$`);
const moneyBehind = new RegExp(`^([-−]?)(${amount})(${sizes})?(${signs})$`);
const withUnit = new RegExp(`^(${amount})(\\D+)$`);
const range = new RegExp(`^((?:${signs})?)(${amount})[-–−](?:${signs})?(${amount})(\\D*)$`);

const vulgarFractions: Record<string, string> = {
  '½': 'a half',
  '¼': 'a quarter',
  '¾': 'three quarters',
  '⅓': 'a third',
  '⅔': 'two thirds',
  '⅛': 'an eighth',
};

/** Behind these a number of four digits from 1000 on is a year. */
const beforeYears = /^(in|since|by|until|from|year|around|circa|before|after|about|of)$/i;

/** True for an amount that a unit, `million` or `pm` may follow as the next token. */
export function isNumberLike(core: string): boolean {
  return numberLike.test(core) || range.test(core) || /^\d{1,2}:\d{2}$/.test(core);
}

/** True for what follows a whole number as its fraction: `1/2`, `¾`. */
export function isFraction(core: string): boolean {
  return /^[1-9]\/\d{1,2}$/.test(core) || core in vulgarFractions;
}

/** The words of a token with digits; its neighbours tell dates and units. */
export function readNumber(core: string, previous: Part | undefined, next: Part | undefined): string {
  for (const read of readers) {
    const words = read(core, previous, next);
    if (words !== undefined) return words;
  }
  return readMixed(core, previous, next);
}

type Reader = (core: string, previous: Part | undefined, next: Part | undefined) => string | undefined;

const readers: Reader[] = [
  readFraction,
  readSize,
  readHeight,
  readSigned,
  readDate,
  readTime,
  readPhone,
  readMoney,
  readRange,
  readDayOrYear,
  readOrdinal,
  readDecade,
  readVersion,
  (core) => (plainAmount.test(core) ? decimal(core) : undefined),
  readWithUnit,
];

function readFraction(core: string): string | undefined {
  const vulgar = /^(\d*)([½¼¾⅓⅔⅛])(.*)$/u.exec(core);
  if (vulgar) {
    const [, whole, sign, rest] = vulgar as unknown as [string, string, string, string];
    const words = vulgarFractions[sign]!;
    const unit = units[rest]?.many ?? '';
    return `${whole === '' ? words : `${cardinal(whole)} and ${words}`} ${unit}`;
  }
  const plain = /^(\d{1,4})[/⁄](\d{1,4})$/u.exec(core);
  if (!plain) return undefined;
  const [, top, bottom] = plain as unknown as [string, string, string];
  if (looksLikeYear(top) && bottom.length === 2) return `${year(top)} ${cardinal(bottom)}`;
  return fraction(top, bottom);
}

/** 1920×1080, of screens and pictures. */
function readSize(core: string): string | undefined {
  const found = /^(\d{3,5})[x×](\d{3,5})$/iu.exec(core);
  return found ? `${cardinal(found[1]!)} by ${cardinal(found[2]!)}` : undefined;
}

/** 5'10": feet and inches. */
function readHeight(core: string): string | undefined {
  const found = /^(\d)['′](\d{1,2})["″]?$/u.exec(core);
  return found ? `${cardinal(found[1]!)} foot ${cardinal(found[2]!)}` : undefined;
}

const signNames: Record<string, string> = {
  '-': 'minus',
  '−': 'minus',
  '+': 'plus',
  '~': 'about',
  '≈': 'about',
  '±': 'plus or minus',
  '#': 'number',
  '<': 'less than',
  '>': 'more than',
  '≤': 'at most',
  '≥': 'at least',
  '×': 'times',
};

function readSigned(core: string, previous: Part | undefined, next: Part | undefined): string | undefined {
  const name = signNames[core[0]!];
  if (name === undefined || core.length < 2) return undefined;
  return `${name} ${readNumber(core.slice(1), previous, next)}`;
}

function readDate(core: string): string | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(core);
  if (iso) return dateWords(Number(iso[2]), iso[3]!, iso[1]!);
  const slashed = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})$/.exec(core);
  if (!slashed) return undefined;
  const [, first, second, written] = slashed as unknown as [string, string, string, string];
  const dayFirst = Number(first) > 12 || core.includes('.');
  const [month, day] = dayFirst ? [second, first] : [first, second];
  return dateWords(Number(month), day, written.length === 2 ? `20${written}` : written);
}

function dateWords(month: number, day: string, yearDigits: string): string | undefined {
  const name = months[month - 1];
  if (name === undefined || Number(day) < 1 || Number(day) > 31) return undefined;
  return `${name} ${ordinal(day)} ${year(yearDigits)}`;
}

function readTime(core: string, _previous: Part | undefined, next: Part | undefined): string | undefined {
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?(\p{L}.*)?$/iu.exec(core);
  if (clock && Number(clock[2]) < 60) {
    const [, hour, minute, second, behind = ''] = clock as unknown as (string | undefined)[];
    const half = halfOfDay(behind);
    const named = half !== '' || /^[ap]\.?m$/i.test(next?.core ?? '');
    const minutes =
      minute === '00'
        ? named || Number(hour) > 12
          ? ''
          : "o'clock"
        : minute!.startsWith('0')
          ? `oh ${cardinal(minute!)}`
          : cardinal(minute!);
    const hundred = minute === '00' && Number(hour) > 12 && !named ? 'hundred' : '';
    const seconds = second === undefined ? '' : `and ${cardinal(second)} seconds`;
    return `${cardinal(hour!)} ${minutes} ${hundred} ${seconds} ${half}`;
  }
  const ratio = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(core);
  if (ratio) return `${decimal(ratio[1]!)} to ${decimal(ratio[2]!)}`;
  const whole = /^(\d{1,2})([ap]\.?m)$/i.exec(core);
  return whole ? `${cardinal(whole[1]!)} ${halfOfDay(whole[2]!)}` : undefined;
}

function halfOfDay(text: string): string {
  const half = /^([ap])\.?m$/i.exec(text);
  return half ? `${letterNames[half[1]!.toLowerCase()]} em` : '';
}

function readPhone(core: string): string | undefined {
  if (!/^(\+?\d{1,3}[-.])?(\(?\d{3}\)?[-.])?\d{3}[-.]\d{4}$/.test(core)) return undefined;
  return spellDigits(core.replace(/\D/g, ''));
}

function readMoney(core: string, previous: Part | undefined, next: Part | undefined): string | undefined {
  const before = moneyBefore.exec(core);
  const behind = before ? undefined : moneyBehind.exec(core);
  if (before) {
    const [, minus, sign, inner, sum, size] = before as unknown as (string | undefined)[];
    return moneyWords(`${minus}${inner}` !== '', sign!, sum!, size, previous, next);
  }
  if (!behind) return undefined;
  const [, minus, sum, size, sign] = behind as unknown as (string | undefined)[];
  return moneyWords(minus !== '', sign!, sum!, size, previous, next);
}

function moneyWords(
  negative: boolean,
  sign: string,
  sum: string,
  size: string | undefined,
  previous: Part | undefined,
  next: Part | undefined,
): string {
  const { one, many, cents } = currencies[sign]!;
  const minus = negative ? 'minus ' : '';
  if (size !== undefined) return `${minus}${decimal(sum)} ${magnitudes[size]} ${many}`;
  // The size that follows as a token of its own takes the currency along.
  if (next !== undefined && sizeBehind.test(next.core)) return `${minus}${decimal(sum)}`;
  const [whole, small] = sum.replaceAll(',', '').split('.') as [string, string | undefined];
  // A twenty dollar bill.
  const counts = previous !== undefined && /^an?$/i.test(previous.core) && /^\p{Ll}/u.test(next?.core ?? '');
  const main = `${cardinal(whole || '0')} ${Number(whole) === 1 || counts ? one : many}`;
  if (small === undefined || Number(small) === 0) return minus + main;
  if (small.length !== 2 || cents === undefined) return `${minus}${decimal(sum)} ${many}`;
  const change = `${cardinal(small)} ${Number(small) === 1 ? cents.one : cents.many}`;
  return Number(whole) === 0 ? minus + change : `${minus}${main} and ${change}`;
}

function readRange(core: string, _previous: Part | undefined, next: Part | undefined): string | undefined {
  const found = range.exec(core);
  if (!found) {
    const sides = core.split(/(?<=.)[-–−]/u);
    if (sides.length !== 2 || !sides.every((side) => moneyBefore.test(side))) return undefined;
    return sides.map((side) => readMoney(side, undefined, undefined)).join(' to ');
  }
  const [, sign, from, to, behind] = found as unknown as [string, string, string, string, string];
  const unit = units[behind]?.many;
  if (behind !== '' && unit === undefined) return undefined;
  const years =
    looksLikeYear(from) && (looksLikeYear(to) || /^\d{2}$/.test(to)) && behind === '' && sign === '';
  const words = (text: string) => (years && text.length === 4 ? year(text) : decimal(text));
  // `million` behind it takes the currency along.
  const currency = sizeBehind.test(next?.core ?? '') ? '' : (currencies[sign]?.many ?? '');
  if (from === to && behind === '' && sign === '') return `${words(from)} ${words(to)}`;
  return `${words(from)} to ${words(to)} ${currency} ${unit ?? ''}`;
}

const looksLikeYear = (digits: string) => /^(1[1-9]|20)\d{2}$/.test(digits);
const isMonth = (part: Part | undefined) => {
  const core = part?.core.toLowerCase() ?? '';
  return (
    part !== undefined &&
    /^\p{Lu}/u.test(part.core) &&
    months.some((month) => month === core || (core.length >= 3 && core.length <= 4 && month.startsWith(core)))
  );
};

function readDayOrYear(core: string, previous: Part | undefined, next: Part | undefined): string | undefined {
  if (/^\d{1,2}$/.test(core) && Number(core) >= 1 && Number(core) <= 31) {
    if (isMonth(previous) && previous!.rest !== 'comma') return ordinal(core);
    const article = previous?.core.toLowerCase() === 'the' ? '' : 'the';
    if (isMonth(next) && next!.core !== 'May') return `${article} ${ordinal(core)} of`;
  }
  const early = /^10\d{2}$/.test(core) && beforeYears.test(previous?.core ?? '');
  if (!looksLikeYear(core) && !early) return undefined;
  const measured =
    next !== undefined &&
    (units[next.core] !== undefined ||
      /meters?$|metres?$|grams?$|miles?$|feet$|volts?$|watts?$/i.test(next.core));
  return measured ? undefined : year(core);
}

function readOrdinal(core: string): string | undefined {
  const found = /^(\d{1,3}(?:,\d{3})*|\d+)(?:st|nd|rd|th)$/i.exec(core);
  return found ? ordinal(found[1]!.replaceAll(',', '')) : undefined;
}

function readDecade(core: string): string | undefined {
  const found = /^'?(\d{4}|\d0)'?s$/.exec(core);
  return found ? decade(found[1]!) : undefined;
}

function readVersion(core: string): string | undefined {
  const found = /^v?(\d+(?:\.\d+){2,})$/i.exec(core);
  return found ? found[1]!.split('.').map(cardinal).join(' point ') : undefined;
}

function readWithUnit(core: string): string | undefined {
  const found = withUnit.exec(core);
  if (!found) return undefined;
  const [, sum, behind] = found as unknown as [string, string, string];
  const unit = units[behind];
  // 5G and 4K are names; only a bigger sum is a thousand.
  if (unit !== undefined) return `${decimal(sum)} ${sum === '1' ? unit.one : unit.many}`;
  if (/^[xX×]$/.test(behind)) return `${decimal(sum)} times`;
  if (behind === '+') return `${decimal(sum)} plus`;
  const size = magnitudes[behind];
  if (size === undefined || (/^[KGT]$/.test(behind) && sum.length === 1)) return undefined;
  return `${decimal(sum)} ${size}`;
}

/** Letters and digits in one token: each run by itself. */
function readMixed(core: string, previous: Part | undefined, next: Part | undefined): string {
  const hyphened = core.split(/[-–−]+/u).filter((side) => side !== '');
  if (hyphened.length > 1) {
    return hyphened
      .map((side) =>
        /\d/.test(side) ? readNumber(side, previous, next) : readWord(side, previous, next, false),
      )
      .join(' ');
  }
  return (core.match(/\d+(?:[.,]\d+)*|[^\d]+/g) ?? [])
    .map((run) => {
      if (!/\d/.test(run)) return readWord(run.replace(/^[-–/_]+|[-–/_]+$/g, ''), previous, next, false);
      const digits = run.replace(/\D/g, '');
      if (run !== digits) return plainAmount.test(run) ? decimal(run) : spellDigits(digits);
      return digits.startsWith('0') && digits.length > 1 ? spellDigits(digits) : cardinal(digits);
    })
    .join(' ');
}
