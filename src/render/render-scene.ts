// One scene as an H.264 file: pictures are drawn here while the one before is encoded beside.
import path from 'node:path';

import type { MediaTools } from '../ports/media-tools.ts';
import { createSceneEncoder, type FramePlanes } from './encoder.ts';
import { createPictureMemory, type PictureMemory, type Planes } from './picture-memory.ts';
import { loadSceneFrames } from './scene-frames.ts';

/**
 * H.264 in MP4 of exactly `endFrame - startFrame` frames; the same input gives the same bytes. Throws `storage_full`,
 * or the signal's reason between two frames.
 */
export const renderScene: MediaTools['renderScene'] = async (input, { scratch, signal, onProgress }) => {
  signal.throwIfAborted();
  const pictures = await createPictureMemory();
  const frames = await loadSceneFrames(pictures, input);
  const file = path.join(scratch, 'scene.mp4');
  const encoder = await createSceneEncoder(file, input.format);
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
    await encoder.close();
    frames.close();
  }
  return { path: file, mediaType: 'video/mp4' };
};

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
