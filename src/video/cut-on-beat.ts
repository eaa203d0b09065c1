// Brings cuts and beats of the music together: moves a cut within the silence between two scenes, and silences by some
// tenths of a second, so that the cut meets a beat. Words are never cut into, and their pace never changes. Pure.
import { cutOf, styleLooks } from '../domain/styles.ts';
import type { StyleName } from '../domain/video-request.ts';

/** From the last word to the cut, and from the cut to the next word. */
const afterSpeechMs = 80;
const beforeSpeechMs = 60;
/** Of the silence between two scenes, the share that still shows the first. */
const cutAt = 0.55;

export interface Rhythm {
  style: StyleName;
  /** In order. */
  beatsMs: number[];
}

interface Silence {
  startMs: number;
  endMs: number;
}

/**
 * Where the scene at `index` begins: on the beat nearest to the wished place for which the cut lies within the silence,
 * or at the wished place when there is none. Transitions with a moment of their own (a whip, a dip, a wipe) have that
 * on the beat.
 */
export function cutOnBeat(silence: Silence, index: number, rhythm: Rhythm | undefined): number {
  return (
    (rhythm && findCut(silence, strikesAfterMs(index, rhythm.style), rhythm.beatsMs)) ?? wishedCut(silence)
  );
}

/** When what is seen of a transition happens, counted from the scene's start. */
function strikesAfterMs(index: number, style: StyleName): number {
  return ['whip', 'dip', 'wipe'].includes(cutOf(style, index)) ? styleLooks[style].transitionMs / 2 : 0;
}

function wishedCut({ startMs, endMs }: Silence): number {
  return startMs + (endMs - startMs) * cutAt;
}

function findCut(silence: Silence, strikesMs: number, beatsMs: number[]): number | undefined {
  const wishedMs = wishedCut(silence);
  let best: number | undefined;
  const first = firstFrom(beatsMs, silence.startMs + afterSpeechMs + strikesMs);
  for (let i = first; i < beatsMs.length; i++) {
    const cutMs = beatsMs[i]! - strikesMs;
    if (cutMs > silence.endMs - beforeSpeechMs) break;
    if (best === undefined || Math.abs(cutMs - wishedMs) < Math.abs(best - wishedMs)) best = cutMs;
  }
  return best;
}

/** Index of the first beat that is not before `ms`. */
function firstFrom(beatsMs: number[], ms: number): number {
  let [low, high] = [0, beatsMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (beatsMs[middle]! < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A sentence begins at most this much earlier or later than with equal silences; tried in steps. */
const mostShiftMs = 450;
const stepMs = 25;
const shifts = Array.from({ length: (2 * mostShiftMs) / stepMs + 1 }, (_, i) => i * stepMs - mostShiftMs);
/** A silence keeps this share of its length, and this length unless it is shorter anyway; it grows by this at most. */
const leastShare = 0.5;
const leastGapMs = 180;
const mostGrowthMs = 500;
/** In cuts that miss their beat: a silence of half or one and a half its length; a cut at the edge of its silence. */
const unevenCost = 0.12;
const offCentreCost = 0.1;

/** How a scene came to begin where it does: the silence before it, and the way to that. */
interface Way {
  cost: number;
  gapMs: number;
  before: Way | undefined;
}

/**
 * The silences after all scenes but the last, ms, in which as many cuts as can be meet a beat; each `gapMs` where that
 * gains nothing. `speechMs` is how long each scene speaks; `leadMs` comes before the first. Their sum is that of equal
 * silences, give or take 450 ms, and at most `tailSpareMs` more: what follows the last word makes up for it.
 */
export function spaceForBeats(
  speechMs: number[],
  silences: { leadMs: number; gapMs: number; tailSpareMs: number },
  { style, beatsMs }: Rhythm,
): number[] {
  const { leadMs, gapMs, tailSpareMs } = silences;
  const least = Math.min(gapMs, Math.max(leastGapMs, gapMs * leastShare));
  /** The cheapest way to each shift of the scene reached so far. */
  let ways = new Map<number, Way | undefined>([[0, undefined]]);
  let endMs = leadMs;
  for (const [index, spokenMs] of speechMs.slice(0, -1).entries()) {
    endMs += spokenMs;
    const strikesMs = strikesAfterMs(index + 1, style);
    const isLast = index === speechMs.length - 2;
    const next: typeof ways = new Map();
    for (const shift of shifts) {
      if (isLast && shift > Math.max(0, tailSpareMs)) continue;
      for (const [earlier, before] of ways) {
        const gap = gapMs + shift - earlier;
        if (gap < least || gap > gapMs + mostGrowthMs) continue;
        const startMs = endMs + earlier;
        const cost = costOf({ startMs, endMs: startMs + gap }, strikesMs, beatsMs, gapMs);
        const sum = cost + (before?.cost ?? 0) + (isLast ? unevenCost * (shift / mostShiftMs) ** 2 : 0);
        if (sum < (next.get(shift)?.cost ?? Number.POSITIVE_INFINITY)) {
          next.set(shift, { cost: sum, gapMs: gap, before });
        }
      }
    }
    ways = next;
    endMs += gapMs;
  }
  const gaps: number[] = [];
  for (let way = cheapest(ways); way !== undefined; way = way.before) gaps.unshift(way.gapMs);
  return gaps;
}

function cheapest(ways: Map<number, Way | undefined>): Way | undefined {
  return [...ways.values()].reduce((best, way) => (way && best && way.cost < best.cost ? way : best));
}

function costOf(silence: Silence, strikesMs: number, beatsMs: number[], gapMs: number): number {
  const length = silence.endMs - silence.startMs;
  const uneven = unevenCost * (2 * (length / gapMs - 1)) ** 2;
  const cutMs = findCut(silence, strikesMs, beatsMs);
  if (cutMs === undefined) return 1 + uneven;
  return uneven + offCentreCost * ((2 * (cutMs - wishedCut(silence))) / length) ** 2;
}
