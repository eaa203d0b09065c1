import { expect, test } from 'vitest';

import { mapBusyness } from './busy-map.ts';
import { createPictureMemory } from './picture-memory.ts';

const frame = { width: 320, firstRow: 16, endRow: 176 };

async function painted(
  luma: (x: number, y: number) => number,
  blue: (x: number) => number = () => 128,
  things: Parameters<typeof mapBusyness>[3] = () => 0,
) {
  const pictures = await createPictureMemory();
  const planes = pictures.allocatePlanes(frame.width, 192);
  const bytes = pictures.bytes();
  for (let y = 0; y < 192; y++) {
    for (let x = 0; x < frame.width; x++) {
      bytes[planes.y + y * planes.stride + x] = luma(x, y);
      if (y % 2 === 0 && x % 2 === 0) {
        bytes[planes.u + (y / 2) * (planes.stride / 2) + x / 2] = blue(x);
        bytes[planes.v + (y / 2) * (planes.stride / 2) + x / 2] = 128;
      }
    }
  }
  const busy = mapBusyness(pictures, planes, frame, things);
  const sides = { top: 40, bottom: 140 };
  return { left: busy({ ...sides, left: 10, right: 150 }), right: busy({ ...sides, left: 170, right: 310 }) };
}

test('fine detail is busy, a slow gradient is not', async () => {
  const { left, right } = await painted((x, y) => (x < 180 ? 122 + y / 12 : 100 + 60 * ((x >> 2) % 2)));
  expect(right).toBeGreaterThan(2 * left);
});

test('a plain bright disc is busier than the sky beside it', async () => {
  const { left, right } = await painted((x, y) => (Math.hypot(x - 80, y - 90) < 45 ? 235 : 120));
  expect(left).toBeGreaterThan(2 * right);
});

test('so is a plain thing of the same light in another colour', async () => {
  const { left, right } = await painted(
    () => 120,
    (x) => (x > 40 && x < 120 ? 190 : 128),
  );
  expect(left).toBeGreaterThan(1.5 * right);
});

test('and so is what the art says is a thing', async () => {
  const { left, right } = await painted(
    () => 40,
    () => 128,
    (area) => (area.left < 160 ? 0.6 : 0),
  );
  expect(left).toBeGreaterThan(right + 10);
});
