import { describe, expect, test } from 'vitest';

import { styleLooks } from '../domain/styles.ts';
import { styles } from '../domain/video-request.ts';
import { createFinishing } from './finishing.ts';
import { createPictureMemory, type PictureMemory, type Planes } from './picture-memory.ts';
import { createTransition, planTransition, type TransitionPlan } from './transitions.ts';

const frame = { width: 320, height: 180 };
const kinds: TransitionPlan['kind'][] = ['dissolve', 'dip', 'wipe', 'whip', 'light_leak'];

async function setUp(kind: TransitionPlan['kind'], frames = 12) {
  const memory = await createPictureMemory();
  const target = memory.allocatePlanes(frame.width, frame.height);
  const plan = { kind, frames };
  const transition = createTransition(memory, {
    plan,
    style: 'noir',
    frame,
    firstRow: 0,
    endRow: frame.height,
  });
  const finishing = createFinishing(memory, frame, 0);
  const asked: { old: number[]; fresh: number[] } = { old: [], fresh: [] };
  const show = (index: number) => {
    const fade = transition.draw(target, index, {
      drawOld: (planes, i) => {
        asked.old.push(i);
        fill(memory, planes, 60, 90);
      },
      drawNew: (planes, i) => {
        asked.fresh.push(i);
        fill(memory, planes, 180, 160);
      },
    });
    finishing.apply(target, 0, frame.height, fade.gain, fade.towards);
    return meanOf(memory, target);
  };
  return { show, asked, memory, target };
}

function fill(
  memory: PictureMemory,
  { y, u, v, stride, height }: Planes,
  luma: number,
  chroma: number,
): void {
  const bytes = memory.bytes();
  bytes.fill(luma, y, y + stride * height);
  bytes.fill(chroma, u, u + (stride * height) / 4);
  bytes.fill(128, v, v + (stride * height) / 4);
}

function meanOf(memory: PictureMemory, { y, u, stride, height }: Planes) {
  const bytes = memory.bytes();
  const mean = (at: number, length: number) =>
    bytes.subarray(at, at + length).reduce((a, b) => a + b, 0) / length;
  return { luma: mean(y, stride * height), chroma: mean(u, (stride * height) / 4) };
}

describe.each(kinds)('%s', (kind) => {
  test('starts from the old picture and ends on the new one', async () => {
    const { show } = await setUp(kind);
    const [first, middle, last] = [show(0), show(6), show(11)];
    expect(Math.abs(first.luma - 60)).toBeLessThan(14);
    expect(Math.abs(first.chroma - 90)).toBeLessThan(8);
    expect(Math.abs(last.luma - 180)).toBeLessThan(14);
    expect(Math.abs(last.chroma - 160)).toBeLessThan(8);
    expect(middle).not.toEqual(first);
    expect(middle).not.toEqual(last);
  });

  test('goes evenly: no jump between neighbours', async () => {
    const { show } = await setUp(kind, 30);
    const curve = Array.from({ length: 30 }, (_, index) => show(index).luma);
    for (let i = 1; i < curve.length; i++) expect(Math.abs(curve[i]! - curve[i - 1]!)).toBeLessThan(20);
  });

  test('both pictures go on moving', async () => {
    const { show, asked } = await setUp(kind);
    for (let index = 0; index < 12; index++) show(index);
    expect(asked.old).toEqual(asked.old.toSorted((a, b) => a - b));
    expect(asked.old[0]).toBe(0);
    expect(asked.fresh.at(-1)).toBe(11);
  });
});

test('a dip is dark in its middle', async () => {
  const { show } = await setUp('dip', 13);
  expect(show(6).luma).toBeLessThan(20);
});

test('a wipe shows new on the left and old on the right', async () => {
  const { show, memory, target } = await setUp('wipe');
  show(6);
  const row = target.y + 90 * target.stride;
  expect(memory.bytes()[row + 8]).toBe(180);
  expect(memory.bytes()[row + 312]).toBe(60);
});

test('leaking light is warm, travels, and burns nothing out', async () => {
  const { show, memory, target } = await setUp('light_leak', 13);
  const row = (plane: number, stride: number, y: number) =>
    memory.bytes().subarray(plane + y * stride, plane + y * stride + stride);
  const redSides = (index: number) => {
    show(index);
    const red = row(target.v, target.stride / 2, 45);
    return { left: red[16]!, right: red[144]! };
  };
  const early = redSides(2);
  expect(early.left).toBeGreaterThan(early.right + 8);
  const late = redSides(10);
  expect(late.right).toBeGreaterThan(late.left + 8);
  show(6);
  const lumas = row(target.y, target.stride, 90);
  expect(Math.max(...lumas)).toBeLessThan(215);
  expect(Math.max(...lumas) - Math.min(...lumas)).toBeGreaterThan(25);
});

describe('the plan', () => {
  test('takes the style’s transitions in turn', () => {
    const kindsOf = (style: 'social' | 'documentary') =>
      [1, 2, 3, 4].map((index) => planTransition(style, index, 300, 30)?.kind ?? 'cut');
    expect(kindsOf('social')).toEqual(['whip', 'cut', 'whip', 'whip']);
    expect(kindsOf('documentary')).toEqual(['dissolve', 'dip', 'dissolve', 'dip']);
  });

  test('the first scene has none, and none is longer than half its scene', () => {
    for (const style of styles) {
      expect(planTransition(style, 0, 300, 30)).toBeUndefined();
      for (let index = 1; index < 4; index++) {
        expect(planTransition(style, index, 10, 30)?.frames ?? 0).toBeLessThanOrEqual(5);
        const frames = planTransition(style, index, 300, 60)?.frames;
        if (frames !== undefined) expect(frames).toBe(Math.round(styleLooks[style].transitionMs * 0.06));
      }
    }
  });
});
