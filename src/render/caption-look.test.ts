import { expect, test } from 'vitest';

import { captionStyles, moods, styles } from '../domain/video-request.ts';
import { accentOf, captionLook, type Rgb } from './caption-look.ts';

const frame = { width: 1920, height: 1080 };

/** WCAG 2 contrast. */
function contrast(a: Rgb, b: Rgb): number {
  const light = (colour: Rgb) => {
    const [r, g, bl] = colour.map((value) => {
      const c = value / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * bl! + 0.05;
  };
  return Math.max(light(a) / light(b), light(b) / light(a));
}

test('words stand out from what is behind them in every style and mood', () => {
  for (const style of styles) {
    for (const mood of moods) {
      for (const captionStyle of captionStyles) {
        const { colours, mark, outline, plate, plateOpacity } = captionLook({
          captionStyle,
          style,
          mood,
          frame,
          luma: 235,
        });
        const behindSpoken = mark === 'pill' ? colours.accent : colours.dark;
        expect(contrast(colours.spoken, behindSpoken)).toBeGreaterThan(6);
        for (const words of [colours.plain, colours.stressed]) {
          expect(contrast(words, colours.dark)).toBeGreaterThan(6);
        }
        // Over white: either a dark edge or a plate dark enough.
        if (plate === 'none') expect(outline).toBeGreaterThan(0.045);
        else expect(plateOpacity).toBeGreaterThan(0.8);
        expect(colours.spoken).not.toEqual(colours.plain);
      }
    }
  }
});

test('the mood turns the accent', () => {
  expect(accentOf('corporate', 'uplifting')[0]).toBeGreaterThan(accentOf('corporate', 'tense')[0]);
});
