// The front of a thing in light and shade, as if it were rounded: heights from its outline, then light on their slopes.
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { atLightness, blend, type Colour, lighter, toRgb, vivid, white } from '../colour.ts';
import { ramp } from '../pixels.ts';
import type { Stage } from '../stage.ts';
import { naturalOf } from './natural.ts';
import { free, type Shape, units } from './outline.ts';
import type { Icon } from './things.ts';

/** How far edges are rounded, in units. */
const rounding = 3;

/** Its body and its fittings in the stage's light. */
export const tones = (stage: Stage, icon: Icon): [Colour, Colour] => {
  const { palette, treatment } = stage;
  // Hard light burns white things out, dark rooms swallow dark ones.
  const room = treatment.sky === 'graded' ? { lift: 0.2, chroma: 1.45 } : { lift: 0.1, chroma: 1.05 };
  const held = (natural: Colour): Colour =>
    treatment.sky === 'hard'
      ? [0.3 + 0.52 * natural[0], 0, 0]
      : vivid(atLightness(natural, Math.min(1, room.lift + 0.9 * natural[0])), room.chroma);
  const [own, fittings] = naturalOf(icon);
  return [palette.grade(held(own)), palette.grade(held(fittings))];
};

/** Its front in light and shade, `side` pixels; sharp ones are cut out later, blurred ones here. */
export function shade(
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
  const out = new Float32Array(cover.length);
  for (let i = 0; i < out.length; i++) out[i] = cover[i]! > 0.5 ? 1e6 : cover[i]!;
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
