// The compositor's inner loops in plain TypeScript, sample by sample: the reference that the SIMD build is tested
// against, and what draws where there is no SIMD. Same bytes, ten times slower.
import { columnBlockBytes, type Kernels, tileStates } from './kernels.ts';

/** (a × b + 2^14) >> 15: the one product all kernels use. */
function product(a: number, b: number): number {
  return (a * b + 16_384) >> 15;
}

function lerp(p: number, q: number, weight: number): number {
  return p + product((q - p) << 7, weight);
}

/** 0..255 to 0..256, so that full is exact. */
function toUnit(alpha: number): number {
  return alpha + (alpha >> 7);
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

export function createScalarKernels(memory: WebAssembly.Memory): Kernels {
  const bytes = () => new Uint8Array(memory.buffer);
  return {
    drawLayer(
      target,
      stride,
      firstRow,
      endRow,
      source,
      alpha,
      sourceStride,
      columns,
      rowStart,
      rowStep,
      rowLast,
      tiles,
      tileColumns,
      tileWidth,
      tileHeight,
    ) {
      const m = bytes();
      const view = new DataView(memory.buffer);
      for (let y = firstRow; y < endRow; y++) {
        const at = Math.max(0, Math.min(rowLast, rowStart + y * rowStep));
        const rowWeight = (at >> 8) & 255;
        const row = (at >> 16) * sourceStride;
        const states = tiles + Math.trunc(y / tileHeight) * tileColumns;
        for (let x = 0; x < stride; x++) {
          const state = m[states + Math.trunc(x / tileWidth)]!;
          if (state === tileStates.empty) continue;
          const block = columns + (x >> 3) * columnBlockBytes;
          const lane = x & 7;
          const column = view.getInt32(block, true) + m[block + 16 + 2 * lane]!;
          const weight = view.getUint16(block + 32 + 2 * lane, true);
          const sample = (plane: number) => {
            const here = plane + row + column;
            const below = here + sourceStride;
            const left = lerp(m[here]!, m[below]!, rowWeight);
            return lerp(left, lerp(m[here + 1]!, m[below + 1]!, rowWeight), weight);
          };
          const out = target + y * stride + x;
          if (state === tileStates.opaque) m[out] = sample(source);
          else m[out] = lerp(m[out]!, sample(source), toUnit(sample(alpha)));
        }
      }
    },
    addSprite(target, stride, firstRow, endRow, sprite, spriteWidth, spriteHeight, x16, y16, gain) {
      const m = bytes();
      const left = x16 >> 16;
      const top = y16 >> 16;
      const wx = (x16 >> 8) & 255;
      const wy = (y16 >> 8) & 255;
      const spriteStride = spriteWidth + 16;
      for (let y = Math.max(firstRow, top); y < Math.min(endRow, top + spriteHeight); y++) {
        const row = sprite + (y - top + 1) * spriteStride + 8;
        for (let i = 0; i < spriteWidth; i++) {
          const piece = left + (i & ~7);
          if (piece < 0 || piece + 8 > stride) continue;
          const here = row + i;
          const above = here - spriteStride;
          const value = lerp(lerp(m[here]!, m[here - 1]!, wx), lerp(m[above]!, m[above - 1]!, wx), wy);
          const out = target + y * stride + left + i;
          m[out] = clamp(m[out]! + product(value << 7, gain));
        }
      }
    },
    finish(target, stride, firstRow, endRow, vignette, dither, gain, pivot) {
      const m = bytes();
      for (let y = firstRow; y < endRow; y++) {
        for (let x = 0; x < stride; x++) {
          const at = y * stride + x;
          const keep = product(toUnit(m[vignette + at]!) << 6, gain << 1);
          const scaled = product((m[target + at]! - pivot) << 7, keep << 6);
          m[target + at] = clamp(((scaled + m[dither + ((y & 63) << 6) + (x & 63)]!) >> 6) + pivot);
        }
      }
    },
    mixRows(target, other, stride, firstRow, endRow, ramp, rampStart, rampStep) {
      const m = bytes();
      for (let y = firstRow; y < endRow; y++) {
        const weights = ramp + ((rampStart + y * rampStep) >> 16);
        for (let x = 0; x < stride; x++) {
          const at = y * stride + x;
          m[target + at] = lerp(m[target + at]!, m[other + at]!, toUnit(m[weights + x]!));
        }
      }
    },
    blendSprite(target, stride, colour, alpha, width, height, opacity) {
      const m = bytes();
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const at = y * width + x;
          const out = target + y * stride + x;
          const weight = product(toUnit(m[alpha + at]!) << 6, opacity << 1);
          m[out] = lerp(m[out]!, m[colour + at]!, weight);
        }
      }
    },
    whipRows(target, first, second, stride, width, firstRow, endRow, shift, radius) {
      const m = bytes();
      const count = 2 * radius + 1;
      const scale = Math.trunc((65_536 + (count >> 1)) / count);
      for (let y = firstRow; y < endRow; y++) {
        const a = first + y * stride;
        const b = second + y * stride;
        const sideBySide = (x: number) =>
          x < width ? m[a + Math.max(0, x)]! : m[b + Math.min(width - 1, x - width)]!;
        for (let x = 0; x < width; x++) {
          let sum = 0;
          for (let k = -radius; k <= radius; k++) sum += sideBySide(shift + x + k);
          m[target + y * stride + x] = Math.min(255, (sum * scale + 32_768) >> 16);
        }
      }
    },
  };
}
