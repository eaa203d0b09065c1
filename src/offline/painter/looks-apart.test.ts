import { describe, expect, it } from 'vitest';

import { type LayerInfo, layerSize } from '../../domain/scene-art.ts';
import { type Motif, motifs } from '../../domain/storyboard.ts';
import { type MoodName, moods, type StyleName, styles } from '../../domain/video-request.ts';
import { paintScene } from './paint-scene.ts';

const subjects: Motif[] = ['mountains', 'city'];
/** In steps of 8-bit light and colour: below this, two pictures side by side look like the same film. */
const plainlyApart = 13;
const size = { width: 112, height: 64 };

/** Lays a layer over Y, U and V of the whole picture. */
function layOver(picture: Float32Array, { info, planar }: { info: LayerInfo; planar: Uint8Array }): void {
  const { width, height, box } = info;
  const [full, own] = [width * height, box.width * box.height];
  const alpha = info.alpha ? planar.subarray(1.5 * own) : undefined;
  const lay = (to: number, from: number, cover = 255) => {
    picture[to]! += ((planar[from]! - picture[to]!) * cover) / 255;
  };
  for (let row = 0; row < box.height; row++) {
    for (let column = 0; column < box.width; column++) {
      const from = row * box.width + column;
      lay((box.top + row) * width + box.left + column, from, alpha?.[from]);
      if (row % 2 || column % 2) continue;
      const to = ((box.top + row) / 2) * (width / 2) + (box.left + column) / 2;
      const half = (row / 2) * (box.width / 2) + column / 2;
      for (const plane of [1, 1.25]) lay(plane * full + to, plane * own + half, alpha?.[from]);
    }
  }
}

/** Y, U and V of the whole picture. */
function pictureOf(motif: Motif, style: StyleName, mood: MoodName): Float32Array {
  const painting = paintScene({
    scene: { motif, keywords: [], energy: 0.5, seed: 3, text: '' },
    style,
    mood,
    ...size,
  });
  const { width, height } = layerSize(size);
  const picture = new Float32Array(1.5 * width * height);
  for (let layer = painting.next(); layer; layer = painting.next()) layOver(picture, layer);
  return picture;
}

/** Light, colour and contrast of the upper, middle and lower third of a small picture. */
function lookOf(motif: Motif, style: StyleName, mood: MoodName): number[] {
  const picture = pictureOf(motif, style, mood);
  const full = picture.length / 1.5;
  return [0, 1, 2].flatMap((third) => {
    const measure = (from: number, size: number) => {
      const part = picture.subarray(
        from + Math.floor((size * third) / 3),
        from + Math.floor((size * (third + 1)) / 3),
      );
      const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
      return { mean, spread: Math.sqrt(part.reduce((sum, v) => sum + (v - mean) ** 2, 0) / part.length) };
    };
    const light = measure(0, full);
    // People tell hues apart more easily than shades.
    const [u, v] = [full, full * 1.25].map((from) => 1.5 * measure(from, full / 4).mean);
    return [light.mean, light.spread, u!, v!];
  });
}

const looks = new Map<string, number[][]>(
  styles.flatMap((style) =>
    moods.map((mood) => [`${style} ${mood}`, subjects.map((motif) => lookOf(motif, style, mood))] as const),
  ),
);

/** Mean over the subjects. */
function distance(a: string, b: string): number {
  const [one, other] = [looks.get(a)!, looks.get(b)!];
  const each = one.map((look, i) =>
    Math.sqrt(look.reduce((sum, value, k) => sum + (value - other[i]![k]!) ** 2, 0) / 3),
  );
  return each.reduce((sum, value) => sum + value, 0) / each.length;
}

function tooClose(names: string[]): string[] {
  return names.flatMap((a, i) =>
    names
      .slice(i + 1)
      .filter((b) => distance(a, b) < plainlyApart)
      .map((b) => `${a} and ${b}: ${distance(a, b).toFixed(1)}`),
  );
}

describe('looks', () => {
  it.each(styles)('differ between any two moods of one style: %s', (style) => {
    expect(tooClose(moods.map((mood) => `${style} ${mood}`))).toEqual([]);
  });

  it.each(moods)('differ between any two styles in one mood: %s', (mood) => {
    expect(tooClose(styles.map((style) => `${style} ${mood}`))).toEqual([]);
  });

  // A video of black pictures does not pass its inspection, and nobody would watch it.
  it.each(['noir', 'minimal'] as const)('show something in the darkest mood: %s', (style) => {
    for (const motif of motifs) {
      const picture = pictureOf(motif, style, 'tense');
      const luma = picture.subarray(0, picture.length / 1.5);
      const black = luma.reduce((count, value) => count + (value <= 22 ? 1 : 0), 0) / luma.length;
      expect(black, motif).toBeLessThan(0.6);
    }
  });
});
