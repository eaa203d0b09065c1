// Turns painted pictures into the planar layers of domain/scene-art.ts, and writes and reads their files.
// It knows pixels only: no camera, no frames.
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';

import type { LayerBox, LayerInfo } from '../domain/scene-art.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

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
 * `alpha`, A, of the part in `box` (all when left out). Both sides must be even. Chroma is averaged by alpha. Next to
 * visible pixels, invisible ones take over their colour, so that resampling draws no dark fringe. Without `alpha` the
 * picture counts as opaque.
 */
export function rgbaToPlanar(
  rgba: Uint8ClampedArray | Uint8Array,
  width: number,
  height: number,
  { alpha, box = { left: 0, top: 0, width, height } }: { alpha: boolean; box?: LayerBox },
): Uint8Array {
  const pixels = pixelsOf(rgba, width, height);
  const out = new Uint8Array(planarBytes(box.width, box.height, alpha));
  const planes = splitPlanes(out, box.width, box.height);
  const source = { pixels, stride: width, box };
  if (!alpha) {
    convertOpaque(source, planes);
    return out;
  }
  convertWithAlpha(source, planes);
  const halfAlpha = halveAlpha(planes.a, box.width, box.height);
  bleed(planes.y, planes.a, box);
  const half = { width: box.width / 2, height: box.height / 2 };
  bleed(planes.u, halfAlpha, half);
  bleed(planes.v, halfAlpha, half);
  return out;
}

/**
 * The smallest box that holds every visible pixel of an RGBA picture and at least two invisible ones around them, as
 * far as the picture goes. Both sides of the picture are multiples of 16.
 */
export function visibleBox(
  rgba: Uint8ClampedArray | Uint8Array,
  { width, height }: { width: number; height: number },
): LayerBox {
  const pixels = pixelsOf(rgba, width, height);
  const seen = (at: number) => pixels[at]! >>> 24 !== 0;
  const rowSeen = (row: number) => {
    for (let at = row * width; at < (row + 1) * width; at++) if (seen(at)) return true;
    return false;
  };
  let top = 0;
  while (top < height && !rowSeen(top)) top++;
  if (top === height) return { left: 0, top: 0, width: 16, height: 16 };
  let bottom = height;
  while (!rowSeen(bottom - 1)) bottom--;
  let left = width;
  let right = 0;
  for (let row = top; row < bottom; row++) {
    const start = row * width;
    for (let x = 0; x < left; x++) if (seen(start + x)) left = x;
    for (let x = width - 1; x >= right; x--) if (seen(start + x)) right = x + 1;
  }
  const before = (pixel: number) => Math.max(0, 16 * Math.floor((pixel - 2) / 16));
  const after = (pixel: number, limit: number) => Math.min(limit, 16 * Math.ceil((pixel + 2) / 16));
  return {
    left: before(left),
    top: before(top),
    width: after(right, width) - before(left),
    height: after(bottom, height) - before(top),
  };
}

/** Writes a planar picture as a layer file. */
export async function writeLayer(path: string, planar: Uint8Array): Promise<void> {
  const params = { [constants.ZSTD_c_compressionLevel]: 1 };
  await writeFile(path, await compress(planar, { params }));
}

/** What a layer file holds: the planes of `info.box`. Throws when its length is not what `info` says. */
export async function readLayer(path: string, { box, alpha }: LayerInfo): Promise<Uint8Array<ArrayBuffer>> {
  const expected = planarBytes(box.width, box.height, alpha);
  // In one piece, for smaller ones would be put together afterwards.
  const whole = { maxOutputLength: expected, chunkSize: expected };
  const planar = await decompress(await readFile(path), whole);
  if (planar.length !== expected) throw new RangeError(`layer has ${planar.length} bytes, not ${expected}`);
  return planar;
}

/** The alpha that belongs to each chroma sample: the mean of its four pixels. */
export function halveAlpha(alpha: Uint8Array, width: number, height: number): Uint8Array {
  const half = new Uint8Array((width / 2) * (height / 2));
  const words = wordsOf(alpha, width);
  let at = 0;
  for (let row = 0; row < height; row += 2) {
    const end = (row + 1) * width;
    for (let i = row * width; i < end; i += 2) {
      if (words && i % 4 === 0) {
        const upper = words[i >> 2]!;
        if ((upper === 0 || upper === allFull) && upper === words[(i + width) >> 2]!) {
          half[at] = half[at + 1] = upper & 255;
          at += 2;
          i += 2;
          continue;
        }
      }
      const below = i + width;
      half[at++] = (alpha[i]! + alpha[i + 1]! + alpha[below]! + alpha[below + 1]! + 2) >> 2;
    }
  }
  return half;
}

const allFull = 0xffffffff;

/** Four samples at a time, where every row starts at a whole word. */
function wordsOf(plane: Uint8Array, width: number): Uint32Array | undefined {
  if (width % 4 !== 0 || plane.byteOffset % 4 !== 0) return undefined;
  return new Uint32Array(plane.buffer, plane.byteOffset, plane.length >> 2);
}

function pixelsOf(rgba: Uint8ClampedArray | Uint8Array, width: number, height: number): Uint32Array {
  if (width % 2 !== 0 || height % 2 !== 0 || rgba.length !== width * height * 4) {
    throw new RangeError(`not an even RGBA picture: ${width}×${height} in ${rgba.length} bytes`);
  }
  const aligned = rgba.byteOffset % 4 === 0 ? rgba : rgba.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, width * height);
}

/** A part of a picture of packed pixels. */
interface Source {
  pixels: Uint32Array;
  /** Pixels per row. */
  stride: number;
  box: LayerBox;
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

function convertOpaque({ pixels, stride, box }: Source, { y, u, v }: Planes): void {
  const { width, height } = box;
  for (let row = 0; row < height; row += 2) {
    let at = row * width;
    let chroma = (row / 2) * (width / 2);
    const start = (box.top + row) * stride + box.left;
    for (let i = start; i < start + width; i += 2) {
      const p0 = pixels[i]!;
      const p1 = pixels[i + 1]!;
      const p2 = pixels[i + stride]!;
      const p3 = pixels[i + stride + 1]!;
      y[at] = lumaOf(p0);
      y[at + 1] = lumaOf(p1);
      y[at + width] = lumaOf(p2);
      y[at + width + 1] = lumaOf(p3);
      const mean = meanColour(p0, p1, p2, p3);
      u[chroma] = differenceOf(blueDifference, mean);
      v[chroma] = differenceOf(redDifference, mean);
      at += 2;
      chroma++;
    }
  }
}

function convertWithAlpha({ pixels, stride, box }: Source, { y, u, v, a }: Planes): void {
  const { width, height } = box;
  // What invisible pixels have; the loop leaves them out.
  y.fill(16);
  u.fill(128);
  v.fill(128);
  for (let row = 0; row < height; row += 2) {
    let at = row * width - 2;
    let chroma = (row / 2) * (width / 2) - 1;
    const start = (box.top + row) * stride + box.left;
    for (let i = start; i < start + width; i += 2) {
      at += 2;
      chroma++;
      const p0 = pixels[i]!;
      const p1 = pixels[i + 1]!;
      const p2 = pixels[i + stride]!;
      const p3 = pixels[i + stride + 1]!;
      if ((p0 | p1 | p2 | p3) >>> 24 === 0) continue;
      const below = at + width;
      y[at] = lumaOf(p0);
      y[at + 1] = lumaOf(p1);
      y[below] = lumaOf(p2);
      y[below + 1] = lumaOf(p3);
      const a0 = p0 >>> 24;
      const a1 = p1 >>> 24;
      const a2 = p2 >>> 24;
      const a3 = p3 >>> 24;
      a[at] = a0;
      a[at + 1] = a1;
      a[below] = a2;
      a[below + 1] = a3;
      const total = a0 + a1 + a2 + a3;
      if (total === 4 * 255) {
        const mean = meanColour(p0, p1, p2, p3);
        u[chroma] = differenceOf(blueDifference, mean);
        v[chroma] = differenceOf(redDifference, mean);
        continue;
      }
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
    }
  }
}

/** The mean of four pixels, packed as they are. */
function meanColour(p0: number, p1: number, p2: number, p3: number): number {
  // Two channels are summed at once, 16 bits apart.
  const redBlue = (p0 & 0xff00ff) + (p1 & 0xff00ff) + (p2 & 0xff00ff) + (p3 & 0xff00ff) + 0x20002;
  const green = (p0 & 0xff00) + (p1 & 0xff00) + (p2 & 0xff00) + (p3 & 0xff00) + 0x200;
  return ((redBlue >>> 2) & 0xff00ff) | ((green >>> 2) & 0xff00);
}

function differenceOf({ r, g, b }: typeof blueDifference, pixel: number): number {
  return (r * (pixel & 255) + g * ((pixel >>> 8) & 255) + b * ((pixel >>> 16) & 255) + chromaZero) >> 16;
}

/** Faint pixels take the mean colour of their well visible neighbours (up, down, left, right), if there are any. */
function bleed(
  plane: Uint8Array,
  alpha: Uint8Array,
  { width, height }: { width: number; height: number },
): void {
  const words = wordsOf(alpha, width);
  for (let row = 0; row < height; row++) {
    const start = row * width;
    const last = start + width - 1;
    for (let i = start; i <= last; i++) {
      if (words && i % 4 === 0) {
        const word = words[i >> 2]!;
        if (word === allFull || (word === 0 && emptyAround(words, alpha, i, width))) {
          i += 3;
          continue;
        }
      }
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

/** Whether nothing is to be seen above, below and beside the four samples from `i`. */
function emptyAround(words: Uint32Array, alpha: Uint8Array, i: number, width: number): boolean {
  const above = i >= width ? words[(i - width) >> 2] : 0;
  const below = i + width < alpha.length ? words[(i + width) >> 2] : 0;
  return above === 0 && below === 0 && (i === 0 || alpha[i - 1] === 0) && !alpha[i + 4];
}
