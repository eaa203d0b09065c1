// Reads numbers that are spelled out, in five languages, in their natural forms. Whether one is worth showing is not its say.

import { type Atom, joint, type Numerals, numerals } from './numerals.ts';

export interface SpelledNumber {
  value: number;
  /** How many words it takes. */
  length: number;
  /** As it is written in digits: `300`, `12,500`, `2.5 million`. */
  label: string;
  /** `a hundred`, `mille`, `un million`: often no more than "many". */
  round: boolean;
  /** Of millions and more: the label says so in words. */
  large: boolean;
}

/**
 * The longest number that begins with word `index`; undefined when none does, or the language is not known. `bare` are
 * the words of `tokens` as lists hold them; a number ends where a token ends in punctuation.
 */
export function readSpelledNumber(
  tokens: readonly string[],
  bare: readonly string[],
  index: number,
  language: string,
): SpelledNumber | undefined {
  const known = numerals[language];
  if (known === undefined || !/^\p{L}/u.test(bare[index] ?? '')) return undefined;
  const run = readRun(tokens, bare, index, known, language);
  if (run === undefined) return undefined;
  const decimals = isOpen(tokens, index + run.length - 1)
    ? readDecimals(tokens, bare, index + run.length, known)
    : undefined;
  if (decimals === undefined) return labelled(tokens, index, run, known);
  const value = Number(`${run.value}.${decimals.digits}`);
  const length = run.length + decimals.length;
  const label = `${grouped(run.value, known)}${known.signs[1]}${decimals.digits}`;
  const size = isOpen(tokens, index + length - 1) ? known.atoms.get(bare[index + length] ?? '') : undefined;
  if (typeof size !== 'number' || size < 1e6) return { value, length, label, round: false, large: false };
  const word = plainWord(tokens[index + length]!);
  return { value: value * size, length: length + 1, label: `${label} ${word}`, round: false, large: true };
}

interface Run {
  value: number;
  length: number;
  atoms: number[];
}

function readRun(
  tokens: readonly string[],
  bare: readonly string[],
  index: number,
  known: Numerals,
  language: string,
): Run | undefined {
  let sum: Sum = { total: 0, current: 0, smallest: Number.POSITIVE_INFINITY, joined: false, last: undefined };
  let best: Run | undefined;
  const atoms: number[] = [];
  for (let at = index; at < tokens.length; at++) {
    const own = atomsOf(bare[at]!, known) ?? (at === index && isArticle(bare, at, known) ? [1] : undefined);
    // An `and` between two numbers is not one within a number.
    const parts = own?.length === 1 && own[0] === joint && isBetween(bare, index) ? undefined : own;
    if (parts === undefined) break;
    let next: Sum | undefined = sum;
    for (const part of parts) next = next && add(next, part, language);
    if (next === undefined) {
      // `three hundred and five hundred` are two numbers, not one and a rest.
      if (best && atoms.length > 0 && sum.joined && isRound(parts[0]))
        best = beforeJoint(tokens, bare, index, at, known, language);
      break;
    }
    sum = next;
    for (const part of parts) if (part !== joint) atoms.push(part);
    if (sum.last !== joint)
      best = { value: sum.total + sum.current, length: at - index + 1, atoms: [...atoms] };
    if (!isOpen(tokens, at)) break;
  }
  return best;
}

const isRound = (part: Atom | undefined) => part === 100;

/** The run again, cut where its last joint stands. */
function beforeJoint(
  tokens: readonly string[],
  bare: readonly string[],
  index: number,
  end: number,
  known: Numerals,
  language: string,
): Run | undefined {
  let cut = end - 1;
  while (cut > index && known.atoms.get(bare[cut]!) !== joint) cut--;
  return cut === index
    ? undefined
    : readRun(tokens.slice(0, cut), bare.slice(0, cut), index, known, language);
}

const between = new Set('between entre zwischen tra fra'.split(' '));
const isBetween = (bare: readonly string[], index: number) => between.has(bare[index - 1] ?? '');

/** `a` of `a hundred`. */
function isArticle(bare: readonly string[], at: number, { ones, atoms }: Numerals): boolean {
  const next = atoms.get(bare[at + 1] ?? '');
  return ones.has(bare[at]!) && typeof next === 'number' && next >= 100;
}

interface Sum {
  total: number;
  /** Below a thousand, not yet in the total. */
  current: number;
  /** The smallest of thousand, million, … so far. */
  smallest: number;
  joined: boolean;
  last: Atom | undefined;
}

/** The sum with one more part; undefined when no number goes on like that. */
function add(sum: Sum, part: Atom, language: string): Sum | undefined {
  const { total, current, smallest, last } = sum;
  if (part === joint)
    return last === undefined || last === joint ? undefined : { ...sum, joined: true, last: joint };
  const put = (change: Partial<Sum>): Sum => ({ ...sum, ...change, last: part });
  if (part >= 1e3) {
    if (last === joint) return undefined;
    // Spanish counts thousands of millions.
    if (language === 'es' && part === 1e6 && smallest === 1e3) {
      return put({ total: (total + current) * part, current: 0, smallest: part });
    }
    if (part >= smallest || (current === 0 && last !== undefined)) return undefined;
    if (current === 0 && language === 'en') return undefined;
    return put({ total: total + Math.max(1, current) * part, current: 0, smallest: part });
  }
  if (part === 100) {
    if (last === joint) return undefined;
    if (current === 0) return language === 'en' ? undefined : put({ current: 100 });
    const hundreds = current < 10 || (current > 10 && current < 20);
    return hundreds && language !== 'es' ? put({ current: current * 100 }) : undefined;
  }
  if (part > 100) return current === 0 && last !== joint ? put({ current: part }) : undefined;
  if (last === joint && !joinable(sum, part, language)) return undefined;
  if (last !== undefined && last !== joint && part === 0) return undefined;
  if (current % 100 === 0 && (last === undefined || isGap(last))) return put({ current: current + part });
  const tail = current % 100;
  if (last === joint) {
    return tail === 0 || tail % 10 === 0 ? put({ current: current + part }) : undefined;
  }
  const tens = tail >= 20 && tail % 10 === 0;
  if (tens && part < 10 && (language === 'en' || language === 'fr')) return put({ current: current + part });
  if (language !== 'fr') return undefined;
  if (tail === 4 && part === 20 && last === 4) return put({ current: current + 76 });
  if ((tail === 60 || tail === 80) && part >= 10 && part < 20) return put({ current: current + part });
  return tail === 10 && part >= 7 && part < 10 ? put({ current: current + part }) : undefined;
}

/** After these, ones and tens may follow. */
const isGap = (last: Atom) => last !== joint && last >= 100;

function joinable({ total, current }: Sum, part: number, language: string): boolean {
  const tail = current % 100;
  if (language === 'en') return tail === 0 && total + current >= 100;
  if (language === 'fr') return tail >= 20 && tail % 10 === 0 && (part === 1 || (part === 11 && tail === 60));
  if (language === 'es') return tail >= 30 && tail % 10 === 0 && part < 10;
  return tail === 0 && total + current >= 100;
}

function atomsOf(word: string, known: Numerals): Atom[] | undefined {
  const own = known.atoms.get(word);
  if (own !== undefined) return [own];
  if (word.includes('-')) {
    const parts = word.split('-').map((part) => known.atoms.get(part));
    return parts.every((part) => part !== undefined) ? parts : undefined;
  }
  return known.compound ? takeApart(word, known.atoms) : undefined;
}

/** Longest parts first. */
function takeApart(word: string, atoms: Map<string, Atom>): Atom[] | undefined {
  if (word === '') return [];
  for (let length = word.length; length > 1; length--) {
    const first = atoms.get(word.slice(0, length));
    const rest = first === undefined ? undefined : takeApart(word.slice(length), atoms);
    if (first !== undefined && rest !== undefined) return [first, ...rest];
  }
  return undefined;
}

/** `point five`, `virgule vingt-cinq`. */
function readDecimals(
  tokens: readonly string[],
  bare: readonly string[],
  from: number,
  known: Numerals,
): { digits: string; length: number } | undefined {
  if (!known.point.has(bare[from] ?? '') || !isOpen(tokens, from)) return undefined;
  let digits = '';
  let at = from + 1;
  for (; at < tokens.length && digits.length < 3; at++) {
    const parts = atomsOf(bare[at]!, known);
    if (!parts?.every((part) => part !== joint && part < 100)) break;
    digits += (parts as number[]).reduce((sum, part) => sum + part, 0);
    if (!isOpen(tokens, at)) {
      at++;
      break;
    }
  }
  return digits === '' ? undefined : { digits, length: at - from };
}

function labelled(tokens: readonly string[], index: number, run: Run, known: Numerals): SpelledNumber {
  const { value, length, atoms } = run;
  const last = atoms.at(-1)!;
  const [first] = atoms;
  const article = known.ones.has(tokens[index]!.toLowerCase());
  const round =
    last >= 100 &&
    (atoms.length === 1 ? last === 100 || last === 1e3 : atoms.length === 2 && first === 1 && article);
  if (last >= 1e6 && value / last < 1e5) {
    const word = plainWord(tokens[index + length - 1]!);
    return { value, length, label: `${grouped(value / last, known)} ${word}`, round, large: true };
  }
  return { value, length, label: grouped(value, known), round, large: false };
}

const grouped = (value: number, { signs }: Numerals) => String(value).replace(/\B(?=(\d{3})+$)/g, signs[0]);

const plainWord = (token: string) => token.replace(/[^\p{L}]+$/u, '');

/** Whether what follows this token may belong to it. */
function isOpen(tokens: readonly string[], at: number): boolean {
  return !/[.,;:!?…)\]”»"]$/u.test(tokens[at]!);
}
