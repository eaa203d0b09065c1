// The compositor's inner loops: what they do, whichever build of them runs. All work on planes in one memory;
// offsets and strides in bytes, rows `firstRow`..`endRow - 1`, whole strides (multiples of 16).
/** Bytes of one entry of a column table: where 8 neighbouring samples come from (`fillColumns`). */
export const columnBlockBytes = 48;

/** States of a tile of a layer: nothing to see, partly see-through, or all opaque. */
export const tileStates = { empty: 0, mixed: 1, opaque: 2 } as const;

export interface Kernels {
  /**
   * Draws a layer's plane, resampled bilinearly and blended by its alpha, into `target`. `columns` says where each
   * sample of a row comes from; rows start at `rowStart` and go by `rowStep` (16.16), at most `rowLast`. `tiles`
   * holds the state of each `tileWidth`×`tileHeight` piece of the target. `scratch`: 2 × (sourceStride + 64) bytes.
   */
  drawLayer(
    target: number,
    stride: number,
    firstRow: number,
    endRow: number,
    source: number,
    alpha: number,
    sourceStride: number,
    columns: number,
    rowStart: number,
    rowStep: number,
    rowLast: number,
    tiles: number,
    tileColumns: number,
    tileWidth: number,
    tileHeight: number,
    scratch: number,
  ): void;
  /**
   * Adds `sprite` × `gain` / 256 (gain -256..256) at a sub-pixel place (16.16). The sprite's width is a multiple
   * of 8; it is stored with a row of zeros above it and 8 zeros on each side of every row.
   */
  addSprite(
    target: number,
    stride: number,
    firstRow: number,
    endRow: number,
    sprite: number,
    spriteWidth: number,
    spriteHeight: number,
    x16: number,
    y16: number,
    gain: number,
  ): void;
  /** Moves every sample towards `pivot` by the vignette map (255 = keep) and `gain` (256 = keep), then dithers. */
  finish(
    target: number,
    stride: number,
    firstRow: number,
    endRow: number,
    vignette: number,
    dither: number,
    gain: number,
    pivot: number,
  ): void;
  /** Mixes `other` into `target` by weights 0..255 at `ramp` + (rampStart + row × rampStep, 16.16) + column. */
  mixRows(
    target: number,
    other: number,
    stride: number,
    firstRow: number,
    endRow: number,
    ramp: number,
    rampStart: number,
    rampStep: number,
  ): void;
  /** Blends a rectangle of `colour` by `alpha` × `opacity` / 256 over `target`. Its width is a multiple of 8. */
  blendSprite(
    target: number,
    stride: number,
    colour: number,
    alpha: number,
    width: number,
    height: number,
    opacity: number,
  ): void;
  /** Shows `first` and `second` side by side, moved left by `shift`, blurred over ±`radius` samples. */
  whipRows(
    target: number,
    first: number,
    second: number,
    stride: number,
    width: number,
    firstRow: number,
    endRow: number,
    shift: number,
    radius: number,
  ): void;
}

/**
 * Writes the column table for `count` samples (a multiple of 8) that start at `start` and go by `step` (both 16.16,
 * step < 1.8) through a row of `limit` samples.
 */
export function fillColumns(
  memory: WebAssembly.Memory,
  table: number,
  { count, start, step, limit }: { count: number; start: number; step: number; limit: number },
): void {
  const bytes = new Uint8Array(memory.buffer);
  const view = new DataView(memory.buffer);
  const last = (limit - 1) * 65_536;
  for (let x = 0; x < count; x += 8) {
    const block = table + (x >> 3) * columnBlockBytes;
    const base = Math.max(0, Math.min(last, start + x * step)) >> 16;
    view.setInt32(block, base, true);
    for (let lane = 0; lane < 8; lane++) {
      const at = Math.max(0, Math.min(last, start + (x + lane) * step));
      const index = (at >> 16) - base;
      bytes[block + 16 + 2 * lane] = index;
      bytes[block + 17 + 2 * lane] = index + 1;
      view.setUint16(block + 32 + 2 * lane, (at >> 8) & 255, true);
    }
  }
}
