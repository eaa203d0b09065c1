// One scene as an H.264 file: pictures are drawn here while the one before is encoded beside.
import path from 'node:path';

import type { MediaTools } from '../ports/media-tools.ts';
import { createSceneEncoder, type FramePlanes } from './encoder.ts';
import { createPictureMemory, type PictureMemory, type Planes } from './picture-memory.ts';
import { loadSceneFrames } from './scene-frames.ts';

/** What scenes of 1080p take, and some more. */
const mostIdleBytes = 160 << 20;

/**
 * H.264 in MP4 of exactly `endFrame - startFrame` frames; the same input gives the same bytes. Throws `storage_full`,
 * or the signal's reason between two frames.
 */
export const renderScene: MediaTools['renderScene'] = async (input, { scratch, signal, onProgress }) => {
  signal.throwIfAborted();
  const pictures = await takePictureMemory();
  const file = path.join(scratch, 'scene.mp4');
  const loading = loadSceneFrames(pictures, input);
  // Its failure is met below: the encoder is opened while layers are read and unpacked beside.
  loading.catch(() => {});
  const encoder = await createSceneEncoder(file, input.format).catch(async (error) => {
    await loading.then(({ close }) => close());
    throw error;
  });
  try {
    const frames = await loading;
    try {
      for (let index = 0; index < frames.count; index++) {
        signal.throwIfAborted();
        await encoder.write((target) => {
          frames.draw(index);
          copyFrame(pictures, frames.frame, target, input.format);
        });
        onProgress?.((index + 1) / frames.count);
      }
      await encoder.finish();
    } finally {
      frames.close();
    }
  } finally {
    await encoder.close();
  }
  giveBack(pictures);
  return { path: file, mediaType: 'video/mp4' };
};

let idle: PictureMemory | undefined;

async function takePictureMemory(): Promise<PictureMemory> {
  const taken = idle ?? (await createPictureMemory());
  idle = undefined;
  return taken;
}

/** The next scene's, unless it is so large that other tasks would miss it. */
function giveBack(pictures: PictureMemory): void {
  if (pictures.memory.buffer.byteLength > mostIdleBytes) return;
  pictures.clear();
  idle = pictures;
}

function copyFrame(
  pictures: PictureMemory,
  from: Planes,
  { planes, strides }: FramePlanes,
  { width, height }: { width: number; height: number },
): void {
  const bytes = pictures.bytes();
  for (const [index, start] of [from.y, from.u, from.v].entries()) {
    const size = index === 0 ? 1 : 2;
    const stride = from.stride / size;
    const target = planes[index]!;
    const targetStride = strides[index]!;
    if (stride === targetStride) {
      target.set(bytes.subarray(start, start + stride * (height / size)));
      continue;
    }
    for (let row = 0; row < height / size; row++) {
      const at = start + row * stride;
      target.set(bytes.subarray(at, at + width / size), row * targetStride);
    }
  }
}
