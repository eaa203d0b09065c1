// Paints styles × moods into one labelled PNG, for people to look at: the real painter, the real frames, no video.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { createCanvas, ImageData } from '@napi-rs/canvas';

import type { Figure } from '../domain/figure.ts';
import type { Motif } from '../domain/storyboard.ts';
import {
  type AspectRatio,
  frameSize,
  type MoodName,
  moods,
  type StyleName,
  styles,
} from '../domain/video-request.ts';
import { illustrate } from '../offline/painter/illustrate.ts';
import type { MadeFile } from '../ports/made-file.ts';
import type { WorkContext } from '../ports/work-context.ts';
import { createPictureMemory } from '../render/picture-memory.ts';
import { loadSceneFrames } from '../render/scene-frames.ts';
import { chooseTypeface, setFont } from '../render/text.ts';
import { toRgba } from '../render/thumbnail.ts';

export interface ContactSheetInput {
  /** One style; all when left out. */
  style?: StyleName;
  motif: Motif;
  keywords: string[];
  variant: number;
  aspect: AspectRatio;
  seed: number;
  /** Laid over every picture. */
  figure?: Figure;
}

const fps = 30;
/** Long enough for captions and figures to stand still. */
const frames = 75;
/** Pixels of a picture's area, whatever its shape. */
const cellPixels = 480 * 270;
const labelHeight = 26;
const sample = ['A', 'caption', 'stands', 'here'];

/** A PNG: a row per style, a column per mood. Throws the signal's reason between two pictures. */
export async function contactSheet(input: ContactSheetInput, context: WorkContext): Promise<MadeFile> {
  const rows = input.style === undefined ? [...styles] : [input.style];
  const size = cellSize(input.aspect);
  const sheet = createCanvas(moods.length * size.width, rows.length * (size.height + labelHeight));
  const brush = sheet.getContext('2d');
  brush.fillStyle = '#14161c';
  brush.fillRect(0, 0, sheet.width, sheet.height);
  setFont(brush, chooseTypeface(`${styles.join('')}${moods.join('')} ·`, 'en', 'inter', 500), 15);
  for (const [row, style] of rows.entries()) {
    for (const [column, mood] of moods.entries()) {
      context.signal.throwIfAborted();
      const picture = await paintOne(input, style, mood, size, context);
      const [x, y] = [column * size.width, row * (size.height + labelHeight)];
      brush.putImageData(picture, x, y + labelHeight);
      brush.fillStyle = '#e8eaf0';
      brush.fillText(`${style} · ${mood}`, x + 8, y + 18);
      context.onProgress?.((row * moods.length + column + 1) / (rows.length * moods.length));
    }
  }
  const file = path.join(context.scratch, 'contact-sheet.png');
  await writeFile(file, sheet.toBuffer('image/png'));
  return { path: file, mediaType: 'image/png' };
}

/** Sides are multiples of 16. */
function cellSize(aspect: AspectRatio): { width: number; height: number } {
  const { width, height } = frameSize(aspect, '720p');
  const scale = Math.sqrt(cellPixels / (width * height));
  const even = (side: number) => 16 * Math.round((side * scale) / 16);
  return { width: even(width), height: even(height) };
}

async function paintOne(
  { motif, keywords, variant, aspect, seed, figure }: ContactSheetInput,
  style: StyleName,
  mood: MoodName,
  { width, height }: { width: number; height: number },
  { scratch, signal }: WorkContext,
): Promise<ImageData> {
  const folder = path.join(scratch, `${style}-${mood}`);
  await mkdir(folder);
  const scene = { motif, keywords, energy: 0.5, variant, seed, text: sample.join(' ') };
  const { info, layers } = await illustrate(
    { scene, style, mood, width, height },
    { scratch: folder, signal },
  );
  const pictures = await createPictureMemory();
  const picture = await loadSceneFrames(pictures, {
    format: { width, height, fps, aspect, resolution: '720p' },
    style,
    mood,
    scene: {
      id: 's01',
      startFrame: 0,
      endFrame: frames,
      speechStartMs: 0,
      speechEndMs: 2_400,
      words: sample.map((text, i) => ({ text, startMs: 600 * i, endMs: 600 * i + 500 })),
      emphasis: [1],
      energy: 0.5,
    },
    index: 1,
    last: false,
    title: '',
    language: 'en',
    art: { info, layers: layers.map((layer) => layer.path) },
    previous: null,
    captions: { style: null, position: 'bottom' },
    figure: figure ?? null,
    seed,
  });
  try {
    const shown = Math.floor(frames * 0.6);
    for (let index = 0; index <= shown; index += shown) picture.draw(index);
    const { y, u, v, stride } = picture.frame;
    const bytes = pictures.bytes();
    const plane = (at: number, rowBytes: number, w: number, h: number) => {
      const out = new Uint8Array(w * h);
      for (let row = 0; row < h; row++)
        out.set(bytes.subarray(at + row * rowBytes, at + row * rowBytes + w), row * w);
      return out;
    };
    const [halfWidth, halfHeight] = [width / 2, height / 2];
    return new ImageData(
      toRgba({
        width,
        height,
        planes: [
          plane(y, stride, width, height),
          plane(u, stride / 2, halfWidth, halfHeight),
          plane(v, stride / 2, halfWidth, halfHeight),
        ],
      }),
      width,
      height,
    );
  } finally {
    picture.close();
    await rm(folder, { recursive: true });
  }
}
