// Smooth chance: lines for ridges, a tiling field for clouds, mist and stone. Same seed, same shape.
import { createRandom } from '../../domain/random.ts';

/** 0..1 along x, detail by octave: each half as high and twice as fine as the one before. */
export function createLine(seed: number, octaves: number): (x: number) => number {
  const tables = Array.from({ length: octaves }, (_, octave) => {
    const random = createRandom(seed + octave * 7919);
    return Float32Array.from({ length: 256 }, random);
  });
  const total = 2 - 2 ** (1 - octaves);
  return (x) => {
    let sum = 0;
    let weight = 1;
    let at = x;
    for (const table of tables) {
      const cell = Math.floor(at);
      const f = at - cell;
      const s = f * f * (3 - 2 * f);
      sum += weight * (table[cell & 255]! * (1 - s) + table[(cell + 1) & 255]! * s);
      weight *= 0.5;
      at = at * 2.03 + 17.3;
    }
    return sum / total;
  };
}

const side = 512;
let cloudField: Float32Array | undefined;

/** A tile of six octaves, mean 0.5, made once: about 0.1..0.9. */
function field(): Float32Array {
  if (cloudField) return cloudField;
  const out = new Float32Array(side * side);
  for (let octave = 0, cells = 4, weight = 0.5; octave < 6; octave++, cells *= 2, weight *= 0.52) {
    const random = createRandom(4201 + octave);
    const lattice = Float32Array.from({ length: cells * cells }, random);
    const size = side / cells;
    for (let y = 0; y < side; y++) {
      const row = Math.floor(y / size);
      const fy = y / size - row;
      const sy = fy * fy * (3 - 2 * fy);
      const top = row * cells;
      const bottom = ((row + 1) % cells) * cells;
      for (let x = 0; x < side; x++) {
        const column = Math.floor(x / size);
        const fx = x / size - column;
        const sx = fx * fx * (3 - 2 * fx);
        const next = (column + 1) % cells;
        const upper = lattice[top + column]! * (1 - sx) + lattice[top + next]! * sx;
        const lower = lattice[bottom + column]! * (1 - sx) + lattice[bottom + next]! * sx;
        out[y * side + x]! += weight * (upper * (1 - sy) + lower * sy);
      }
    }
  }
  let least = Infinity;
  let most = -Infinity;
  for (const v of out) {
    least = Math.min(least, v);
    most = Math.max(most, v);
  }
  for (let i = 0; i < out.length; i++) out[i] = (out[i]! - least) / (most - least);
  cloudField = out;
  return out;
}

/** 0..1 at any place; repeats every 1 in x and in y. */
export function cloudNoise(u: number, v: number): number {
  const tile = field();
  const x = u * side;
  const y = v * side;
  const column = Math.floor(x);
  const row = Math.floor(y);
  const fx = x - column;
  const fy = y - row;
  const x0 = column & (side - 1);
  const x1 = (column + 1) & (side - 1);
  const y0 = (row & (side - 1)) * side;
  const y1 = ((row + 1) & (side - 1)) * side;
  const upper = tile[y0 + x0]! * (1 - fx) + tile[y0 + x1]! * fx;
  const lower = tile[y1 + x0]! * (1 - fx) + tile[y1 + x1]! * fx;
  return upper * (1 - fy) + lower * fy;
}

export function smoothstep(from: number, to: number, x: number): number {
  const t = Math.max(0, Math.min(1, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}
