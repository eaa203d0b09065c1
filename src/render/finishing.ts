// The last touch on every picture: vignette, fade and dither in one pass over the planes.

import { createRandom } from '../domain/random.ts';
import type { PictureMemory, Planes } from './picture-memory.ts';

/** Luma of black and of white, and of no colour. */
export const black = 16;
export const white = 235;
const noColour = 128;

export interface Finishing {
  /**
   * Darkens towards the corners and fades all rows `firstRow`..`endRow - 1` by `gain` (1 = full picture, 0 = only
   * `towards`, black or white). Costs nothing when there is nothing to do.
   */
  apply(target: Planes, firstRow: number, endRow: number, gain: number, towards: number): void;
}

/** `strength`: 0 = no vignette … 1 = corners black. Dither spreads what is rounded off, so that no bands show. */
export function createFinishing(
  pictures: PictureMemory,
  frame: { width: number; height: number },
  strength: number,
): Finishing {
  const stride = Math.ceil(frame.width / 32) * 32;
  const map = pictures.allocate(stride * frame.height);
  const halfMap = pictures.allocate((stride * frame.height) / 4);
  const dither = pictures.allocate(64 * 64);
  const bytes = pictures.bytes();
  const vignette = vignetteOf(stride, frame, strength);
  bytes.set(vignette.full, map);
  bytes.set(vignette.half, halfMap);
  bytes.set(makeDither(), dither);

  return {
    apply(target, firstRow, endRow, gain, towards) {
      const level = Math.round(256 * Math.max(0, Math.min(1, gain)));
      if (strength === 0 && level === 256) return;
      const { finish } = pictures.kernels;
      finish(target.y, stride, firstRow, endRow, map, dither, level, towards);
      finish(target.u, stride / 2, firstRow / 2, endRow / 2, halfMap, dither, level, noColour);
      finish(target.v, stride / 2, firstRow / 2, endRow / 2, halfMap, dither, level, noColour);
    },
  };
}

interface Vignette {
  full: Uint8Array;
  half: Uint8Array;
}

let lastVignette: { name: string; vignette: Vignette } | undefined;

/** All scenes of a video have the same one: the last is kept. */
function vignetteOf(stride: number, frame: { width: number; height: number }, strength: number): Vignette {
  const name = `${frame.width}x${frame.height} ${strength}`;
  if (lastVignette?.name !== name) {
    const full = paintVignette(stride, frame, strength, 1);
    lastVignette = { name, vignette: { full, half: paintVignette(stride / 2, frame, strength, 2) } };
  }
  return lastVignette.vignette;
}

/** Round in the frame's own shape; the middle is untouched. */
function paintVignette(
  stride: number,
  frame: { width: number; height: number },
  strength: number,
  size: 1 | 2,
): Uint8Array {
  const bytes = new Uint8Array((stride * frame.height) / size);
  const rows = frame.height / size;
  const columns = frame.width / size;
  const middleX = columns / 2;
  const middleY = rows / 2;
  // All four quarters are alike: one is worked out. What is past the frame's width is never seen.
  for (let row = 0; row < rows / 2; row++) {
    const dy = ((row + 0.5 - middleY) / middleY) ** 2;
    const top = row * stride;
    for (let column = 0; column < columns / 2; column++) {
      const dx = ((column + 0.5 - middleX) / middleX) ** 2;
      // 0 in the middle, 1 in the corners.
      const distance = Math.sqrt((dx + dy) / 2);
      const t = Math.max(0, Math.min(1, (distance - 0.35) / 0.65));
      const kept = Math.round(255 * (1 - strength * t * t * (3 - 2 * t)));
      bytes[top + column] = kept;
      bytes[top + columns - 1 - column] = kept;
    }
    bytes.copyWithin((rows - 1 - row) * stride, top, top + stride);
  }
  return bytes;
}

/** 64×64 thresholds 0..63, each equally often, neighbours far apart: a void-and-cluster-like shuffle of an R2 series. */
function makeDither(): Uint8Array {
  const random = createRandom(64);
  const out = new Uint8Array(64 * 64);
  for (let row = 0; row < 64; row++) {
    for (let column = 0; column < 64; column++) {
      const r2 = (column * 0.754_877_666_2 + row * 0.569_840_290_998) % 1;
      out[row * 64 + column] = Math.floor(((r2 + random() * 0.25) % 1) * 64);
    }
  }
  return out;
}
