import { beforeAll, describe, expect, test } from 'vitest';

import { styleLooks } from '../domain/styles.ts';
import { aspectRatios, captionPositions, frameSize, styles } from '../domain/video-request.ts';
import { captionLook } from './caption-look.ts';
import { createCaptions } from './captions.ts';
import { openingTimes } from './card-times.ts';
import { createPictureMemory, type PictureMemory } from './picture-memory.ts';
import { safeArea } from './safe-area.ts';
import { createTitleCard, type TitleCardInput } from './title-card.ts';

let pictures: PictureMemory;
beforeAll(async () => {
  pictures = await createPictureMemory();
});

function inputOf(
  over: Partial<TitleCardInput> & { aspect?: (typeof aspectRatios)[number] } = {},
): TitleCardInput {
  const aspect = over.aspect ?? '16:9';
  const frame = frameSize(aspect, '720p');
  return {
    title: 'The mountain does not care who climbs it or why',
    style: 'cinematic',
    mood: 'calm',
    language: 'en',
    kind: 'opening',
    times: openingTimes(240, 30),
    frame,
    drawn: { width: frame.width, top: 0, bottom: frame.height },
    safe: safeArea({ ...frame, aspect }, 0),
    luma: 90,
    captions: null,
    ...over,
  };
}

describe('the title stays clear of captions and edges', () => {
  test.each(
    aspectRatios.flatMap((aspect) => captionPositions.map((position) => ({ aspect, position }))),
  )('$aspect, captions at the $position', ({ aspect, position }) => {
    const words = 'The mountain does not care who climbs it, but every climber remembers'.split(' ');
    for (const style of styles) {
      for (const captionStyle of new Set(['karaoke', styleLooks[style].captions] as const)) {
        const plain = inputOf({ aspect, style });
        const captions = createCaptions(pictures, {
          scene: {
            id: 's01',
            startFrame: 0,
            endFrame: 240,
            speechStartMs: 900,
            speechEndMs: 6_000,
            words: words.map((text, i) => ({ text, startMs: 900 + 400 * i, endMs: 1_250 + 400 * i })),
            emphasis: [],
            energy: 0.5,
          },
          look: captionLook({ captionStyle, style, mood: 'calm', frame: plain.frame, luma: 90 }),
          position,
          language: 'en',
          fps: 30,
          drawn: plain.drawn,
          safe: plain.safe,
        });
        const { area } = createTitleCard(pictures, { ...plain, captions: captions.area });
        expect(area.left).toBeGreaterThanOrEqual(plain.safe.left);
        expect(area.right).toBeLessThanOrEqual(plain.safe.right);
        expect(area.top).toBeGreaterThanOrEqual(plain.safe.top);
        expect(area.bottom).toBeLessThanOrEqual(plain.safe.bottom);
        expect(area.bottom - area.top).toBeGreaterThan(plain.frame.height * 0.06);
        for (const { layout } of captions.chunks) {
          const isClear = layout.area.top >= area.bottom || layout.area.bottom <= area.top;
          expect(isClear, `${style} ${captionStyle}`).toBe(true);
        }
      }
    }
  });
});

test('it comes in softly, stands, and goes before the scene is over', () => {
  const card = createTitleCard(pictures, inputOf());
  const curve = Array.from({ length: 240 }, (_, frame) => card.opacityAt(frame));
  expect(curve[0]).toBe(0);
  expect(Math.max(...curve)).toBe(1);
  expect(curve.slice(150)).toEqual(Array(90).fill(0));
  for (let i = 1; i < curve.length; i++) expect(Math.abs(curve[i]! - curve[i - 1]!)).toBeLessThan(0.1);
});

test.each([
  ['ar', 'الجبل لا يهتم بمن يتسلقه'],
  ['ja', '山は誰が登るかを気にしません'],
  ['en', 'W'.repeat(60)],
])('%s titles fit the frame', (language, title) => {
  for (const aspect of aspectRatios) {
    const input = inputOf({ aspect, language, title });
    const { area } = createTitleCard(pictures, input);
    expect(area.right - area.left).toBeGreaterThan(input.frame.width * 0.2);
    expect(area.left).toBeGreaterThanOrEqual(input.safe.left);
    expect(area.bottom).toBeLessThanOrEqual(input.safe.bottom);
  }
});
