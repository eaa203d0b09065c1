// Land: ridges, hills, dunes and the ground, each a line across the picture with what lies below it.
import { blend, type Colour, css } from './colour.ts';
import { paintFaces } from './faces.ts';
import { glow, upright } from './pixels.ts';
import { roughen } from './relief.ts';
import { createRidge, type Ridge, type RidgeLook, type RidgeShape } from './ridge.ts';
import { airTone, type Brush, type Stage } from './stage.ts';

function trace(brush: Brush, stage: Stage, { step, ys }: Ridge): void {
  brush.beginPath();
  brush.moveTo(0, stage.height);
  for (let i = 0; i < ys.length; i++) brush.lineTo(i * step, ys[i]!);
  brush.lineTo(stage.width + step, stage.height);
  brush.closePath();
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
