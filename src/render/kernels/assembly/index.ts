// The compositor's inner loops as WebAssembly SIMD (AssemblyScript). Whole rows of 8-bit planes in one memory, in
// pieces of 8 or 16 samples; scalar-kernels.ts says the same in plain TypeScript, byte for byte.
// Every product is `(a * b + 2^14) >> 15` (q15mulr_sat_s); callers keep operands inside 16 bits.

const blockBytes: usize = 48;

@inline
function lerp8(p: v128, q: v128, weight: v128): v128 {
  return i16x8.add(p, i16x8.q15mulr_sat_s(i16x8.shl(i16x8.sub(q, p), 7), weight));
}

/** 0..255 to 0..256, so that full is exact. */
@inline
function toUnit(alpha: v128): v128 {
  return i16x8.add(alpha, i16x8.shr_u(alpha, 7));
}

/** Two source rows to one, samples from..to (multiples of 16 past `from`). */
@inline
function blendRows(above: usize, below: usize, out: usize, from: i32, to: i32, weight: v128): void {
  for (let x = from; x < to; x += 16) {
    const p = v128.load(above + x);
    const q = v128.load(below + x);
    const low = lerp8(i16x8.extend_low_i8x16_u(p), i16x8.extend_low_i8x16_u(q), weight);
    const high = lerp8(i16x8.extend_high_i8x16_u(p), i16x8.extend_high_i8x16_u(q), weight);
    v128.store(out + x, i8x16.narrow_i16x8_u(low, high));
  }
}

/** Eight samples of a row at the places that a block of the column table names. */
@inline
function sampleBlock(row: usize, block: usize): v128 {
  const pairs = i8x16.swizzle(v128.load(row + <usize>load<i32>(block)), v128.load(block, 16));
  const p = v128.and(pairs, i16x8.splat(0xff));
  return lerp8(p, i16x8.shr_u(pairs, 8), v128.load(block, 32));
}

export function drawLayer(
  target: usize,
  stride: i32,
  firstRow: i32,
  endRow: i32,
  source: usize,
  alpha: usize,
  sourceStride: i32,
  columns: usize,
  rowStart: i32,
  rowStep: i32,
  rowLast: i32,
  tiles: usize,
  tileColumns: i32,
  tileWidth: i32,
  tileHeight: i32,
  scratch: usize,
): void {
  const alphaScratch = scratch + <usize>(sourceStride + 64);
  for (let y = firstRow; y < endRow; y++) {
    const at = max(0, min(rowLast, rowStart + y * rowStep));
    const weight = i16x8.splat(<i16>((at >> 8) & 255));
    const row = <usize>((at >> 16) * sourceStride);
    const above = source + row;
    const alphaAbove = alpha + row;
    const states = tiles + <usize>((y / tileHeight) * tileColumns);
    const out = target + <usize>(y * stride);
    let tile = 0;
    while (tile < tileColumns) {
      const state = load<u8>(states + tile);
      if (state == 0) {
        tile++;
        continue;
      }
      let endTile = tile + 1;
      while (endTile < tileColumns && load<u8>(states + endTile) == state) endTile++;
      const from = tile * tileWidth;
      const to = min(stride, endTile * tileWidth);
      tile = endTile;
      const firstBlock = columns + <usize>(from >> 3) * blockBytes;
      const lastBlock = columns + <usize>((to >> 3) - 1) * blockBytes;
      const spanFrom = load<i32>(firstBlock);
      const spanTo = load<i32>(lastBlock) + 16;
      blendRows(above, above + sourceStride, scratch, spanFrom, spanTo, weight);
      let block = firstBlock;
      if (state == 2) {
        for (let x = from; x < to; x += 8) {
          const s = sampleBlock(scratch, block);
          v128.store64_lane(out + x, i8x16.narrow_i16x8_u(s, s), 0);
          block += blockBytes;
        }
      } else {
        blendRows(alphaAbove, alphaAbove + sourceStride, alphaScratch, spanFrom, spanTo, weight);
        for (let x = from; x < to; x += 8) {
          const a = sampleBlock(alphaScratch, block);
          if (v128.any_true(a)) {
            const s = sampleBlock(scratch, block);
            const o = lerp8(v128.load_ext<u8>(out + x), s, toUnit(a));
            v128.store64_lane(out + x, i8x16.narrow_i16x8_u(o, o), 0);
          }
          block += blockBytes;
        }
      }
    }
  }
}

export function addSprite(
  target: usize,
  stride: i32,
  firstRow: i32,
  endRow: i32,
  sprite: usize,
  spriteWidth: i32,
  spriteHeight: i32,
  x16: i32,
  y16: i32,
  gain: i32,
): void {
  const left = x16 >> 16;
  const top = y16 >> 16;
  // The sprite moves right and down by its fraction, so each sample mixes itself with its left and upper neighbours.
  const wx = i16x8.splat(<i16>((x16 >> 8) & 255));
  const wy = i16x8.splat(<i16>((y16 >> 8) & 255));
  const strength = i16x8.splat(<i16>gain);
  const fromRow = max(firstRow, top);
  const toRow = min(endRow, top + spriteHeight);
  for (let y = fromRow; y < toRow; y++) {
    const row = sprite + <usize>((y - top + 1) * (spriteWidth + 16) + 8);
    const before = row - <usize>(spriteWidth + 16);
    const out = target + <usize>(y * stride);
    for (let i = 0; i < spriteWidth; i += 8) {
      const x = left + i;
      if (x < 0 || x + 8 > stride) continue;
      const lower = lerp8(v128.load_ext<u8>(row + i), v128.load_ext<u8>(row + i - 1), wx);
      const upper = lerp8(v128.load_ext<u8>(before + i), v128.load_ext<u8>(before + i - 1), wx);
      const s = lerp8(lower, upper, wy);
      if (!v128.any_true(s)) continue;
      const o = i16x8.add(v128.load_ext<u8>(out + x), i16x8.q15mulr_sat_s(i16x8.shl(s, 7), strength));
      v128.store64_lane(out + x, i8x16.narrow_i16x8_u(o, o), 0);
    }
  }
}

@inline
function finishHalf(v: v128, map: v128, gain: v128, pivot: v128, dither: v128): v128 {
  const keep = i16x8.q15mulr_sat_s(i16x8.shl(toUnit(map), 6), gain);
  const scaled = i16x8.q15mulr_sat_s(i16x8.shl(i16x8.sub(v, pivot), 7), i16x8.shl(keep, 6));
  return i16x8.add(i16x8.shr_s(i16x8.add(scaled, dither), 6), pivot);
}

export function finish(
  target: usize,
  stride: i32,
  firstRow: i32,
  endRow: i32,
  vignette: usize,
  dither: usize,
  gain: i32,
  pivot: i32,
): void {
  const doubled = i16x8.splat(<i16>(gain << 1));
  const zero = i16x8.splat(<i16>pivot);
  for (let y = firstRow; y < endRow; y++) {
    const out = target + <usize>(y * stride);
    const map = vignette + <usize>(y * stride);
    const noise = dither + <usize>((y & 63) << 6);
    for (let x = 0; x < stride; x += 16) {
      const m = v128.load(map + x);
      // The middle of the picture: nothing to do.
      if (gain == 256 && i8x16.all_true(i8x16.eq(m, i8x16.splat(-1)))) continue;
      const v = v128.load(out + x);
      const d = v128.load(noise + (x & 63));
      const low = finishHalf(
        i16x8.extend_low_i8x16_u(v),
        i16x8.extend_low_i8x16_u(m),
        doubled,
        zero,
        i16x8.extend_low_i8x16_u(d),
      );
      const high = finishHalf(
        i16x8.extend_high_i8x16_u(v),
        i16x8.extend_high_i8x16_u(m),
        doubled,
        zero,
        i16x8.extend_high_i8x16_u(d),
      );
      v128.store(out + x, i8x16.narrow_i16x8_u(low, high));
    }
  }
}

export function mixRows(
  target: usize,
  other: usize,
  stride: i32,
  firstRow: i32,
  endRow: i32,
  ramp: usize,
  rampStart: i32,
  rampStep: i32,
): void {
  for (let y = firstRow; y < endRow; y++) {
    const out = target + <usize>(y * stride);
    const from = other + <usize>(y * stride);
    const weights = ramp + <usize>((rampStart + y * rampStep) >> 16);
    for (let x = 0; x < stride; x += 8) {
      const o = lerp8(
        v128.load_ext<u8>(out + x),
        v128.load_ext<u8>(from + x),
        toUnit(v128.load_ext<u8>(weights + x)),
      );
      v128.store64_lane(out + x, i8x16.narrow_i16x8_u(o, o), 0);
    }
  }
}

export function blendSprite(
  target: usize,
  stride: i32,
  colour: usize,
  alpha: usize,
  width: i32,
  height: i32,
  opacity: i32,
): void {
  const doubled = i16x8.splat(<i16>(opacity << 1));
  for (let y = 0; y < height; y++) {
    const out = target + <usize>(y * stride);
    const from = colour + <usize>(y * width);
    const mask = alpha + <usize>(y * width);
    for (let x = 0; x < width; x += 8) {
      const a = v128.load_ext<u8>(mask + x);
      if (!v128.any_true(a)) continue;
      const weight = i16x8.q15mulr_sat_s(i16x8.shl(toUnit(a), 6), doubled);
      const o = lerp8(v128.load_ext<u8>(out + x), v128.load_ext<u8>(from + x), weight);
      v128.store64_lane(out + x, i8x16.narrow_i16x8_u(o, o), 0);
    }
  }
}

/** One sample of two pictures that stand side by side, the first continued to its left and the second to its right. */
@inline
function sideBySide(first: usize, second: usize, width: i32, x: i32): i32 {
  if (x < width) return load<u8>(first + <usize>max(0, x));
  return load<u8>(second + <usize>min(width - 1, x - width));
}

export function whipRows(
  target: usize,
  first: usize,
  second: usize,
  stride: i32,
  width: i32,
  firstRow: i32,
  endRow: i32,
  shift: i32,
  radius: i32,
): void {
  const count = 2 * radius + 1;
  const scale = (65536 + (count >> 1)) / count;
  for (let y = firstRow; y < endRow; y++) {
    const a = first + <usize>(y * stride);
    const b = second + <usize>(y * stride);
    const out = target + <usize>(y * stride);
    let sum = 0;
    for (let k = -radius; k < radius; k++) sum += sideBySide(a, b, width, shift + k);
    for (let x = 0; x < width; x++) {
      sum += sideBySide(a, b, width, shift + x + radius);
      store<u8>(out + x, min(255, (sum * scale + 32768) >> 16));
      sum -= sideBySide(a, b, width, shift + x - radius);
    }
  }
}
