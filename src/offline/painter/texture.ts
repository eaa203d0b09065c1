// The surface of a picture: film grain, paper, print dots, laid onto the luma of a finished layer. It also breaks up
// the steps of 8-bit gradients.
import { createRandom } from '../../domain/random.ts';
import type { Treatment } from './treatment.ts';

interface Surface {
  /** Standard deviation of the grain in luma steps. */
  grain: number;
  /** Depth of printed dots, and how many of them fit one short side. */
  dots?: { depth: number; across: number };
  /** Depth of the fibres of paper. */
  fibre?: number;
}

const surfaces: Record<Treatment['texture'], Surface> = {
  film: { grain: 1.7 },
  fine: { grain: 1.2 },
  none: { grain: 0.75 },
  dots: { grain: 0.9 },
  paper: { grain: 0.9, fibre: 0.7 },
  print: { grain: 1.6, dots: { depth: 5, across: 210 }, fibre: 0.6 },
  coarse: { grain: 3 },
};

/** Longer than any row. */
const stripLength = 1 << 15;
let normal: Float32Array | undefined;
const strips = new Map<number, Int8Array>();

/** Normally distributed whole numbers of this deviation, made once. */
function stripOf(deviation: number): Int8Array {
  const known = strips.get(deviation);
  if (known) return known;
  if (!normal) {
    const random = createRandom(77);
    normal = Float32Array.from({ length: stripLength }, () => {
      let sum = -3;
      for (let i = 0; i < 6; i++) sum += random();
      return sum * Math.SQRT2;
    });
  }
  const strip = Int8Array.from(normal, (value) => Math.round(value * deviation));
  strips.set(deviation, strip);
  return strip;
}

const reach = 64;
/** Luma after a change of up to ±`reach`, kept within its limits: looked up at luma + change + reach. */
const limited = Uint8Array.from({ length: 256 + 2 * reach }, (_, i) =>
  Math.max(16, Math.min(235, i - reach)),
);

/** Changes the first width × height bytes (luma) of a planar layer in place; where `alpha` is 0 it does nothing. */
export function layTexture(
  planar: Uint8Array,
  { width, height, alpha }: { width: number; height: number; alpha: boolean },
  texture: Treatment['texture'],
  seed: number,
): void {
  const { grain } = surfaces[texture];
  const grains = stripOf(grain);
  const random = createRandom(seed);
  const mask = alpha ? planar.subarray(width * height * 1.5) : undefined;
  const pattern = surfacePattern(surfaces[texture], width, height);
  for (let row = 0; row < height; row++) {
    const at = row * width;
    // Drawn for every row, so that what is seen of a layer changes nothing in the rest of it.
    const shift = Math.floor(random() * (stripLength - width)) - at;
    let from = at;
    let to = at + width;
    if (mask) {
      while (from < to && mask[from] === 0) from++;
      while (to > from && mask[to - 1] === 0) to--;
      if (from === to) continue;
    }
    if (pattern) {
      const figure = pattern(row);
      for (let i = from; i < to; i++) {
        if (mask && mask[i] === 0) continue;
        planar[i] = limited[planar[i]! + grains[i + shift]! + figure[i - at]! + reach]!;
      }
    } else if (mask) {
      for (let i = from; i < to; i++) {
        if (mask[i] !== 0) planar[i] = limited[planar[i]! + grains[i + shift]! + reach]!;
      }
    } else {
      for (let i = from; i < to; i++) planar[i] = limited[planar[i]! + grains[i + shift]! + reach]!;
    }
  }
}

/** What dots and the threads of paper change in each pixel of a row; undefined when the surface has neither. */
function surfacePattern(
  { dots, fibre }: Surface,
  width: number,
  height: number,
): ((row: number) => Int8Array) | undefined {
  if (!dots && !fibre) return undefined;
  const screen = dots && dotRows(dots, width, height);
  const threads = fibre ? stripOf(fibre) : undefined;
  const figure = new Int8Array(width);
  const upright = new Int8Array(width);
  let stretch = -1;
  return (row) => {
    if (threads && row >> 4 !== stretch) {
      stretch = row >> 4;
      for (let column = 0; column < width; column++)
        upright[column] = threads[(column * 13 + stretch * 977) & (stripLength - 1)]!;
    }
    const print = screen?.[row % screen.length];
    for (let start = 0; start < width; start += 32) {
      const along = threads ? threads[((start >> 5) * 131 + row * 7) & (stripLength - 1)]! : 0;
      const end = Math.min(width, start + 32);
      for (let column = start; column < end; column++)
        figure[column] = along + upright[column]! + (print ? print[column]! : 0);
    }
    return figure;
  };
}

/** A screen of dots at 45°: the rows of one tile, each repeated along the width. */
function dotRows(
  { depth, across }: NonNullable<Surface['dots']>,
  width: number,
  height: number,
): Int8Array[] {
  const pitch = Math.max(4, 2 * Math.round(Math.min(width, height) / across / 2));
  return Array.from({ length: pitch }, (_, y) =>
    Int8Array.from({ length: width }, (_, x) =>
      Math.round(
        depth * 0.5 * (Math.cos((2 * Math.PI * (x + y)) / pitch) + Math.cos((2 * Math.PI * (x - y)) / pitch)),
      ),
    ),
  );
}
