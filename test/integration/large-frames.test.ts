// Every shape, size and rate of frame is rendered as asked, with the painter's own pictures; memory has an upper limit.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { TimedScene } from '../../src/domain/timeline.ts';
import {
  type AspectRatio,
  type FrameRate,
  frameSize,
  type Resolution,
} from '../../src/domain/video-request.ts';
import { createMediaPool, type MediaPool } from '../../src/media/media-pool.ts';
import type { SceneArtFiles } from '../../src/ports/media-tools.ts';
import { decodeVideo } from '../support/decode-video.ts';

const megabyte = 2 ** 20;

let folder: string;
let pool: MediaPool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-frames-'));
  pool = createMediaPool({ size: 1, recycleRssBytes: 4_000 * megabyte, idleMs: 60_000 });
});
afterAll(async () => {
  await pool.stop();
  await rm(folder, { recursive: true, force: true });
});

const context = async () => ({
  scratch: await mkdtemp(join(folder, 'scratch-')),
  signal: new AbortController().signal,
});

async function paint(size: { width: number; height: number }, seed: number): Promise<SceneArtFiles> {
  const scene = { motif: 'sea' as const, keywords: [], energy: 0.5, seed, text: 'The sea.' };
  const input = { scene, style: 'retro' as const, mood: 'calm' as const, ...size };
  const { info, layers } = await pool.run('illustrate', input, await context());
  return { info, layers: layers.map(({ path }) => path) };
}

function sceneOf(frames: number): TimedScene {
  return {
    id: 's02',
    startFrame: 0,
    endFrame: frames,
    speechStartMs: 0,
    speechEndMs: 90,
    words: [{ text: 'Sea.', startMs: 0, endMs: 90 }],
    emphasis: [],
    energy: 0.5,
  };
}

/** A scene that a light leak begins, which takes more memory than any other, with captions. */
async function render(aspect: AspectRatio, resolution: Resolution, fps: FrameRate, frames: number) {
  const size = frameSize(aspect, resolution);
  const [art, before] = [await paint(size, 1), await paint(size, 2)];
  const { path } = await pool.run(
    'renderScene',
    {
      format: { ...size, fps, aspect, resolution },
      style: 'retro',
      mood: 'calm',
      scene: sceneOf(frames),
      index: 1,
      last: false,
      title: '',
      language: 'en',
      art,
      previous: { scene: { ...sceneOf(frames), words: [] }, art: before, seed: 2 },
      captions: { style: 'karaoke', position: 'bottom' },
      seed: 1,
    },
    await context(),
  );
  const seen: { width: number; height: number }[] = [];
  const decoded = await decodeVideo(
    path,
    (index) => index === frames - 1,
    (_, { width, height }) => seen.push({ width, height }),
  );
  return { decoded, size, seen };
}

test.each([
  ['16:9', '720p', 24, 6],
  ['9:16', '1080p', 25, 6],
  ['1:1', '1080p', 30, 6],
  ['4:5', '720p', 60, 6],
  // As many as the encoder looks at beforehand, and more.
  ['16:9', '2160p', 60, 40],
] as const)(
  '%s %s at %i fps',
  async (aspect, resolution, fps, frames) => {
    const { decoded, size, seen } = await render(aspect, resolution, fps, frames);
    expect(decoded.frames).toBe(frames);
    expect(seen).toEqual([size]);
  },
  90_000,
);

test('painting and rendering the largest in one process stay below 1,050 MB', () => {
  expect(pool.peakRssBytes() / megabyte).toBeGreaterThan(200);
  expect(pool.peakRssBytes() / megabyte).toBeLessThan(1_050);
});
