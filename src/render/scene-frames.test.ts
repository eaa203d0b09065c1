import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { paintScene } from '../../test/support/painted-scene.ts';
import type { RenderSceneInput, SceneArtFiles } from '../ports/media-tools.ts';
import { createScalarKernels } from './kernels/scalar-kernels.ts';
import { createPictureMemory, type PictureMemory } from './picture-memory.ts';
import { loadSceneFrames, type SceneFrames } from './scene-frames.ts';

const format = { width: 320, height: 180, fps: 30, aspect: '16:9', resolution: '720p' } as const;
let folder: string;
let day: SceneArtFiles;
let night: SceneArtFiles;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'aiprod-frames-'));
  const particles = { kind: 'embers', density: 1, seed: 4 } as const;
  day = await paintScene({ folder, name: 'day', frame: format, hue: 200, lightness: 70 });
  night = await paintScene({ folder, name: 'night', frame: format, hue: 260, lightness: 30, particles });
});
afterAll(() => rm(folder, { recursive: true }));

function inputOf(over: Partial<RenderSceneInput> = {}): RenderSceneInput {
  const words = ['Light', 'comes', 'slowly'].map((text, i) => ({
    text,
    startMs: 300 + 400 * i,
    endMs: 650 + 400 * i,
  }));
  const scene = {
    id: 's02',
    startFrame: 0,
    endFrame: 75,
    speechStartMs: 300,
    speechEndMs: 1_450,
    words,
    emphasis: [1],
    energy: 0.6,
  };
  return {
    format,
    style: 'cinematic',
    mood: 'dramatic',
    scene,
    index: 1,
    last: false,
    title: '',
    language: 'en',
    art: night,
    previous: { scene: { ...scene, words: [], endFrame: 40 }, art: day, seed: 3 },
    captions: { style: null, position: 'bottom' },
    seed: 11,
    ...over,
  };
}

async function load(over: Partial<RenderSceneInput> = {}) {
  const pictures = await createPictureMemory();
  return { pictures, frames: await loadSceneFrames(pictures, inputOf(over)) };
}

function lumaOf(
  { pictures, frames }: { pictures: PictureMemory; frames: SceneFrames },
  index: number,
): Uint8Array {
  frames.draw(index);
  const { y, stride, height } = frames.frame;
  return pictures.bytes().slice(y, y + stride * height);
}

function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

describe('the ends of a video', () => {
  test('it starts from black', async () => {
    const scene = await load({ index: 0, previous: null, title: 'Light comes' });
    expect(Math.max(...lumaOf(scene, 0))).toBeLessThanOrEqual(17);
    expect(difference(lumaOf(scene, 20), lumaOf(scene, 0))).toBeGreaterThan(10);
  });

  test('it ends in black, words and all', async () => {
    const scene = await load({ last: true });
    expect(Math.max(...lumaOf(scene, 74))).toBeLessThanOrEqual(17);
    expect(Math.max(...lumaOf(scene, 50))).toBeGreaterThan(60);
  });

  test('a closing card is lit while the picture behind it goes dark', async () => {
    const scene = { ...inputOf().scene, endFrame: 120 };
    const ending = { scene, last: true, captions: null };
    const [closed, plain] = [await load({ ...ending, title: 'Light' }), await load(ending)];
    const mean = (luma: Uint8Array) => luma.reduce((sum, value) => sum + value, 0) / luma.length;
    expect(difference(lumaOf(closed, 40), lumaOf(plain, 40))).toBe(0);
    const card = lumaOf(closed, 85);
    expect(Math.max(...card)).toBeGreaterThan(225);
    expect(mean(card)).toBeLessThan(0.75 * mean(lumaOf(plain, 85)));
    expect(Math.max(...lumaOf(closed, 119))).toBeLessThanOrEqual(17);
  });

  test('in between, scenes are neither', async () => {
    const scene = await load();
    expect(Math.max(...lumaOf(scene, 0))).toBeGreaterThan(60);
    expect(Math.max(...lumaOf(scene, 74))).toBeGreaterThan(60);
  });
});

test('after a cut the first picture is the new one, in full', async () => {
  const cut = await load({ style: 'social', index: 2, captions: null });
  const alone = await load({ style: 'social', previous: null, captions: null });
  expect(difference(lumaOf(cut, 0), lumaOf(alone, 0))).toBe(0);
  expect(difference(lumaOf(cut, 0), lumaOf(cut, 1))).toBeLessThan(4);
});

test('a transition goes from the last picture of the scene before to this one', async () => {
  const before = await load({
    scene: { ...inputOf().previous!.scene },
    art: day,
    seed: 3,
    previous: null,
    captions: null,
  });
  const after = await load({ previous: null, captions: null });
  const scene = await load({ captions: null });
  const last = lumaOf(before, 39);
  expect(difference(lumaOf(scene, 0), last)).toBeLessThan(4);
  expect(difference(lumaOf(scene, 0), lumaOf(after, 0))).toBeGreaterThan(10);
  expect(difference(lumaOf(scene, 20), lumaOf(after, 20))).toBeLessThan(4);
  expect(difference(lumaOf(scene, 30), lumaOf(after, 30))).toBe(0);
});

test('bars stay black under captions and their shadows', async () => {
  const scene = await load({ captions: { style: 'karaoke', position: 'bottom' } });
  for (let index = 0; index < 75; index += 3) scene.frames.draw(index);
  const luma = lumaOf(scene, 74);
  const bar = 16 * scene.frames.frame.stride;
  expect(Math.max(...luma.subarray(0, bar - 1))).toBe(16);
  expect(Math.max(...luma.subarray(-bar + 1))).toBe(16);
});

test('captions are drawn on the frame of their word', async () => {
  const [shown, bare] = [await load(), await load({ captions: null })];
  const same = (index: number) => difference(lumaOf(shown, index), lumaOf(bare, index)) === 0;
  expect(same(8)).toBe(true);
  expect(same(9)).toBe(false);
});

describe('SIMD and plain kernels', () => {
  test.each([
    'cinematic',
    'corporate',
    'social',
    'retro',
    'noir',
  ] as const)('%s: the same frames', async (style) => {
    const simd = await load({ style });
    const plain = await createPictureMemory(createScalarKernels);
    const scalar = { pictures: plain, frames: await loadSceneFrames(plain, inputOf({ style })) };
    for (const index of [2, 6, 40]) {
      const planes = [simd, scalar].map(({ pictures, frames }) => {
        frames.draw(index);
        const { y, v, stride, height } = frames.frame;
        return Buffer.from(pictures.bytes().slice(y, v + (stride * height) / 4));
      });
      expect(planes[0]!.equals(planes[1]!)).toBe(true);
    }
  });
});
