// Cuts on beats: one by one, and how many of whole videos in every style and mood.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import { cutOf, styleLooks } from '../domain/styles.ts';
import type { FrameFormat } from '../domain/timeline.ts';
import { moods, type StyleName, styles } from '../domain/video-request.ts';
import { planBeats } from '../offline/composer/arrange.ts';
import { plan } from '../offline/planner/plan.ts';
import { cutOnBeat, spaceForBeats } from './cut-on-beat.ts';
import { layOutTimeline, type SpokenScene } from './lay-out-timeline.ts';
import { musicFor } from './make-sound.ts';

const beatsMs = Array.from({ length: 40 }, (_, i) => 130 + 600 * i);
const silence = { startMs: 5_000, endMs: 6_200 };

test('a cut goes to the beat nearest to its place within the silence', () => {
  // Social: a whip, then a cut.
  expect(cutOnBeat(silence, 2, { style: 'social', beatsMs })).toBe(5_530);
  expect(cutOnBeat({ startMs: 5_400, endMs: 6_400 }, 2, { style: 'social', beatsMs })).toBe(6_130);
});

test('a transition that strikes has its middle on the beat', () => {
  expect(cutOnBeat(silence, 1, { style: 'social', beatsMs })).toBe(5_530 - 130);
  expect(cutOnBeat(silence, 1, { style: 'cinematic', beatsMs })).toBe(5_530);
});

test('no beat in the silence, or none that leaves the words room: the cut is where it would be without music', () => {
  for (const [startMs, endMs] of [
    [5_000, 5_420],
    [5_480, 5_700],
  ] as const) {
    const wishedMs = startMs + 0.55 * (endMs - startMs);
    expect(cutOnBeat({ startMs, endMs }, 2, { style: 'social', beatsMs })).toBe(wishedMs);
    expect(cutOnBeat({ startMs, endMs }, 2, undefined)).toBe(wishedMs);
  }
  expect(cutOnBeat(silence, 2, { style: 'social', beatsMs: [] })).toBeCloseTo(5_660, 6);
});

test('silences move only for a beat, keep their length on the whole, and never fall below the least', () => {
  const speechMs = [3_137, 2_215, 4_020, 1_960, 2_730];
  const silences = { leadMs: 900, gapMs: 420, tailSpareMs: 0 };
  expect(spaceForBeats(speechMs, silences, { style: 'nature', beatsMs: [] })).toEqual([420, 420, 420, 420]);
  expect(spaceForBeats([2_000], silences, { style: 'nature', beatsMs })).toEqual([]);
  const gaps = spaceForBeats(speechMs, silences, { style: 'nature', beatsMs });
  expect(gaps).not.toEqual([420, 420, 420, 420]);
  expect(gaps.reduce((sum, gap) => sum + gap)).toBeLessThanOrEqual(4 * 420);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(210);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(920);
});

const format: FrameFormat = { width: 1920, height: 1080, fps: 30, aspect: '16:9', resolution: '1080p' };
const frameMs = 1000 / format.fps;
const examples = path.resolve(import.meta.dirname, '../../examples');
const scripts = [
  ...readdirSync(examples).map((file) => readFileSync(path.join(examples, file), 'utf8')),
  'Our team grew from three people to forty. We moved twice. We kept the same coffee machine, and the same rule. Ask first, build second. This year we open in Lisbon. Come and see us!',
  'The desert is not empty. At dusk the beetles climb the dunes and wait. Fog comes from the sea. Drop by drop, they drink the wind. By sunrise, only their tracks are left.',
];

/** As long as a voice takes for such words, nearly; the same each time. */
function speak(text: string): SpokenScene {
  const durationMs = [...text].reduce((sum, char) => sum + 52 + (char.codePointAt(0)! % 13), 300);
  return { durationMs, words: [{ text, startMs: 0, endMs: durationMs }] };
}

function cutsOnBeat(
  style: StyleName,
  timeline: ReturnType<typeof layOutTimeline>,
  beats: number[],
): boolean[] {
  return timeline.scenes.slice(1).map(({ startFrame }, index) => {
    const kind = cutOf(style, index + 1);
    const seenMs = ['whip', 'dip', 'wipe'].includes(kind) ? styleLooks[style].transitionMs / 2 : 0;
    return beats.some((beat) => Math.abs(beat - startFrame * frameMs - seenMs) <= frameMs);
  });
}

test('over the examples and other scripts, in every style and mood, most cuts meet a beat and no word is touched', async () => {
  const context = { scratch: '', signal: new AbortController().signal };
  const share = (hits: boolean[]) => hits.filter(Boolean).length / hits.length;
  const hitsWith: boolean[] = [];
  const hitsWithout: boolean[] = [];
  for (const script of scripts) {
    const { scenes } = await plan({ script, style: 'cinematic', mood: 'calm', seed: 1 }, context);
    const spoken = scenes.map(({ text }) => speak(text));
    for (const style of styles) {
      for (const mood of moods) {
        const draft = layOutTimeline(scenes, spoken, format, undefined);
        const beats = planBeats(musicFor({ mood, style, seed: 1 }, draft));
        const timeline = layOutTimeline(scenes, spoken, format, undefined, { style, beatsMs: beats });
        hitsWith.push(...cutsOnBeat(style, timeline, beats));
        hitsWithout.push(...cutsOnBeat(style, draft, beats));
        expect(timeline.durationMs).toBe(draft.durationMs);
        for (const [index, { startFrame, speechStartMs }] of timeline.scenes.entries()) {
          const spokenUntilMs = timeline.scenes[index - 1]?.speechEndMs ?? 0;
          if (index > 0) expect(startFrame * frameMs).toBeGreaterThan(spokenUntilMs + 60);
          expect(startFrame * frameMs).toBeLessThan(speechStartMs - 40);
        }
        expect(timeline.durationMs - timeline.scenes.at(-1)!.speechEndMs).toBeGreaterThanOrEqual(900);
      }
    }
  }
  expect(hitsWith.length).toBeGreaterThan(1_500);
  expect(share(hitsWithout)).toBeLessThan(0.2);
  expect(share(hitsWith)).toBeGreaterThan(0.85);
});
