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

/** A word in its place on a line; `x` is its left edge. */
export interface PlacedWord {
  /** Position in the line as it is read. */
  index: number;
  x: number;
  width: number;
  direction: 'ltr' | 'rtl';
}

/**
 * Places words (in reading order, with the gap before each) from x = 0 to the right as they are seen: in a
 * right-to-left line the first word stands last; runs against the line's direction keep their own order.
 */
export function placeWords(
  words: { text: string; width: number; gapBefore: number }[],
  rtl: boolean,
): PlacedWord[] {
  const base = rtl ? 'rtl' : 'ltr';
  const own = words.map(({ text }) =>
    strongRight.test(text) ? 'rtl' : strongLeft.test(text) ? 'ltr' : undefined,
  );
  const directions = own.map((direction, index) => {
    if (direction !== undefined) return direction;
    const before = own.slice(0, index).findLast(Boolean) ?? base;
    const after = own.slice(index + 1).find(Boolean) ?? base;
    return before === after ? before : base;
  });
  const runs: number[][] = [];
  for (const [index, direction] of directions.entries()) {
    const open = runs.at(-1);
    if (open !== undefined && directions[open[0]!] === direction) open.push(index);
    else runs.push([index]);
  }
  const seen = (rtl ? runs.toReversed() : runs).flatMap((run) =>
    directions[run[0]!] === 'rtl' ? run.toReversed() : run,
  );
  const runLength = new Map(runs.flatMap((run) => run.map((index) => [index, run.length])));
  let x = 0;
  return seen.map((index, place) => {
    const previous = seen[place - 1];
    // The gap between two neighbours belongs to the one that is read later.
    if (previous !== undefined) x += words[Math.max(previous, index)]!.gapBefore;
    const placed: PlacedWord = {
      index,
      x,
      width: words[index]!.width,
      // A word alone leaves its punctuation to the line; a longer run keeps it inside.
      direction: runLength.get(index) === 1 ? base : directions[index]!,
    };
    x += placed.width;
    return placed;
  });
}
