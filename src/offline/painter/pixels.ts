// Pictures computed pixel by pixel at a fraction of the size and spread over the canvas: skies, mist, glow, stone.
import { type Canvas, createCanvas } from '@napi-rs/canvas';

import { type Colour, css, toRgb } from './colour.ts';
import { cloudNoise } from './noise.ts';
import type { Brush, Stage } from './stage.ts';

/** Red, green, blue 0..255 and alpha 0..255 of the pixel at hand. */
export type Pixel = [r: number, g: number, b: number, a: number];

/**
 * Calls `shade` for every `step`-th pixel (`u`, `v` as shares of width and height) and lays the result, smoothed, over
 * the rectangle `area` (shares of the layer; all of it when left out). Rounding is dithered, so that dark gradients do not band.
 */
export function paintPixels(
  brush: Brush,
  { width, height }: Stage,
  step: number,
  shade: (u: number, v: number, out: Pixel) => void,
  area: { top: number; bottom: number } = { top: 0, bottom: 1 },
): void {
  const columns = Math.ceil(width / step);
  const rows = Math.max(2, Math.ceil((height * (area.bottom - area.top)) / step));
  const canvas = createCanvas(columns, rows);
  const small = canvas.getContext('2d');
  const image = small.createImageData(columns, rows);
  const { data } = image;
  const out: Pixel = [0, 0, 0, 255];
  let at = 0;
  for (let row = 0; row < rows; row++) {
    const v = area.top + ((row + 0.5) / rows) * (area.bottom - area.top);
    for (let column = 0; column < columns; column++) {
      out[3] = 255;
      shade((column + 0.5) / columns, v, out);
      // An R2 series: thresholds 0..1 that fill the plane evenly.
      const threshold = (column * 0.7548776662 + row * 0.5698402909) % 1;
      data[at] = Math.floor(out[0] + threshold);
      data[at + 1] = Math.floor(out[1] + threshold);
      data[at + 2] = Math.floor(out[2] + threshold);
      data[at + 3] = Math.floor(out[3] + threshold);
      at += 4;
    }
  }
  small.putImageData(image, 0, 0);
  brush.save();
  brush.imageSmoothingEnabled = true;
  brush.drawImage(canvas, 0, height * area.top, width, height * (area.bottom - area.top));
  brush.restore();
}

/** 256 colours between the stops, evenly spaced, as a flat list of r, g, b. */
export function ramp(stops: readonly Colour[]): Float32Array {
  const out = new Float32Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (stops.length - 1);
    const stop = Math.min(stops.length - 2, Math.floor(place));
    const f = place - stop;
    const s = f * f * (3 - 2 * f) * 0.6 + f * 0.4;
    const from = stops[stop]!;
    const to = stops[stop + 1]!;
    out.set(
      toRgb([
        from[0] + (to[0] - from[0]) * s,
        from[1] + (to[1] - from[1]) * s,
        from[2] + (to[2] - from[2]) * s,
      ]),
      i * 3,
    );
  }
  return out;
}

const reliefSide = 512;
let reliefAlpha: { lit: Uint8Array; shade: Uint8Array } | undefined;

/** Where rough ground lit from the upper left is brighter or darker than even ground; a tile, made once. */
function reliefMaps(): { lit: Uint8Array; shade: Uint8Array } {
  if (reliefAlpha) return reliefAlpha;
  const lit = new Uint8Array(reliefSide * reliefSide);
  const shade = new Uint8Array(reliefSide * reliefSide);
  const d = 1.5 / reliefSide;
  for (let y = 0; y < reliefSide; y++) {
    for (let x = 0; x < reliefSide; x++) {
      const u = x / reliefSide;
      const v = y / reliefSide;
      const slope =
        (cloudNoise(u + d, v + d * 0.6) - cloudNoise(u - d, v - d * 0.6)) * 9 +
        (cloudNoise(u * 2, v * 2) - 0.5) * 0.3;
      const at = y * reliefSide + x;
      if (slope > 0) lit[at] = Math.min(255, slope * 255);
      else shade[at] = Math.min(255, -slope * 255);
    }
  }
  reliefAlpha = { lit, shade };
  return reliefAlpha;
}

function tinted(alpha: Uint8Array, colour: Colour, strength: number): Canvas {
  const canvas = createCanvas(reliefSide, reliefSide);
  const brush = canvas.getContext('2d');
  const image = brush.createImageData(reliefSide, reliefSide);
  const [r, g, b] = toRgb(colour);
  for (let i = 0; i < alpha.length; i++) {
    image.data[i * 4] = r;
    image.data[i * 4 + 1] = g;
    image.data[i * 4 + 2] = b;
    image.data[i * 4 + 3] = alpha[i]! * strength;
  }
  brush.putImageData(image, 0, 0);
  return canvas;
}

/**
 * Roughens what lies inside the current clip. `size` is how wide one tile is drawn in pixels, `steep` > 1 stretches it
 * downwards (rock), < 1 flattens it (ground, water).
 */
export function roughen(
  brush: Brush,
  stage: Stage,
  name: string,
  look: {
    lit: Colour;
    shade: Colour;
    strength: number;
    size: number;
    steep: number;
    top: number;
    bottom: number;
  },
): void {
  if (look.strength <= 0) return;
  const maps = reliefMaps();
  // Light from the right needs the tile mirrored.
  const mirror = stage.light.x > 0.5 ? -1 : 1;
  for (const [alpha, colour] of [
    [maps.shade, look.shade],
    [maps.lit, look.lit],
  ] as const) {
    const pattern = brush.createPattern(tinted(alpha, colour, look.strength), 'repeat');
    brush.save();
    const scale = look.size / reliefSide;
    brush.translate(stage.seed(name) % 997, look.top);
    brush.transform(mirror * scale, 0, mirror * 0.25 * scale, look.steep * scale, 0, 0);
    brush.fillStyle = pattern;
    const inverse = 1 / scale;
    brush.fillRect(
      -4 * stage.width * inverse,
      0,
      8 * stage.width * inverse,
      ((look.bottom - look.top) * inverse) / look.steep,
    );
    brush.restore();
  }
}

/** A soft round light at a place in pixels, added to what is there. */
export function glow(
  brush: Brush,
  x: number,
  y: number,
  radius: number,
  colour: Colour,
  strength: number,
): void {
  const gradient = brush.createRadialGradient(x, y, 0, x, y, radius);
  gradient.addColorStop(0, css(colour, strength));
  gradient.addColorStop(0.18, css(colour, strength * 0.55));
  gradient.addColorStop(0.45, css(colour, strength * 0.18));
  gradient.addColorStop(1, css(colour, 0.0001));
  brush.save();
  brush.globalCompositeOperation = 'screen';
  brush.fillStyle = gradient;
  brush.fillRect(x - radius, y - radius, radius * 2, radius * 2);
  brush.restore();
}

/** An upright gradient between two heights in pixels. */
export function upright(
  brush: Brush,
  from: number,
  to: number,
  stops: readonly (readonly [Colour, number?])[],
) {
  const gradient = brush.createLinearGradient(0, from, 0, to);
  for (const [i, [colour, alpha = 1]] of stops.entries()) {
    gradient.addColorStop(i / (stops.length - 1), css(colour, Math.max(alpha, 0.0001)));
  }
  return gradient;
}
