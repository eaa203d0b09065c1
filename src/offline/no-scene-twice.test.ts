import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wholeLayer } from '../../test/support/whole-layer.ts';
import { createRandom, pick } from '../domain/random.ts';
import { type MoodName, moods, type StyleName, styles } from '../domain/video-request.ts';
import { iconsIn } from './painter/icons/things.ts';
import { paintScene } from './painter/paint-scene.ts';
import { plan } from './planner/plan.ts';
import { thingNames } from './planner/thing-words.ts';

const size = { width: 128, height: 80 };
const columns = 16;
const rows = 9;
/** Mean difference of downscaled luma and chroma, 0..255, that any two pictures of a video keep. */
const least = 2.2;

/** Y, U and V of the composited picture, each as `columns` × `rows` means. */
async function pictures(script: string, style: StyleName, mood: MoodName, seed: number) {
  const { scenes } = await plan(
    { script, style, mood, seed },
    { scratch: '', signal: new AbortController().signal },
  );
  return scenes.map((scene) => {
    const painting = paintScene({ scene, style, mood, ...size });
    const picture = new Float32Array(3 * columns * rows);
    for (let layer = painting.next(); layer; layer = painting.next()) {
      const { width, height, alpha } = layer.info;
      const planar = wholeLayer(layer.planar, layer.info);
      const sums = new Float32Array(picture.length);
      const covers = new Float32Array(columns * rows);
      for (let y = 0; y < height; y += 2) {
        for (let x = 0; x < width; x += 2) {
          const cell = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
          const cover = alpha ? planar[width * height * 1.5 + y * width + x]! / 255 : 1;
          const half = (y / 2) * (width / 2) + x / 2;
          covers[cell]! += cover;
          for (const [plane, at] of [
            y * width + x,
            width * height + half,
            width * height * 1.25 + half,
          ].entries())
            sums[plane * columns * rows + cell]! += planar[at]! * cover;
        }
      }
      const samples = (width * height) / 4 / (columns * rows);
      for (let i = 0; i < picture.length; i++) {
        const cover = Math.min(1, covers[i % (columns * rows)]! / samples);
        picture[i] = picture[i]! * (1 - cover) + sums[i]! / samples;
      }
    }
    return { scene, picture };
  });
}

function closest(shown: Awaited<ReturnType<typeof pictures>>) {
  let best = { distance: Number.POSITIVE_INFINITY, pair: '' };
  for (const [i, a] of shown.entries()) {
    for (const b of shown.slice(i + 1)) {
      let sum = 0;
      for (let k = 0; k < a.picture.length; k++) sum += Math.abs(a.picture[k]! - b.picture[k]!);
      const distance = sum / a.picture.length;
      const name = ({ scene }: typeof a) => `${scene.id} ${scene.motif} ${scene.variant}`;
      if (distance < best.distance) best = { distance, pair: `${name(a)} and ${name(b)}` };
    }
  }
  return best;
}

describe('the scenes of a video', () => {
  const folder = new URL('../../examples/', import.meta.url);
  const examples = readdirSync(folder).filter((name) => name.endsWith('.txt'));

  it.each(examples)('never show a picture twice: %s', async (name) => {
    const script = readFileSync(new URL(name, folder), 'utf8');
    for (const style of ['social', 'minimal'] as const) {
      const { distance, pair } = closest(await pictures(script, style, 'calm', 1));
      expect(distance, `${style}: ${pair}`).toBeGreaterThan(least);
    }
  });

  it('never show a picture twice, whatever the script', async () => {
    const words =
      'coffee bread phone sea storm money heart music clock idea school city mountain data doctor train people robot night the a of'.split(
        ' ',
      );
    for (let n = 0; n < 20; n++) {
      const random = createRandom(n);
      const sentence = () => `The ${Array.from({ length: 9 }, () => pick(random, words)).join(' ')}.`;
      const script = Array.from({ length: 6 }, sentence).join(' ');
      const style = styles[n % styles.length]!;
      const { distance, pair } = closest(await pictures(script, style, moods[n % moods.length]!, n));
      expect(distance, `script ${n}, ${style}: ${pair}`).toBeGreaterThan(least);
    }
  });
});

it('has an icon for every thing that words name', () => {
  expect(thingNames.filter((name) => iconsIn([name]).length === 0)).toEqual([]);
});
