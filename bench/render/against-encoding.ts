// Rendering a scene against encoding the same pictures alone: drawn before and kept in memory, the same encoder, in turns.
import { join } from 'node:path';

import type { RenderSceneInput } from '../../src/ports/media-tools.ts';
import { createSceneEncoder } from '../../src/render/encoder.ts';
import { createPictureMemory } from '../../src/render/picture-memory.ts';
import { renderScene } from '../../src/render/render-scene.ts';
import { loadSceneFrames } from '../../src/render/scene-frames.ts';
import { median } from './table.ts';

export interface Speed {
  framesPerSecond: number;
  cpuMsPerFrame: number;
}

export interface AgainstEncoding {
  rendering: Speed;
  encoding: Speed;
  /** Median over the rounds of rendering's frames/s by encoding's in the same round. */
  ratio: number;
}

const rounds = 5;

export async function compareWithEncoding(input: RenderSceneInput, folder: string): Promise<AgainstEncoding> {
  const pictures = await drawAll(input);
  const context = { scratch: folder, signal: new AbortController().signal };
  const render = () => renderScene(input, context);
  const encode = () => encodeAll(pictures, input, join(folder, 'alone.mp4'));
  await measure(encode, pictures.length);
  const pairs: { rendering: Speed; encoding: Speed }[] = [];
  for (let round = 0; round < rounds; round++) {
    pairs.push({
      rendering: await measure(render, pictures.length),
      encoding: await measure(encode, pictures.length),
    });
  }
  const middle = (of: (pair: (typeof pairs)[number]) => number) => median(pairs.map(of));
  const speed = (of: 'rendering' | 'encoding'): Speed => ({
    framesPerSecond: middle((pair) => pair[of].framesPerSecond),
    cpuMsPerFrame: middle((pair) => pair[of].cpuMsPerFrame),
  });
  return {
    rendering: speed('rendering'),
    encoding: speed('encoding'),
    ratio: middle(({ rendering, encoding }) => rendering.framesPerSecond / encoding.framesPerSecond),
  };
}

async function measure(work: () => Promise<unknown>, frames: number): Promise<Speed> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { framesPerSecond: frames / seconds, cpuMsPerFrame: (user + system) / 1000 / frames };
}

/** Every picture as Y, U and V without gaps. */
async function drawAll(input: RenderSceneInput): Promise<Uint8Array[][]> {
  const memory = await createPictureMemory();
  const frames = await loadSceneFrames(memory, input);
  const { y, u, v, stride, height } = frames.frame;
  const drawn: Uint8Array[][] = [];
  for (let index = 0; index < frames.count; index++) {
    frames.draw(index);
    const bytes = memory.bytes();
    const plane = (at: number, size: number) => bytes.slice(at, at + (stride * height) / size);
    drawn.push([plane(y, 1), plane(u, 4), plane(v, 4)]);
  }
  return drawn;
}

async function encodeAll(
  pictures: Uint8Array[][],
  { format }: RenderSceneInput,
  file: string,
): Promise<void> {
  const encoder = await createSceneEncoder(file, format);
  try {
    for (const picture of pictures) {
      await encoder.write(({ planes, strides }) => {
        if (strides[0] !== format.width)
          throw new Error(`rows of ${strides[0]} bytes, expected ${format.width}`);
        for (const [i, plane] of picture.entries()) planes[i]!.set(plane);
      });
    }
    await encoder.finish();
  } finally {
    await encoder.close();
  }
}
