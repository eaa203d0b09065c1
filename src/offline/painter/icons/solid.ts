// Gives an icon a body: rounded, lit from the stage's side, standing on its foot, with a shadow. Only its shape is flat.
import { type Canvas, createCanvas, Path2D } from '@napi-rs/canvas';
import { across, paintShadow } from '../backdrop.ts';
import { atLightness, blend, type Colour, css, hex, lighter, toRgb, vivid, white } from '../colour.ts';
import { ramp, upright } from '../pixels.ts';
import type { Brush, Stage } from '../stage.ts';
import { lucide } from './lucide.ts';
import { naturalOf } from './natural.ts';
import { enclosed } from './paint-icon.ts';
import type { Icon } from './things.ts';

/** Of an icon's square, and what is left free around it for roundings and blur. */
const units = 24;
const free = 2;
/** Pixels a side that its light is computed on; spread over the size it is shown in. */
const finest = 300;
const coarsest = 44;
/** Width of lines, and how far edges are rounded, in units. */
const tube = 1.7;
const rounding = 3;

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
  if (stands) paintPlinth(brush, stage, place, (shape.right - shape.left) * unit * 0.36, plinth);
  const away = stage.light.x < 0.5 ? 1 : -1;
  if (blur > 0) {
    brush.drawImage(body, left, top, whole, whole);
    return;
  }
  const full = Math.ceil(whole);
  const cut = createCanvas(full, full);
  const pen = cut.getContext('2d');
  pen.imageSmoothingQuality = 'high';
  silhouette(pen, icon, full);
  const [own] = tones(stage, icon);
  // Its thickness: what is behind the front, seen a little from above.
  const steps = 9;
  for (const [i, tone] of [
    blend(own, stage.palette.near, 0.62),
    blend(own, stage.palette.near, 0.42),
  ].entries()) {
    pen.globalCompositeOperation = 'source-in';
    pen.fillStyle = css(tone);
    pen.fillRect(0, 0, full, full);
    const from = i === 0 ? steps : Math.floor(steps * 0.55);
    const to = i === 0 ? Math.floor(steps * 0.55) : 0;
    for (let step = from; step > to; step--) {
      const back = (step / steps) * unit * 1.25;
      brush.drawImage(cut, left + away * back * 0.75, top - back * 0.5);
    }
  }
  pen.globalCompositeOperation = 'source-in';
  pen.drawImage(body, 0, 0, full, full);
  brush.drawImage(cut, left, top);
  const { sky } = stage.treatment;
  if (sky === 'graded' || sky === 'hard') mirror(brush, cut, { left, top, foot: place.foot, full });
  if (vapour[icon])
    paintSteam(brush, stage, place.x, place.foot - (shape.bottom - shape.top) * unit, place.size);
}

/** A faint image in a polished table, gone after a little. */
function mirror(
  brush: Brush,
  cut: Canvas,
  { left, top, foot, full }: { left: number; top: number; foot: number; full: number },
): void {
  const pen = cut.getContext('2d');
  pen.globalCompositeOperation = 'destination-in';
  pen.fillStyle = upright(pen, foot - top - full * 0.4, foot - top, [
    [white, 0],
    [white, 0.3],
  ]);
  pen.fillRect(0, 0, full, full);
  brush.save();
  brush.translate(left, foot * 2 - top);
  brush.scale(1, -1);
  brush.drawImage(cut, 0, 0);
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

const tones = (stage: Stage, icon: Icon): [Colour, Colour] => {
  const { palette, treatment } = stage;
  // Hard light burns white things out, dark rooms swallow dark ones.
  const held = (natural: Colour): Colour =>
    treatment.sky === 'hard'
      ? [0.3 + 0.52 * natural[0], 0, 0]
      : vivid(atLightness(natural, 0.1 + 0.9 * natural[0]), treatment.sky === 'graded' ? 1.3 : 1.05);
  const [own, fittings] = naturalOf(icon);
  return [palette.grade(held(own)), palette.grade(held(fittings))];
};

/** Lines that are no part of the thing: steam. */
const vapour: Partial<Record<Icon, number[]>> = { coffee: [0, 1, 3], soup: [0, 1, 4] };

/** What a sign leaves out and a thing has: sockets, screens, frames. */
const additions: Partial<Record<Icon, string[]>> = {
  lightbulb: ['M9 15h6v5.5a1.5 1.5 0 0 1-1.5 1.5h-3a1.5 1.5 0 0 1-1.5-1.5Z'],
  smartphone: ['M7.6 4.8h8.8v11.6h-8.8Z'],
  laptop: ['M6.6 7.4h10.8v6.4h-10.8Z'],
  server: ['M5 8h14v8h-14Z'],
  'battery-charging': ['M2 8a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-12a2 2 0 0 1-2-2Z'],
  bed: ['M3 9h17a1.5 1.5 0 0 1 1.5 1.5v6h-18.500Z'],
  wallet: ['M4 5h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-14a2 2 0 0 1-2-2v-12a2 2 0 0 1 2-2Z'],
  coffee: ['M4.300 9.300a5.700 1.200 0 1 0 11.400 0a5.700 1.200 0 1 0 -11.400 0Z'],
  scale: ['M10 20h4v1.500h-4Z'],
};

/** The outlines of a thing, and how much each encloses, in square units. */
const linesOf = (icon: Icon): { path: Path2D; area: number }[] => [
  ...lucide[icon]
    .filter((_, i) => !vapour[icon]?.includes(i))
    .map((line) => ({ path: new Path2D(line), area: enclosed(line, icon) })),
  ...(additions[icon] ?? []).map((line) => ({ path: new Path2D(line), area: enclosed(line) })),
];

function scaled(brush: Brush, side: number): void {
  brush.scale(side / (units + 2 * free), side / (units + 2 * free));
  brush.translate(free, free);
  brush.lineCap = brush.lineJoin = 'round';
}

function silhouette(brush: Brush, icon: Icon, side: number): void {
  brush.save();
  scaled(brush, side);
  brush.lineWidth = tube;
  for (const { path, area } of linesOf(icon)) {
    if (area > 0) brush.fill(path);
    brush.stroke(path);
  }
  brush.restore();
}

interface Shape {
  /** 0..1: how much of each pixel is the thing, is its body (not a line beside it), and is a line. */
  cover: Float32Array;
  body: Float32Array;
  lines: Float32Array;
  /** What has a colour of its own. */
  fittings: Float32Array;
  /** In units of the icon. */
  left: number;
  right: number;
  top: number;
  bottom: number;
  footWidth: number;
}

function readShape(icon: Icon, side: number): Shape {
  const read = (draw: (brush: Brush) => void) => {
    const canvas = createCanvas(side, side);
    const brush = canvas.getContext('2d');
    draw(brush);
    const { data } = brush.getImageData(0, 0, side, side);
    return Float32Array.from({ length: side * side }, (_, i) => data[i * 4 + 3]! / 255);
  };
  const paths = linesOf(icon);
  const cover = read((brush) => silhouette(brush, icon, side));
  const body = read((brush) => {
    scaled(brush, side);
    brush.lineWidth = tube;
    for (const { path } of paths.filter(({ area }) => area > 0)) {
      brush.fill(path);
      brush.stroke(path);
    }
  });
  const most = Math.max(...paths.map(({ area }) => area));
  const lines = read((brush) => {
    scaled(brush, side);
    brush.lineWidth = 0.95;
    for (const { path } of paths) brush.stroke(path);
  });
  const fittings = read((brush) => {
    scaled(brush, side);
    brush.lineWidth = 1.1;
    for (const { path, area } of paths) {
      if (area > most * 0.45) continue;
      if (area > 0) brush.fill(path);
      brush.stroke(path);
    }
  });
  let [left, right, top, bottom] = [side, 0, side, 0];
  for (let i = 0; i < cover.length; i++) {
    if (cover[i]! < 0.5) continue;
    const x = i % side;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, Math.floor(i / side));
    bottom = Math.max(bottom, Math.floor(i / side) + 1);
  }
  const scale = (units + 2 * free) / side;
  let [footLeft, footRight] = [side, 0];
  for (let row = Math.max(0, Math.floor(bottom - 1.1 / scale)); row < bottom; row++) {
    for (let x = 0; x < side; x++) {
      if (cover[row * side + x]! < 0.5) continue;
      footLeft = Math.min(footLeft, x);
      footRight = Math.max(footRight, x + 1);
    }
  }
  return {
    cover,
    body,
    lines,
    fittings,
    left: left * scale - free,
    right: right * scale - free,
    top: top * scale - free,
    bottom: bottom * scale - free,
    footWidth: (footRight - footLeft) * scale,
  };
}

/** Its front in light and shade, `side` pixels; sharp ones are cut out later, blurred ones here. */
function shade(
  stage: Stage,
  icon: Icon,
  { cover, body, lines, fittings: fixed }: Shape,
  side: number,
  blur: number,
): Canvas {
  const { palette, treatment } = stage;
  const scale = side / (units + 2 * free);
  const depth = distances(cover, side);
  const round = rounding * scale;
  const height = new Float32Array(side * side);
  for (let i = 0; i < height.length; i++) {
    const rise = 1 - Math.min(1, depth[i]! / round);
    const inner = Math.max(0, Math.min(1, (depth[i]! - 1.25 * scale) / (0.7 * scale)));
    height[i] = (Math.sqrt(1 - rise * rise) - 0.2 * lines[i]! * inner) * round;
  }
  soften(height, side, Math.max(1, Math.round(scale * 0.3)));
  const gain = treatment.sky === 'hard' ? 0.55 : 1;
  const [own, fittings] = tones(stage, icon).map((tone) =>
    ramp([
      blend(tone, palette.near, 0.8),
      blend(tone, palette.near, 0.45),
      tone,
      blend(lighter(tone, 0.05 * gain), palette.light, 0.22 * gain),
      blend(lighter(tone, 0.12 * gain), palette.light, 0.5 * gain),
    ]),
  ) as [Float32Array, Float32Array];
  const glint = toRgb(blend(palette.light, white, 0.5));
  const from = stage.light.x < 0.5 ? -1 : 1;
  // Towards the lamp, and half way between it and the eye.
  const [lx, ly, lz] = [0.56 * from, -0.6, 0.57];
  const [hx, hy, hz] = [0.315 * from, -0.338, 0.887];
  const canvas = createCanvas(side, side);
  const brush = canvas.getContext('2d');
  const image = brush.createImageData(side, side);
  const { data } = image;
  const alpha =
    blur > 0 ? soften(Float32Array.from(cover), side, Math.max(1, Math.round(side * blur * 0.5))) : undefined;
  for (let i = 0, at = 0; i < cover.length; i++, at += 4) {
    const x = i % side;
    const y = (i - x) / side;
    const dx = (height[x < side - 1 ? i + 1 : i]! - height[x > 0 ? i - 1 : i]!) * 0.5;
    const dy = (height[y < side - 1 ? i + side : i]! - height[y > 0 ? i - side : i]!) * 0.5;
    const long = 1 / Math.sqrt(dx * dx + dy * dy + 0.72);
    const [nx, ny, nz] = [-dx * long, -dy * long, 0.85 * long];
    const facing = nx * lx + ny * ly + nz * lz;
    const groove = lines[i]! * Math.max(0, Math.min(1, (depth[i]! - 1.25 * scale) / (0.7 * scale)));
    const low = y / side;
    const light = 0.1 + 0.72 * Math.max(0, facing) + 0.14 * (1 - low) - 0.13 * low * low;
    const edge = treatment.rim * 0.75 * Math.max(0, -nx * from - 0.55) * (1 - nz);
    const stop = 3 * Math.round(255 * Math.max(0, Math.min(1, light + edge)));
    const shine = Math.max(0, nx * hx + ny * hy + nz * hz) ** 28 * 0.55;
    const fit = Math.max(1 - body[i]!, fixed[i]!);
    for (let c = 0; c < 3; c++) {
      const tone = own[stop + c]! + (fittings[stop + c]! - own[stop + c]!) * fit;
      data[at + c] = tone * (1 - 0.16 * groove) + (glint[c]! - tone) * shine;
    }
    data[at + 3] = alpha ? 255 * alpha[i]! : 255;
  }
  brush.putImageData(image, 0, 0);
  return canvas;
}

/** How far each pixel is from the outside, in pixels: two sweeps with steps of 1 and √2. */
function distances(cover: Float32Array, side: number): Float32Array {
  const out = Float32Array.from(cover, (share) => (share > 0.5 ? 1e6 : share));
  const lower = (i: number, by: number, step: number) => {
    const other = out[i + by]! + step;
    if (other < out[i]!) out[i] = other;
  };
  const slant = Math.SQRT2;
  for (let y = 1; y < side - 1; y++) {
    for (let i = y * side + 1; i < (y + 1) * side - 1; i++) {
      lower(i, -1, 1);
      lower(i, -side, 1);
      lower(i, -side - 1, slant);
      lower(i, -side + 1, slant);
    }
  }
  for (let y = side - 2; y > 0; y--) {
    for (let i = (y + 1) * side - 2; i > y * side; i--) {
      lower(i, 1, 1);
      lower(i, side, 1);
      lower(i, side + 1, slant);
      lower(i, side - 1, slant);
    }
  }
  return out;
}

/** A box blur of this reach, three times over, in place. */
function soften(values: Float32Array, side: number, reach: number): Float32Array {
  const line = new Float32Array(side);
  const run = (start: number, step: number) => {
    let sum = 0;
    const at = (k: number) => values[start + Math.max(0, Math.min(side - 1, k)) * step]!;
    for (let k = -reach; k <= reach; k++) sum += at(k);
    for (let k = 0; k < side; k++) {
      line[k] = sum / (2 * reach + 1);
      sum += at(k + reach + 1) - at(k - reach);
    }
    for (let k = 0; k < side; k++) values[start + k * step] = line[k]!;
  };
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < side; i++) run(i * side, 1);
    for (let i = 0; i < side; i++) run(i, side);
  }
  return values;
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
  brush.imageSmoothingQuality = 'high';
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
