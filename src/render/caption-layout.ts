// Where each word of a chunk stands in the frame: one or two balanced lines at a position, inside the safe area. Pure
// but for measuring text.
import { touches } from '../domain/tokens.ts';
import type { CaptionPosition } from '../domain/video-request.ts';
import type { CaptionChunk } from './caption-chunks.ts';
import type { CaptionLook } from './caption-look.ts';
import { breakPenalty } from './line-breaks.ts';
import type { Area } from './safe-area.ts';
import { placeWords } from './text.ts';

/** A word, or a part of one: halves of a long word, marks that stand apart. */
export interface LaidOutWord {
  text: string;
  /** Index within the chunk. */
  index: number;
  emphasised: boolean;
  /** Left edge and baseline, frame pixels. */
  x: number;
  baseline: number;
  width: number;
  direction: 'ltr' | 'rtl';
  isMark: boolean;
}

export interface CaptionLayout {
  sizePx: number;
  /** Of letters above the baseline: the middle of what is seen, a share of the size. */
  middle: number;
  /** Letters reach further up and down than Latin ones. */
  isTall: boolean;
  lines: { words: LaidOutWord[]; area: Area }[];
  /** All that is drawn but shadows: lines, plate and marks. */
  area: Area;
}

export interface CaptionLayoutInput {
  chunk: CaptionChunk;
  look: CaptionLook;
  position: CaptionPosition;
  safe: Area;
  /** Widest line in pixels. */
  lineWidth: number;
  /** Width of a text at 100 pixels. */
  widthAt100(text: string): number;
  language: string;
  rtl: boolean;
}

/** Room around the lines for plates and pills, as a share of the size. */
export const platePadding = { x: 0.55, y: 0.3 } as const;
/** Room around the spoken word for its pill. */
export const pillPadding = { x: 0.16, y: 0.06 } as const;

/** Lines per size; scripts with high marks or deep letters need more. */
const tallScripts =
  /[\p{Script=Arabic}\p{Script=Thai}\p{Script=Devanagari}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Scripts of low letters and deep ones, and the middle of theirs and of others above the baseline. */
const deepScripts = /[\p{Script=Arabic}\p{Script=Devanagari}]/u;
const deepMiddle = 0.29;
const latinMiddle = 0.355;

/** Scripts whose letters change their form beside a cut. */
const joinedScripts = /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Mongolian}]/u;

/** Words of letters that take a hyphen where they are cut; addresses and numbers do not. */
const hyphenatedScripts =
  /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{M}]+[\p{Po}\p{Pe}\p{Pf}]*$/u;

export function layOutCaption(input: CaptionLayoutInput): CaptionLayout {
  const { look, safe } = input;
  const pieces = takeApart(input);
  const texts = pieces.map(({ text }) => text);
  const widths = texts.map((text) => input.widthAt100(text) / 100);
  const space = input.widthAt100(' ') / 100 + (look.mark === 'pill' ? pillPadding.x : 0);
  // Without spaces, neighbours would cover the pill's ends.
  const touching = look.mark === 'pill' ? pillPadding.x : 0;
  const gaps = texts.map((text, index) => {
    if (index === 0 || pieces[index]!.continues) return 0;
    return touches(texts[index - 1]!, text, input.language) ? touching : space;
  });
  const mostLines = pieces.some(({ continues }) => continues) ? 2 : look.mostLines;
  const breakAt = chooseBreak(texts, widths, gaps, input.lineWidth / look.sizePx, mostLines);
  const ranges =
    breakAt === undefined
      ? [[0, texts.length]]
      : [
          [0, breakAt],
          [breakAt, texts.length],
        ];
  const widest = Math.max(...ranges.map(([from, end]) => widthOf(widths, gaps, from!, end!)));
  const sizePx = Math.min(look.sizePx, input.lineWidth / widest);

  const isTall = texts.some((text) => tallScripts.test(text));
  const lineHeight = sizePx * (isTall ? 1.5 : 1.26);
  const optical = texts.some((text) => deepScripts.test(text)) ? deepMiddle : latinMiddle;
  const padding = {
    x:
      sizePx *
      (look.plate === 'none' ? (look.mark === 'none' ? look.outline : pillPadding.x) : platePadding.x),
    y: sizePx * (look.plate === 'box' ? platePadding.y : pillPadding.y),
  };
  const height = lineHeight * ranges.length + 2 * padding.y;
  const top = blockTop(input.position, safe, height);
  const middle = (safe.left + safe.right) / 2;

  const lines = ranges.map(([from, end], row) => {
    const line = pieces.slice(from, end);
    const placed = placeWords(
      line.map(({ text }, i) => ({
        text,
        width: widths[from! + i]! * sizePx,
        gapBefore: gaps[from! + i]! * sizePx,
      })),
      input.rtl,
      (text) => (input.widthAt100(text) / 100) * sizePx,
    );
    const last = placed.at(-1)!;
    const width = last.x + last.width;
    const left = middle - width / 2;
    const lineTop = top + padding.y + row * lineHeight;
    const words = placed.map(
      ({ index, x, ...part }): LaidOutWord => ({
        ...part,
        index: line[index]!.index,
        emphasised: line[index]!.emphasised,
        x: left + x,
        baseline: lineTop + lineHeight / 2 + sizePx * optical,
      }),
    );
    return { words, area: { left, right: left + width, top: lineTop, bottom: lineTop + lineHeight } };
  });
  const area = {
    left: Math.min(...lines.map((line) => line.area.left)) - padding.x,
    right: Math.max(...lines.map((line) => line.area.right)) + padding.x,
    top,
    bottom: top + height,
  };
  return { sizePx, middle: optical, isTall, lines, area };
}

interface Piece {
  text: string;
  index: number;
  emphasised: boolean;
  /** The second half of a word. */
  continues: boolean;
}

/** The words; one that stands alone and is much too long for a line is cut in two, unless its letters join. */
function takeApart({ chunk, look, lineWidth, widthAt100 }: CaptionLayoutInput): Piece[] {
  const whole = chunk.words.map(({ text, emphasised }, index) => ({
    text,
    index,
    emphasised,
    continues: false,
  }));
  const alone = whole.length === 1 ? whole[0]! : undefined;
  if (alone === undefined || joinedScripts.test(alone.text)) return whole;
  if ((widthAt100(alone.text) / 100) * look.sizePx < 1.3 * lineWidth) return whole;
  const letters = [...new Intl.Segmenter().segment(alone.text)].map(({ segment }) => segment);
  const middle = Math.ceil(letters.length / 2);
  const hyphen = hyphenatedScripts.test(alone.text) ? '-' : '';
  return [
    { ...alone, text: letters.slice(0, middle).join('') + hyphen },
    { ...alone, text: letters.slice(middle).join(''), continues: true },
  ];
}

/** Where the second line begins, if there is one: as even as possible, but not between words that belong together. */
function chooseBreak(
  texts: string[],
  widths: number[],
  gaps: number[],
  room: number,
  mostLines: 1 | 2,
): number | undefined {
  const count = widths.length;
  const whole = widthOf(widths, gaps, 0, count);
  if (whole <= room || count < 2 || mostLines === 1) return undefined;
  let best: { at: number; cost: number } | undefined;
  for (let at = 1; at < count; at++) {
    const widest = Math.max(widthOf(widths, gaps, 0, at), widthOf(widths, gaps, at, count));
    // Too wide a line makes all of it smaller.
    const cost = widest + whole * breakPenalty(texts[at - 1]!, texts[at]!) + 3 * Math.max(0, widest - room);
    if (best === undefined || cost < best.cost) best = { at, cost };
  }
  return best?.at;
}

function widthOf(widths: number[], gaps: number[], from: number, end: number): number {
  let sum = 0;
  for (let i = from; i < end; i++) sum += widths[i]! + (i > from ? gaps[i]! : 0);
  return sum;
}

function blockTop(position: CaptionPosition, safe: Area, height: number): number {
  const tops = {
    top: safe.top,
    middle: (safe.top + safe.bottom - height) / 2,
    bottom: safe.bottom - height,
  };
  return tops[position];
}
