// The chosen picture read back: the sharpest of the moments, its size, its colours.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { encodeScene, type Paint, smallFormat } from '../../test/support/footage.ts';
import { createSceneEncoder } from './encoder.ts';
import { rgbaToPlanar } from './planar.ts';
import { makeThumbnail } from './thumbnail.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'thumbnail-'));
});
afterAll(() => rm(folder, { recursive: true }));

const context = () => ({ scratch: folder, signal: new AbortController().signal });

async function look(video: string, atMs: number[], titleMs: number | null = null) {
  const stills = atMs.map((ms) => ({ video, atMs: ms, isTitle: false }));
  if (titleMs !== null) stills.unshift({ video, atMs: titleMs, isTitle: true });
  const { path: file, mediaType } = await makeThumbnail({ stills }, context());
  expect(mediaType).toBe('image/jpeg');
  const image = await loadImage(await readFile(file));
  const canvas = createCanvas(image.width, image.height);
  const painter = canvas.getContext('2d');
  painter.drawImage(image, 0, 0);
  const at = (x: number, y: number) => [...painter.getImageData(x, y, 1, 1).data.subarray(0, 3)];
  return { width: image.width, height: image.height, at };
}

test('takes the sharp picture, not the soft, the dark or the blown one', async () => {
  const video = path.join(folder, 'four.mp4');
  const stripes = (x: number) => (Math.floor(x / 6) % 2 === 0 ? 1 : 0);
  const paint: Paint = (x, _, frame) => {
    if (frame < 20) return 120 + 20 * Math.sin(x / 40);
    if (frame < 40) return 16 + 14 * stripes(x);
    if (frame < 60) return 100 + 60 * stripes(x);
    return 228 + 7 * stripes(x);
  };
  await encodeScene(video, smallFormat, 80, paint);
  const { at, width, height } = await look(
    video,
    [10, 30, 50, 70].map((frame) => (frame * 1000) / 30),
  );
  expect([width, height]).toEqual([192, 108]);
  const brightness = [at(8, 50)[1]!, at(3, 50)[1]!].sort((a, b) => a - b);
  // Luma 100 and 160 of the third picture as full-range grey.
  expect(Math.abs(brightness[0]! - 98)).toBeLessThan(12);
  expect(Math.abs(brightness[1]! - 168)).toBeLessThan(12);
});

test('of sharp pictures the fuller; the one with the title unless it is clearly poorer', async () => {
  const video = path.join(folder, 'three.mp4');
  const fine = (x: number, y: number) => 24 * ((Math.floor(x / 6) + Math.floor(y / 6)) % 2);
  const paint: Paint = (x, y, frame) => {
    if (frame < 20) return 110 + fine(x, y);
    if (frame < 40) return 60 + x * 0.6 + fine(x, y);
    return 40 + 4 * Math.sin(x / 30);
  };
  await encodeScene(video, smallFormat, 60, paint);
  const [plain, full, poor] = [10, 30, 50].map((frame) => (frame * 1000) / 30) as [number, number, number];
  const leftToRight = async (atMs: number[], titleMs: number | null) => {
    const { at } = await look(video, atMs, titleMs);
    return at(186, 50)[1]! - at(6, 50)[1]!;
  };
  expect(await leftToRight([plain, full, poor], null)).toBeGreaterThan(80);
  expect(await leftToRight([full], plain)).toBeLessThan(40);
  expect(await leftToRight([full], poor)).toBeGreaterThan(80);
});

test('keeps colours and reduces large pictures', async () => {
  const format = { ...smallFormat, width: 1920, height: 1080 };
  const colours = [
    [200, 40, 60],
    [30, 160, 90],
    [40, 70, 210],
    [240, 220, 120],
  ];
  const rgba = new Uint8Array(1920 * 1080 * 4);
  for (let i = 0; i < 1920 * 1080; i++) rgba.set([...colours[Math.floor((i % 1920) / 480)]!, 255], i * 4);
  const planar = rgbaToPlanar(rgba, 1920, 1080, { alpha: false });
  const video = path.join(folder, 'colours.mp4');
  const encoder = await createSceneEncoder(video, format);
  for (let frame = 0; frame < 3; frame++) {
    await encoder.write(({ planes, strides }) => {
      let from = 0;
      for (const [p, plane] of planes.entries()) {
        const [width, height] = p === 0 ? [1920, 1080] : [960, 540];
        for (let row = 0; row < height; row++, from += width)
          plane.set(planar.subarray(from, from + width), row * strides[p]!);
      }
    });
  }
  await encoder.finish();
  await encoder.close();
  const { at, width, height } = await look(video, [50]);
  expect([width, height]).toEqual([1280, 720]);
  for (const [i, colour] of colours.entries()) {
    for (const [c, value] of at(160 + 320 * i, 360).entries())
      expect(Math.abs(value - colour[c]!)).toBeLessThan(6);
  }
});

test('moments past the end count as the end', async () => {
  const video = path.join(folder, 'short.mp4');
  await encodeScene(video, smallFormat, 10, (_, __, frame) => 60 + 10 * frame);
  const { at } = await look(video, [99_000]);
  expect(Math.abs(at(90, 50)[0]! - ((150 - 16) * 255) / 219)).toBeLessThan(5);
});

test('what is no video is refused', async () => {
  await expect(
    makeThumbnail(
      { stills: [{ video: new URL(import.meta.url).pathname, atMs: 0, isTitle: false }] },
      context(),
    ),
  ).rejects.toThrow('open an MP4 file');
});
