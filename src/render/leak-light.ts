// The light that leaks into a film camera: a veil of warm colours over the whole frame, painted once and let in by a
// slanted band that travels. It only veils; which picture is under it is the transition's business.
import { createCanvas } from '@napi-rs/canvas';

import type { PictureMemory, Planes } from './picture-memory.ts';
import { rgbaToPlanar } from './planar.ts';

/** Painted this much smaller: it has no edges to lose. */
const shrink = 4;
/** Even. */
const stripRows = 180;

/** Middle (shares of the frame), radius (share of the width) and colour of each glow, over `base`. */
const base = 'rgb(196, 62, 22)';
const glows: [x: number, y: number, radius: number, rgb: string][] = [
  [0.86, 0.95, 0.55, '150, 26, 52'],
  [0.08, 0.1, 0.6, '214, 76, 20'],
  [0.3, 0.42, 0.55, '240, 128, 40'],
  [0.72, 0.28, 0.42, '246, 152, 62'],
  [0.48, 0.36, 0.26, '255, 206, 134'],
];

/** Share of the veil where the band is thickest, and all over the frame. */
const thickest = 0.86;
const everywhere = 0.2;

export interface LeakLight {
  /** Veils rows `firstRow`..`endRow - 1` (even); `progress` 0..1, nothing at either end. */
  draw(target: Planes, progress: number, firstRow: number, endRow: number): void;
}

export function paintLeakLight(memory: PictureMemory, frame: { width: number; height: number }): LeakLight {
  const veil = memory.allocatePlanes(frame.width, frame.height);
  paintVeil(memory, veil, frame);
  const levels = 32;
  const bands = [1, 2].map((size) => paintBands(memory, veil.stride / size, frame, size, levels));
  return {
    draw(target, progress, firstRow, endRow) {
      const strength = Math.sin(Math.PI * progress);
      const level = Math.round(strength ** 1.2 * (levels - 1));
      const middle = -0.1 + 1.2 * progress;
      for (const { size, ramps, length, slant } of bands) {
        const rows = frame.height / size;
        const start = Math.round((length / 2 - (middle * frame.width) / size - slant / 2) * 65_536);
        const step = Math.round((slant / rows) * 65_536);
        const mix = (plane: number, from: number) =>
          memory.kernels.mixRows(
            plane,
            from,
            veil.stride / size,
            firstRow / size,
            endRow / size,
            ramps + level * length,
            start,
            step,
          );
        if (size === 1) mix(target.y, veil.y);
        else {
          mix(target.u, veil.u);
          mix(target.v, veil.v);
        }
      }
    },
  };
}

/** For each strength a ramp of weights along a row: soft on both sides, thickest in its middle. */
function paintBands(
  memory: PictureMemory,
  row: number,
  frame: { width: number; height: number },
  size: number,
  levels: number,
) {
  const width = frame.width / size;
  const slant = Math.round((frame.height / size) * 0.5);
  const length = 2 * Math.ceil(row + 0.2 * width + slant) + 32;
  const ramps = memory.allocate(levels * length);
  const bytes = memory.bytes();
  for (let i = 0; i < length; i++) {
    const from = (i - length / 2) / (0.52 * width);
    const band = Math.exp(-2.2 * from * from);
    for (let level = 0; level < levels; level++) {
      const strength = level / (levels - 1);
      bytes[ramps + level * length + i] = Math.round(
        255 * strength * (everywhere + (thickest - everywhere) * band),
      );
    }
  }
  return { size, ramps, length, slant };
}

function paintVeil(
  memory: PictureMemory,
  veil: Planes,
  { width, height }: { width: number; height: number },
) {
  const small = { width: Math.ceil(veil.stride / shrink), height: Math.ceil(height / shrink) };
  const glow = createCanvas(small.width, small.height).getContext('2d');
  glow.fillStyle = base;
  glow.fillRect(0, 0, small.width, small.height);
  for (const [x, y, radius, rgb] of glows) {
    const [middleX, middleY] = [(x * width) / shrink, (y * height) / shrink];
    const light = glow.createRadialGradient(middleX, middleY, 0, middleX, middleY, (radius * width) / shrink);
    light.addColorStop(0, `rgba(${rgb}, 1)`);
    light.addColorStop(0.5, `rgba(${rgb}, 0.5)`);
    light.addColorStop(1, `rgba(${rgb}, 0)`);
    glow.fillStyle = light;
    glow.fillRect(0, 0, small.width, small.height);
  }
  // Strip by strip: a whole 2160p picture would take 80 MB for a moment.
  const strip = createCanvas(veil.stride, stripRows).getContext('2d');
  strip.imageSmoothingEnabled = true;
  strip.imageSmoothingQuality = 'high';
  const bytes = memory.bytes();
  for (let row = 0; row < height; row += stripRows) {
    const rows = Math.min(stripRows, height - row);
    strip.drawImage(glow.canvas, 0, -row, small.width * shrink, small.height * shrink);
    const { data } = strip.getImageData(0, 0, veil.stride, rows);
    const planar = rgbaToPlanar(data, veil.stride, rows, { alpha: false });
    const pixels = veil.stride * rows;
    const chroma = (veil.stride / 2) * (row / 2);
    bytes.set(planar.subarray(0, pixels), veil.y + veil.stride * row);
    bytes.set(planar.subarray(pixels, pixels * 1.25), veil.u + chroma);
    bytes.set(planar.subarray(pixels * 1.25), veil.v + chroma);
  }
}
