// Rendering a scene against encoding the same pictures alone: drawn before and kept in memory, the same encoder, in turns.
import { join } from 'node:path';

import type { RenderSceneInput } from '../../src/ports/media-tools.ts';
import { createSceneEncoder } from '../../src/render/encoder.ts';
import { createPictureMemory } from '../../src/render/picture-memory.ts';
import { loadSceneFrames } from '../../src/render/scene-frames.ts';
import { type Contestant, type Measured, takeTurns } from './turns.ts';

const rounds = 5;

/** `ours` first. */
export async function compareWithEncoding(
  ours: Contestant,
  input: RenderSceneInput,
  folder: string,
): Promise<Measured[]> {
  const pictures = await drawAll(input);
  const run = async () => {
    await encodeAll(pictures, input, join(folder, 'alone.mp4'));
    return pictures.length;
  };
  return takeTurns([ours, { name: 'encoding alone', run }], rounds);
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
