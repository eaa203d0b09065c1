// What is behind the things of a still life, far out of focus: shelves, a window, lamps, a garden.
import { createCanvas } from '@napi-rs/canvas';
import { between, pick, type Random } from '../../../domain/random.ts';
import type { Motif } from '../../../domain/storyboard.ts';
import { paintBackdrop } from '../backdrop.ts';
import { blend, css, hex, lighter, white } from '../colour.ts';
import { circle, glow } from '../pixels.ts';
import { type Brush, glowing, type Stage } from '../stage.ts';

type Place = 'shelves' | 'window' | 'lamps' | 'garden';

const places: Partial<Record<Motif, Place[]>> = {
  food: ['shelves', 'window'],
  home: ['window', 'lamps'],
  music: ['lamps', 'shelves'],
  health: ['window', 'garden'],
  education: ['shelves', 'window'],
  science: ['shelves', 'lamps'],
  technology: ['lamps', 'shelves'],
  travel: ['window', 'garden'],
};
const anyPlace: Place[] = ['window', 'shelves', 'lamps'];
/** Pixels of the picture in one of the blurred one. */
const coarse = 26;

/** Whether the style shows things as they are, in light and air; the others draw signs. */
export const isPainterly = ({ treatment }: Stage) =>
  treatment.sky === 'graded' ||
  treatment.sky === 'natural' ||
  treatment.sky === 'misty' ||
  treatment.sky === 'hard';

/** The ground of a thing: in painterly styles a blurred room whose furniture ends at `floor`, else the style's own. */
export function paintGround(
  brush: Brush,
  stage: Stage,
  focus: { x: number; y: number },
  floor: number,
): void {
  if (isPainterly(stage)) paintSetting(brush, stage, focus, floor);
  else paintBackdrop(brush, stage, focus);
}

/** Fills the layer: a wall with light at `focus` (shares of width and height) and, blurred, what stands before it. */
export function paintSetting(
  brush: Brush,
  stage: Stage,
  focus: { x: number; y: number },
  floor: number,
): void {
  const { width, height, treatment } = stage;
  paintBackdrop(brush, stage, focus, 'plain');
  const random = stage.random('setting');
  const choice: Place[] =
    treatment.sky === 'misty'
      ? ['garden', 'window']
      : (places[stage.motif] ?? anyPlace).filter((one) => one !== 'lamps' || glowing(stage));
  const place = pick(random, choice);
  const scale = coarse * (stage.short / 1250);
  const canvas = createCanvas(Math.ceil(width / scale) + 2, Math.ceil(height / scale) + 2);
  const pen = canvas.getContext('2d');
  pen.scale(1 / scale, 1 / scale);
  painters[place](pen, stage, random, floor * height, focus.x < 0.5 ? 1 : -1);
  // Spread twice: what one smoothing leaves of its pixels the second one takes.
  const wide = createCanvas(canvas.width * 4, canvas.height * 4);
  const second = wide.getContext('2d');
  for (const [dx, dy, alpha] of [
    [0, 0, 1],
    [2, 1, 0.5],
    [-2, 2, 0.34],
    [0, -3, 0.25],
  ] as const) {
    second.globalAlpha = alpha;
    second.imageSmoothingQuality = 'high';
    second.drawImage(canvas, dx, dy, wide.width, wide.height);
  }
  brush.drawImage(wide, 0, 0, wide.width * (scale / 4), wide.height * (scale / 4));
}

type Painter = (pen: Brush, stage: Stage, random: Random, floor: number, side: number) => void;

const painters: Record<Place, Painter> = {
  shelves(pen, stage, random, floor) {
    const { width, short, palette } = stage;
    const board = blend(palette.grade(hex('#5f4630')), palette.near, glowing(stage) ? 0.4 : 0.1);
    const pitch = short * 0.24;
    const tones = ['#8a4a38', '#3f5f6b', '#b08a4a', '#5d6b4a', '#cbb892', '#6b4a5a'].map(hex);
    for (let y = floor - pitch * 0.55; y > -pitch; y -= pitch) {
      for (let x = -short * 0.1 * random(); x < width; ) {
        const w = short * between(random, 0.03, 0.1);
        if (random() < 0.68) {
          const h = pitch * between(random, 0.3, 0.74);
          pen.fillStyle = css(
            blend(palette.grade(pick(random, tones)), palette.near, glowing(stage) ? 0.42 : 0.08),
            0.55,
          );
          pen.beginPath();
          pen.roundRect(x, y - h, w, h, random() < 0.4 ? w * 0.4 : 0);
          pen.fill();
        }
        x += w * between(random, 0.95, 1.5);
      }
      pen.fillStyle = css(board, 0.75);
      pen.fillRect(0, y, width, short * 0.028);
    }
  },
  window(pen, stage, random, floor, side) {
    const { width, height, short, palette } = stage;
    const tall = floor - height * 0.05;
    const w = short * between(random, 0.42, 0.56);
    const x = side > 0 ? width * between(random, 0.56, 0.64) : width * between(random, 0.36, 0.44) - w;
    const pane = glowing(stage)
      ? blend(palette.sky[3], palette.light, 0.4)
      : blend(palette.light, white, 0.5);
    const frame = blend(palette.near, palette.haze, 0.22);
    pen.fillStyle = css(pane, 0.72);
    pen.fillRect(x, floor - tall, w, tall * 0.86);
    // Leaves outside, and what stands on its sill.
    for (let i = 0; i < 14; i++) {
      pen.fillStyle = css(blend(palette.grade(hex('#5f7f45')), pane, between(random, 0.2, 0.6)), 0.6);
      circle(
        pen,
        x + w * random(),
        floor - tall * between(random, 0.14, 0.6),
        short * between(random, 0.03, 0.08),
      );
    }
    pen.fillStyle = css(frame, 0.8);
    for (const at of [0, 0.5, 1])
      pen.fillRect(x + w * at - short * 0.012, floor - tall, short * 0.024, tall * 0.86);
    pen.fillRect(x, floor - tall * 0.55, w, short * 0.018);
    pen.fillRect(x - short * 0.05, floor - tall * 0.14, w + short * 0.1, short * 0.03);
    const cloth = blend(palette.grade(hex('#cdb695')), palette.near, glowing(stage) ? 0.5 : 0.12);
    for (const edge of [x - short * 0.14, x + w - short * 0.02]) {
      pen.fillStyle = css(cloth, 0.7);
      pen.fillRect(edge, 0, short * 0.16, floor);
      pen.fillStyle = css(lighter(cloth, -0.1), 0.5);
      for (const fold of [0.2, 0.55, 0.8]) pen.fillRect(edge + short * 0.16 * fold, 0, short * 0.018, floor);
    }
  },
  lamps(pen, stage, random, floor) {
    const { width, short, palette } = stage;
    for (let i = 0; i < 5; i++) {
      const x = width * ((i + between(random, 0.15, 0.85)) / 5);
      const h = short * between(random, 0.16, 0.46);
      const w = short * between(random, 0.1, 0.26);
      pen.fillStyle = css(blend(palette.near, palette.haze, between(random, 0.05, 0.3)), 0.5);
      pen.fillRect(x - w / 2, floor - h, w, h);
    }
    for (let i = 0; i < 9; i++) {
      const x = width * random();
      const y = floor * between(random, 0.12, 0.85);
      const tone = blend(palette.light, random() < 0.5 ? palette.accent : palette.second, 0.5 * random());
      pen.fillStyle = css(tone, glowing(stage) ? 0.6 : 0.4);
      circle(pen, x, y, short * between(random, 0.025, 0.06));
      glow(pen, x, y, short * 0.16, tone, 0.3);
    }
  },
  garden(pen, stage, random, floor) {
    const { width, short, palette } = stage;
    for (let i = 0; i < 110; i++) {
      const natural = hex(pick(random, ['#3f6b35', '#6f9a45', '#2f5540', '#9ab85a', '#55803c']));
      pen.fillStyle = css(blend(palette.grade(natural), palette.haze, between(random, 0.05, 0.4)), 0.34);
      const low = random() ** 0.6;
      circle(pen, width * random(), floor * (0.2 + 0.85 * low), short * between(random, 0.03, 0.13));
    }
    for (let i = 0; i < 12; i++) {
      pen.fillStyle = css(blend(palette.light, palette.second, random() * 0.5), 0.35);
      circle(pen, width * random(), floor * random(), short * between(random, 0.02, 0.05));
    }
  },
};
