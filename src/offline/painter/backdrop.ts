// The ground on which things are shown: a lit wall, a pale sheet, a burst of print, by style; and a table before it.
import { between, pick } from '../../domain/random.ts';
import { atLightness, blend, type Colour, css, lch, lighter, toRgb, white } from './colour.ts';
import { cloudNoise } from './noise.ts';
import { circle, glow, paintPixels, upright } from './pixels.ts';
import { paintSky } from './sky.ts';
import type { Brush, Stage } from './stage.ts';

/**
 * Fills the layer; brightest around `focus` (shares of width and height), where the thing will be. Drawn styles set a
 * large figure behind it, unless the ground shall be plain.
 */
export function paintBackdrop(
  brush: Brush,
  stage: Stage,
  focus = { x: 0.5, y: 0.44 },
  ground: 'emblem' | 'plain' = 'emblem',
): void {
  const { treatment, palette, width, height, short } = stage;
  const kind = treatment.sky;
  if (kind === 'bands' || kind === 'mesh' || kind === 'flat' || kind === 'clean') {
    paintSky(brush, { ...stage, light: focus }, { horizon: kind === 'bands' ? 0.98 : 1, disc: 'none' });
    if (ground === 'emblem') paintEmblem(brush, stage, focus);
    return;
  }
  const random = stage.random('backdrop');
  // Each picture leans to another colour of the palette.
  const lean = pick(random, [palette.second, palette.accent, palette.sky[0], palette.sky[1], palette.second]);
  const deep = kind === 'graded' ? palette.grade(lch(0.3, 0.09, 225)) : palette.sky[0];
  const edge = toRgb(blend(blend(palette.sky[0], deep, 0.5), palette.near, kind === 'natural' ? 0.12 : 0.5));
  const wall = blend(palette.sky[1], palette.sky[2], kind === 'hard' ? 0.4 : between(random, 0.2, 0.75));
  const middle = toRgb(
    blend(wall, atLightness(lean, wall[0]), kind === 'hard' ? 0 : between(random, 0.25, 0.6)),
  );
  const core = toRgb(blend(palette.sky[3], palette.light, 0.35));
  const shift = random() * 9;
  const slant = between(random, -0.5, 0.5);
  paintPixels(brush, stage, Math.max(4, Math.round(short / 260)), (u, v, out) => {
    const dx = ((u - focus.x) * width) / short;
    const dy = ((v - focus.y) * height) / short;
    const cloud = cloudNoise(u * 0.6 + shift, v * 0.6) - 0.5;
    const d = Math.sqrt(dx * dx + dy * dy * 1.2) * (1 + cloud * 0.55);
    let light = Math.exp(-d * d * 4.2);
    let wash = Math.exp(-d * d * 1.1);
    if (kind === 'hard') {
      // A cone from above with a hard edge.
      const cone = Math.abs(dx - slant * (dy + 0.6)) / (0.22 + 0.38 * (dy + 0.8));
      const inside = 1 / (1 + Math.exp((cone - 1) * 26));
      light = light * 0.75 * inside + inside * 0.22;
      wash = inside * 0.75;
    }
    if (kind === 'natural') {
      // Window light falls across the wall.
      const pane = dx * 0.8 - dy * 0.6 + slant;
      wash = 0.45 + 0.45 * wash + 0.12 * Math.sin(pane * 3);
    }
    for (let c = 0; c < 3; c++) {
      const value = edge[c]! + (middle[c]! - edge[c]!) * wash;
      out[c] = value + (core[c]! - value) * light * (kind === 'natural' ? 0.6 : 0.85) + cloud * 5;
    }
  });
  if (kind === 'hard' && random() < 0.7) paintBlinds(brush, stage);
  if (kind === 'graded' || kind === 'misty') paintBokeh(brush, stage, kind === 'misty' ? 26 : 16);
}

/** The shadow of a blind across the wall. */
function paintBlinds(brush: Brush, stage: Stage): void {
  const { width, height, short, palette } = stage;
  const random = stage.random('blinds');
  const lean = between(random, -0.22, 0.22) * width;
  const pitch = short * between(random, 0.085, 0.11);
  for (let y = -Math.abs(lean) - pitch; y < height + Math.abs(lean); y += pitch) {
    // Two passes, the wider one faint, soften the edge.
    for (const [wide, alpha] of [
      [0.54, 0.3],
      [0.44, 0.45],
    ] as const) {
      const inset = pitch * (0.5 - wide / 2);
      brush.fillStyle = css(palette.near, alpha);
      brush.beginPath();
      brush.moveTo(0, y - lean / 2 + inset);
      brush.lineTo(width, y + lean / 2 + inset);
      brush.lineTo(width, y + lean / 2 + inset + pitch * wide);
      brush.lineTo(0, y - lean / 2 + inset + pitch * wide);
      brush.fill();
    }
  }
}

/** Soft discs of light, as of lamps or leaves far behind. */
function paintBokeh(brush: Brush, stage: Stage, count: number): void {
  const { palette, width, height, short } = stage;
  const random = stage.random('bokeh');
  brush.save();
  brush.globalCompositeOperation = 'screen';
  for (let i = 0; i < count; i++) {
    const radius = short * between(random, 0.018, 0.075);
    const colour = blend(palette.light, random() < 0.5 ? palette.second : palette.accent, random() * 0.6);
    const x = random() * width;
    const y = random() * height * 0.85;
    const alpha = between(random, 0.05, 0.2);
    brush.fillStyle = css(colour, alpha);
    circle(brush, x, y, radius);
    brush.strokeStyle = css(colour, alpha * 0.7);
    brush.lineWidth = radius * 0.06;
    brush.stroke();
  }
  brush.restore();
}

/** A large plain figure behind the thing, so that drawn styles have a centre. */
function paintEmblem(brush: Brush, stage: Stage, focus: { x: number; y: number }): void {
  const { palette, treatment, width, height, short } = stage;
  const [x, y] = [focus.x * width, focus.y * height];
  if (treatment.sky === 'bands') {
    for (const [size, colour] of [
      [0.44, palette.accent],
      [0.38, palette.second],
      [0.32, palette.light],
    ] as const) {
      brush.fillStyle = css(colour);
      circle(brush, x, y, short * size);
    }
  }
  if (treatment.sky === 'clean') {
    brush.fillStyle = css(white, 0.5);
    circle(brush, x, y, short * 0.43);
    brush.fillStyle = css(white, 0.55);
    circle(brush, x, y, short * 0.35);
  }
  if (treatment.sky === 'mesh') {
    brush.fillStyle = css(palette.near, 0.16);
    circle(brush, x + short * 0.02, y + short * 0.03, short * 0.39);
    brush.fillStyle = upright(brush, y - short * 0.38, y + short * 0.38, [
      [palette.second],
      [palette.sky[2]],
    ]);
    circle(brush, x, y, short * 0.38);
  }
}

/** A table or floor from `top` (share of the height) down, with the light of the thing on it. */
export function paintTable(brush: Brush, stage: Stage, top: number, wood: Colour): void {
  const { width, height, short, treatment, palette } = stage;
  const y = top * height;
  const tone = blend(palette.grade(wood), palette.near, treatment.haze > 0.85 ? 0.35 : 0.12);
  brush.fillStyle = upright(brush, y, height, [[lighter(tone, 0.05)], [blend(tone, palette.near, 0.55)]]);
  brush.fillRect(0, y, width, height - y);
  if (treatment.detail > 0.6) {
    const random = stage.random('grain');
    brush.lineWidth = short * 0.0016;
    for (let i = 0; i < 26; i++) {
      const t = random() ** 1.4;
      const line = y + (height - y) * t;
      brush.strokeStyle = css(palette.near, 0.16);
      brush.beginPath();
      brush.moveTo(0, line);
      brush.bezierCurveTo(
        width * 0.3,
        line + short * 0.01 * t,
        width * 0.7,
        line - short * 0.012 * t,
        width,
        line + short * 0.004,
      );
      brush.stroke();
    }
  }
  brush.fillStyle = css(palette.light, 0.35);
  brush.fillRect(0, y, width, Math.max(1, short * 0.0022));
  if (treatment.glow > 0.3) {
    brush.save();
    brush.beginPath();
    brush.rect(0, y, width, height - y);
    brush.clip();
    brush.translate(width / 2, y);
    brush.scale(1, 0.3);
    glow(brush, 0, 0, short * 0.75, palette.light, 0.35 * treatment.glow);
    brush.restore();
  }
}

/** The soft shadow of a thing on its table. */
export function paintShadow(brush: Brush, stage: Stage, x: number, y: number, wide: number): void {
  if (stage.treatment.sky === 'flat') return;
  brush.save();
  brush.translate(x, y);
  brush.scale(1, 0.16);
  const gradient = brush.createRadialGradient(0, 0, 0, 0, 0, wide);
  gradient.addColorStop(0, css(stage.palette.near, 0.7));
  gradient.addColorStop(0.6, css(stage.palette.near, 0.35));
  gradient.addColorStop(1, css(stage.palette.near, 0.0001));
  brush.fillStyle = gradient;
  brush.fillRect(-wide, -wide, wide * 2, wide * 2);
  brush.restore();
}

/** The colour of a thing and of its lit and shaded sides. */
export function material(stage: Stage, natural: Colour): { body: Colour; lit: Colour; shade: Colour } {
  const { palette, treatment } = stage;
  const body = palette.grade(natural);
  const flat = treatment.relief === 0 ? 0.55 : 1;
  return {
    body,
    lit: blend(body, palette.light, 0.42 * flat),
    shade: blend(body, palette.near, 0.5 * flat),
  };
}

/** A gradient across a thing between two x in pixels: lit on the side of the light. */
export function across(brush: Brush, stage: Stage, from: number, to: number, natural: Colour) {
  const { body, lit, shade } = material(stage, natural);
  const stops = stage.light.x < 0.5 ? [lit, body, shade] : [shade, body, lit];
  const gradient = brush.createLinearGradient(from, 0, to, 0);
  for (const [i, stop] of stops.entries()) gradient.addColorStop(i / 2, css(stop));
  return gradient;
}
