// Water seen from its shore: sky mirrored in it, a road of light below the sun, waves that widen towards the viewer.
import { between } from '../../domain/random.ts';
import { blend, type Colour, css, hex, lighter, toRgb } from './colour.ts';
import { cloudNoise, smoothstep } from './noise.ts';
import { paintPixels } from './pixels.ts';
import type { Brush, Stage } from './stage.ts';

export interface WaterLook {
  /** Share of the height of the far edge. */
  top: number;
  /** 0 = a mirror … 1 = a storm. */
  waves: number;
  /** The water's own colour. */
  colour: Colour;
}

export function paintWater(brush: Brush, stage: Stage, look: WaterLook): void {
  const { palette, treatment, light, width, short } = stage;
  const kind = treatment.sky;
  const shift = stage.random('water')() * 9;
  if (kind === 'bands' || kind === 'flat' || kind === 'clean') {
    paintDrawnWater(brush, stage, look);
    return;
  }
  const far = toRgb(blend(look.colour, palette.sky[3], 0.62));
  const near = toRgb(blend(look.colour, palette.near, 0.45));
  const mirror = toRgb(blend(palette.sky[1], look.colour, 0.3));
  const sun = toRgb(palette.light);
  const span = 1 - look.top;
  const sparkle = kind === 'hard' ? 1 : 0.45 + 0.55 * treatment.glow;
  paintPixels(
    brush,
    stage,
    Math.max(2, Math.round(short / 480)),
    (u, v, out) => {
      const t = Math.max(0.001, (v - look.top) / span);
      // Perspective: waves grow with nearness.
      const q = 1 / (t * 1.15 + 0.05);
      const x = (((u - 0.5) * width) / short) * q * 0.35;
      const n =
        cloudNoise(x * 0.5 + shift, q * 1.15 + shift) * 0.65 + cloudNoise(x * 1.9 + shift, q * 3.1) * 0.35;
      const crest = smoothstep(0.5, 0.72, n) * (0.25 + 0.75 * look.waves);
      const dip = smoothstep(0.5, 0.28, n) * (0.35 + 0.65 * look.waves);
      const spread = (u - light.x) * (width / short);
      const road =
        Math.exp(-((spread / (0.045 + 0.2 * t)) ** 2)) * smoothstep(0.44, 0.62, n + 0.1 * (1 - t)) * sparkle;
      const halo = Math.exp(-Math.abs(spread) * 2.2) * 0.3 * (1 - t);
      for (let c = 0; c < 3; c++) {
        let value = far[c]! + (near[c]! - far[c]!) * t ** 0.7;
        value += (mirror[c]! - value) * crest * 0.42;
        value += (near[c]! - value) * dip * 0.6;
        out[c] = value + (sun[c]! - value) * Math.min(0.95, road * (0.9 - 0.35 * t) + halo);
      }
    },
    { top: look.top, bottom: 1 },
  );
}

/** Flat bands and dashes, for styles that draw. */
function paintDrawnWater(brush: Brush, stage: Stage, look: WaterLook): void {
  const { palette, light, width, height, short, treatment } = stage;
  const random = stage.random('drawn water');
  const top = look.top * height;
  const bands = treatment.sky === 'flat' ? 3 : 6;
  for (let i = 0; i < bands; i++) {
    brush.fillStyle = css(
      blend(blend(look.colour, palette.sky[3], 0.5), blend(look.colour, palette.near, 0.25), i / (bands - 1)),
    );
    const y = top + (height - top) * (i / bands) ** 1.5;
    brush.beginPath();
    brush.moveTo(0, height);
    for (let x = 0; x <= width + 8; x += 8) {
      const swell =
        i === 0
          ? 0
          : Math.sin((x / short) * (11 - i) + i * 2.4) * short * 0.006 * (0.4 + look.waves) * (i * 0.5);
      brush.lineTo(x, y + swell);
    }
    brush.lineTo(width, height);
    brush.fill();
  }
  brush.fillStyle = css(
    treatment.sky === 'flat' ? palette.sky[3] : blend(palette.light, palette.sky[3], 0.3),
  );
  const count = treatment.sky === 'flat' ? 7 : 26;
  for (let i = 0; i < count; i++) {
    const t = (i + 0.5) / count;
    const y = top + (height - top) * 0.75 * t ** 1.3;
    const reach = short * (0.02 + 0.1 * t);
    const wide = reach * between(random, 0.4, 1);
    const x = light.x * width + between(random, -1, 1) * reach * 1.2;
    brush.globalAlpha = 0.85 - 0.5 * t;
    brush.beginPath();
    brush.roundRect(x - wide, y, wide * 2, short * (0.003 + 0.006 * t), short * 0.004);
    brush.fill();
  }
  brush.globalAlpha = 1;
}

/** A swell in front: one long wave with a lit back and foam along its crest. */
export function paintSwell(
  brush: Brush,
  stage: Stage,
  name: string,
  shape: { y: number; swing: number; colour: Colour; foam: number },
): void {
  const { width, height, short, palette, treatment } = stage;
  const random = stage.random(`swell ${name}`);
  const a = between(random, 2.4, 3.8);
  const phase = random() * 7;
  const crest = (x: number) => {
    const s = Math.sin((x / short) * a + phase);
    return (
      shape.y * height -
      (Math.abs(s) ** 1.6 * Math.sign(s) * 0.6 + 0.25 * Math.sin((x / short) * a * 2.7 + phase * 2)) *
        shape.swing *
        short
    );
  };
  brush.beginPath();
  brush.moveTo(0, height);
  for (let x = 0; x <= width + 4; x += 4) brush.lineTo(x, crest(x));
  brush.lineTo(width, height);
  brush.closePath();
  const gradient = brush.createLinearGradient(0, (shape.y - 0.08) * height, 0, height);
  gradient.addColorStop(0, css(lighter(shape.colour, 0.07)));
  gradient.addColorStop(0.35, css(shape.colour));
  gradient.addColorStop(1, css(blend(shape.colour, palette.near, 0.6)));
  brush.fillStyle = gradient;
  brush.fill();
  if (shape.foam <= 0) return;
  const foam = blend(palette.light, shape.colour, 0.25);
  const strokes = Math.round(110 * (0.2 + 0.8 * treatment.detail) * (width / short));
  brush.strokeStyle = css(foam, 0.2 * shape.foam);
  brush.lineCap = 'round';
  brush.lineWidth = short * 0.0022;
  brush.beginPath();
  for (let i = 0; i < strokes; i++) {
    const x = random() * width;
    const down = random() ** 2.6 * short * 0.09;
    const long = short * between(random, 0.012, 0.06);
    for (let k = 0; k <= 6; k++) {
      const at = x + long * (k / 3 - 1);
      brush[k === 0 ? 'moveTo' : 'lineTo'](at, crest(at) + down + short * 0.004);
    }
  }
  brush.stroke();
}

export const seaColour = (stage: Stage) =>
  blend(stage.palette.grade(hex('#1f5f78')), stage.palette.sky[1], 0.35);
