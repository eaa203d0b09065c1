// A user's clip as frames of the video's size and rate, in a file that the renderer reads picture by picture. Its sound
// is left out.
import path from 'node:path';

import { Frame } from 'node-av';

import { AppError } from '../../domain/errors.ts';
import type { MediaTools, PrepareMediaInput } from '../../ports/media-tools.ts';
import type { WorkContext } from '../../ports/work-context.ts';
import { createBreather } from '../../sound/breather.ts';
import { createSceneEncoder, type FramePlanes } from '../encoder.ts';
import { check } from '../media-calls.ts';
import { type ClipFilter, createClipFilter } from './clip-filter.ts';
import { unreadable } from './image-header.ts';
import { measureLuma } from './measure-luma.ts';
import { openClip } from './open-clip.ts';

/** So good that encoding a second time takes nothing visible away. */
const crf = 13;
/** A picture belongs to the frame during which it begins, but for rounding of its time. */
const earlySeconds = 0.002;

/** Throws `media_unreadable`, `media_refused`, `storage_full`. */
export async function prepareClip(
  { source, mediaType, fit, focus, frame, barHeight, frames }: PrepareMediaInput & { frames: number },
  { scratch, signal, onProgress }: WorkContext,
): ReturnType<MediaTools['prepareMedia']> {
  const { width, height, fps } = frame;
  const breathe = createBreather(signal);
  const file = path.join(scratch, 'clip.mp4');
  const clip = openClip(source, mediaType);
  const luma = createMeanLuma(frame);
  /** The latest decoded picture, and the one that it became once a frame was to show it. */
  using pending = new Frame();
  pending.alloc();
  let isNew = false;
  let shown: Frame | undefined;
  let filter: ClipFilter | undefined;
  let written = 0;
  try {
    const encoder = await createSceneEncoder(file, frame, { crf });
    try {
      const showPending = async (untilSeconds: number) => {
        while (written < frames && written / fps < untilSeconds - earlySeconds) {
          if (isNew) {
            filter ??= createClipFilter({ clip, frame, barHeight, fit, focus }, pending);
            shown = filter.apply(pending);
            luma.add(shown);
            isNew = false;
          }
          await encoder.write((target) => copy(shown!, target));
          written++;
          onProgress?.(written / frames);
        }
      };
      let endOfLast = 0;
      for (const { frame: picture, atSeconds, endSeconds } of clip.pictures()) {
        await breathe();
        // Of pictures that come faster than frames, only the last before a frame's time is filtered and shown.
        if (isNew || shown !== undefined) await showPending(atSeconds);
        if (written >= frames) break;
        pending.unref();
        check(pending.ref(picture), 'hold a picture');
        isNew = true;
        endOfLast = endSeconds;
      }
      if (isNew) await showPending(written === 0 ? Math.max(endOfLast, 1 / fps) : endOfLast);
      if (written === 0) throw unreadable();
      await encoder.finish();
    } finally {
      await encoder.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof AppError ? error : unreadable(error);
  } finally {
    filter?.close();
    clip.close();
  }
  return {
    info: { layers: [], particles: null, clip: { width, height, frames: written }, luma: luma.read() },
    layers: [],
    clip: { path: file, mediaType: 'video/mp4' },
  };
}

function copy({ data, linesize, width, height }: Frame, { planes, strides }: FramePlanes): void {
  for (const [index, target] of planes.entries()) {
    const from = data![index]!;
    const [columns, rows] = index === 0 ? [width, height] : [width / 2, height / 2];
    for (let row = 0; row < rows; row++) {
      const at = row * linesize[index]!;
      target.set(from.subarray(at, at + columns), row * strides[index]!);
    }
  }
}

function createMeanLuma({ width, height }: { width: number; height: number }) {
  const sum = { bottom: 0, middle: 0, top: 0 };
  let count = 0;
  return {
    add({ data, linesize }: Frame): void {
      const measured = measureLuma(data![0]!, { width, height, stride: linesize[0]! });
      for (const band of ['bottom', 'middle', 'top'] as const) sum[band] += measured[band];
      count++;
    },
    read() {
      const mean = (band: keyof typeof sum) => Math.round((10 * sum[band]) / count) / 10;
      return { bottom: mean('bottom'), middle: mean('middle'), top: mean('top') };
    },
  };
}
