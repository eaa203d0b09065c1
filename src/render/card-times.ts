// When title cards stand on screen: the opening one over the first scene's start, the closing one in the silence after
// the last word. Pure: what they show is painted elsewhere.
import { msToFrame, type TimedScene } from '../domain/timeline.ts';

const opening = { startMs: 250, fadeMs: 450, longestMs: 3_400, longestShare: 0.6 };
/** `afterMs` and `leastMs` count from the end of the last word: shorter silences have no room for a card. */
const closing = { afterMs: 300, leastMs: 1_500, fadeInMs: 380, fadeOutMs: 520 };

export interface CardTimes {
  /** Seen from `fromFrame` until before `endFrame`, fades included. */
  fromFrame: number;
  endFrame: number;
  fadeInFrames: number;
  fadeOutFrames: number;
}

/** Of a first scene of `frames`; a short one is not all title. */
export function openingTimes(frames: number, fps: number): CardTimes {
  const fromFrame = msToFrame(opening.startMs, fps);
  const longest = fromFrame + (opening.longestMs * fps) / 1000;
  const fade = (opening.fadeMs * fps) / 1000;
  return {
    fromFrame,
    endFrame: Math.floor(Math.min(longest, frames * opening.longestShare)),
    fadeInFrames: fade,
    fadeOutFrames: fade,
  };
}

/** Of a last scene (its own times); undefined when too little silence follows its last word. */
export function closingTimes(scene: TimedScene, fps: number): CardTimes | undefined {
  const endFrame = scene.endFrame - scene.startFrame;
  const lastWordMs = scene.words.at(-1)?.endMs ?? scene.speechEndMs;
  if ((endFrame * 1000) / fps - lastWordMs < closing.leastMs) return undefined;
  return {
    fromFrame: msToFrame(lastWordMs + closing.afterMs, fps),
    endFrame,
    fadeInFrames: (closing.fadeInMs * fps) / 1000,
    fadeOutFrames: (closing.fadeOutMs * fps) / 1000,
  };
}

/** 0..1 at a frame of the scene. */
export function cardOpacity(
  { fromFrame, endFrame, fadeInFrames, fadeOutFrames }: CardTimes,
  index: number,
): number {
  const solid = Math.min((index - fromFrame + 1) / fadeInFrames, (endFrame - 1 - index) / fadeOutFrames);
  return Math.max(0, Math.min(1, solid));
}
