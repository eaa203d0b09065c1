// Gives an icon a body that stands on a table: its front, its thickness, its shadow and a stand for narrow feet.
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { across, paintShadow } from '../backdrop.ts';
import { blend, css, hex, white } from '../colour.ts';
import { upright } from '../pixels.ts';
import type { Brush, Stage } from '../stage.ts';
import { free, leaveHoles, readShape, silhouette, units, vapour } from './outline.ts';
import { shade, tones } from './relief-light.ts';
import type { Icon } from './things.ts';

/** Pixels a side that its light is computed on; spread over the size it is shown in. */
const finest = 230;
const coarsest = 44;

export interface SolidPlace {
  /** Middle of its foot in pixels. */
  x: number;
  foot: number;
  /** Of the icon's square, in pixels. */
  size: number;
  /** 0 = sharp; how far it is out of focus, as a share of its size. */
  blur?: number;
}

/** Paints a thing that stands at a place, with its shadow on the table; narrow feet get a stand. */
export function paintSolid(brush: Brush, stage: Stage, icon: Icon, place: SolidPlace): void {
  const { blur = 0 } = place;
  const side = Math.round(
    Math.max(coarsest, Math.min(finest, place.size * 0.55, blur > 0 ? 5 / blur : finest)),
  );
  const shape = readShape(icon, side);
  const unit = place.size / units;
  const stands = shape.footWidth < 0.36 * (shape.right - shape.left);
  const plinth = stands ? place.size * 0.085 : 0;
  // Left edge and top of the canvas in the picture.
  const left = place.x - ((shape.left + shape.right) / 2) * unit - free * unit;
  const top = place.foot - plinth - shape.bottom * unit - free * unit;
  const whole = (units + 2 * free) * unit;
  const body = shade(stage, icon, shape, side, blur);
  castShadow(brush, stage, icon, { ...place, left, top: top + plinth, whole });
  paintShadow(brush, stage, place.x, place.foot, (shape.right - shape.left) * unit * (stands ? 0.6 : 0.56));
  if (stands) {
    const middle = left + (shape.footMiddle + free) * unit;
    paintPlinth(
      brush,
      stage,
      { ...place, x: middle },
      Math.max(place.size * 0.2, shape.footWidth * unit),
      plinth,
    );
  }
  if (blur > 0) {
    brush.drawImage(body, left, top, whole, whole);
    return;
  }
  const full = Math.ceil(whole);
  thicken(brush, stage, icon, { left, top, full }, unit);
  const cut = createCanvas(full, full);
  const pen = cut.getContext('2d');
  leaveHoles(pen, icon, full);
  silhouette(pen, icon, full);
  pen.globalCompositeOperation = 'source-in';
  pen.drawImage(body, 0, 0, full, full);
  brush.drawImage(cut, left, top);
  const { sky } = stage.treatment;
  if (sky === 'graded' || sky === 'hard') mirror(brush, cut, { left, top, foot: place.foot, full });
  if (vapour[icon])
    paintSteam(brush, stage, place.x, place.foot - (shape.bottom - shape.top) * unit, place.size);
}

/** What is behind the front, seen a little from above: its outline, again and again, from far to near. */
function thicken(
  brush: Brush,
  stage: Stage,
  icon: Icon,
  { left, top, full }: { left: number; top: number; full: number },
  unit: number,
): void {
  const away = stage.light.x < 0.5 ? 0.75 : -0.75;
  const [own] = tones(stage, icon);
  const steps = 6;
  brush.save();
  brush.translate(left, top);
  leaveHoles(brush, icon, full);
  brush.translate(-left, -top);
  for (let step = steps; step > 0; step--) {
    const back = (step / steps) * unit * 1.25;
    brush.save();
    brush.translate(left + away * back, top - back * 0.5);
    brush.fillStyle = brush.strokeStyle = css(blend(own, stage.palette.near, step > 3 ? 0.62 : 0.42));
    silhouette(brush, icon, full);
    brush.restore();
  }
  brush.restore();
}

/** A faint image in a polished table, gone after a little. */
function mirror(
  brush: Brush,
  cut: Canvas,
  { left, top, foot, full }: { left: number; top: number; foot: number; full: number },
): void {
  const pen = cut.getContext('2d');
  const low = Math.floor(foot - top - full * 0.34);
  pen.globalCompositeOperation = 'destination-in';
  pen.fillStyle = upright(pen, low, foot - top, [
    [white, 0],
    [white, 0.3],
  ]);
  pen.fillRect(0, low, full, full - low);
  brush.save();
  brush.translate(left, foot * 2 - top);
  brush.scale(1, -1);
  brush.drawImage(cut, 0, low, full, full - low, 0, low, full, full - low);
  brush.restore();
}

function paintSteam(brush: Brush, stage: Stage, x: number, top: number, size: number): void {
  brush.save();
  brush.lineCap = 'round';
  for (const [i, dx] of [-0.16, -0.02, 0.13].entries()) {
    const foot = top - size * 0.02;
    const high = size * (0.34 + 0.08 * (i % 2));
    for (const [wide, alpha] of [
      [0.075, 0.1],
      [0.04, 0.16],
    ] as const) {
      brush.strokeStyle = upright(brush, foot - high, foot, [
        [stage.palette.light, 0],
        [stage.palette.light, alpha],
      ]);
      brush.lineWidth = size * wide;
      brush.beginPath();
      brush.moveTo(x + dx * size, foot);
      brush.bezierCurveTo(
        x + (dx + 0.09) * size,
        foot - high * 0.35,
        x + (dx - 0.1) * size,
        foot - high * 0.65,
        x + (dx + 0.03) * size,
        foot - high,
      );
      brush.stroke();
    }
  }
  brush.restore();
}

/** Its own outline, dark and soft, laid down towards the eye and away from the light, and the dark line of its foot. */
function castShadow(
  brush: Brush,
  stage: Stage,
  icon: Icon,
  { x, foot, left, top, whole }: { x: number; foot: number; left: number; top: number; whole: number },
): void {
  const small = 36;
  const canvas = createCanvas(small, small);
  const pen = canvas.getContext('2d');
  silhouette(pen, icon, small);
  pen.globalCompositeOperation = 'source-in';
  pen.fillStyle = upright(pen, 0, small, [
    [stage.palette.near, 0.05],
    [stage.palette.near, 0.6],
  ]);
  pen.fillRect(0, 0, small, small);
  brush.save();
  brush.translate(x, foot);
  brush.transform(1, 0, stage.light.x < 0.5 ? -0.5 : 0.5, -0.3, 0, 0);
  brush.drawImage(canvas, left - x, top - foot, whole, whole);
  brush.restore();
}

/** A block of wood, for what could not stand by itself. */
function paintPlinth(brush: Brush, stage: Stage, { x, foot }: SolidPlace, half: number, tall: number): void {
  const wood = stage.palette.grade(hex('#5a3d28'));
  const back = tall * 0.42;
  brush.fillStyle = css(blend(wood, stage.palette.light, 0.24));
  brush.beginPath();
  brush.moveTo(x - half, foot - tall);
  brush.lineTo(x - half + back, foot - tall - back);
  brush.lineTo(x + half - back, foot - tall - back);
  brush.lineTo(x + half, foot - tall);
  brush.fill();
  brush.fillStyle = across(brush, stage, x - half, x + half, hex('#5a3d28'));
  brush.fillRect(x - half, foot - tall, half * 2, tall);
}
