// Lays the storyboard out on measured speech: when each scene begins, each word is heard, each effect sounds. Pure.

import { silences as silenceLimits } from '../domain/possible-duration.ts';
import type { EffectCue, EffectKind, Scene } from '../domain/storyboard.ts';
import {
  type FrameFormat,
  frameToMs,
  type TimedEffect,
  type TimedScene,
  type Timeline,
} from '../domain/timeline.ts';
import type { SpokenWord } from '../ports/providers.ts';
import { cutOnBeat, type Rhythm, spaceForBeats } from './cut-on-beat.ts';
import { chooseSilences } from './fit-duration.ts';

export interface SpokenScene {
  durationMs: number;
  words: SpokenWord[];
}

/** How long each hit lasts, and how long before its cue it starts so that its strongest moment falls on it. */
const hitTimes: Partial<Record<EffectKind, { durationMs: number; leadMs: number }>> = {
  whoosh: { durationMs: 1_200, leadMs: 550 },
  impact: { durationMs: 2_600, leadMs: 0 },
  riser: { durationMs: 2_400, leadMs: 2_400 },
  thunder: { durationMs: 4_000, leadMs: 0 },
  applause: { durationMs: 3_500, leadMs: 0 },
  crowd: { durationMs: 3_000, leadMs: 200 },
  waves: { durationMs: 4_000, leadMs: 800 },
  engine: { durationMs: 3_000, leadMs: 300 },
};
const otherHit = { durationMs: 2_000, leadMs: 0 };

/**
 * `spoken` is in the order of `scenes`. The result's length is the requested one, or the nearest that silences allow,
 * in whole frames. Scenes change in the silence between two sentences, on a beat of the `rhythm`: silences grow and shrink
 * a little to have one.
 */
export function layOutTimeline(
  scenes: Scene[],
  spoken: SpokenScene[],
  format: FrameFormat,
  requestedMs: number | undefined,
  rhythm?: Rhythm,
): Timeline {
  const speechMs = spoken.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const silences = chooseSilences(speechMs, scenes.length, requestedMs);
  const { leadMs, gapMs, tailMs } = silences;
  const totalMs = leadMs + speechMs + gapMs * (scenes.length - 1) + tailMs;
  const durationFrames = Math.round((totalMs * format.fps) / 1000);
  const gapsMs = rhythm
    ? spaceForBeats(
        spoken.map(({ durationMs }) => durationMs),
        { leadMs, gapMs, tailSpareMs: tailMs - silenceLimits.shortest.tailMs },
        rhythm,
      )
    : scenes.slice(1).map(() => gapMs);

  let speechStartMs = leadMs;
  let startFrame = 0;
  const timed = scenes.map((scene, index): TimedScene => {
    const { durationMs, words } = spoken[index]!;
    const speechEndMs = speechStartMs + durationMs;
    const isLast = index === scenes.length - 1;
    const nextSpeechMs = speechEndMs + (gapsMs[index] ?? 0);
    const cutMs = cutOnBeat({ startMs: speechEndMs, endMs: nextSpeechMs }, index + 1, rhythm);
    const endFrame = isLast ? durationFrames : Math.round((cutMs * format.fps) / 1000);
    const result: TimedScene = {
      id: scene.id,
      startFrame,
      endFrame,
      speechStartMs,
      speechEndMs,
      words: words.map((word) => ({
        text: word.text,
        startMs: speechStartMs + word.startMs,
        endMs: speechStartMs + word.endMs,
      })),
      emphasis: scene.emphasis,
      energy: scene.energy,
    };
    speechStartMs = nextSpeechMs;
    startFrame = endFrame;
    return result;
  });

  const durationMs = frameToMs(durationFrames, format.fps);
  const effects = timed.flatMap((scene, index) =>
    scenes[index]!.effects.map((cue, n) =>
      placeEffect(cue, scene, format.fps, durationMs, scenes[index]!.seed + n),
    ),
  );
  return { format, durationFrames, durationMs, scenes: timed, effects };
}

function placeEffect(
  cue: EffectCue,
  scene: TimedScene,
  fps: number,
  videoMs: number,
  seed: number,
): TimedEffect {
  const sceneStartMs = frameToMs(scene.startFrame, fps);
  const { kind, role, intensity } = cue;
  if (role === 'bed') {
    const durationMs = Math.round(frameToMs(scene.endFrame - scene.startFrame, fps));
    return { kind, role, intensity, seed, startMs: sceneStartMs, durationMs };
  }
  const { durationMs, leadMs } = hitTimes[kind] ?? otherHit;
  const cueMs = cue.at_word < 0 ? sceneStartMs : (scene.words[cue.at_word]?.startMs ?? scene.speechStartMs);
  const startMs = Math.min(Math.max(0, cueMs - leadMs), Math.max(0, videoMs - durationMs));
  return { kind, role, intensity, seed, startMs, durationMs: Math.min(durationMs, Math.floor(videoMs)) };
}

/** The scene with its times counted from its own start: equal scenes are equal wherever in the video they stand. */
export function relativeToStart(scene: TimedScene, fps: number): TimedScene {
  const startMs = frameToMs(scene.startFrame, fps);
  const shift = (ms: number) => Math.round((ms - startMs) * 1000) / 1000;
  return {
    ...scene,
    startFrame: 0,
    endFrame: scene.endFrame - scene.startFrame,
    speechStartMs: shift(scene.speechStartMs),
    speechEndMs: shift(scene.speechEndMs),
    words: scene.words.map(({ text, startMs: from, endMs: to }) => ({
      text,
      startMs: shift(from),
      endMs: shift(to),
    })),
  };
}
