import { beforeAll, describe, expect, test } from 'vitest';

import type { Figure } from '../domain/figure.ts';
import type { TimedScene } from '../domain/timeline.ts';
import { aspectRatios, captionPositions, frameSize, styles } from '../domain/video-request.ts';
import type { BusyMap } from './busy-map.ts';
import { captionLook } from './caption-look.ts';
import { createCaptions } from './captions.ts';
import { createFigureOverlay, figureTimes, shownAt } from './figure-overlay.ts';
import { createPictureMemory, type PictureMemory } from './picture-memory.ts';
import { safeArea } from './safe-area.ts';

let pictures: PictureMemory;
beforeAll(async () => {
  pictures = await createPictureMemory();
});

const figures: Figure[] = [
  { kind: 'share', value: 0.71, label: '71%', unit: '', at_word: 1 },
  { kind: 'gauge', value: 93, label: '93°', unit: '', at_word: 1 },
  { kind: 'compare', from: 20, value: 60, label: '20 → 60', unit: '', at_word: 1 },
  { kind: 'year', value: 1889, label: '1889', unit: '', at_word: 1 },
  { kind: 'count', value: 1_234_567, label: '1,234,567', unit: 'kilometres', at_word: 1 },
];
const scene: TimedScene = {
  id: 's01',
  startFrame: 0,
  endFrame: 150,
  speechStartMs: 300,
  speechEndMs: 4_000,
  words: ['Some', '71', 'percent', 'of', 'everything', 'there', 'is'].map((text, i) => ({
    text,
    startMs: 300 + 500 * i,
    endMs: 750 + 500 * i,
  })),
  emphasis: [],
  energy: 0.5,
};

function overlayOf(
  figure: Figure,
  aspect: (typeof aspectRatios)[number],
  captions = null as Area,
  busy: BusyMap = () => 0,
) {
  const frame = frameSize(aspect, '720p');
  return createFigureOverlay(pictures, {
    figure,
    style: 'cinematic',
    mood: 'calm',
    language: 'en',
    times: figureTimes(figure, scene, 30, undefined)!,
    frame,
    drawn: { width: frame.width, top: 0, bottom: frame.height },
    safe: safeArea({ ...frame, aspect }, 0),
    captions,
    busy,
    seed: 1,
  });
}
type Area = Parameters<typeof createFigureOverlay>[1]['captions'];

describe('a figure stays within the safe area and clear of captions', () => {
  test.each(
    aspectRatios.flatMap((aspect) => captionPositions.map((position) => ({ aspect, position }))),
  )('$aspect, captions at the $position', ({ aspect, position }) => {
    const frame = frameSize(aspect, '720p');
    const safe = safeArea({ ...frame, aspect }, 0);
    const captions = createCaptions(pictures, {
      scene,
      look: captionLook({ captionStyle: 'karaoke', style: styles[0], mood: 'calm', frame, luma: 90 }),
      position,
      language: 'en',
      fps: 30,
      drawn: { width: frame.width, top: 0, bottom: frame.height },
      safe,
    }).area!;
    for (const figure of figures) {
      const { area } = overlayOf(figure, aspect, captions);
      expect(area.left).toBeGreaterThanOrEqual(safe.left - 1);
      expect(area.right).toBeLessThanOrEqual(safe.right + 1);
      expect(area.top).toBeGreaterThanOrEqual(safe.top - 1);
      expect(area.bottom).toBeLessThanOrEqual(safe.bottom + 1);
      expect(area.bottom <= captions.top || area.top >= captions.bottom).toBe(true);
    }
  });
});

describe('a figure stands where the picture is calm', () => {
  const [share] = figures as [Figure];
  const centre = ({
    left,
    right,
    top,
    bottom,
  }: {
    left: number;
    right: number;
    top: number;
    bottom: number;
  }) => ({
    x: (left + right) / 2,
    y: (top + bottom) / 2,
  });

  test.each(aspectRatios)('%s: clear of a sun on either side and of a busy upper half', (aspect) => {
    const { width, height } = frameSize(aspect, '720p');
    for (const side of [0.25, 0.75]) {
      const sun: BusyMap = (area) => (Math.abs(centre(area).x - side * width) < 0.3 * width ? 80 : 8);
      expect(Math.abs(centre(overlayOf(share, aspect, null, sun).area).x - side * width)).toBeGreaterThan(
        width * 0.2,
      );
    }
    const lower: BusyMap = (area) => (area.top < height * 0.4 ? 80 : 8);
    expect(overlayOf(share, aspect, null, lower).area.top).toBeGreaterThanOrEqual(height * 0.4);
  });

  test('does not move for what can hardly be told apart', () => {
    const still = overlayOf(share, '16:9').area;
    expect(overlayOf(share, '16:9', null, ({ left }) => (left === still.left ? 11 : 10)).area).toEqual(still);
  });
});

describe('a figure moves with its word', () => {
  const bright = (figure: Figure, index: number) => {
    const target = pictures.allocatePlanes(1280, 720);
    overlayOf(figure, '16:9').draw(target, index);
    return pictures.bytes().slice(target.y, target.y + target.stride * 720);
  };

  test.each(figures)('$kind', (figure) => {
    const { fromFrame, moveFrame, moveFrames } = figureTimes(figure, scene, 30, undefined)!;
    expect(Math.abs(fromFrame - (scene.words[1]!.startMs * 30) / 1000)).toBeLessThan(5);
    expect(bright(figure, fromFrame - 2).some((luma) => luma > 0)).toBe(false);
    const [middle, end, later] = [moveFrame + moveFrames / 3, moveFrame + moveFrames, 140].map((at) =>
      bright(figure, Math.round(at)),
    );
    expect(Buffer.compare(middle!, end!)).not.toBe(0);
    expect(Buffer.compare(end!, later!)).toBe(0);
  });
});

describe('figureTimes', () => {
  const [share] = figures as [Figure];
  const card = { fromFrame: 8, endFrame: 60, fadeInFrames: 10, fadeOutFrames: 10 };

  test('waits for an opening card and ends before a closing one', () => {
    expect(figureTimes(share, scene, 30, { kind: 'opening', times: card })!.fromFrame).toBe(60);
    const closing = { ...card, fromFrame: 120, endFrame: 150 };
    expect(figureTimes(share, scene, 30, { kind: 'closing', times: closing })!.endFrame).toBe(120);
  });

  test('leaves out what could hardly be seen, and words that are not there', () => {
    expect(figureTimes(share, { ...scene, endFrame: 40 }, 30, undefined)).toBeUndefined();
    expect(figureTimes({ ...share, at_word: 9 }, scene, 30, undefined)).toBeUndefined();
  });
});

test('a number grows in its own writing and ends as it was written', () => {
  expect([0, 0.5, 1].map((moved) => shownAt('1,217', moved))).toEqual(['0', '608', '1,217']);
  expect(shownAt('1.217.000', 0.5)).toBe('608.500');
  expect(shownAt('8 billion', 0.5)).toBe('4 billion');
  expect(shownAt('37,5°', 0.99)).toBe('36°');
  expect(shownAt('½', 0.5)).toBe('½');
});
