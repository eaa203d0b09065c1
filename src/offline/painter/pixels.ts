// Pictures computed pixel by pixel at a fraction of the size and spread over the canvas: skies, mist, glow, stone.
import { createCanvas } from '@napi-rs/canvas';
import { type Colour, css, toRgb } from './colour.ts';
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

export function circle(brush: Brush, x: number, y: number, radius: number): void {
  brush.beginPath();
  brush.arc(x, y, radius, 0, Math.PI * 2);
  brush.fill();
}
