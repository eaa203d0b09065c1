// Paints one state of a caption: the chunk's words with one of them spoken. Once per state, never per frame.
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';

import { type CaptionLayout, type LaidOutWord, pillPadding, platePadding } from './caption-layout.ts';
import { type CaptionLook, css } from './caption-look.ts';
import { type DrawnArea, type OverlayPlace, placeOver } from './overlay.ts';
import { setFont, type Typeface } from './text.ts';

export interface PaintedCaption {
  rgba: Uint8ClampedArray;
  place: OverlayPlace;
}

/** Where the caption will be painted: its area and room for shadows. */
export function captionPlace(layout: CaptionLayout, look: CaptionLook, drawn: DrawnArea): OverlayPlace {
  const room = layout.sizePx * (look.shadow > 0 ? 0.6 : 0.12);
  const { left, top, right, bottom } = layout.area;
  return placeOver({ left: left - room, top: top - room, right: right + room, bottom: bottom + room }, drawn);
}

/** `spoken`: index within the chunk of the word that is being spoken. */
export function paintCaption(
  layout: CaptionLayout,
  look: CaptionLook,
  typeface: Typeface,
  place: OverlayPlace,
  spoken: number,
): PaintedCaption {
  const context = createCanvas(place.width, place.height).getContext('2d');
  context.translate(-place.x, -place.y);
  setFont(context, typeface, layout.sizePx);
  context.lineJoin = 'round';
  const words = layout.lines.flatMap((line) => line.words);
  const shown = look.reveals ? words.filter(({ index }) => index <= spoken) : words;

  paintPlate(context, layout, look, spoken);
  if (look.shadow > 0) paintShadow(context, shown, layout.sizePx, look);
  for (const word of words) {
    if (word.index === spoken && !word.isMark) paintMark(context, word, layout, look);
  }
  context.strokeStyle = css(look.colours.dark);
  context.lineWidth = 2 * look.outline * layout.sizePx;
  // Dark letters on a pill need no dark edge.
  const edged = shown.filter(
    ({ index, isMark }) => look.outline > 0 && !(index === spoken && !isMark && look.mark === 'pill'),
  );
  for (const word of edged) write(context, word, 'stroke');
  for (const word of shown) {
    const { plain, spoken: now, stressed } = look.colours;
    context.fillStyle = css(
      word.isMark ? plain : word.index === spoken ? now : word.emphasised ? stressed : plain,
    );
    write(context, word, 'fill');
  }
  return { rgba: context.getImageData(0, 0, place.width, place.height).data, place };
}

function write(context: SKRSContext2D, word: LaidOutWord, how: 'fill' | 'stroke'): void {
  context.direction = word.direction;
  if (how === 'fill') context.fillText(word.text, word.x, word.baseline);
  else context.strokeText(word.text, word.x, word.baseline);
}

/** One soft shadow of all words together, so that none darkens its neighbour. */
function paintShadow(context: SKRSContext2D, words: LaidOutWord[], sizePx: number, look: CaptionLook): void {
  context.save();
  context.shadowColor = css(look.colours.dark, look.shadow);
  context.shadowBlur = sizePx * 0.34;
  context.shadowOffsetY = sizePx * 0.05;
  context.strokeStyle = css(look.colours.dark);
  context.lineWidth = 2 * look.outline * sizePx;
  for (const word of words) write(context, word, 'stroke');
  context.restore();
}

function paintPlate(context: SKRSContext2D, layout: CaptionLayout, look: CaptionLook, spoken: number): void {
  const { sizePx, lines, area } = layout;
  context.fillStyle = css(look.colours.dark, look.plateOpacity);
  if (look.plate === 'box') {
    fillRounded(context, area, sizePx * 0.32);
  } else if (look.plate === 'strips') {
    const pad = sizePx * platePadding.x;
    for (const line of lines) {
      const shown = line.words.filter(({ index }) => !look.reveals || index <= spoken);
      if (shown.length === 0) continue;
      const left = Math.min(...shown.map(({ x }) => x)) - pad;
      const right = Math.max(...shown.map(({ x, width }) => x + width)) + pad;
      fillRounded(context, { ...line.area, left, right }, sizePx * 0.06);
    }
  }
}

function paintMark(
  context: SKRSContext2D,
  word: LaidOutWord,
  { sizePx, middle: optical, isTall }: CaptionLayout,
  look: CaptionLook,
): void {
  context.fillStyle = css(look.colours.accent);
  const middle = word.baseline - sizePx * optical;
  if (look.mark === 'pill') {
    const padX = sizePx * pillPadding.x;
    const halfHeight = sizePx * ((isTall ? 0.7 : 0.63) + pillPadding.y);
    const area = {
      left: word.x - padX,
      right: word.x + word.width + padX,
      top: middle - halfHeight,
      bottom: middle + halfHeight,
    };
    fillRounded(context, area, sizePx * 0.24);
  } else if (look.mark === 'underline') {
    const top = word.baseline + sizePx * (isTall ? 0.27 : 0.17);
    const area = { left: word.x, right: word.x + word.width, top, bottom: top + sizePx * 0.075 };
    const edge = sizePx * look.outline * 0.7;
    context.fillStyle = css(look.colours.dark);
    const around = {
      left: area.left - edge,
      right: area.right + edge,
      top: top - edge,
      bottom: area.bottom + edge,
    };
    fillRounded(context, around, sizePx * 0.04 + edge);
    context.fillStyle = css(look.colours.accent);
    fillRounded(context, area, sizePx * 0.04);
  } else if (look.mark === 'cursor') {
    const width = sizePx * 0.1;
    const gap = sizePx * 0.12;
    const left = word.direction === 'rtl' ? word.x - gap - width : word.x + word.width + gap;
    context.fillRect(left, word.baseline - sizePx * 0.74, width, sizePx * 0.92);
  }
}

function fillRounded(
  context: SKRSContext2D,
  { left, top, right, bottom }: { left: number; top: number; right: number; bottom: number },
  radius: number,
): void {
  context.beginPath();
  context.roundRect(left, top, right - left, bottom - top, radius);
  context.fill();
}
