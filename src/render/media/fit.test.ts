// Where pictures go: they fill or fit, and the focus stays in view.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { placeIn } from './fit.ts';

const frame = { width: 160, height: 90 };

test.each([
  [
    'a wide one, from its middle',
    { width: 400, height: 100 },
    { x: 0.5, y: 0.5 },
    { width: 360, height: 90, left: -100, top: 0 },
  ],
  [
    'a wide one, from its left',
    { width: 400, height: 100 },
    { x: 0, y: 0.5 },
    { width: 360, height: 90, left: 0, top: 0 },
  ],
  [
    'a wide one, near its right',
    { width: 400, height: 100 },
    { x: 0.9, y: 0.5 },
    { width: 360, height: 90, left: -200, top: 0 },
  ],
  [
    'a tall one, a third down',
    { width: 80, height: 90 },
    { x: 0.5, y: 0.3 },
    { width: 160, height: 180, left: 0, top: -9 },
  ],
])('cover fills the frame with %s', (_, picture, focus, place) => {
  expect(placeIn(frame, picture, 'cover', focus)).toEqual(place);
});

test('contain shows all of it, centred', () => {
  expect(placeIn(frame, { width: 45, height: 90 }, 'contain', { x: 0, y: 0 })).toEqual({
    width: 45,
    height: 90,
    left: 57.5,
    top: 0,
  });
});

const side = fc.integer({ min: 1, max: 10_000 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

test('whatever the shapes: cover leaves no gap and keeps the focus in the frame', () => {
  fc.assert(
    fc.property(side, side, side, side, share, share, (width, height, pictureWidth, pictureHeight, x, y) => {
      const picture = { width: pictureWidth, height: pictureHeight };
      const at = placeIn({ width, height }, picture, 'cover', { x, y });
      const slack = 1e-6 * (at.width + at.height);
      expect(at.left).toBeLessThanOrEqual(0);
      expect(at.top).toBeLessThanOrEqual(0);
      expect(at.left + at.width).toBeGreaterThanOrEqual(width - slack);
      expect(at.top + at.height).toBeGreaterThanOrEqual(height - slack);
      expect(at.left + x * at.width).toBeGreaterThanOrEqual(-slack);
      expect(at.left + x * at.width).toBeLessThanOrEqual(width + slack);
      expect(at.width / at.height).toBeCloseTo(pictureWidth / pictureHeight, 3);
    }),
  );
});
