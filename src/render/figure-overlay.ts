// A number of the words as a small moving figure where the picture is calm. It is painted anew only while it moves; when
// and where it stands is decided here, what it shows comes from the plan.
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';

import type { Figure } from '../domain/figure.ts';
import { msToFrame, type TimedScene } from '../domain/timeline.ts';
import type { MoodName, StyleName } from '../domain/video-request.ts';
import type { BusyMap } from './busy-map.ts';
import { accentOf, css, type Rgb } from './caption-look.ts';
import { type CardTimes, cardOpacity } from './card-times.ts';
import { createOverlay, type DrawnArea, placeOver } from './overlay.ts';
import type { PictureMemory, Planes } from './picture-memory.ts';
import type { Area } from './safe-area.ts';
import { chooseTypeface, createRuler, setFont, type Typeface } from './text.ts';
import { freeBand, titleTypefaces } from './title-card.ts';

const fadeMs = 260;
/** Before its word, so that eyes are there when the word is heard. */
const leadMs = 120;
const shortestMoveMs = 900;
/** A figure seen for less is not worth looking up for. */
const leastSeenMs = 1_200;
/** A liked place may be this much busier than the calmest. */
const tolerance = 1.1;
const noiseLuma = 1.5;
const white: Rgb = [255, 255, 255];

export interface FigureOverlayInput {
  figure: Figure;
  style: StyleName;
  mood: MoodName;
  language: string;
  times: FigureTimes;
  frame: { width: number; height: number };
  drawn: DrawnArea;
  safe: Area;
  /** Where captions stand; null = there are none. */
  captions: Area | null;
  /** What the picture shows behind it. */
  busy: BusyMap;
  /** Chooses the side where the picture is equally calm. */
  seed: number;
}

export interface FigureTimes extends CardTimes {
  /** When it begins to move, and how long it moves. */
  moveFrame: number;
  moveFrames: number;
}

export interface FigureOverlay {
  area: Area;
  draw(target: Planes, index: number): void;
}

/**
 * From its word until the scene's end, between title cards; undefined when too little of the scene is left, or the scene
 * has no such word.
 */
export function figureTimes(
  figure: Figure,
  scene: TimedScene,
  fps: number,
  card: { kind: 'opening' | 'closing'; times: CardTimes } | undefined,
): FigureTimes | undefined {
  const word = scene.words[figure.at_word];
  if (word === undefined) return undefined;
  const earliest = card?.kind === 'opening' ? card.times.endFrame : 0;
  const count = scene.endFrame - scene.startFrame;
  const endFrame = card?.kind === 'closing' ? Math.min(count, card.times.fromFrame) : count;
  const fromFrame = Math.max(earliest, msToFrame(Math.max(0, word.startMs - leadMs), fps));
  if (((endFrame - fromFrame) * 1000) / fps < leastSeenMs) return undefined;
  const fade = (fadeMs * fps) / 1000;
  return {
    fromFrame,
    endFrame,
    fadeInFrames: fade,
    fadeOutFrames: fade,
    moveFrame: fromFrame + Math.round(fade / 2),
    moveFrames: Math.max(1, Math.round((Math.max(shortestMoveMs, word.endMs - word.startMs) * fps) / 1000)),
  };
}

export function createFigureOverlay(pictures: PictureMemory, input: FigureOverlayInput): FigureOverlay {
  const { figure, style, mood, frame, safe, times } = input;
  const look = titleTypefaces[style];
  const band = freeBand(safe, input.captions);
  const short = Math.min(frame.width, frame.height);
  const side = Math.min(short * 0.36, band.bottom - band.top);
  const text = `${figure.label} ${figure.unit} 0123456789`;
  const brush: FigureBrush = {
    typeface: chooseTypeface(text, input.language, look.face, look.weight),
    accent: accentOf(style, mood),
    side,
  };
  const size = sizeOf(figure, brush, safe.right - safe.left);
  const area = calmest(
    placesFor(size, { left: safe.left, right: safe.right, ...band }, frame, input.seed),
    input.busy,
  );
  const place = placeOver(area, input.drawn);
  const overlay = createOverlay(pictures, place.width * place.height);
  const canvas = createCanvas(place.width, place.height);
  const context = canvas.getContext('2d');
  let painted: number | undefined;

  return {
    area,
    draw(target, index) {
      const opacity = cardOpacity(times, index);
      if (opacity <= 0) return;
      const share = Math.max(0, Math.min(1, (index - times.moveFrame) / times.moveFrames));
      // Quick at first and slow at the end, like a hand that sets a needle.
      const moved = 1 - (1 - share) ** 3;
      if (moved !== painted) {
        context.reset();
        context.translate(area.left - place.x, area.top - place.y);
        paintPlate(context, size, side);
        painters[figure.kind](context, figure, moved, brush, size);
        overlay.put(context.getImageData(0, 0, place.width, place.height).data, place);
        painted = moved;
      }
      overlay.draw(target, opacity);
    },
  };
}

/** In the order of liking: sides before the middle in wide frames, the middle first in tall ones. */
function placesFor(size: Size, free: Area, frame: { width: number; height: number }, seed: number): Area[] {
  const [near, far] = seed % 2 === 0 ? [0, 1] : [1, 0];
  const sides = [near, far, near * 0.5 + 0.25, far * 0.5 + 0.25];
  const across = frame.width <= frame.height ? [0.5, ...sides] : [...sides, 0.5];
  const room = { x: free.right - free.left - size.width, y: free.bottom - free.top - size.height };
  return [0.4, 0.2, 0, 0.6, 0.8, 1].flatMap((down) =>
    across.map((share) => {
      const left = free.left + room.x * share;
      const top = free.top + room.y * down;
      return { left, top, right: left + size.width, bottom: top + size.height };
    }),
  );
}

/** The first place that is nearly as calm as the calmest one. */
function calmest(places: Area[], busy: BusyMap): Area {
  const measured = places.map((area) => busy(area));
  const least = Math.min(...measured);
  return places[measured.findIndex((value) => value <= least * tolerance + noiseLuma)]!;
}

interface FigureBrush {
  typeface: Typeface;
  accent: Rgb;
  /** Pixels of a square figure. */
  side: number;
}

interface Size {
  width: number;
  height: number;
}

/** Numbers that count are as wide as they need, the others square. */
function sizeOf({ kind, label, unit }: Figure, { typeface, side }: FigureBrush, room: number): Size {
  if (kind !== 'count' && kind !== 'year') return { width: side, height: side };
  const widest = Math.max(
    createRuler(typeface, side * 0.34)(label),
    createRuler(typeface, side * 0.13)(unit),
  );
  return { width: Math.min(room, Math.max(side, widest + side * 0.36)), height: side * 0.66 };
}

/** What keeps the figure readable on any picture. */
function paintPlate(context: SKRSContext2D, { width, height }: Size, side: number): void {
  context.fillStyle = 'rgba(10, 12, 18, 0.6)';
  context.beginPath();
  context.roundRect(0, 0, width, height, side * 0.09);
  context.fill();
}

function write(
  context: SKRSContext2D,
  { typeface }: FigureBrush,
  text: string,
  at: { x: number; y: number; sizePx: number; room: number; colour?: Rgb },
): void {
  const natural = createRuler(typeface, at.sizePx)(text);
  const sizePx = at.sizePx * Math.min(1, at.room / natural);
  setFont(context, typeface, sizePx);
  context.textAlign = 'center';
  context.fillStyle = css(at.colour ?? white);
  context.fillText(text, at.x, at.y + sizePx * 0.35);
}

type FigurePainter = (
  context: SKRSContext2D,
  figure: Figure,
  moved: number,
  brush: FigureBrush,
  size: Size,
) => void;

const painters: Record<Figure['kind'], FigurePainter> = {
  share(context, { value, label }, moved, brush, { width, height }) {
    const { side, accent } = brush;
    const [x, y, r] = [width / 2, height / 2, side * 0.36];
    const from = -Math.PI / 2;
    context.lineWidth = side * 0.085;
    context.strokeStyle = css(white, 0.22);
    context.beginPath();
    context.arc(x, y, r, 0, Math.PI * 2);
    context.stroke();
    context.strokeStyle = css(accent);
    context.beginPath();
    context.arc(x, y, r, from, from + Math.PI * 2 * value * moved);
    context.stroke();
    write(context, brush, shownAt(label, moved), { x, y, sizePx: side * 0.22, room: side * 0.56 });
  },
  gauge(context, { value, label }, moved, brush, { width, height }) {
    const { side, accent } = brush;
    const x = width * 0.27;
    const wide = side * 0.1;
    const [top, foot] = [height * 0.14, height * 0.76];
    const tube = (bottom: number, rise: number, pad: number) => {
      context.beginPath();
      context.roundRect(x - wide / 2 + pad, bottom - rise + pad, wide - 2 * pad, rise, wide / 2);
      context.fill();
      context.beginPath();
      context.arc(x, height * 0.78, wide * 0.95 - pad, 0, Math.PI * 2);
      context.fill();
    };
    context.fillStyle = css(white, 0.24);
    tube(foot, foot - top, 0);
    context.fillStyle = css(accent);
    // Half of the tube is any temperature's; the rest tells cold from boiling.
    const level = Math.max(0.06, Math.min(1, (value + 20) / 130)) * moved;
    tube(foot, (foot - top) * level, wide * 0.2);
    context.fillStyle = css(white, 0.6);
    for (let i = 0; i < 6; i++) {
      const long = side * (i % 2 === 0 ? 0.07 : 0.045);
      context.fillRect(x + wide * 0.8, top + ((foot - top) * (i + 0.5)) / 6, long, side * 0.01);
    }
    write(context, brush, shownAt(label, moved), {
      x: width * 0.67,
      y: height * 0.47,
      sizePx: side * 0.26,
      room: side * 0.5,
    });
  },
  compare(context, { from = 1, value, label }, moved, brush, { width, height }) {
    const { side, accent } = brush;
    const most = Math.max(from, value);
    const foot = height * 0.7;
    const tallest = height * 0.54;
    const bar = (middle: number, share: number, colour: string) => {
      const tall = Math.max(side * 0.012, tallest * share);
      context.fillStyle = colour;
      context.beginPath();
      context.roundRect(middle - side * 0.1, foot - tall, side * 0.2, tall, side * 0.02);
      context.fill();
    };
    bar(width * 0.33, from / most, css(white, 0.5));
    bar(width * 0.67, (from + (value - from) * moved) / most, css(accent));
    context.fillStyle = css(white, 0.7);
    context.fillRect(width * 0.14, foot, width * 0.72, Math.max(1, side * 0.008));
    write(context, brush, label, { x: width / 2, y: height * 0.84, sizePx: side * 0.14, room: width * 0.86 });
  },
  year(context, { label }, moved, brush, { width, height }) {
    const { side, accent } = brush;
    write(context, brush, label, { x: width / 2, y: height * 0.36, sizePx: side * 0.34, room: width * 0.84 });
    const y = height * 0.78;
    const [left, right] = [width * 0.12, width * 0.88];
    context.fillStyle = css(white, 0.5);
    context.fillRect(left, y - side * 0.005, right - left, side * 0.01);
    for (let i = 0; i <= 10; i++) {
      const long = side * (i % 5 === 0 ? 0.07 : 0.04);
      context.fillRect(left + ((right - left) * i) / 10, y - long / 2, side * 0.008, long);
    }
    context.fillStyle = css(accent);
    context.beginPath();
    context.arc(left + (right - left) * 0.7 * moved, y, side * 0.04, 0, Math.PI * 2);
    context.fill();
  },
  count(context, { label, unit }, moved, brush, { width, height }) {
    const { side, accent } = brush;
    const y = unit === '' ? height * 0.46 : height * 0.34;
    write(context, brush, shownAt(label, moved), {
      x: width / 2,
      y,
      sizePx: side * 0.34,
      room: width * 0.86,
    });
    if (unit !== '') {
      const at = { x: width / 2, y: height * 0.7, sizePx: side * 0.13, room: width * 0.86 };
      write(context, brush, unit, at);
    }
    context.fillStyle = css(accent);
    context.fillRect(width * 0.14, height * 0.86, width * 0.72 * moved, side * 0.022);
  },
};

/** The label while its number is still growing, grouped as it is written; the label itself in the end. */
export function shownAt(label: string, moved: number): string {
  const written = /\d[\d.,\u00a0\u202f’']*/u.exec(label)?.[0].replace(/[.,’']+$/u, '');
  if (moved >= 1 || written === undefined || label.startsWith('×')) return label;
  const group = /\d([.,\u00a0\u202f’'])\d{3}(?!\d)/u.exec(written)?.[1];
  const whole =
    group === undefined ? written.split(/[.,]/)[0]! : written.replaceAll(group, '').split(/[.,]/)[0]!;
  const digits = String(Math.floor(Number(whole) * moved));
  const grouped = group === undefined ? digits : digits.replace(/\B(?=(\d{3})+$)/g, group);
  return label.replace(written, grouped);
}
