import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { wholeLayer } from '../../../test/support/whole-layer.ts';
import { layerSize } from '../../domain/scene-art.ts';
import { type Motif, motifs } from '../../domain/storyboard.ts';
import { type MoodName, moods, type StyleName, styles } from '../../domain/video-request.ts';
import { paintScene } from './paint-scene.ts';

const landscape = { width: 320, height: 180 };

function painting(
  motif: Motif,
  {
    style = 'cinematic',
    mood = 'dramatic',
    seed = 1,
    keywords = [],
    size = landscape,
  }: {
    style?: StyleName;
    mood?: MoodName;
    seed?: number;
    keywords?: string[];
    size?: { width: number; height: number };
  } = {},
) {
  const painted = paintScene({
    scene: { motif, keywords, energy: 0.5, seed, text: '' },
    style,
    mood,
    ...size,
  });
  const layers: Uint8Array[] = [];
  for (let layer = painted.next(); layer; layer = painted.next())
    layers.push(wholeLayer(layer.planar, layer.info));
  return { layers, info: painted.info(), count: painted.count };
}

/** Y, U and V of all layers laid over each other. */
function composited({ layers, info }: ReturnType<typeof painting>) {
  const { width, height } = info.layers[0]!;
  const full = width * height;
  const picture = Float32Array.from(layers[0]!);
  for (const layer of layers.slice(1)) {
    const alpha = layer.subarray(full * 1.5);
    for (let i = 0; i < full; i++) picture[i]! += ((layer[i]! - picture[i]!) * alpha[i]!) / 255;
    for (let i = 0; i < full / 4; i++) {
      const row = Math.floor(i / (width / 2));
      const at = 2 * row * width + 2 * (i % (width / 2));
      const cover = (alpha[at]! + alpha[at + 1]! + alpha[at + width]! + alpha[at + width + 1]!) / 1020;
      for (const from of [full, full * 1.25])
        picture[from + i]! += (layer[from + i]! - picture[from + i]!) * cover;
    }
  }
  return { picture, width, height };
}

/** Share of pixels in each of 16 steps of Y, of U and of V. */
function histogram(painted: ReturnType<typeof painting>): number[] {
  const { picture, width, height } = composited(painted);
  const full = width * height;
  return [
    [0, full],
    [full, full * 1.25],
    [full * 1.25, full * 1.5],
  ].flatMap(([from, to]) => {
    const bins = new Array<number>(16).fill(0);
    for (let i = from!; i < to!; i++) bins[Math.min(15, Math.floor(picture[i]! / 16))]! += 1 / (to! - from!);
    return bins;
  });
}

const digest = ({ layers }: ReturnType<typeof painting>) =>
  layers.map((layer) => createHash('sha256').update(layer).digest('hex'));

const meanDifference = (a: ArrayLike<number>, b: ArrayLike<number>, count: number) => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / count;
};

describe('paintScene', () => {
  it.each(['landscape', 'portrait'] as const)('paints every motif in %s', (shape) => {
    const size = shape === 'landscape' ? landscape : { width: 180, height: 320 };
    for (const [i, motif] of motifs.entries()) {
      const style = styles[(i + (shape === 'portrait' ? 3 : 0)) % styles.length]!;
      const { layers, info, count } = painting(motif, {
        style,
        mood: moods[i % moods.length]!,
        seed: i,
        size,
      });
      expect(layers.length, motif).toBe(count);
      expect(count, motif).toBeGreaterThanOrEqual(2);
      expect(count, motif).toBeLessThanOrEqual(5);
      for (const [index, layer] of info.layers.entries()) {
        expect(layer).toMatchObject({ ...layerSize(size), alpha: index > 0 });
        expect(layer.depth, motif).toBeGreaterThan(info.layers[index - 1]?.depth ?? -1);
        expect(layer.depth).toBeLessThanOrEqual(1);
      }
      if (info.particles) expect(info.particles.density).toBeGreaterThanOrEqual(0);
      const { picture, width, height } = composited({ layers, info, count });
      const luma = picture.subarray(0, width * height);
      expect(Math.max(...luma) - Math.min(...luma), `${motif} shows something`).toBeGreaterThan(40);
    }
  });

  it('paints every style in every mood', () => {
    for (const style of styles) {
      for (const mood of moods)
        expect(
          painting('people', { style, mood, size: { width: 160, height: 90 } }).layers.length,
        ).toBeGreaterThan(1);
    }
  });

  it('gives the same bytes for the same scene', () => {
    for (const motif of ['mountains', 'street'] as const) {
      const first = digest(painting(motif, { seed: 7 }));
      painting('space');
      expect(digest(painting(motif, { seed: 7 }))).toEqual(first);
    }
  });

  it('composes another picture for another seed', () => {
    for (const motif of ['mountains', 'city', 'sea', 'people', 'abstract'] as const) {
      const [a, b] = [2, 3].map((seed) => composited(painting(motif, { seed })));
      const difference = meanDifference(a!.picture, b!.picture, a!.width * a!.height);
      expect(difference, motif).toBeGreaterThan(6);
    }
  });

  it('shows what the words mention', () => {
    const plain = composited(painting('sea', { style: 'minimal', seed: 4 }));
    const told = composited(painting('sea', { style: 'minimal', seed: 4, keywords: ['lighthouse'] }));
    expect(meanDifference(plain.picture, told.picture, plain.width * plain.height)).toBeGreaterThan(0.5);
    const again = digest(painting('sea', { seed: 4, keywords: ['philosophy'] }));
    expect(again).toEqual(digest(painting('sea', { seed: 4 })));
  });

  it.each(['mountains', 'city', 'time'] as const)('tells any two styles apart: %s', (motif) => {
    const seen = styles.map((style) => ({
      style,
      bins: histogram(painting(motif, { style, mood: 'uplifting' })),
    }));
    for (const [i, a] of seen.entries()) {
      for (const b of seen.slice(i + 1)) {
        // 0 = same colours … 6 = no colour in common.
        const distance = meanDifference(a.bins, b.bins, a.bins.length) * a.bins.length;
        expect(distance, `${a.style} and ${b.style}`).toBeGreaterThan(0.8);
      }
    }
  });

  it('keeps noir black and white', () => {
    for (const motif of ['city', 'food', 'sunset', 'health'] as const) {
      const { picture, width, height } = composited(painting(motif, { style: 'noir' }));
      const chroma = picture.subarray(width * height);
      expect(Math.max(...chroma)).toBeLessThanOrEqual(130);
      expect(Math.min(...chroma)).toBeGreaterThanOrEqual(126);
    }
  });

  it('measures the light behind captions on the composited picture', () => {
    for (const style of ['noir', 'corporate'] as const) {
      const painted = painting('snow', { style, mood: 'calm' });
      const { picture, width, height } = composited(painted);
      const mean = (from: number, to: number) => {
        let sum = 0;
        let count = 0;
        for (let row = Math.round(from * height); row < to * height; row++) {
          for (let column = Math.round(0.12 * width); column < 0.88 * width; column++, count++) {
            sum += picture[row * width + column]!;
          }
        }
        return sum / count;
      };
      const { luma } = painted.info;
      expect(Math.abs(luma.top - mean(0.1, 0.3))).toBeLessThan(3);
      expect(Math.abs(luma.middle - mean(0.4, 0.6))).toBeLessThan(3);
      expect(Math.abs(luma.bottom - mean(0.68, 0.88))).toBeLessThan(3);
    }
  });
});
