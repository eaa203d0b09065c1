// Land: ridges, hills, dunes and the ground, each a line across the picture with what lies below it.
import { between } from '../../sound/random.ts';
import { blend, type Colour, css, lighter, white } from './colour.ts';
import { createLine } from './noise.ts';
import { glow, roughen, upright } from './pixels.ts';
import { airTone, type Brush, type Stage } from './stage.ts';
import type { Treatment } from './treatment.ts';

/** Heights of a line of land in pixels from the top, one every `step` pixels from x = 0. */
export interface Ridge {
  step: number;
  ys: Float32Array;
  top: number;
}

export interface RidgeShape {
  /** Share of the height where it lies on average. */
  base: number;
  /** How far it rises and falls, as a share of the short side. */
  swing: number;
  /** How many rises across one short side. */
  waves: number;
  edges?: Treatment['edges'] | 'dunes' | 'peaks';
}

export function createRidge(stage: Stage, name: string, shape: RidgeShape): Ridge {
  const { width, height, short } = stage;
  const edges = shape.edges ?? stage.treatment.edges;
  const seed = stage.seed(name);
  const octaves = { jagged: 7, peaks: 1, natural: 6, smooth: 2, angular: 1, lush: 5, dunes: 1 }[edges];
  const line = createLine(seed, octaves);
  const bumps = edges === 'lush' ? createLine(seed + 5, 3) : undefined;
  const step = Math.max(1, Math.round(short / 540));
  const count = Math.ceil(width / step) + 2;
  const start = (seed % 1000) / 7;
  const crags = createLine(seed + 11, 6);
  const dunes = edges === 'dunes';
  const plain = dunes || stage.treatment.relief < 0.4;
  /** One summit in each cell, with straight flanks that are broken by smaller crags. */
  const peak = (at: number): number => {
    const cell = Math.floor(at);
    const f = at - cell;
    const summit = 0.28 + 0.44 * line(cell + 64);
    const left = f < summit;
    const foot = 0.4 * line(cell + (left ? 128 : 129));
    const t = left ? f / summit : (1 - f) / (1 - summit);
    const rough = plain ? 0 : 0.3 * (crags(at * 4.5) - 0.5) * (1.15 - 0.75 * t);
    return foot + (0.55 + 0.6 * line(cell) - foot) * t ** (dunes ? 1.7 : 1.2) + rough;
  };
  const value = (x: number): number => {
    const at = start + x * shape.waves;
    if (edges === 'jagged') return 1 - Math.abs(line(at) * 2 - 1) * 1.15;
    if (edges === 'peaks') return peak(at);
    if (edges === 'natural') return 0.55 * (1 - Math.abs(line(at) * 2 - 1)) + 0.45 * line(at * 1.4 + 9);
    if (edges === 'angular') {
      // Straight between corners.
      const cell = Math.floor(at * 1.7);
      const f = at * 1.7 - cell;
      return line(cell + 0.5) * (1 - f) + line(cell + 1.5) * f;
    }
    if (edges === 'dunes') return 0.25 + 0.7 * peak(at);
    return line(at) + (bumps ? 0.05 * bumps(at * 24) : 0);
  };
  const ys = new Float32Array(count);
  let top = height;
  for (let i = 0; i < count; i++) {
    const y = shape.base * height - (value((i * step) / short) - 0.45) * 2 * shape.swing * short;
    ys[i] = y;
    top = Math.min(top, y);
  }
  return { step, ys, top };
}

/** Height in pixels at `x` pixels. */
export function ridgeAt({ step, ys }: Ridge, x: number): number {
  const place = Math.max(0, Math.min(ys.length - 1.001, x / step));
  const i = Math.floor(place);
  return ys[i]! + (ys[i + 1]! - ys[i]!) * (place - i);
}

function trace(brush: Brush, stage: Stage, { step, ys }: Ridge): void {
  brush.beginPath();
  brush.moveTo(0, stage.height);
  for (let i = 0; i < ys.length; i++) brush.lineTo(i * step, ys[i]!);
  brush.lineTo(stage.width + step, stage.height);
  brush.closePath();
}

export interface RidgeLook {
  /** Colour at the crest and at the foot of the picture. */
  top: Colour;
  bottom: Colour;
  /** 0..1 of the style's roughness. */
  rough?: number;
  steep?: number;
  /** 0..1: snow down from the peaks. */
  snow?: number;
  /** Facets lit from the side. */
  faceted?: 'rock' | 'dune';
  /** 0..1: a pool of light below the sun. */
  pool?: number;
  /** 0..1: mist over its foot. */
  mist?: number;
}

export function paintRidge(brush: Brush, stage: Stage, name: string, ridge: Ridge, look: RidgeLook): void {
  const { height, palette, treatment, short } = stage;
  const depth = Math.max(short * 0.18, Math.min(height - ridge.top, short * 0.55));
  brush.save();
  trace(brush, stage, ridge);
  brush.fillStyle = upright(brush, ridge.top, ridge.top + depth, [[look.top], [look.bottom]]);
  brush.fill();
  brush.clip();
  if (look.faceted) paintFaces(brush, stage, name, ridge, look);
  roughen(brush, stage, name, {
    lit: blend(look.top, palette.light, 0.55),
    shade: blend(look.bottom, palette.near, 0.75),
    strength: 0.42 * treatment.relief * (look.rough ?? 1),
    size: short * 0.62,
    steep: look.steep ?? 1,
    top: ridge.top,
    bottom: height,
  });
  if (look.pool && treatment.glow > 0.2) {
    brush.save();
    brush.translate(stage.light.x * stage.width, ridge.top);
    brush.scale(1, 0.42);
    glow(brush, 0, 0, short * 0.95, palette.light, look.pool * treatment.glow);
    brush.restore();
  }
  if (look.mist) {
    brush.fillStyle = upright(brush, ridge.top + depth * 0.2, ridge.top + depth * 1.15, [
      [palette.haze, 0],
      [palette.haze, look.mist * treatment.haze],
    ]);
    brush.fillRect(0, ridge.top, stage.width, height - ridge.top);
  }
  brush.restore();
  if (treatment.rim > 0 && look.faceted) paintRim(brush, stage, ridge);
}

/** The crest catches light where it faces the sun. */
function paintRim(brush: Brush, stage: Stage, { step, ys }: Ridge): void {
  const { palette, treatment, short, light, width } = stage;
  brush.save();
  brush.strokeStyle = css(palette.light, 0.5 * treatment.rim);
  brush.lineWidth = short * 0.0022;
  brush.beginPath();
  const stride = 2;
  for (let i = 0; i + stride < ys.length; i += stride) {
    const rise = (ys[i]! - ys[i + stride]!) / (stride * step);
    const faces = Math.sign(light.x * width - i * step) * -rise;
    if (faces < 0.12) continue;
    brush.moveTo(i * step, ys[i]! + 1);
    brush.lineTo((i + stride) * step, ys[i + stride]! + 1);
  }
  brush.stroke();
  brush.restore();
}

/** Summits of a ridge with the lowest points between them, as indexes into its heights. */
function summitsOf(ys: Float32Array, reach: number): { at: number; left: number; right: number }[] {
  const tops: number[] = [];
  for (let i = reach; i < ys.length - reach; i++) {
    let summit = true;
    for (let k = -reach; k <= reach && summit; k++) if (ys[i + k]! < ys[i]!) summit = false;
    if (!summit) continue;
    tops.push(i);
    i += reach;
  }
  const lowest = (from: number, to: number) => {
    let at = from;
    for (let i = from; i <= to; i++) if (ys[i]! > ys[at]!) at = i;
    return at;
  };
  return tops.map((at, k) => ({
    at,
    left: lowest(tops[k - 1] ?? 0, at),
    right: lowest(at, tops[k + 1] ?? ys.length - 1),
  }));
}

/** From each summit a spine runs down; the side away from the light is dark, snow lies on top. */
function paintFaces(brush: Brush, stage: Stage, name: string, { step, ys }: Ridge, look: RidgeLook): void {
  const { palette, treatment, short, light, width, height } = stage;
  const random = stage.random(`faces ${name}`);
  const dune = look.faceted === 'dune';
  const straight = treatment.relief < 0.4;
  const hard = treatment.sky === 'hard' ? 0.9 : dune ? 0.75 : treatment.relief > 0.6 ? 0.6 : 0.4;
  const shade = blend(look.bottom, palette.near, dune ? 0.4 : 0.6);
  const lit = blend(look.top, palette.light, 0.5);
  const snow =
    treatment.sky === 'flat'
      ? blend(look.top, white, 0.55)
      : blend(blend(palette.grade(white), palette.light, 0.35), look.top, 0.08);
  const snowShade = blend(blend(snow, palette.sky[1], 0.5), look.top, 0.3);
  for (const { at, left, right } of summitsOf(ys, Math.round((short * 0.045) / step))) {
    const x = at * step;
    const y = ys[at]!;
    const drop = Math.max(ys[left]!, ys[right]!) - y;
    const rise = Math.min(short * 0.55, Math.max(short * 0.05, (height * 0.97 - y) * (dune ? 0.75 : 0.6)));
    const away = x < light.x * width ? -1 : 1;
    const parts = dune ? 16 : straight ? 3 : 9;
    const spine: [number, number][] = [[x, y - 2]];
    const sway = between(random, 0.7, 1.3);
    for (let k = 1; k <= parts; k++) {
      const t = k / parts;
      const wander = dune
        ? sway * (0.34 * t + 0.16 * Math.sin(t * 5))
        : straight
          ? 0.12 * t * (k % 2 ? 1 : 0.2)
          : (0.14 * t + between(random, -0.06, 0.06)) * (k % 2 ? 1 : 0.4);
      spine.push([x - away * wander * rise, y + t * rise]);
    }
    const side = (direction: number, colour: Colour, alpha: number) => {
      const valley = direction < 0 ? left : right;
      if (dune) {
        const slope = brush.createLinearGradient(x, 0, valley * step, 0);
        slope.addColorStop(0, css(colour, alpha));
        slope.addColorStop(1, css(colour, 0.0001));
        brush.fillStyle = slope;
      } else {
        brush.fillStyle = upright(brush, y, y + rise, [
          [colour, alpha],
          [colour, 0],
        ]);
      }
      brush.beginPath();
      for (const [px, py] of spine) brush.lineTo(px, py);
      brush.lineTo(valley * step, y + rise);
      for (let i = valley; i !== at; i -= direction) brush.lineTo(i * step, ys[i]! - 2);
      brush.fill();
    };
    side(away, shade, hard);
    if (!dune) side(-away, lit, hard * 0.6);
    if (!dune && !straight)
      paintSpurs(brush, random, { at, left, right }, { ys, step, rise, away, shade, alpha: hard * 0.55 });
    if (look.snow)
      paintCap(
        brush,
        random,
        { x, y, size: Math.min(rise, drop * 1.5) * look.snow },
        { snow, shade: snowShade, away, straight },
      );
  }
}

/** Smaller spines on both flanks, each with a shadow on the side away from the light. */
function paintSpurs(
  brush: Brush,
  random: () => number,
  { at, left, right }: { at: number; left: number; right: number },
  look: { ys: Float32Array; step: number; rise: number; away: number; shade: Colour; alpha: number },
): void {
  const { ys, step, rise, away, shade } = look;
  for (const [valley, share] of [
    [left, 0.22],
    [left, 0.48],
    [left, 0.72],
    [right, 0.2],
    [right, 0.45],
    [right, 0.75],
  ] as const) {
    const from = Math.round(at + (valley - at) * share * between(random, 0.8, 1.2));
    const x = from * step;
    const y = ys[from] ?? 0;
    const long = rise * (0.75 - 0.5 * share) * between(random, 0.7, 1.15);
    const lean = Math.sign(valley - at) * 0.3;
    brush.fillStyle = upright(brush, y, y + long, [
      [shade, look.alpha],
      [shade, 0],
    ]);
    brush.beginPath();
    brush.moveTo(x, y - 3);
    for (let k = 1; k <= 6; k++) {
      const t = k / 6;
      brush.lineTo(x + (lean * t + between(random, -0.05, 0.05)) * long, y + t * long);
    }
    brush.lineTo(x + (lean + away * 0.5) * long, y + long);
    brush.lineTo(x + away * 0.12 * long, y - 3);
    brush.fill();
  }
}

function paintCap(
  brush: Brush,
  random: () => number,
  { x, y, size }: { x: number; y: number; size: number },
  { snow, shade, away, straight }: { snow: Colour; shade: Colour; away: number; straight: boolean },
): void {
  const teeth = straight ? 4 : 10;
  for (const half of [-1, 1]) {
    brush.fillStyle = css(half === away ? shade : lighter(snow, 0.02), 0.92);
    brush.beginPath();
    brush.moveTo(x, y - 3);
    for (let k = 0; k <= teeth; k++) {
      const t = k / teeth;
      const drop =
        size * (0.55 - 0.25 * t) * (k % 2 ? between(random, 0.35, 0.75) : between(random, 0.8, 1.45));
      brush.lineTo(x + half * t * size * 1.1, y + drop + t * size * 0.55);
    }
    brush.lineTo(x + half * size * 1.3, y - 3);
    brush.fill();
  }
}

/** Mist that lies between two heights, thickest in the middle. */
export function paintMist(
  brush: Brush,
  stage: Stage,
  top: number,
  bottom: number,
  strength: number,
  colour?: Colour,
): void {
  const { height, width, palette, treatment } = stage;
  const tone = colour ?? palette.haze;
  const alpha = strength * treatment.haze;
  brush.fillStyle = upright(brush, top * height, bottom * height, [
    [tone, 0],
    [tone, alpha],
    [tone, 0],
  ]);
  brush.fillRect(0, top * height, width, (bottom - top) * height);
}

/** Plain receding ridges, far to near, in the colours of the air: the backdrop of many places. */
export function paintRanges(
  brush: Brush,
  stage: Stage,
  name: string,
  ranges: {
    base: number;
    swing: number;
    waves: number;
    depth: number;
    snow?: number;
    edges?: RidgeShape['edges'];
  }[],
): void {
  for (const [i, { depth, snow, edges, ...shape }] of ranges.entries()) {
    const outline = edges ?? (snow === undefined ? undefined : 'peaks');
    const ridge = createRidge(stage, `${name} ${i}`, outline ? { ...shape, edges: outline } : shape);
    paintRidge(brush, stage, `${name} ${i}`, ridge, {
      top: airTone(stage, depth),
      bottom: airTone(stage, Math.max(0, depth - 0.12)),
      rough: 0.65 + 0.5 * depth,
      steep: 1.4,
      ...(snow !== undefined && { faceted: 'rock' as const }),
      mist: (snow === undefined ? 0.75 : 0.5) * (1 - depth * 0.7),
      ...(snow !== undefined && { snow }),
    });
  }
}
