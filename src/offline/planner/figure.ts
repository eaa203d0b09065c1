// Finds the number in a scene's words that a small figure can show. Only numbers that the words themselves hold.
import type { Figure } from '../../domain/figure.ts';
import { isContentWord } from './keywords.ts';
import { readSpelledNumber, type SpelledNumber } from './number-words.ts';
import { bareWord } from './word-forms.ts';

const set = (words: string) => new Set(words.split(' '));

const percentWords = set('percent pourcent prozent percento porcento');
/** `per cent`, `pour cent`, `por ciento`, `per cento`. */
const perWords = set('per pour por');
const hundredWords = set('cent ciento cento');
const degreeWords = set('degree degrees degré degrés grado grados grad gradi celsius fahrenheit');
const fromWords = set('from de desde von da');
const toWords = set('to à a hasta auf bis');
const beforeYears = set('in since by year en depuis année desde año im seit jahr nel dal anno');
const measures = set(
  `kilometre kilometres kilometer kilometers km metre metres meter meters mile miles feet tonne tonnes tons kilogram kilograms
   kilogramm kilos kg litre litres liter kilomètre kilomètres mètre mètres kilómetros metros chilometri metri tonnen tonnellate`.replace(
    /\s+/g,
    ' ',
  ),
);
const magnitudes = new Map(
  Object.entries({
    thousand: 1e3,
    million: 1e6,
    millions: 1e6,
    billion: 1e9,
    billions: 1e9,
    trillion: 1e12,
    milliard: 1e9,
    milliards: 1e9,
    millones: 1e6,
    millón: 1e6,
    millionen: 1e6,
    milliarden: 1e9,
    milliarde: 1e9,
    milioni: 1e6,
    milione: 1e6,
    miliardi: 1e9,
  }),
);
/** Whole words of a share, and the value. */
const shares: [pattern: RegExp, value: number, label: string][] = [
  [/^(?:half of|la moitié d|la mitad de|die hälfte|la metà d)/, 0.5, '½'],
  [/^(?:three quarters of|trois quarts d|tres cuartos de|drei viertel|tre quarti d)/, 0.75, '¾'],
  [/^(?:two thirds of|deux tiers d|dos tercios de|zwei drittel|due terzi d)/, 2 / 3, '⅔'],
  [/^(?:a quarter of|un quart d|un cuarto de|ein viertel|un quarto d)/, 0.25, '¼'],
  [/^(?:a third of|one third of|un tiers d|un tercio de|ein drittel|un terzo d)/, 1 / 3, '⅓'],
];
const multiples: [words: Set<string>, factor: number][] = [
  [set('doubled doublé duplicó duplicado verdoppelt verdoppelte raddoppiato raddoppiata'), 2],
  [set('tripled triplé triplicó triplicado verdreifacht triplicato'), 3],
];
/** Counts below this are said, not shown, unless they measure something. */
const leastCount = 100;

/** Before a round number, these make it vague: `a few hundred`, `half a million`. */
const vagueWords = set(
  `few several many some half couple plusieurs quelques demi varios varias algunos algunas unos unas medio media mehrere einige
   paar halbe halben alcuni alcune qualche mezzo mezza`.replace(/\s+/g, ' '),
);
/** `two or three hundred`. */
const orWords = set('or ou o u oder');
const yearWords = set('year année año jahr anno');
const minusWords = set('minus moins menos meno');
const ofWords = set('of de des du del der dei degli delle');
/** Counted exactly enough that even a round number of them is one. */
const counted = set(
  `dollars euros pounds francs inhabitants habitants habitantes einwohner abitanti pesos`.replace(
    /\s+/g,
    ' ',
  ),
);
/** A full turn is no temperature. */
const turnDegrees = 360;

/** The scene's first number that can be shown; undefined when there is none. `tokens` are the scene's words. */
export function findFigure(tokens: string[], language: string): Figure | undefined {
  const bare = tokens.map(bareWord);
  for (let index = 0; index < tokens.length; index++) {
    const spelled = readSpelledNumber(tokens, bare, index, language);
    const figure =
      fractionAt(bare, index) ??
      multipleAt(bare, index) ??
      (spelled ? spelledAt(tokens, bare, index, language, spelled) : numberAt(tokens, bare, index, language));
    if (figure !== undefined) return { ...figure, at_word: index };
    // What is left of a number that is not shown would be another number.
    if (spelled) index += spelled.length - 1;
  }
  return undefined;
}

type Found = Omit<Figure, 'at_word'> | undefined;

function fractionAt(bare: string[], index: number): Found {
  const text = bare.slice(index, index + 4).join(' ');
  const found = shares.find(([pattern]) => pattern.test(text));
  return found && { kind: 'share', value: found[1], label: found[2], unit: '' };
}

function multipleAt(bare: string[], index: number): Found {
  const found = multiples.find(([words]) => words.has(bare[index]!));
  return found && { kind: 'compare', from: 1, value: found[1], label: `×${found[1]}`, unit: '' };
}

function numberAt(tokens: string[], bare: string[], index: number, language: string): Found {
  const written = amountIn(tokens[index]!);
  if (written === undefined) return undefined;
  const value = readAmount(written.digits, language);
  if (value === undefined) return undefined;
  const { digits, sign } = written;
  const [next = '', after = ''] = bare.slice(index + 1, index + 3);

  const isPercent = sign === '%' || tokens[index + 1]?.startsWith('%') || percentWords.has(next);
  if (isPercent || (perWords.has(next) && hundredWords.has(after))) {
    return value > 100 ? undefined : { kind: 'share', value: value / 100, label: `${digits}%`, unit: '' };
  }
  if (sign.startsWith('°') || degreeWords.has(next)) {
    const below = minusWords.has(bare[index - 1] ?? '');
    const degrees = sign.startsWith('°') ? digits + sign : `${digits}°`;
    return { kind: 'gauge', value: below ? -value : value, label: `${below ? '−' : ''}${degrees}`, unit: '' };
  }
  if (sign !== '') return undefined;

  const second = amountIn(tokens[index + 2] ?? '');
  if (fromWords.has(bare[index - 1] ?? '') && toWords.has(next) && second !== undefined) {
    const to = readAmount(second.digits, language);
    const plain = to !== undefined && to > 0 && value > 0 && second.sign === sign;
    const looksLikeYears = value > 1000 && (to ?? 0) > 1000;
    if (plain && !looksLikeYears) {
      return { kind: 'compare', from: value, value: to, label: `${digits} → ${second.digits}`, unit: '' };
    }
    return undefined;
  }
  if (/^[12]\d{3}$/.test(digits)) {
    if (beforeYears.has(bare[index - 1] ?? '')) return { kind: 'year', value, label: digits, unit: '' };
    return undefined;
  }
  const size = magnitudes.get(next);
  if (size !== undefined) {
    return {
      kind: 'count',
      value: value * size,
      label: `${digits} ${tokens[index + 1]!.replace(/[^\p{L}]+$/u, '')}`,
      unit: '',
    };
  }
  if (value < leastCount && !measures.has(next)) return undefined;
  const unit = isContentWord(next, language) || measures.has(next) ? next : '';
  return { kind: 'count', value, label: digits, unit };
}

/** A number in words, read as carefully as people use them: `one of them` and `a hundred reasons` show nothing. */
function spelledAt(
  tokens: string[],
  bare: string[],
  index: number,
  language: string,
  { value, label, length, round, large }: SpelledNumber,
): Found {
  const before = bare[index - 1] ?? '';
  if ((round && vagueWords.has(before)) || orWords.has(before)) return undefined;
  const from = index + length;
  const open = !/[.,;:!?…]$/u.test(tokens[from - 1]!);
  const [next = '', after = '', third = ''] = open ? bare.slice(from, from + 3) : [];

  const perCent = perWords.has(next) && hundredWords.has(after);
  if (percentWords.has(next) || perCent || tokens[from]?.startsWith('%')) {
    const wholly = round && !ofWords.has(perCent ? third : after);
    return value > 100 || wholly
      ? undefined
      : { kind: 'share', value: value / 100, label: `${label}%`, unit: '' };
  }
  if (degreeWords.has(next)) {
    if (value === 1 || value === turnDegrees) return undefined;
    const below = minusWords.has(before);
    return { kind: 'gauge', value: below ? -value : value, label: `${below ? '−' : ''}${label}°`, unit: '' };
  }
  const year = value >= 1000 && value < 2100 ? value : yearOfPair(tokens, bare, index, language);
  if (year !== undefined && beforeYears.has(before)) {
    const rest = year === value ? next : (bare[from + 1] ?? '');
    const counts = isContentWord(rest, language) || measures.has(rest);
    if (Number.isInteger(year) && (yearWords.has(before) || !counts)) {
      return { kind: 'year', value: year, label: String(year), unit: '' };
    }
  }
  if (fromWords.has(before) && toWords.has(next)) {
    const second = readSpelledNumber(tokens, bare, from + 1, language);
    const plain =
      second !== undefined && value > 1 && second.value > 1 && !(value > 1000 && second.value > 1000);
    return plain
      ? { kind: 'compare', from: value, value: second.value, label: `${label} → ${second.label}`, unit: '' }
      : undefined;
  }
  const named = ofWords.has(next) ? after : next;
  if (value === 1 || (round && !measures.has(named) && !counted.has(named))) return undefined;
  if (value < leastCount && !measures.has(next)) return undefined;
  const shown = isContentWord(next, language) || measures.has(next) ? next : '';
  return { kind: 'count', value, label, unit: large ? '' : shown };
}

/** `nineteen eighty-nine`. */
function yearOfPair(tokens: string[], bare: string[], index: number, language: string): number | undefined {
  if (language !== 'en') return undefined;
  const century = readSpelledNumber(tokens, bare, index, language);
  const rest = century && readSpelledNumber(tokens, bare, index + century.length, language);
  if (!century || !rest || /[.,;:!?…]$/u.test(tokens[index + century.length - 1]!)) return undefined;
  const isYear = century.value >= 11 && century.value <= 20 && rest.value >= 10 && rest.value <= 99;
  return isYear ? century.value * 100 + rest.value : undefined;
}

/** The digits of a token with the sign right behind them, punctuation aside; undefined when it is no plain amount. */
function amountIn(token: string): { digits: string; sign: string } | undefined {
  const match = /^[("“«¿¡]*(\d[\d.,\u00a0\u202f’']*\d|\d)(%|°[CF]?)?[)"”»!?.,;:…]*$/u.exec(token);
  return match ? { digits: match[1]!, sign: match[2] ?? '' } : undefined;
}

/** In English a comma parts thousands; in the other languages a point does, and a comma the decimals. */
function readAmount(digits: string, language: string): number | undefined {
  const [group, point] = language === 'en' ? [',', '.'] : ['.', ','];
  const plain = digits.replace(/[\u00a0\u202f’']/gu, '');
  const grouped = new RegExp(`^\\d{1,3}(?:\\${group}\\d{3})+(?:\\${point}\\d+)?$`);
  const single = new RegExp(`^\\d+(?:\\${point}\\d+)?$`);
  if (!grouped.test(plain) && !single.test(plain)) return undefined;
  const value = Number(plain.replaceAll(group, '').replace(point, '.'));
  return Number.isFinite(value) ? value : undefined;
}
