import { beforeAll, describe, expect, test } from 'vitest';

import { styleLooks } from '../domain/styles.ts';
import type { TimedScene, Word } from '../domain/timeline.ts';
import {
  aspectRatios,
  type CaptionStyle,
  captionPositions,
  captionStyles,
  frameSize,
  type Resolution,
} from '../domain/video-request.ts';
import { pillPadding } from './caption-layout.ts';
import { captionLook } from './caption-look.ts';
import { paintCaption } from './caption-painter.ts';
import { type CaptionsInput, createCaptions } from './captions.ts';
import { createPictureMemory, type PictureMemory } from './picture-memory.ts';
import { safeArea } from './safe-area.ts';
import { chooseTypeface } from './text.ts';

const texts = {
  en: 'The mountain does not care who climbs it, but every climber remembers the first cold morning. Light comes!',
  long: `Here is ${'Donaudampfschifffahrtsgesellschaft'.repeat(2).slice(0, 60)} again.`,
  alone: 'W'.repeat(60),
  ar: 'الجبل لا يهتم بمن يتسلقه، لكن كل متسلق يتذكر أول صباح بارد في Google Maps عام 2024.',
  he: 'ההר לא מתעניין במי שמטפס עליו, אבל כל מטפס זוכר את New York City (2024)!',
  hi: 'पहाड़ को परवाह नहीं कि उस पर कौन चढ़ता है, लेकिन हर पर्वतारोही को पहली सुबह याद है।',
  th: 'ภูเขา ไม่ สนใจ ว่า ใคร ปีน ขึ้น ไป แต่ นัก ปีน เขา ทุก คน จำ เช้า แรก ได้',
  ja: '山 は 誰 が 登る か を 気 に しません。 登山者 は 皆、 最初 の 寒い 朝 を 覚えて います。',
  emoji: 'Launch day 🚀 is here and the crowd 👨‍👩‍👧 is on fire 🔥🔥 today.',
};
const languageOf = {
  en: 'en',
  long: 'de',
  alone: 'en',
  ar: 'ar',
  he: 'he',
  hi: 'hi',
  th: 'th',
  ja: 'ja',
  emoji: 'en',
} as const;

function speak(text: string): Word[] {
  let at = 137;
  return text.split(' ').map((word) => {
    const startMs = at;
    at += 90 + 37 * word.length;
    return { text: word, startMs, endMs: at - 20 };
  });
}

function sceneOf(words: Word[], fps: number): TimedScene {
  const speechEndMs = words.at(-1)!.endMs;
  const endFrame = Math.ceil(((speechEndMs + 1_200) * fps) / 1000);
  return {
    id: 's01',
    startFrame: 0,
    endFrame,
    speechStartMs: 0,
    speechEndMs,
    words,
    emphasis: [1],
    energy: 0.5,
  };
}

function inputOf(
  name: keyof typeof texts,
  style: CaptionStyle,
  over: {
    aspect?: (typeof aspectRatios)[number];
    position?: CaptionsInput['position'];
    resolution?: Resolution;
  } = {},
): CaptionsInput {
  const { aspect = '16:9', position = 'bottom', resolution = '720p' } = over;
  const frame = frameSize(aspect, resolution);
  const bar =
    frame.width > frame.height ? 2 * Math.round((frame.height * styleLooks.cinematic.letterbox) / 2) : 0;
  return {
    scene: sceneOf(speak(texts[name]), 30),
    look: captionLook({ captionStyle: style, style: 'cinematic', mood: 'dramatic', frame, luma: 90 }),
    position,
    language: languageOf[name],
    fps: 30,
    drawn: { width: frame.width, top: bar, bottom: frame.height - bar },
    safe: safeArea({ ...frame, aspect }, bar),
  };
}

let pictures: PictureMemory;
beforeAll(async () => {
  pictures = await createPictureMemory();
});

describe('every word of every caption lies in the safe area', () => {
  test.each(
    aspectRatios.flatMap((aspect) => captionPositions.map((position) => ({ aspect, position }))),
  )('$aspect $position', ({ aspect, position }) => {
    for (const style of captionStyles) {
      for (const name of Object.keys(texts) as (keyof typeof texts)[]) {
        const input = inputOf(name, style, { aspect, position });
        const { chunks } = createCaptions(pictures, input);
        expect(chunks.flatMap(({ chunk }) => chunk.words).length).toBe(input.scene.words.length);
        for (const { layout, place } of chunks) {
          const { left, right, top, bottom } = layout.area;
          expect(left).toBeGreaterThanOrEqual(input.safe.left - 0.5);
          expect(right).toBeLessThanOrEqual(input.safe.right + 0.5);
          expect(top).toBeGreaterThanOrEqual(input.safe.top - 0.5);
          expect(bottom).toBeLessThanOrEqual(input.safe.bottom + 0.5);
          expect(layout.lines.length).toBeLessThanOrEqual(2);
          expect(place.x + place.width).toBeLessThanOrEqual(input.drawn.width);
          expect(place.y).toBeGreaterThanOrEqual(input.drawn.top);
          expect(place.y + place.height).toBeLessThanOrEqual(input.drawn.bottom);
          for (const word of layout.lines.flatMap((line) => line.words)) {
            expect(word.x).toBeGreaterThanOrEqual(left);
            expect(word.x + word.width).toBeLessThanOrEqual(right + 0.5);
          }
        }
      }
    }
  });

  test('vertical video keeps its lower 18 % free', () => {
    const input = inputOf('en', 'karaoke', { aspect: '9:16' });
    const { chunks } = createCaptions(pictures, input);
    for (const { layout } of chunks) expect(layout.area.bottom).toBeLessThanOrEqual(1280 * 0.82);
  });
});

test('words of 60 letters shrink or are cut, and stay large enough to read', () => {
  const [alone] = createCaptions(pictures, inputOf('alone', 'bold')).chunks;
  expect(alone!.layout.lines.length).toBe(2);
  expect(alone!.layout.sizePx).toBeGreaterThan(15);
});

test.each([24, 25, 30, 60])('at %i fps each word is marked on the frame on which it is heard', (fps) => {
  const input = { ...inputOf('en', 'bold'), fps, scene: sceneOf(speak(texts.en), fps) };
  const captions = createCaptions(pictures, input);
  const frames = input.scene.endFrame;
  const marked = new Map<string, number>();
  for (let frame = 0; frame < frames; frame++) {
    const state = captions.stateAt(frame);
    if (state === undefined) continue;
    const key = `${state.chunk}.${state.word}`;
    if (!marked.has(key)) marked.set(key, frame);
    expect(state.opacity).toBeGreaterThan(0);
  }
  const firstFrames = captions.chunks.flatMap(({ chunk }, c) =>
    chunk.words.map((_, w) => marked.get(`${c}.${w}`)!),
  );
  const offsets = input.scene.words.map(({ startMs }, index) =>
    Math.abs(firstFrames[index]! - (startMs * fps) / 1000),
  );
  expect(offsets.length).toBe(input.scene.words.length);
  const p95 = offsets.toSorted((a, b) => a - b)[Math.floor(offsets.length * 0.95)]!;
  expect(p95).toBeLessThanOrEqual(1);
});

test('what is drawn changes on the frames of words, and goes soon after the last', () => {
  const input = inputOf('en', 'bold');
  const { width, height } = frameSize('16:9', '720p');
  const captions = createCaptions(pictures, input);
  const target = pictures.allocatePlanes(width, height);
  const bytes = () => pictures.bytes().subarray(target.u, target.u + (target.stride * height) / 4);
  const draw = (frame: number) => {
    bytes().fill(128);
    captions.draw(target, frame, 1);
    return Buffer.from(bytes()).toString('base64');
  };
  const first = captions.chunks[0]!.chunk;
  const [, second] = first.words;
  expect(draw(second!.fromFrame)).not.toBe(draw(second!.fromFrame - 1));
  expect(draw(second!.fromFrame)).toBe(draw(second!.fromFrame + 1));
  const empty = draw(first.fromFrame - 1);
  expect(draw(first.fromFrame)).not.toBe(empty);
  const lastWordMs = input.scene.words.at(-1)!.endMs;
  expect(draw(Math.ceil((lastWordMs + 640) * 0.03))).toBe(empty);
});

describe('the spoken word', () => {
  const paintedAlpha = (name: keyof typeof texts, spoken: number) => {
    const input = inputOf(name, 'bold');
    const { chunks } = createCaptions(pictures, input);
    const { layout, place } = chunks[0]!;
    const typeface = chooseTypeface(texts[name], input.language, input.look.face, input.look.weight);
    return paintCaption(layout, input.look, typeface, place, spoken).rgba;
  };

  test.each([
    'ar',
    'ja',
    'emoji',
    'en',
  ] as const)('%s: its letters keep their forms, only the colour changes', (name) => {
    const [first, second] = [paintedAlpha(name, 0), paintedAlpha(name, 1)];
    let coloursDiffer = 0;
    for (let i = 0; i < first.length; i += 4) {
      if (Math.abs(first[i + 3]! - second[i + 3]!) > 1) throw new Error(`the forms differ at byte ${i}`);
      if (first[i + 2] !== second[i + 2]) coloursDiffer++;
    }
    expect(coloursDiffer).toBeGreaterThan(100);
  });

  test.each(['th', 'ja'] as const)('%s: its pill covers no neighbour, though words touch', (name) => {
    const { chunks } = createCaptions(pictures, inputOf(name, 'karaoke'));
    let neighbours = 0;
    for (const { layout } of chunks) {
      for (const { words } of layout.lines) {
        for (const [i, word] of words.entries()) {
          if (i === 0) continue;
          neighbours++;
          const gap = word.x - (words[i - 1]!.x + words[i - 1]!.width);
          expect(gap).toBeCloseTo(pillPadding.x * layout.sizePx, 3);
        }
      }
    }
    expect(neighbours).toBeGreaterThan(4);
  });

  test('letters of lower scripts are set larger, to look as large', () => {
    const sizeOf = (name: keyof typeof texts) =>
      Math.max(...createCaptions(pictures, inputOf(name, 'clean')).chunks.map(({ layout }) => layout.sizePx));
    expect(sizeOf('ar')).toBeGreaterThan(1.1 * sizeOf('en'));
    expect(sizeOf('hi')).toBeGreaterThan(1.05 * sizeOf('en'));
  });

  test('in Arabic the first one stands rightmost', () => {
    const { chunks } = createCaptions(pictures, inputOf('ar', 'karaoke'));
    const [line] = chunks[0]!.layout.lines;
    const byIndex = line!.words.toSorted((a, b) => a.index - b.index);
    for (const [i, word] of byIndex.entries()) if (i > 0) expect(word.x).toBeLessThan(byIndex[i - 1]!.x);
  });
});
