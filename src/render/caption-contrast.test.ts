// Captions as they are painted, laid over pictures of every brightness: the rim of each letter must stand out.
import { beforeAll, describe, expect, test } from 'vitest';

import { captionStyles, frameSize, styles } from '../domain/video-request.ts';
import { type CaptionLook, captionLook } from './caption-look.ts';
import { paintCaption } from './caption-painter.ts';
import { createCaptions } from './captions.ts';
import { createPictureMemory, type PictureMemory } from './picture-memory.ts';
import { safeArea } from './safe-area.ts';
import { chooseTypeface } from './text.ts';

/** WCAG 2: what text of normal size needs. */
const leastContrast = 4.5;
const frame = frameSize('16:9', '720p');
const pieceWidth = 24;

type Picture = (x: number, y: number) => number;
const backgrounds: Record<string, { luma: number; grey: Picture }> = {
  white: { luma: 235, grey: () => 255 },
  black: { luma: 16, grey: () => 0 },
  grey: { luma: 128, grey: () => 140 },
  // Checks as fine as letters, darker on the whole than under the caption.
  busy: { luma: 60, grey: (x, y) => (((x >> 3) + (y >> 4)) % 2 === 0 ? 250 : 25) },
};

let pictures: PictureMemory;
beforeAll(async () => {
  pictures = await createPictureMemory();
});

function paint(look: CaptionLook) {
  const text = 'Every climber remembers';
  const words = text.split(' ').map((word, i) => ({ text: word, startMs: i * 400, endMs: i * 400 + 380 }));
  const { chunks } = createCaptions(pictures, {
    scene: {
      id: 's01',
      startFrame: 0,
      endFrame: 90,
      speechStartMs: 0,
      speechEndMs: 1_200,
      words,
      emphasis: [0],
      energy: 0.5,
    },
    look,
    position: 'bottom',
    language: 'en',
    fps: 30,
    drawn: { width: frame.width, top: 0, bottom: frame.height },
    safe: safeArea({ ...frame, aspect: '16:9' }, 0),
  });
  const { layout, place, chunk } = chunks.at(-1)!;
  const typeface = chooseTypeface(text, 'en', look.face, look.weight);
  const spoken = chunk.words.length - 1;
  return { painted: paintCaption(layout, look, typeface, place, spoken), layout, look, spoken };
}

/** The least contrast of any piece of any word: the letters' own pixels against those around them, over a picture. */
function contrastOver({ painted, layout, look, spoken }: ReturnType<typeof paint>, grey: Picture): number {
  const { rgba, place } = painted;
  const { width, height } = place;
  const light = new Float64Array(width * height);
  for (let i = 0; i < light.length; i++) {
    const alpha = rgba[4 * i + 3]! / 255;
    const back = grey(i % width, Math.floor(i / width)) * (1 - alpha);
    light[i] = luminance([0, 1, 2].map((c) => rgba[4 * i + c]! * alpha + back));
  }
  let worst = Number.POSITIVE_INFINITY;
  for (const word of layout.lines.flatMap((line) => line.words)) {
    const { plain, spoken: now, stressed } = look.colours;
    const colour = word.index === spoken ? now : word.emphasised ? stressed : plain;
    const left = Math.round(word.x - place.x);
    const top = word.baseline - place.y - 0.8 * layout.sizePx;
    const isInk = new Uint8Array(width * height);
    for (let i = 0; i < isInk.length; i++) {
      const [x, y] = [i % width, Math.floor(i / width)];
      if (x < left || x > left + word.width || y < top || y > top + 1.05 * layout.sizePx) continue;
      const off = Math.max(...colour.map((value, c) => Math.abs(value - rgba[4 * i + c]!)));
      if (rgba[4 * i + 3] === 255 && off < 8) isInk[i] = 1;
    }
    // Past the one pixel that is partly ink, the next few belong to the rim.
    const blurred = grow(isInk, width);
    const reached = grow(grow(blurred, width), width);
    for (let from = left; from + pieceWidth <= left + word.width; from += pieceWidth) {
      const inks: number[] = [];
      const rims: number[] = [];
      for (let y = 0; y < height; y++) {
        for (let i = y * width + from; i < y * width + from + pieceWidth; i++) {
          if (isInk[i]) inks.push(light[i]!);
          else if (reached[i] && !blurred[i]) rims.push(light[i]!);
        }
      }
      const [ink, rim] = [mean(inks) + 0.05, mean(rims) + 0.05];
      worst = Math.min(worst, Math.max(ink / rim, rim / ink));
    }
  }
  return worst;
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function grow(mask: Uint8Array, width: number): Uint8Array {
  return mask.map((value, i) =>
    value || mask[i - 1] || mask[i + 1] || mask[i - width] || mask[i + width] ? 1 : 0,
  );
}

function luminance(rgb: number[]): number {
  const [r, g, b] = rgb.map((value) => {
    const c = value / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe.each(captionStyles)('%s captions', (captionStyle) => {
  test.each(Object.entries(backgrounds))('are clear over %s', (_, { luma, grey }) => {
    for (const style of styles) {
      const look = captionLook({ captionStyle, style, mood: 'neutral', frame, luma });
      const found = contrastOver(paint(look), grey);
      expect(found, style).toBeGreaterThanOrEqual(leastContrast);
      expect(found).toBeLessThan(22);
    }
  });
});
