// What a user's file is, by its bytes: kind, size, length, and that its pictures can be decoded.
import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

import { type MediaFacts, mediaLimits, sniffedBytes, sniffMediaType } from '../../domain/user-media.ts';
import type { MediaTools } from '../../ports/media-tools.ts';
import { decodeImage } from './decode-image.ts';
import { unreadable } from './image-header.ts';
import { type Clip, openClip, refused } from './open-clip.ts';

/** Contract: see MediaTools. */
export const probeMedia: MediaTools['probeMedia'] = async ({ source }, { signal }): Promise<MediaFacts> => {
  signal.throwIfAborted();
  const mediaType = sniffMediaType(await readHead(source));
  if (mediaType === undefined) {
    throw refused(
      'The file is neither an image nor a clip that is accepted.',
      'Send PNG, JPEG, WebP, MP4, WebM or QuickTime.',
    );
  }
  if (mediaType.startsWith('image/')) {
    const { width, height } = await decodeImage(source, mediaType);
    // Pixels of the canvas are only freed when the event loop turns.
    await setImmediate();
    return { kind: 'image', mediaType, width, height, durationSeconds: null };
  }
  const { width, height, durationSeconds } = measure(source, mediaType);
  refuseUndecodable(source, mediaType);
  return { kind: 'clip', mediaType, width, height, durationSeconds };
};

/** Its length is told by the packets themselves: headers may be wrong or silent. */
function measure(source: string, mediaType: MediaFacts['mediaType']) {
  const clip = openClip(source, mediaType);
  try {
    const { width, height } = clip;
    return { width, height, durationSeconds: readLength(clip) };
  } finally {
    clip.close();
  }
}

function readLength({ packets, promisedFrames, promisedSeconds }: Clip): number {
  let frames = 0;
  let pictureEnd = 0;
  let end = 0;
  for (const { isPicture, endSeconds } of packets()) {
    end = Math.max(end, endSeconds);
    if (!isPicture) continue;
    frames++;
    pictureEnd = Math.max(pictureEnd, endSeconds);
    if (pictureEnd > mediaLimits.clipSeconds) refuseTooLong();
  }
  // Headers round, and count what players skip.
  if (frames === 0 || frames < promisedFrames * 0.98 || end < promisedSeconds * 0.9 - 1) throw unreadable();
  return Math.round(pictureEnd * 1000) / 1000;
}

function refuseTooLong(): never {
  throw refused(
    `The clip is longer than ${mediaLimits.clipSeconds} s.`,
    'Cut out the part that the scene shall show.',
  );
}

function refuseUndecodable(source: string, mediaType: MediaFacts['mediaType']): void {
  const clip = openClip(source, mediaType);
  try {
    for (const _ of clip.pictures()) return;
    throw unreadable();
  } finally {
    clip.close();
  }
}

async function readHead(source: string): Promise<Uint8Array> {
  const file = await open(source, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffedBytes), 0, sniffedBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
