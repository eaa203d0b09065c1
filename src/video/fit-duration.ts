// Decides how to meet the asked duration with the narration that was measured: pace within natural limits, then
// pauses. Pure arithmetic; laying out and speaking are others' work.

/** Limits within which speech still sounds natural; 1 = as the voice speaks by itself. */
export const paceLimits = { min: 0.85, max: 1.25 } as const;

export interface Silences {
  /** Before the first word. */
  leadMs: number;
  /** Between scenes. */
  gapMs: number;
  /** After the last word. */
  tailMs: number;
}

const natural: Silences = { leadMs: 900, gapMs: 420, tailMs: 1_700 };
const shortest: Silences = { leadMs: 350, gapMs: 180, tailMs: 900 };
const longest: Silences = { leadMs: 3_000, gapMs: 2_500, tailMs: 5_000 };

const totalMs = ({ leadMs, gapMs, tailMs }: Silences, scenes: number) =>
  leadMs + gapMs * (scenes - 1) + tailMs;

/** Seconds between which a video of this narration can be, given how long it takes at pace 1. */
export function possibleDurations(
  speechMs: number,
  scenes: number,
): { shortestMs: number; longestMs: number } {
  return {
    shortestMs: Math.ceil(speechMs / paceLimits.max + totalMs(shortest, scenes)),
    longestMs: Math.floor(speechMs / paceLimits.min + totalMs(longest, scenes)),
  };
}

/**
 * The pace (two decimals) at which narration of `speechMs` (measured at pace 1) comes closest to filling
 * `requestedMs` with natural pauses.
 */
export function choosePace(speechMs: number, scenes: number, requestedMs: number): number {
  const room = Math.max(1, requestedMs - totalMs(natural, scenes));
  const pace = Math.min(paceLimits.max, Math.max(paceLimits.min, speechMs / room));
  return Math.round(pace * 100) / 100;
}

/**
 * Silences that make narration of `speechMs` (as it will be heard) last `requestedMs`, or as near as the limits
 * allow; natural ones when no duration was asked for.
 */
export function chooseSilences(speechMs: number, scenes: number, requestedMs: number | undefined): Silences {
  if (requestedMs === undefined) return natural;
  const wanted = requestedMs - speechMs;
  const usual = totalMs(natural, scenes);
  const towards = wanted < usual ? shortest : longest;
  const reach = totalMs(towards, scenes) - usual;
  const share = Math.min(1, Math.max(0, (wanted - usual) / reach));
  const blend = (from: number, to: number) => from + (to - from) * share;
  return {
    leadMs: blend(natural.leadMs, towards.leadMs),
    gapMs: blend(natural.gapMs, towards.gapMs),
    tailMs: blend(natural.tailMs, towards.tailMs),
  };
}
