// When everything happens: the storyboard laid out on measured speech. Times in milliseconds from the start of
// the video, frames counted from 0. Pure data; `layOutTimeline` in video/ makes it.

import type { EffectKind } from './storyboard.ts';
import type { AspectRatio, FrameRate, Resolution } from './video-request.ts';

/** One token of the script as it stands there, with the time at which it is heard. */
export interface Word {
  /** As in the script, with its punctuation: what captions show. */
  text: string;
  startMs: number;
  endMs: number;
}

/** Every scene is encoded in groups of so many seconds, each of which can be decoded by itself. */
export const keyFrameSeconds = 2;

export interface FrameFormat {
  width: number;
  height: number;
  fps: FrameRate;
  aspect: AspectRatio;
  resolution: Resolution;
}

export interface TimedScene {
  id: string;
  /** First frame, and the frame after the last. Scenes touch: no gap, no overlap. */
  startFrame: number;
  endFrame: number;
  /** Where the scene's narration begins and ends. */
  speechStartMs: number;
  speechEndMs: number;
  words: Word[];
  emphasis: number[];
  energy: number;
}

export interface TimedEffect {
  kind: EffectKind;
  startMs: number;
  durationMs: number;
  /** 0..1 */
  intensity: number;
  role: 'bed' | 'hit';
  seed: number;
}

export interface Timeline {
  format: FrameFormat;
  durationFrames: number;
  durationMs: number;
  scenes: TimedScene[];
  effects: TimedEffect[];
}

export function frameToMs(frame: number, fps: number): number {
  return (frame * 1000) / fps;
}

/** The frame on screen at `ms`. */
export function msToFrame(ms: number, fps: number): number {
  return Math.floor((ms * fps) / 1000 + 1e-6);
}
