import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';

import { createStage } from '../stage.ts';
import { lucide } from './lucide.ts';
import { readShape, units } from './outline.ts';
import { paintSolid } from './solid.ts';
import type { Icon } from './things.ts';

const icons = Object.keys(lucide) as Icon[];

describe('readShape', () => {
  it('finds every icon within its square, standing on something', () => {
    for (const icon of icons) {
      const { left, right, top, bottom, footWidth, footMiddle } = readShape(icon, 56);
      expect(left, icon).toBeGreaterThan(-1);
      expect(right, icon).toBeLessThan(units + 1);
      expect(top, icon).toBeLessThan(bottom - 5);
      expect(footWidth, icon).toBeGreaterThan(0);
      expect(footMiddle, icon).toBeGreaterThanOrEqual(left);
      expect(footMiddle, icon).toBeLessThanOrEqual(right);
    }
  });
});

describe('paintSolid', () => {
  const side = 96;
  const painted = (icon: Icon, blur?: number) => {
    const stage = createStage({
      width: side,
      height: side,
      style: 'documentary',
      mood: 'neutral',
      motif: 'food',
      energy: 0.5,
      seed: 1,
      mentions: new Set(),
      icons: [],
      variant: 0,
    });
    const brush = createCanvas(side, side).getContext('2d');
    paintSolid(brush, stage, icon, { x: side / 2, foot: 84, size: 70, ...(blur && { blur }) });
    return brush.getImageData(0, 0, side, side).data;
  };
  const at = (data: Uint8ClampedArray, x: number, y: number) => [
    ...data.subarray((y * side + x) * 4, (y * side + x) * 4 + 4),
  ];

  it('gives things their own colours, in light and shade', () => {
    const apple = painted('apple');
    const [red, green, blue] = at(apple, 48, 55);
    expect(red!).toBeGreaterThan(green! + 40);
    expect(red!).toBeGreaterThan(blue! + 40);
    const lights = [18, 24, 48, 70, 76].flatMap((x) => [40, 55, 70].map((y) => at(apple, x, y)[0]!));
    expect(Math.max(...lights) - Math.min(...lights)).toBeGreaterThan(12);
  });

  it('cuts sharp things out and lets blurred ones fade', () => {
    const half = (data: Uint8ClampedArray) => {
      let count = 0;
      // Above the foot: below it the shadow is soft in both.
      for (let i = 3; i < side * 60 * 4; i += 4) if (data[i]! > 20 && data[i]! < 235) count++;
      return count;
    };
    expect(half(painted('egg', 0.07))).toBeGreaterThan(2 * half(painted('egg')));
  });

  it('sees through handles', () => {
    const [, , , alpha] = at(painted('coffee'), 66, 53);
    const [, , , solid] = at(painted('coffee'), 40, 55);
    expect(solid).toBe(255);
    expect(alpha!).toBeLessThan(255);
  });
});
