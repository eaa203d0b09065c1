import { mkdir, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { decodeVideo } from '../../test/support/decode-video.ts';
import { paintScene } from '../../test/support/painted-scene.ts';
import type { RenderSceneInput } from '../ports/media-tools.ts';
import { renderScene } from './render-scene.ts';

const format = { width: 270, height: 480, fps: 25, aspect: '9:16', resolution: '720p' } as const;
let folder: string;
let input: RenderSceneInput;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'aiprod-render-'));
  const art = await paintScene({ folder, name: 'art', frame: format, hue: 30 });
  const words = ['One', 'two', 'three.'].map((text, i) => ({
    text,
    startMs: 900 + 400 * i,
    endMs: 1_250 + 400 * i,
  }));
  input = {
    format,
    style: 'social',
    mood: 'playful',
    scene: {
      id: 's01',
      startFrame: 0,
      endFrame: 117,
      speechStartMs: 900,
      speechEndMs: 2_000,
      words,
      emphasis: [],
      energy: 0.5,
    },
    index: 0,
    last: false,
    title: 'One two three',
    language: 'en',
    art,
    previous: null,
    captions: { style: null, position: 'middle' },
    seed: 1,
  };
});
afterAll(() => rm(folder, { recursive: true }));

async function scratch(name: string): Promise<string> {
  const own = path.join(folder, name);
  await mkdir(own);
  return own;
}

test('the file has exactly the scene’s frames, in closed groups of two seconds, and reports progress', async () => {
  const fractions: number[] = [];
  const made = await renderScene(input, {
    scratch: await scratch('whole'),
    signal: new AbortController().signal,
    onProgress: (fraction) => fractions.push(fraction),
  });
  expect(made.mediaType).toBe('video/mp4');
  let bright = 0;
  const { frames, keys } = await decodeVideo(
    made.path,
    (index) => index === 0 || index === 60,
    (index, { y, width, height }) => {
      expect([width, height]).toEqual([270, 480]);
      const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
      if (index === 0) expect(mean).toBeLessThan(18);
      else bright = mean;
    },
  );
  expect(frames).toBe(117);
  expect(keys).toEqual([0, 50, 100]);
  expect(bright).toBeGreaterThan(40);
  expect(fractions.at(-1)).toBe(1);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
});

test('the same input gives the same bytes, whatever was rendered in the same memory before', async () => {
  const { signal } = new AbortController();
  const first = await renderScene(input, { scratch: await scratch('first'), signal });
  const other = { ...input, style: 'minimal', captions: null, seed: input.seed + 1 } as const;
  const between = await renderScene(other, { scratch: await scratch('between'), signal });
  const second = await renderScene(input, { scratch: await scratch('second'), signal });
  const bytes = await readFile(first.path);
  expect(bytes.equals(await readFile(between.path))).toBe(false);
  expect(bytes.equals(await readFile(second.path))).toBe(true);
});

test('an abort ends it between two frames with the signal’s reason and lets go of the file', async () => {
  const own = await scratch('aborted');
  const controller = new AbortController();
  const reason = new Error('enough');
  const rendering = renderScene(input, {
    scratch: own,
    signal: controller.signal,
    onProgress: (fraction) => fraction > 0.3 && controller.abort(reason),
  });
  await expect(rendering).rejects.toBe(reason);
  const open = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  expect(open.filter((target) => target.startsWith(own))).toEqual([]);
});
