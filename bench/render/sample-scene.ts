// One scene of four seconds as the product renders it, after another scene: painted layers, a transition, captions.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { TimedScene } from '../../src/domain/timeline.ts';
import { illustrate } from '../../src/offline/painter/illustrate.ts';
import type { RenderSceneInput, SceneArtFiles } from '../../src/ports/media-tools.ts';

const look = { style: 'cinematic', mood: 'dramatic' } as const;
const sampleFormat = {
  width: 1920,
  height: 1080,
  fps: 30,
  aspect: '16:9',
  resolution: '1080p',
} as const;
const sampleFrames = 120;
const sampleText = 'Far out at sea, every ship knew her by that single star.';

/** Writes the layers into folders inside `folder`. */
export async function paintSampleScene(folder: string): Promise<RenderSceneInput> {
  const art = await paint(folder, 'sea', 1);
  const before = await paint(folder, 'mountains', 2);
  const tokens = sampleText.split(' ');
  const wordMs = 3_600 / tokens.length;
  const words = tokens.map((text, i) => ({
    text,
    startMs: Math.round(200 + i * wordMs),
    endMs: Math.round(200 + (i + 0.9) * wordMs),
  }));
  const scene: TimedScene = {
    id: 's02',
    startFrame: 0,
    endFrame: sampleFrames,
    speechStartMs: 200,
    speechEndMs: 3_800,
    words,
    emphasis: [3],
    energy: 0.5,
  };
  return {
    format: sampleFormat,
    ...look,
    scene,
    index: 1,
    last: false,
    title: '',
    language: 'en',
    art,
    previous: { scene: { ...scene, id: 's01', words: [] }, art: before, seed: 2 },
    captions: { style: null, position: 'bottom' },
    seed: 1,
  };
}

async function paint(folder: string, motif: 'sea' | 'mountains', seed: number): Promise<SceneArtFiles> {
  const scratch = join(folder, motif);
  await mkdir(scratch);
  const { width, height } = sampleFormat;
  const { info, layers } = await illustrate(
    { scene: { motif, keywords: [motif], energy: 0.5, seed, text: sampleText }, ...look, width, height },
    { scratch, signal: new AbortController().signal },
  );
  return { info, layers: layers.map(({ path }) => path) };
}
