import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Scene } from '../domain/storyboard.ts';
import type { FrameFormat } from '../domain/timeline.ts';
import { layOutTimeline, relativeToStart, type SpokenScene } from './lay-out-timeline.ts';

const format: FrameFormat = { width: 1920, height: 1080, fps: 30, aspect: '16:9', resolution: '1080p' };

const scene = (id: string, effects: Scene['effects'] = []): Scene => ({
  id,
  text: 'one two',
  motif: 'sea',
  keywords: [],
  emphasis: [],
  effects,
  energy: 0.5,
  seed: 7,
});

const spokenScenes = fc.array(
  fc.integer({ min: 200, max: 20_000 }).map(
    (durationMs): SpokenScene => ({
      durationMs,
      words: [
        { text: 'one', startMs: 0, endMs: durationMs / 2 },
        { text: 'two', startMs: durationMs / 2, endMs: durationMs },
      ],
    }),
  ),
  { minLength: 1, maxLength: 30 },
);

const layOut = (spoken: SpokenScene[], requestedMs?: number, fps: FrameFormat['fps'] = 30) =>
  layOutTimeline(
    spoken.map((_, index) => scene(`s${index}`)),
    spoken,
    { ...format, fps },
    requestedMs,
  );

test('a hit on the last word is moved so far that it ends with the video', () => {
  const cue = { kind: 'thunder', at_word: 1, role: 'hit', intensity: 1 } as const;
  const words = [
    { text: 'one', startMs: 0, endMs: 2_000 },
    { text: 'two', startMs: 2_000, endMs: 2_500 },
  ];
  const { effects, durationMs } = layOutTimeline(
    [scene('s0', [cue])],
    [{ durationMs: 2_500, words }],
    format,
    undefined,
  );
  const [thunder] = effects;
  expect(thunder!.startMs).toBeGreaterThan(0);
  expect(thunder!.startMs + thunder!.durationMs).toBeCloseTo(durationMs, 6);
});

describe('the timeline', () => {
  test('scenes touch, cover the video, and contain their own narration', () => {
    const rates = fc.constantFrom<FrameFormat['fps']>(24, 25, 30, 60);
    fc.assert(
      fc.property(
        spokenScenes,
        fc.option(fc.integer({ min: 5_000, max: 600_000 })),
        rates,
        (spoken, requested, fps) => {
          const timeline = layOut(spoken, requested ?? undefined, fps);
          expect(timeline.scenes[0]!.startFrame).toBe(0);
          expect(timeline.scenes.at(-1)!.endFrame).toBe(timeline.durationFrames);
          timeline.scenes.forEach((each, index) => {
            const next = timeline.scenes[index + 1];
            if (next) expect(next.startFrame).toBe(each.endFrame);
            expect(each.endFrame).toBeGreaterThan(each.startFrame);
            expect((each.startFrame * 1000) / fps).toBeLessThanOrEqual(each.speechStartMs + 1);
            expect((each.endFrame * 1000) / fps).toBeGreaterThanOrEqual(each.speechEndMs - 1);
          });
        },
      ),
    );
  });

  test('words keep their distances from the start of their scene', () => {
    const spoken = [1_000, 2_000].map((durationMs) => ({
      durationMs,
      words: [{ text: 'word', startMs: 250, endMs: 700 }],
    }));
    for (const each of layOut(spoken).scenes) {
      expect(each.words[0]!.startMs - each.speechStartMs).toBe(250);
      expect(each.words[0]!.endMs - each.words[0]!.startMs).toBe(450);
    }
  });

  test('a requested length is met to the frame', () => {
    const timeline = layOut(
      [
        { durationMs: 12_000, words: [] },
        { durationMs: 11_000, words: [] },
      ],
      27_000,
    );
    expect(timeline.durationMs).toBeCloseTo(27_000, -1);
  });

  test('on a rhythm cuts move to beats within the silences; speech shifts by less than half a second, the length stays', () => {
    const beats = fc.integer({ min: 300, max: 1_200 });
    fc.assert(
      fc.property(
        spokenScenes,
        beats,
        fc.integer({ min: 5_000, max: 600_000 }),
        (spoken, beatMs, requested) => {
          const scenes = spoken.map((_, index) => scene(`s${index}`));
          const plain = layOutTimeline(scenes, spoken, format, requested);
          const beatsMs = Array.from({ length: Math.ceil(plain.durationMs / beatMs) }, (_, i) => i * beatMs);
          const cut = layOutTimeline(scenes, spoken, format, requested, { style: 'nature', beatsMs });
          expect(cut.durationFrames).toBe(plain.durationFrames);
          cut.scenes.forEach((each, index) => {
            const before = plain.scenes[index]!;
            const shiftMs = each.speechStartMs - before.speechStartMs;
            expect(Math.abs(shiftMs)).toBeLessThanOrEqual(451);
            for (const [n, word] of each.words.entries()) {
              expect(word.startMs - before.words[n]!.startMs).toBeCloseTo(shiftMs, 6);
              expect(word.endMs - before.words[n]!.endMs).toBeCloseTo(shiftMs, 6);
            }
            const next = cut.scenes[index + 1];
            if (next === undefined) return;
            expect(next.startFrame).toBe(each.endFrame);
            const cutMs = (each.endFrame * 1000) / 30;
            expect(cutMs).toBeGreaterThan(each.speechEndMs);
            expect(cutMs).toBeLessThan(next.speechStartMs);
            const isBeatThere = beatsMs.some(
              (ms) => ms > each.speechEndMs + 81 && ms < next.speechStartMs - 61,
            );
            const offMs = Math.abs(cutMs - Math.round(cutMs / beatMs) * beatMs);
            if (isBeatThere) expect(offMs).toBeLessThanOrEqual(17);
          });
        },
      ),
    );
  });

  test('the same cue twice has two seeds: it is not the same take that sounds again', () => {
    const cue = { kind: 'thunder', at_word: -1, role: 'hit', intensity: 1 } as const;
    const spoken = [3_000, 3_000].map((durationMs) => ({ durationMs, words: [] }));
    const scenes = [scene('a', [cue, cue]), { ...scene('b', [cue]), seed: 8_190 }];
    const { effects } = layOutTimeline(scenes, spoken, format, undefined);
    expect(new Set(effects.map(({ seed }) => seed)).size).toBe(3);
  });

  test('effects stay inside the video, and a riser ends on its cue', () => {
    const effects: Scene['effects'] = [
      { kind: 'riser', at_word: -1, role: 'hit', intensity: 1 },
      { kind: 'impact', at_word: 1, role: 'hit', intensity: 1 },
      { kind: 'rain', at_word: -1, role: 'bed', intensity: 0.5 },
    ];
    const spoken = [3_000, 3_000].map((durationMs) => ({ durationMs, words: [] }));
    const timeline = layOutTimeline([scene('a'), scene('b', effects)], spoken, format, undefined);
    const [riser, , rain] = timeline.effects;
    const cutMs = (timeline.scenes[1]!.startFrame * 1000) / 30;
    expect(riser!.startMs + riser!.durationMs).toBeCloseTo(cutMs, 5);
    expect(rain!.startMs).toBeCloseTo(cutMs, 5);
    for (const each of timeline.effects) {
      expect(each.startMs).toBeGreaterThanOrEqual(0);
      expect(each.startMs + each.durationMs).toBeLessThanOrEqual(timeline.durationMs + 1);
    }
  });

  test('a scene that only moved is the same scene', () => {
    const words = [{ text: 'word', startMs: 100, endMs: 900 }];
    const long = layOut([
      { durationMs: 2_000, words: [] },
      { durationMs: 1_000, words },
      { durationMs: 1_000, words },
    ]);
    const first = relativeToStart(long.scenes[1]!, 30);
    expect(first.startFrame).toBe(0);
    expect(first.words[0]!.startMs).toBeLessThan(1_000);
  });
});
