import { readFile } from 'node:fs/promises';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { buildKernels } from '../../../scripts/build-kernels.ts';
import { columnBlockBytes, fillColumns, type Kernels } from './kernels.ts';
import { loadKernels } from './load-kernels.ts';
import { createScalarKernels } from './scalar-kernels.ts';

test('the committed WebAssembly is what its source compiles to', async () => {
  const committed = await readFile(new URL('kernels.wasm', import.meta.url));
  expect(Buffer.from(await buildKernels()).equals(committed)).toBe(true);
});

/** Runs the same call with both builds on two memories of the same noise; returns both memories after it. */
async function runBoth(seed: number, run: (kernels: Kernels, memory: WebAssembly.Memory) => void) {
  const after = [];
  for (const build of [loadKernels, createScalarKernels]) {
    const memory = new WebAssembly.Memory({ initial: 4 });
    const bytes = new Uint8Array(memory.buffer);
    let state = seed | 1;
    for (let i = 0; i < bytes.length; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      // Many full and empty samples, as in real alpha planes.
      const value = state >>> 24;
      bytes[i] = value < 60 ? 0 : value > 190 ? 255 : value;
    }
    run(await build(memory), memory);
    after.push(Buffer.from(memory.buffer).toString('base64'));
  }
  return after as [string, string];
}

const at = { target: 4096, other: 24_576, alpha: 49_152, map: 73_728, tables: 98_304, scratch: 131_072 };
const stride = 64;
const rows = 40;
const seeds = fc.integer({ min: 1, max: 2 ** 30 });
const fraction = (limit: number) => fc.integer({ min: 0, max: limit * 65_536 });

describe('the SIMD build draws the same bytes as the scalar one', () => {
  test('layers', async () => {
    const steps = fc.integer({ min: 40_000, max: 78_000 });
    await fc.assert(
      fc.asyncProperty(
        seeds,
        fraction(20),
        fraction(20),
        steps,
        fc.boolean(),
        async (seed, x, y, step, half) => {
          const [simd, scalar] = await runBoth(seed, (kernels, memory) => {
            const bytes = new Uint8Array(memory.buffer);
            fillColumns(memory, at.tables, { count: stride, start: x, step, limit: 80 });
            const tiles = at.tables + (stride / 8) * columnBlockBytes;
            const size = half ? { w: 32, h: 8 } : { w: 64, h: 16 };
            const columns = stride / size.w;
            for (let i = 0; i < columns * 8; i++) bytes[tiles + i] = (seed >> i) % 3;
            const rowLast = 59 << 16;
            kernels.drawLayer(
              at.target,
              stride,
              2,
              rows,
              at.other,
              at.alpha,
              80,
              at.tables,
              y,
              step,
              rowLast,
              tiles,
              columns,
              size.w,
              size.h,
              at.scratch,
            );
          });
          // The scalar build needs no scratch rows.
          expect(cutScratch(simd)).toBe(cutScratch(scalar));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('sprites that are added', async () => {
    const place = fc.integer({ min: -12 * 65_536, max: 60 * 65_536 });
    const gains = fc.integer({ min: -256, max: 256 });
    await fc.assert(
      fc.asyncProperty(seeds, place, place, gains, async (seed, x, y, gain) => {
        const [simd, scalar] = await runBoth(seed, (kernels) =>
          kernels.addSprite(at.target, stride, 3, rows, at.other, 16, 12, x, y, gain),
        );
        expect(simd).toBe(scalar);
      }),
      { numRuns: 60 },
    );
  });

  test('vignette, fades, mixes, captions and whips', async () => {
    const unit = fc.integer({ min: 0, max: 256 });
    const pivots = fc.constantFrom(16, 128, 235);
    await fc.assert(
      fc.asyncProperty(seeds, unit, pivots, fraction(3), async (seed, gain, pivot, ramp) => {
        const [simd, scalar] = await runBoth(seed, (kernels) => {
          kernels.finish(at.target, stride, 1, rows, at.map, at.alpha, gain, pivot);
          kernels.mixRows(at.target, at.other, stride, 1, rows, at.map, ramp, ramp >> 4);
          kernels.blendSprite(at.target + 65, stride, at.other, at.alpha, 40, 20, gain);
          kernels.whipRows(at.map, at.target, at.other, stride, 60, 0, rows, gain >> 2, gain >> 4);
        });
        expect(simd).toBe(scalar);
      }),
      { numRuns: 60 },
    );
  });
});

test('a full gain without vignette changes nothing, dither or not', async () => {
  const memory = new WebAssembly.Memory({ initial: 4 });
  const bytes = new Uint8Array(memory.buffer);
  for (let i = 0; i < 16_384; i++) bytes[at.target + i] = (i * 31) & 255;
  bytes.fill(255, at.map, at.map + 16_384);
  for (let i = 0; i < 4096; i++) bytes[at.alpha + i] = i & 63;
  const before = bytes.slice(at.target, at.target + stride * rows);
  (await loadKernels(memory)).finish(at.target, stride, 0, rows, at.map, at.alpha, 256, 16);
  expect(bytes.slice(at.target, at.target + stride * rows)).toEqual(before);
});

function cutScratch(memory: string): string {
  return memory.slice(0, Math.floor(at.scratch / 3) * 4);
}
