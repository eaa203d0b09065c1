// Setting type on a canvas: font, widths, direction, and the order in which words of a line stand. It paints nothing.
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';

import { type Face, fontFamilies } from './fonts.ts';

/** A face at a weight, with everything that a given text needs behind it. */
export interface Typeface {
  /** CSS family list. */
  families: string;
  /** 100..900 */
  weight: number;
}

const rightToLeft = new Set(['ar', 'he', 'fa', 'ur', 'yi', 'ps', 'sd', 'ug', 'dv', 'ckb']);
const strongRight = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const strongLeft = /\p{L}/u;

export function isRightToLeft(language: string): boolean {
  return rightToLeft.has(language);
}

const letterScales: Record<string, number> = { ar: 1.13, fa: 1.13, ur: 1.13, hi: 1.08, he: 1.05 };

/** How much larger this language's letters are set than Latin ones, to look as large. */
export function letterScale(language: string): number {
  return letterScales[language] ?? 1;
}

/** Registers the fonts that `text` needs. */
export function chooseTypeface(text: string, language: string, face: Face, weight: number): Typeface {
  return { families: fontFamilies(text, language, face), weight };
}

/** The bundled variable fonts are known by one weight each; the axis is set beside it. */
export function setFont(context: SKRSContext2D, { families, weight }: Typeface, sizePx: number): void {
  context.font = `${sizePx}px ${families}`;
  context.fontVariationSettings = `'wght' ${weight}`;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
}

/** Widths in pixels of texts at `sizePx`. */
export function createRuler(typeface: Typeface, sizePx: number): (text: string) => number {
  const context = createCanvas(16, 16).getContext('2d');
  setFont(context, typeface, sizePx);
  return (text) => context.measureText(text).width;
}

/** A word, or a part of one, in its place on a line; `x` is its left edge. */
export interface PlacedWord {
  /** Position of its word in the line as it is read. */
  index: number;
  text: string;
  x: number;
  width: number;
  direction: Direction;
  /** Punctuation that belongs to the line and stands apart from its word. */
  isMark: boolean;
}

type Direction = 'ltr' | 'rtl';

interface Token {
  index: number;
  text: string;
  width: number;
  gapBefore: number;
  direction: Direction;
  isMark: boolean;
}

const openingMarks = /^[\p{Ps}\p{Pi}\p{Pd}"'¿¡]+(?=.)/u;
const closingMarks = /(?<=.)[\p{Pe}\p{Pf}\p{Pd}.,:;!?…"'،؛؟۔]+$/u;

/**
 * Places words (in reading order, with the gap before each) from x = 0 to the right as they are seen: in a
 * right-to-left line the first word stands last. A run against the line's direction keeps its own order, but the marks
 * around it go with the line, as the Unicode bidirectional algorithm has it: the full stop after a Latin phrase that
 * ends an Arabic line stands on the line's left. `widthOf` measures parts of words as the words were measured.
 */
export function placeWords(
  words: { text: string; width: number; gapBefore: number }[],
  rtl: boolean,
  widthOf: (text: string) => number,
): PlacedWord[] {
  const base: Direction = rtl ? 'rtl' : 'ltr';
  const directions = directionsOf(
    words.map(({ text }) => text),
    base,
  );
  const tokens = words.flatMap((word, index): Token[] => {
    const direction = directions[index]!;
    const whole = { ...word, index, direction, isMark: false };
    if (direction === base) return [whole];
    const before = directions[index - 1] === direction ? '' : (openingMarks.exec(word.text)?.[0] ?? '');
    const rest = word.text.slice(before.length);
    const after = directions[index + 1] === direction ? '' : closingMarksOf(rest, words, index);
    if (before === '' && after === '') return [whole];
    const mark = (text: string): Token[] =>
      text === '' ? [] : [{ index, text, width: widthOf(text), gapBefore: 0, direction: base, isMark: true }];
    const core = rest.slice(0, rest.length - after.length);
    const parts = [
      ...mark(before),
      { ...whole, text: core, width: widthOf(core), gapBefore: 0 },
      ...mark(after),
    ];
    parts[0]!.gapBefore = word.gapBefore;
    return parts;
  });

  const runs: Token[][] = [];
  for (const token of tokens) {
    const open = runs.at(-1);
    if (open !== undefined && open[0]!.direction === token.direction) open.push(token);
    else runs.push([token]);
  }
  let x = 0;
  const placed: PlacedWord[] = [];
  // Neighbours are set apart by the gap before the one that is read later; so are runs.
  for (const [n, run] of (rtl ? runs.toReversed() : runs).entries()) {
    const neighbour = rtl ? runs[runs.length - n] : run;
    if (n > 0) x += neighbour![0]!.gapBefore;
    const isReversed = run[0]!.direction === 'rtl';
    const seen = isReversed ? run.toReversed() : run;
    for (const [i, { index, text, width, direction, isMark }] of seen.entries()) {
      if (i > 0) x += (isReversed ? seen[i - 1]! : seen[i]!).gapBefore;
      placed.push({ index, text, x, width, direction, isMark });
      x += width;
    }
  }
  return placed;
}

/** What closes `rest`, the end of the word at `index`, from behind the last bracket that was opened within a phrase. */
function closingMarksOf(rest: string, words: { text: string }[], index: number): string {
  const marks = closingMarks.exec(rest)?.[0] ?? '';
  const bracket = marks.lastIndexOf(')');
  if (bracket < 0) return marks;
  const opener = words.slice(0, index + 1).findLastIndex(({ text }) => text.includes('('));
  const before = words[opener - 1]?.text ?? '';
  const isInside = opener > 0 && !strongRight.test(before) && !strongRight.test(words[opener]!.text);
  return isInside && strongLeft.test(before) ? marks.slice(bracket + 1) : marks;
}

/** Words without letters: numbers go with what was read before them, marks with neighbours that agree. */
function directionsOf(texts: string[], base: Direction): Direction[] {
  const own = texts.map((text): Direction | undefined =>
    strongRight.test(text) ? 'rtl' : strongLeft.test(text) ? 'ltr' : undefined,
  );
  return own.map((direction, index) => {
    if (direction !== undefined) return direction;
    const before = own.slice(0, index).findLast(Boolean) ?? base;
    if (/\p{Nd}/u.test(texts[index]!)) return before;
    const after = own.slice(index + 1).find(Boolean) ?? base;
    return before === after ? before : base;
  });
}
