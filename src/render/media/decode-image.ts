// A user's image as something to draw: its size is judged from the header first, then it is decoded. Its own rotation
// (EXIF) is applied.
import { readFile } from 'node:fs/promises';

import { type Image, loadImage } from '@napi-rs/canvas';

import { AppError } from '../../domain/errors.ts';
import { mediaLimits, type UserMediaType } from '../../domain/user-media.ts';
import { readImageHeader, unreadable } from './image-header.ts';

/** Throws `media_refused` for too many pixels, `media_unreadable`. */
export async function decodeImage(source: string, mediaType: UserMediaType): Promise<Image> {
  const file = await readFile(source);
  const { width, height } = readImageHeader(file, mediaType as 'image/png');
  refuseTooManyPixels(width, height);
  const image = await loadImage(file).catch((error) => {
    throw unreadable(error);
  });
  const turned = image.width === height && image.height === width;
  if (!turned && (image.width !== width || image.height !== height)) throw unreadable();
  return image;
}

function refuseTooManyPixels(width: number, height: number): void {
  if (width * height <= mediaLimits.imagePixels) return;
  throw new AppError(
    'media_refused',
    `The image has ${width} × ${height} pixels; at most ${mediaLimits.imagePixels / 1e6} million are accepted.`,
    { hint: 'Make it smaller: twice the size of the video is plenty.' },
  );
}
