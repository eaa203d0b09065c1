// Turns painted pictures into the planar layers of domain/scene-art.ts, and writes and reads their files.
// It knows pixels only: no camera, no frames.
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';

import type { LayerInfo } from '../domain/scene-art.ts';

const compress = promisify(zstdCompress);

/** Below this alpha a pixel's own colour is too coarse to be blended with its neighbours'. */
const faintAlpha = 16;

/** BT.709 limited range in 16.16 fixed point; 255 stands for full. */
const luma = { r: 11_966, g: 40_254, b: 4_064 };
const blueDifference = { r: -6_596, g: -22_189, b: 28_785 };
const redDifference = { r: 28_785, g: -26_145, b: -2_640 };
const lumaZero = (16 << 16) + 32_768;
const chromaZero = (128 << 16) + 32_768;

/** Bytes of a planar picture: Y, U, V and, with `alpha`, A. */
export function planarBytes(width: number, height: number, alpha: boolean): number {
  return width * height * (alpha ? 2.5 : 1.5);
}

/**
 * RGBA with straight alpha (as `getImageData` gives it), 8 bits, to planar BT.709 limited 4:2:0: Y, U, V and, when
 * `alpha`, A. Both sides must be even. Chroma is averaged by alpha. Next to visible pixels, invisible ones take over
 * their colour, so that resampling draws no dark fringe. Without `alpha` the picture counts as opaque.
 */
export function rgbaToPlanar(
  rgba: Uint8ClampedArray | Uint8Array,
  width: number,
  height: number,
  { alpha }: { alpha: boolean },
): Uint8Array {
  if (width % 2 !== 0 || height % 2 !== 0 || rgba.length !== width * height * 4) {
    throw new RangeError(`not an even RGBA picture: ${width}×${height} in ${rgba.length} bytes`);
  }
  const aligned = rgba.byteOffset % 4 === 0 ? rgba : rgba.slice();
  const pixels = new Uint32Array(aligned.buffer, aligned.byteOffset, width * height);
  const out = new Uint8Array(planarBytes(width, height, alpha));
  const planes = splitPlanes(out, width, height);
  if (!alpha) {
    convertOpaque(pixels, planes, width, height);
    return out;
  }
  const sides = { width, height };
  convertWithAlpha(pixels, planes, sides);
  const halfAlpha = halveAlpha(planes.a, width, height);
  bleed(planes.y, planes.a, sides);
  const halfSides = { width: width / 2, height: height / 2 };
  bleed(planes.u, halfAlpha, halfSides);
  bleed(planes.v, halfAlpha, halfSides);
  return out;
}

/** Writes a planar picture as a layer file. */
export async function writeLayer(path: string, planar: Uint8Array): Promise<void> {
  const params = { [constants.ZSTD_c_compressionLevel]: 1 };
  await writeFile(path, await compress(planar, { params }));
}

/** Reads a layer file; throws when its length is not what `info` says. */
export async function readLayer(path: string, info: LayerInfo): Promise<Uint8Array> {
  const expected = planarBytes(info.width, info.height, info.alpha);
  // In one piece, for smaller ones would be put together afterwards.
  const whole = { maxOutputLength: expected, chunkSize: expected };
  const planar = zstdDecompressSync(await readFile(path), whole);
  if (planar.length !== expected) throw new RangeError(`layer has ${planar.length} bytes, not ${expected}`);
  return planar;
}

/** The alpha that belongs to each chroma sample: the mean of its four pixels. */
export function halveAlpha(alpha: Uint8Array, width: number, height: number): Uint8Array {
  const half = new Uint8Array((width / 2) * (height / 2));
  let at = 0;
  for (let row = 0; row < height; row += 2) {
    const end = (row + 1) * width;
    for (let i = row * width; i < end; i += 2) {
      const below = i + width;
      half[at++] = (alpha[i]! + alpha[i + 1]! + alpha[below]! + alpha[below + 1]! + 2) >> 2;
    }
  }
  return half;
}

interface Planes {
  y: Uint8Array;
  u: Uint8Array;
  v: Uint8Array;
  /** Empty when the picture has no alpha. */
  a: Uint8Array;
}

function splitPlanes(planar: Uint8Array, width: number, height: number): Planes {
  const full = width * height;
  const quarter = full / 4;
  return {
    y: planar.subarray(0, full),
    u: planar.subarray(full, full + quarter),
    v: planar.subarray(full + quarter, full + 2 * quarter),
    a: planar.subarray(full + 2 * quarter),
  };
}

function lumaOf(pixel: number): number {
  return (
    (luma.r * (pixel & 255) + luma.g * ((pixel >>> 8) & 255) + luma.b * ((pixel >>> 16) & 255) + lumaZero) >>
    16
  );
}

function convertOpaque(pixels: Uint32Array, { y, u, v }: Planes, width: number, height: number): void {
  let chroma = 0;
  for (let row = 0; row < height; row += 2) {
    const end = (row + 1) * width;
    for (let i = row * width; i < end; i += 2) {
      const below = i + width;
      const p0 = pixels[i]!;
      const p1 = pixels[i + 1]!;
      const p2 = pixels[below]!;
      const p3 = pixels[below + 1]!;
      y[i] = lumaOf(p0);
      y[i + 1] = lumaOf(p1);
      y[below] = lumaOf(p2);
      y[below + 1] = lumaOf(p3);
      // Two channels are summed at once, 16 bits apart.
      const redBlue = (p0 & 0xff00ff) + (p1 & 0xff00ff) + (p2 & 0xff00ff) + (p3 & 0xff00ff) + 0x20002;
      const r = (redBlue >>> 2) & 255;
      const b = redBlue >>> 18;
      const g = (((p0 >>> 8) & 255) + ((p1 >>> 8) & 255) + ((p2 >>> 8) & 255) + ((p3 >>> 8) & 255) + 2) >>> 2;
      u[chroma] = (blueDifference.r * r + blueDifference.g * g + blueDifference.b * b + chromaZero) >> 16;
      v[chroma] = (redDifference.r * r + redDifference.g * g + redDifference.b * b + chromaZero) >> 16;
      chroma++;
    }
  }
}

function convertWithAlpha(
  pixels: Uint32Array,
  { y, u, v, a }: Planes,
  { width, height }: { width: number; height: number },
): void {
  let chroma = 0;
  for (let row = 0; row < height; row += 2) {
    const end = (row + 1) * width;
    for (let i = row * width; i < end; i += 2) {
      const below = i + width;
      const p0 = pixels[i]!;
      const p1 = pixels[i + 1]!;
      const p2 = pixels[below]!;
      const p3 = pixels[below + 1]!;
      const a0 = p0 >>> 24;
      const a1 = p1 >>> 24;
      const a2 = p2 >>> 24;
      const a3 = p3 >>> 24;
      const total = a0 + a1 + a2 + a3;
      if (total === 0) {
        y[i] = y[i + 1] = y[below] = y[below + 1] = 16;
        u[chroma] = v[chroma] = 128;
        chroma++;
        continue;
      }
      a[i] = a0;
      a[i + 1] = a1;
      a[below] = a2;
      a[below + 1] = a3;
      y[i] = lumaOf(p0);
      y[i + 1] = lumaOf(p1);
      y[below] = lumaOf(p2);
      y[below + 1] = lumaOf(p3);
      const scale = 1 / total;
      const r = ((p0 & 255) * a0 + (p1 & 255) * a1 + (p2 & 255) * a2 + (p3 & 255) * a3) * scale;
      const g =
        (((p0 >>> 8) & 255) * a0 +
          ((p1 >>> 8) & 255) * a1 +
          ((p2 >>> 8) & 255) * a2 +
          ((p3 >>> 8) & 255) * a3) *
        scale;
      const b =
        (((p0 >>> 16) & 255) * a0 +
          ((p1 >>> 16) & 255) * a1 +
          ((p2 >>> 16) & 255) * a2 +
          ((p3 >>> 16) & 255) * a3) *
        scale;
      u[chroma] = (blueDifference.r * r + blueDifference.g * g + blueDifference.b * b + chromaZero) >> 16;
      v[chroma] = (redDifference.r * r + redDifference.g * g + redDifference.b * b + chromaZero) >> 16;
      chroma++;
    }
  }
}

/** Faint pixels take the mean colour of their well visible neighbours (up, down, left, right), if there are any. */
function bleed(
  plane: Uint8Array,
  alpha: Uint8Array,
  { width, height }: { width: number; height: number },
): void {
  for (let row = 0; row < height; row++) {
    const start = row * width;
    const last = start + width - 1;
    for (let i = start; i <= last; i++) {
      if (alpha[i]! >= faintAlpha) continue;
      let sum = 0;
      let count = 0;
      if (i > start && alpha[i - 1]! >= faintAlpha) {
        sum += plane[i - 1]!;
        count++;
      }
      if (i < last && alpha[i + 1]! >= faintAlpha) {
        sum += plane[i + 1]!;
        count++;
      }
      if (row > 0 && alpha[i - width]! >= faintAlpha) {
        sum += plane[i - width]!;
        count++;
      }
      if (row < height - 1 && alpha[i + width]! >= faintAlpha) {
        sum += plane[i + width]!;
        count++;
      }
      if (count > 0) plane[i] = (sum / count + 0.5) | 0;
    }
  }
}
