// How long a video of a given narration can be: limits of pace and of silences. Pure; choosing within them is video/'s.

/** Limits within which speech still sounds natural; 1 = as the voice speaks by itself. */
export const paceLimits = { min: 0.85, max: 1.25 } as const;

export interface Silences {
  /** Before the first word. */
  leadMs: number;
  /** Between scenes. */
  gapMs: number;
  /** After the last word; the closing card stands in it. */
  tailMs: number;
}

export const silences: Record<'natural' | 'shortest' | 'longest', Silences> = {
  natural: { leadMs: 900, gapMs: 420, tailMs: 2_200 },
  shortest: { leadMs: 350, gapMs: 180, tailMs: 900 },
  longest: { leadMs: 3_000, gapMs: 2_500, tailMs: 5_000 },
};

export function totalSilenceMs({ leadMs, gapMs, tailMs }: Silences, scenes: number): number {
  return leadMs + gapMs * (scenes - 1) + tailMs;
}

/** Between which lengths a video of this narration can be, given how long it takes at pace 1. */
export function possibleDurations(
  speechMs: number,
  scenes: number,
): { shortestMs: number; longestMs: number } {
  return {
    shortestMs: Math.ceil(speechMs / paceLimits.max + totalSilenceMs(silences.shortest, scenes)),
    longestMs: Math.floor(speechMs / paceLimits.min + totalSilenceMs(silences.longest, scenes)),
  };
}
