import { createCanvas } from '@napi-rs/canvas';
import { expect, test } from 'vitest';

import { halveAlpha, rgbaToPlanar, visibleBox } from './planar.ts';

const size = { width: 96, height: 64 };

function drawn(paint: (brush: ReturnType<ReturnType<typeof createCanvas>['getContext']>) => void) {
  const brush = createCanvas(size.width, size.height).getContext('2d');
  paint(brush);
  return brush.getImageData(0, 0, size.width, size.height).data;
}

/** A soft disc: opaque, see-through and invisible pixels. */
const disc = drawn((brush) => {
  const light = brush.createRadialGradient(60, 30, 6, 60, 30, 14);
  light.addColorStop(0, 'rgb(200 120 40)');
  light.addColorStop(1, 'rgb(200 120 40 / 0)');
  brush.fillStyle = light;
  brush.fillRect(0, 0, size.width, size.height);
});

test('the visible box holds what is visible, with two invisible pixels around it', () => {
  const box = visibleBox(disc, size);
  expect(box).toEqual({ left: 32, top: 0, width: 48, height: 48 });
  expect(
    visibleBox(
      drawn(() => {}),
      size,
    ),
  ).toEqual({ left: 0, top: 0, width: 16, height: 16 });
  const edge = drawn((brush) => brush.fillRect(0, 20, 96, 44));
  expect(visibleBox(edge, size)).toEqual({ left: 0, top: 16, width: 96, height: 48 });
  // Row 16 itself: two rows above it belong to the box before.
  const seam = drawn((brush) => brush.fillRect(16, 16, 16, 16));
  expect(visibleBox(seam, size)).toEqual({ left: 0, top: 0, width: 48, height: 48 });
});

test('a part has the samples that the whole has there', () => {
  const box = visibleBox(disc, size);
  const whole = rgbaToPlanar(disc, size.width, size.height, { alpha: true });
  const part = rgbaToPlanar(disc, size.width, size.height, { alpha: true, box });
  const rowOf = (planar: Uint8Array, width: number, row: number, left: number) =>
    planar.subarray(row * width + left, row * width + left + box.width);
  for (let row = 0; row < box.height; row++)
    expect(rowOf(part, box.width, row, 0)).toEqual(rowOf(whole, size.width, box.top + row, box.left));
  const masks = [whole.subarray(size.width * size.height * 1.5), part.subarray(box.width * box.height * 1.5)];
  const sums = masks.map((mask) => mask.reduce((sum, value) => sum + value, 0));
  expect(sums[0]).toBe(sums[1]);
});

test('invisible neighbours take over the colour of what is visible', () => {
  const square = drawn((brush) => {
    brush.fillStyle = 'rgb(255 255 255)';
    brush.fillRect(32, 16, 32, 32);
  });
  const planar = rgbaToPlanar(square, size.width, size.height, { alpha: true });
  const luma = (x: number, y: number) => planar[y * size.width + x];
  expect([luma(32, 16), luma(31, 20), luma(64, 20), luma(40, 15), luma(40, 48)]).toEqual(Array(5).fill(235));
  expect([luma(30, 20), luma(31, 15), luma(65, 20)]).toEqual([16, 16, 16]);
});

test('the alpha of a chroma sample is the mean of its four pixels', () => {
  const alpha = Uint8Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 255 : i % 3 === 0 ? 9 : 0));
  const half = halveAlpha(alpha, 8, 8);
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      const at = 2 * row * 8 + 2 * column;
      const mean = (alpha[at]! + alpha[at + 1]! + alpha[at + 8]! + alpha[at + 9]! + 2) >> 2;
      expect(half[row * 4 + column]).toBe(mean);
    }
  }
});
