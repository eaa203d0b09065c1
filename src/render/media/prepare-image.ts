// A user's image as one opaque layer with room for the camera around the frame.
import path from 'node:path';

import { createCanvas, type Image, type SKRSContext2D } from '@napi-rs/canvas';

import { layerSize } from '../../domain/scene-art.ts';
import type { MediaTools, PrepareMediaInput } from '../../ports/media-tools.ts';
import type { WorkContext } from '../../ports/work-context.ts';
import { rgbaToPlanar, writeLayer } from '../planar.ts';
import { decodeImage } from './decode-image.ts';
import { placeIn } from './fit.ts';
import { measureLuma } from './measure-luma.ts';

/** Near enough for the whole of the style's camera move. */
const depth = 1;
/** The blurred copy behind a contained image is drawn so much smaller, then enlarged. */
const blurred = { height: 90, radius: 5, darken: 0.45 };

/** Throws `media_unreadable`, `media_refused`. */
export async function prepareImage(
  { source, mediaType, fit, focus, frame, barHeight }: PrepareMediaInput,
  { scratch }: WorkContext,
): ReturnType<MediaTools['prepareMedia']> {
  const image = await decodeImage(source, mediaType);
  const { width, height } = layerSize(frame);
  const canvas = createCanvas(width, height);
  const brush = canvas.getContext('2d');
  brush.imageSmoothingEnabled = true;
  brush.imageSmoothingQuality = 'high';
  brush.fillStyle = groundFor(image);
  brush.fillRect(0, 0, width, height);
  if (fit === 'contain') drawBlurred(brush, image, { width, height });
  // Contained, all of it stays in the frame while the camera moves.
  const room = fit === 'cover' ? { width, height } : { ...frame, height: frame.height - 2 * barHeight };
  const place = placeIn(room, image, fit, focus);
  const left = place.left + (width - room.width) / 2;
  const top = place.top + (height - room.height) / 2;
  drawReduced(brush, image, { ...place, left, top });

  const planar = rgbaToPlanar(brush.getImageData(0, 0, width, height).data, width, height, { alpha: false });
  const file = path.join(scratch, 'image.zst');
  await writeLayer(file, planar);
  return {
    info: {
      layers: [{ width, height, box: { left: 0, top: 0, width, height }, alpha: false, depth }],
      particles: null,
      luma: measureLuma(planar, { width, height }),
    },
    layers: [{ path: file, mediaType: 'application/zstd' }],
  };
}

/** Halves a much larger image first: drawn in one go it would shimmer. */
function drawReduced(
  brush: SKRSContext2D,
  image: Image,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
): void {
  let from: Parameters<SKRSContext2D['drawImage']>[0] = image;
  let size = { width: image.width, height: image.height };
  while (size.width > 2 * width && size.height > 2 * height) {
    const half = { width: Math.ceil(size.width / 2), height: Math.ceil(size.height / 2) };
    const canvas = createCanvas(half.width, half.height);
    const smaller = canvas.getContext('2d');
    smaller.imageSmoothingQuality = 'high';
    smaller.drawImage(from, 0, 0, half.width, half.height);
    from = canvas;
    size = half;
  }
  brush.drawImage(from, left, top, width, height);
}

function drawBlurred(
  brush: SKRSContext2D,
  image: Image,
  { width, height }: { width: number; height: number },
): void {
  const small = createCanvas(Math.round((blurred.height * width) / height), blurred.height);
  const context = small.getContext('2d');
  const place = placeIn(small, image, 'cover', { x: 0.5, y: 0.5 });
  context.imageSmoothingQuality = 'high';
  context.filter = `blur(${blurred.radius}px)`;
  // Beyond the edges, so that the blur finds something there.
  const margin = 2 * blurred.radius;
  context.drawImage(
    image,
    place.left - margin,
    place.top - margin,
    place.width + 2 * margin,
    place.height + 2 * margin,
  );
  brush.drawImage(small, 0, 0, width, height);
  brush.fillStyle = `rgb(0 0 0 / ${blurred.darken})`;
  brush.fillRect(0, 0, width, height);
}

/** What shows through a transparent image: dark behind a bright one, light behind a dark one. */
function groundFor(image: Image): string {
  const side = 64;
  const context = createCanvas(side, side).getContext('2d');
  context.drawImage(image, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  let light = 0;
  let cover = 0;
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    light += (0.2126 * data[i]! + 0.7152 * data[i + 1]! + 0.0722 * data[i + 2]!) * alpha;
    cover += alpha;
  }
  return cover > 0 && light / cover < 110 ? '#e9e9ec' : '#15161a';
}
