// The title over the opening scene, and smaller over the end of the last one: painted once, clear of the captions.
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';

import { tokenise, touches } from '../domain/tokens.ts';
import type { MoodName, StyleName } from '../domain/video-request.ts';
import { accentOf, css } from './caption-look.ts';
import { type CardTimes, cardOpacity } from './card-times.ts';
import type { Face } from './fonts.ts';
import { breakPenalty } from './line-breaks.ts';
import { createOverlay, type DrawnArea, placeOver } from './overlay.ts';
import type { PictureMemory, Planes } from './picture-memory.ts';
import type { Area } from './safe-area.ts';
import { chooseTypeface, createRuler, isRightToLeft, letterScale, placeWords, setFont } from './text.ts';

const brightLuma = 125;
/** Size of a closing card's title beside an opening one's. */
const closingShare = 0.76;

/** Height of a line, and of the rule with the gap above it, as shares of the size. */
const lineShare = 1.24;
const ruleShare = 0.48;

export const titleTypefaces: Record<StyleName, { face: Face; weight: number; size: number }> = {
  cinematic: { face: 'playfair', weight: 700, size: 0.088 },
  documentary: { face: 'oswald', weight: 500, size: 0.086 },
  corporate: { face: 'inter', weight: 700, size: 0.078 },
  social: { face: 'montserrat', weight: 900, size: 0.1 },
  minimal: { face: 'inter', weight: 500, size: 0.07 },
  retro: { face: 'oswald', weight: 700, size: 0.098 },
  nature: { face: 'playfair', weight: 600, size: 0.086 },
  noir: { face: 'playfair', weight: 900, size: 0.094 },
};

export interface TitleCardInput {
  title: string;
  style: StyleName;
  mood: MoodName;
  language: string;
  kind: 'opening' | 'closing';
  times: CardTimes;
  frame: { width: number; height: number };
  drawn: DrawnArea;
  safe: Area;
  /** Mean luma 0..255 of the picture behind. */
  luma: number;
  /** Where captions stand; null = there are none. */
  captions: Area | null;
}

export interface TitleCard {
  /** All that is drawn but shadows. */
  area: Area;
  /** 0..1 at a frame of the scene. */
  opacityAt(index: number): number;
  draw(target: Planes, index: number): void;
}

interface TitleLine {
  words: { text: string; x: number; direction: 'ltr' | 'rtl' }[];
  width: number;
}

export function createTitleCard(pictures: PictureMemory, input: TitleCardInput): TitleCard {
  const { title, style, mood, language, kind, frame, safe } = input;
  const look = titleTypefaces[style];
  const short = Math.min(frame.width, frame.height);
  const typeface = chooseTypeface(title, language, look.face, look.weight);
  const room = (safe.right - safe.left) * 0.94;
  const share = (frame.height > frame.width ? 1.2 : 1) * (kind === 'closing' ? closingShare : 1);
  const wanted = Math.round(short * look.size * share * letterScale(language));
  const band = freeBand(safe, input.captions);
  const ruler = createRuler(typeface, 100);
  const fitting = breakTitle(title, language, ruler, room, wanted);
  const tallest = (band.bottom - band.top) / (fitting.lines.length * lineShare + ruleShare);
  const { lines, sizePx } =
    fitting.sizePx <= tallest ? fitting : breakTitle(title, language, ruler, room, tallest);

  const lineHeight = sizePx * lineShare;
  const rule = { width: sizePx * (kind === 'opening' ? 1.5 : 2.6), height: Math.max(2, sizePx * 0.055) };
  const height = sizePx * (lines.length * lineShare + ruleShare);
  const width = Math.max(rule.width, ...lines.map((line) => line.width));
  const top = band.top + (band.bottom - band.top - height) * 0.42;
  const middle = frame.width / 2;
  const area = { left: middle - width / 2, right: middle + width / 2, top, bottom: top + height };

  const blur = sizePx * 0.55;
  const shadow = {
    left: area.left - blur,
    right: area.right + blur,
    top: top - blur,
    bottom: area.bottom + blur,
  };
  const place = placeOver(shadow, input.drawn);
  const context = createCanvas(place.width, place.height).getContext('2d');
  context.translate(-place.x, -place.y);
  setFont(context, typeface, sizePx);
  const write = (how: 'fill' | 'stroke' = 'fill') => {
    for (const [row, line] of lines.entries()) {
      for (const word of line.words) {
        context.direction = word.direction;
        const baseline = top + lineHeight * (row + 0.5) + sizePx * 0.34;
        const x = middle - line.width / 2 + word.x;
        if (how === 'fill') context.fillText(word.text, x, baseline);
        else context.strokeText(word.text, x, baseline);
      }
    }
  };
  context.fillStyle = css([255, 255, 255]);
  context.shadowColor = 'rgba(6, 8, 14, 0.8)';
  // Wide shades, more of them on bright pictures, and a narrow edge.
  context.shadowBlur = blur;
  for (let shade = 0; shade < (input.luma > brightLuma ? 3 : 1); shade++) write();
  context.shadowBlur = sizePx * 0.12;
  if (input.luma > brightLuma) {
    context.strokeStyle = 'rgba(6, 8, 14, 0.6)';
    context.lineWidth = sizePx * 0.05;
    context.lineJoin = 'round';
    write('stroke');
  }
  write();
  context.fillStyle = css(accentOf(style, mood));
  if (kind === 'opening') {
    context.fillRect(middle - rule.width / 2, area.bottom - rule.height, rule.width, rule.height);
  } else {
    drawFlourish(context, middle, area.bottom, rule);
  }
  const overlay = createOverlay(pictures, place.width * place.height);
  overlay.put(context.getImageData(0, 0, place.width, place.height).data, place);

  const opacityAt = (index: number) => cardOpacity(input.times, index);
  return { area, opacityAt, draw: (target, index) => overlay.draw(target, opacityAt(index)) };
}

/** A lozenge between two thin lines, where an opening card has its rule. */
function drawFlourish(
  context: SKRSContext2D,
  middle: number,
  bottom: number,
  { width, height }: { width: number; height: number },
): void {
  const half = 1.6 * height;
  const gap = 2.4 * half;
  const thin = Math.max(1, height * 0.4);
  const y = bottom - half;
  context.fillRect(middle - width / 2, y - thin / 2, width / 2 - gap, thin);
  context.fillRect(middle + gap, y - thin / 2, width / 2 - gap, thin);
  context.beginPath();
  context.moveTo(middle, y - half);
  context.lineTo(middle + half, y);
  context.lineTo(middle, y + half);
  context.lineTo(middle - half, y);
  context.fill();
}

/** The larger of the two parts of the safe area above and below the captions. */
export function freeBand(safe: Area, captions: Area | null): { top: number; bottom: number } {
  if (captions === null) return safe;
  const gap = (safe.bottom - safe.top) * 0.03;
  const above = { top: safe.top, bottom: captions.top - gap };
  const below = { top: captions.bottom + gap, bottom: safe.bottom };
  return above.bottom - above.top >= below.bottom - below.top ? above : below;
}

/** One to three lines, as even as they can be; long words make it smaller. */
function breakTitle(
  title: string,
  language: string,
  widthAt100: (text: string) => number,
  room: number,
  wantedPx: number,
): { lines: TitleLine[]; sizePx: number } {
  const texts = tokenise(title, language);
  const widths = texts.map((text) => widthAt100(text) / 100);
  const space = widthAt100(' ') / 100;
  const gaps = texts.map((text, i) => (i === 0 || touches(texts[i - 1]!, text, language) ? 0 : space));
  const widthOf = (from: number, end: number) => {
    let sum = 0;
    for (let i = from; i < end; i++) sum += widths[i]! + (i > from ? gaps[i]! : 0);
    return sum;
  };
  const total = widthOf(0, texts.length);
  const count = Math.min(3, texts.length, Math.max(1, Math.ceil((total * wantedPx) / room - 0.25)));
  const fair = (total / count) ** 2;
  const costOf = (at: number) => fair * 2 * breakPenalty(texts[at - 1]!, texts[at]!);
  const ranges = evenRanges(0, texts.length, count, widthOf, costOf);
  const widest = Math.max(...ranges.map(([from, end]) => widthOf(from, end)));
  const sizePx = Math.min(wantedPx, room / widest);
  const lines = ranges.map(([from, end]): TitleLine => {
    const words = texts.slice(from, end).map((text, i) => ({
      text,
      width: widths[from + i]! * sizePx,
      gapBefore: gaps[from + i]! * sizePx,
    }));
    const widthAtSize = (text: string) => (widthAt100(text) / 100) * sizePx;
    return {
      words: placeWords(words, isRightToLeft(language), widthAtSize),
      width: widthOf(from, end) * sizePx,
    };
  });
  return { lines, sizePx };
}

/** `count` ranges of from..end, as even in width as can be; `costOf` beginning one at an index is added to that. */
function evenRanges(
  from: number,
  end: number,
  count: number,
  widthOf: (from: number, end: number) => number,
  costOf: (at: number) => number,
): [from: number, end: number][] {
  if (count === 1) return [[from, end]];
  let best: { ranges: [number, number][]; cost: number } | undefined;
  for (let at = from + 1; at <= end - count + 1; at++) {
    const ranges: [number, number][] = [[from, at], ...evenRanges(at, end, count - 1, widthOf, costOf)];
    const cost = ranges.reduce((sum, [a, b]) => sum + widthOf(a, b) ** 2 + (a > from ? costOf(a) : 0), 0);
    if (best === undefined || cost < best.cost) best = { ranges, cost };
  }
  return best!.ranges;
}
