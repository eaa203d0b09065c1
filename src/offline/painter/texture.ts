// The surface of a picture: film grain, paper, print dots, laid onto the luma of a finished layer. It also breaks up
// the steps of 8-bit gradients.
import { createRandom } from '../../sound/random.ts';
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

const stripLength = 1 << 15;
let normal: Float32Array | undefined;

/** Normally distributed numbers, made once. */
function normals(): Float32Array {
  if (normal) return normal;
  const random = createRandom(77);
  normal = Float32Array.from({ length: stripLength }, () => {
    let sum = -3;
    for (let i = 0; i < 6; i++) sum += random();
    return sum * Math.SQRT2;
  });
  return normal;
}

/** Changes the first width × height bytes (luma) of a planar layer in place; where `alpha` is 0 it does nothing. */
export function layTexture(
  planar: Uint8Array,
  { width, height, alpha }: { width: number; height: number; alpha: boolean },
  texture: Treatment['texture'],
  seed: number,
): void {
  const { grain, dots, fibre } = surfaces[texture];
  const source = normals();
  const strip = new Int8Array(stripLength);
  for (let i = 0; i < stripLength; i++) strip[i] = Math.round(source[i]! * grain);
  // Threads a few pixels long, along and across.
  const fibres = Int8Array.from(source, (value) => Math.round(value * (fibre ?? 0)));
  const random = createRandom(seed);
  const full = width * height;
  const mask = alpha ? planar.subarray(full * 1.5) : undefined;
  const screen = dots && dotRows(dots, width, height);
  for (let row = 0; row < height; row++) {
    const at = row * width;
    const start = Math.floor(random() * stripLength);
    const pattern = screen?.rows[row % screen.rows.length];
    for (let column = 0; column < width; column++) {
      if (mask && mask[at + column] === 0) continue;
      let value = planar[at + column]! + strip[(start + column) & (stripLength - 1)]!;
      if (fibre)
        value +=
          fibres[((column >> 5) * 131 + row * 7) & (stripLength - 1)]! +
          fibres[(column * 13 + (row >> 4) * 977) & (stripLength - 1)]!;
      if (pattern) value += pattern[column % pattern.length]!;
      planar[at + column] = value < 16 ? 16 : value > 235 ? 235 : value;
    }
  }
}

/** A screen of dots at 45°, as rows of one tile. */
function dotRows({ depth, across }: { depth: number; across: number }, width: number, height: number) {
  const pitch = Math.max(4, 2 * Math.round(Math.min(width, height) / across / 2));
  const rows = Array.from({ length: pitch }, (_, y) =>
    Int8Array.from({ length: pitch }, (_, x) =>
      Math.round(
        depth * 0.5 * (Math.cos((2 * Math.PI * (x + y)) / pitch) + Math.cos((2 * Math.PI * (x - y)) / pitch)),
      ),
    ),
  );
  return { rows };
}
