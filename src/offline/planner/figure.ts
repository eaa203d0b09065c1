// Finds the number in a scene's words that a small figure can show. Only numbers that the words themselves hold.
import type { Figure } from '../../domain/figure.ts';
import { isContentWord } from './keywords.ts';
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
const magnitudes: Record<string, number> = {
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
};
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

/** The scene's first number that can be shown; undefined when there is none. `tokens` are the scene's words. */
export function findFigure(tokens: string[], language: string): Figure | undefined {
  const bare = tokens.map(bareWord);
  for (const index of tokens.keys()) {
    const figure =
      fractionAt(bare, index) ?? multipleAt(bare, index) ?? numberAt(tokens, bare, index, language);
    if (figure !== undefined) return { ...figure, at_word: index };
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
    return { kind: 'gauge', value, label: sign.startsWith('°') ? digits + sign : `${digits}°`, unit: '' };
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
  const size = magnitudes[next];
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
