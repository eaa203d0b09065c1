// Users' pictures as scenes: geometry, rotation, and which picture of a clip is on which frame.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { type DecodedFrame, decodeVideo } from '../../../test/support/decode-video.ts';
import {
  barAt,
  barWidth,
  encodeBar,
  encodeBarWebm,
  sideOf,
  turned,
  twoColours,
  withOrientation,
} from '../../../test/support/user-media.ts';
import { layerSize } from '../../domain/scene-art.ts';
import type { PrepareMediaInput } from '../../ports/media-tools.ts';
import { openClipPicture } from '../clip-picture.ts';
import { createPictureMemory } from '../picture-memory.ts';
import { readLayer } from '../planar.ts';
import { prepareMedia } from './prepare-media.ts';

const frame = { width: 320, height: 180, fps: 24 } as const;
const centre = { x: 0.5, y: 0.5 };
let folder: string;
let clip: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aiprod-prepare-'));
  clip = path.join(folder, 'bar.mp4');
  await encodeBar(clip, { width: 320, height: 180, fps: 24, frames: 48 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const context = () => ({ scratch: folder, signal: new AbortController().signal });

async function prepareImage(bytes: Buffer, change: Partial<PrepareMediaInput> = {}) {
  const source = path.join(folder, 'image');
  await writeFile(source, bytes);
  const input = {
    source,
    mediaType: 'image/png',
    fit: 'cover',
    focus: centre,
    frame,
    barHeight: 0,
    frames: null,
    ...change,
  } as const;
  const { info, layers } = await prepareMedia(input, context());
  const [layer] = info.layers;
  const { width, height } = layer!;
  const planar = await readLayer(layers[0]!.path, layer!);
  const blue = planar.subarray(width * height, (width * height * 5) / 4);
  /** At shares of the layer. */
  const at = (x: number, y: number) =>
    blue[Math.floor((y * height) / 2) * (width / 2) + Math.floor((x * width) / 2)]!;
  return { info, width, height, planar, at };
}

async function prepareClip(source: string, change: Partial<PrepareMediaInput> = {}) {
  const input = {
    source,
    mediaType: 'video/mp4',
    fit: 'cover',
    focus: centre,
    frame,
    barHeight: 0,
    frames: 200,
    ...change,
  } as const;
  const made = await prepareMedia(input, context());
  const frames: DecodedFrame[] = [];
  await decodeVideo(
    made.clip!.path,
    () => true,
    (_, picture) => frames.push(picture),
  );
  return { info: made.info, file: made.clip!.path, frames };
}

/** Left edge of the bright bar in the middle row; undefined when there is none. */
function barIn({ y, width, height }: Pick<DecodedFrame, 'y' | 'width' | 'height'>): number | undefined {
  const row = y.subarray((height / 2) * width, (height / 2 + 1) * width);
  const at = row.findIndex((luma) => luma > 140);
  return at < 0 ? undefined : at;
}

test('cover fills the layer and crops around the focus', async () => {
  const wide = twoColours(800, 100);
  const middle = await prepareImage(wide);
  expect(layerSize(frame)).toEqual({ width: middle.width, height: middle.height });
  expect([middle.at(0.02, 0.5), middle.at(0.98, 0.5)].map(sideOf)).toEqual(['left', 'right']);
  const left = await prepareImage(wide, { focus: { x: 0, y: 0.5 } });
  expect([left.at(0.02, 0.5), left.at(0.98, 0.5)].map(sideOf)).toEqual(['left', 'left']);
  const right = await prepareImage(wide, { focus: { x: 1, y: 0.5 } });
  expect([right.at(0.02, 0.5), right.at(0.98, 0.5)].map(sideOf)).toEqual(['right', 'right']);
});

test('colours are BT.709 in limited range', async () => {
  const { planar, width, height } = await prepareImage(twoColours(400, 225));
  // #2040c0 and #c03020 by the standard's arithmetic.
  expect(planar[Math.floor(height / 2) * width + 10]).toBeCloseTo(
    16 + (219 / 255) * (0.2126 * 32 + 0.7152 * 64 + 0.0722 * 192),
    -0.5,
  );
  expect(planar[Math.floor(height / 2) * width + width - 10]).toBeCloseTo(
    16 + (219 / 255) * (0.2126 * 192 + 0.7152 * 48 + 0.0722 * 32),
    -0.5,
  );
});

test('an image that asks to be turned is turned', async () => {
  const upright = withOrientation(twoColours(320, 180, 'jpeg'), 6);
  const { at } = await prepareImage(upright, { mediaType: 'image/jpeg' });
  expect([at(0.5, 0.1), at(0.5, 0.9)].map(sideOf)).toEqual(['left', 'right']);
});

test('contain shows the whole image over a blurred, darker copy', async () => {
  const { at, planar, width, height } = await prepareImage(twoColours(100, 400), { fit: 'contain' });
  const luma = (x: number, y: number) => planar[Math.floor(y * height) * width + Math.floor(x * width)]!;
  // A quarter as wide as high: 45 of 320 columns of the frame, in the middle of the layer.
  expect([at(0.48, 0.5), at(0.52, 0.5)].map(sideOf)).toEqual(['left', 'right']);
  const edge = 45 / 2 / width;
  const inside = luma(0.5 + edge * 0.8, 0.5);
  const outside = luma(0.5 + edge * 1.4, 0.5);
  expect(inside - outside).toBeGreaterThan(15);
});

test('contain keeps clear of the bars of the style', async () => {
  const { planar, width, height } = await prepareImage(twoColours(100, 400), {
    fit: 'contain',
    barHeight: 20,
  });
  const column = Array.from({ length: height }, (_, row) => planar[row * width + width / 2 - 6]!);
  const bright = column
    .map((luma, row) => (luma > column[height / 2]! - 6 ? row : -1))
    .filter((row) => row >= 0);
  const top = (height - 180) / 2 + 20;
  expect(bright[0]).toBeGreaterThanOrEqual(top - 1);
  expect(bright[0]).toBeLessThan(top + 4);
  expect(bright.at(-1)).toBeLessThanOrEqual(height - top);
});

test('light ground behind a dark transparent image, dark behind a bright one', async () => {
  const { createCanvas } = await import('@napi-rs/canvas');
  const logo = (colour: string) => {
    const canvas = createCanvas(200, 200);
    const context = canvas.getContext('2d');
    context.fillStyle = colour;
    context.fillRect(90, 90, 20, 20);
    return canvas.toBuffer('image/png');
  };
  expect((await prepareImage(logo('#000'))).planar[0]).toBeGreaterThan(180);
  expect((await prepareImage(logo('#fff'))).planar[0]).toBeLessThan(60);
});

test('brightness is told for each caption position', async () => {
  const { info } = await prepareImage(twoColours(320, 180));
  expect(info.luma.middle).toBeGreaterThan(50);
  expect(info.luma.middle).toBeLessThan(100);
});

test('a clip of the same rate keeps each picture on its frame', async () => {
  const { info, frames } = await prepareClip(clip);
  expect(info.clip).toEqual({ width: 320, height: 180, frames: 48 });
  expect(frames).toHaveLength(48);
  for (const index of [0, 1, 20, 47]) expect(barIn(frames[index]!)).toBeCloseTo(barAt(index), -0.5);
});

test('a clip of another rate shows the picture of the moment', async () => {
  const fast = path.join(folder, 'fast.mp4');
  await encodeBar(fast, { width: 320, height: 180, fps: 60, frames: 60 });
  const { frames } = await prepareClip(fast);
  expect(frames).toHaveLength(24);
  for (const index of [0, 2, 10, 22])
    expect(barIn(frames[index]!)).toBeCloseTo(barAt(Math.floor(index * 2.5)), -0.5);
  const slow = await prepareClip(clip, { frame: { ...frame, fps: 60 } });
  expect(slow.frames).toHaveLength(120);
  expect(barIn(slow.frames[61]!)).toBeCloseTo(barAt(24), -0.5);
});

test('a WebM clip is shown frame by frame too', async () => {
  const webm = path.join(folder, 'bar.webm');
  await encodeBarWebm(webm, { width: 320, height: 180, fps: 24, frames: 30 });
  const { frames } = await prepareClip(webm, { mediaType: 'video/webm' });
  expect(frames).toHaveLength(30);
  for (const index of [0, 7, 29]) expect(barIn(frames[index]!)).toBeCloseTo(barAt(index), -0.5);
});

test('no more of a clip is kept than the scene needs', async () => {
  const { frames } = await prepareClip(clip, { frames: 10 });
  expect(frames).toHaveLength(10);
});

test('cover crops a clip around the focus, contain shows all of it', async () => {
  const square = { width: 180, height: 180, fps: 24 } as const;
  const left = await prepareClip(clip, { frame: square, focus: { x: 0, y: 0.5 }, frames: 8 });
  expect(barIn(left.frames[5]!)).toBeCloseTo(barAt(5), -0.5);
  const middle = await prepareClip(clip, { frame: square, frames: 30 });
  expect(barIn(middle.frames[25]!)).toBeCloseTo(barAt(25) - 70, -0.5);
  const whole = await prepareClip(clip, { frame: square, fit: 'contain', frames: 30 });
  const [first] = whole.frames;
  expect([first!.width, first!.height]).toEqual([180, 180]);
  const scale = 180 / 320;
  expect(barIn(whole.frames[25]!)! / scale).toBeCloseTo(barAt(25), -1);
  // Above the clip, which is 101 rows high: the darker ground.
  expect(first!.y[10 * 180 + 90]).toBeLessThan(first!.y[90 * 180 + 90]! - 10);
});

test('a clip that asks to be turned is turned', async () => {
  const lying = path.join(folder, 'lying.mp4');
  await writeFile(lying, turned(await readFile(clip), 90));
  const { frames } = await prepareClip(lying, { frame: { width: 180, height: 320, fps: 24 }, frames: 30 });
  const { y, width } = frames[20]!;
  const column = Array.from({ length: 320 }, (_, row) => y[row * width + 90]!);
  expect(column.findIndex((luma) => luma > 140)).toBeCloseTo(barAt(20), -0.5);
  expect(barWidth).toBeGreaterThan(8);
});

test('a clip that ends early is unreadable', async () => {
  const cut = path.join(folder, 'cut.mp4');
  await writeFile(cut, (await readFile(clip)).subarray(0, 600));
  await expect(prepareClip(cut)).rejects.toMatchObject({ code: 'media_unreadable' });
});

test('the renderer finds every frame, forward, back and past the end', async () => {
  const { info, file } = await prepareClip(clip);
  const pictures = await createPictureMemory();
  const target = pictures.allocatePlanes(frame.width, frame.height);
  const picture = openClipPicture(pictures, file, info.clip!);
  try {
    for (const index of [0, 1, 2, 30, 47, 48, 50, 3, 40, 96]) {
      picture.draw(target, index, 20, 160);
      const y = pictures.bytes().subarray(target.y, target.y + target.stride * frame.height);
      expect(barIn({ y, width: target.stride, height: frame.height })).toBeCloseTo(barAt(index % 48), -0.5);
      expect(y[10 * target.stride]).toBe(0);
    }
  } finally {
    picture.close();
  }
});
