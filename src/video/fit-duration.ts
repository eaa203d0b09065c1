// Decides how to meet the asked duration with the narration that was measured: pace within natural limits, then
// pauses. Pure arithmetic; laying out and speaking are others' work.

import { paceLimits, type Silences, silences, totalSilenceMs } from '../domain/possible-duration.ts';

/**
 * The pace (two decimals) at which narration of `speechMs` (measured at pace 1) comes closest to filling
 * `requestedMs` with natural pauses.
 */
export function choosePace(speechMs: number, scenes: number, requestedMs: number): number {
  const room = Math.max(1, requestedMs - totalSilenceMs(silences.natural, scenes));
  const pace = Math.min(paceLimits.max, Math.max(paceLimits.min, speechMs / room));
  return Math.round(pace * 100) / 100;
}

/**
 * Silences that make narration of `speechMs` (as it will be heard) last `requestedMs`, or as near as the limits
 * allow; natural ones when no duration was asked for.
 */
export function chooseSilences(speechMs: number, scenes: number, requestedMs: number | undefined): Silences {
  const { natural, shortest, longest } = silences;
  if (requestedMs === undefined) return natural;
  const wanted = requestedMs - speechMs;
  const usual = totalSilenceMs(silences.natural, scenes);
  const towards = wanted < usual ? shortest : longest;
  const reach = totalSilenceMs(towards, scenes) - usual;
  const share = Math.min(1, Math.max(0, (wanted - usual) / reach));
  const blend = (from: number, to: number) => from + (to - from) * share;
  return {
    leadMs: blend(natural.leadMs, towards.leadMs),
    gapMs: blend(natural.gapMs, towards.gapMs),
    tailMs: blend(natural.tailMs, towards.tailMs),
  };
}
