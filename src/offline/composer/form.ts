// Where the bars lie: a tempo at which they end with the video and meet the cuts, and how full each bar is. Pure.
import type { MusicInput } from '../../ports/providers.ts';

export interface Bar {
  index: number;
  startSeconds: number;
  /** 0..1: how much plays. */
  level: number;
  /** First bar of a new scene. */
  opensSection: boolean;
  part: 'body' | 'cadence' | 'final';
}

export interface Form {
  bpm: number;
  beatSeconds: number;
  /** Sounds before the first whole bar; 0 when the bars fill the piece. */
  pickupSeconds: number;
  /** The last one ends with the piece. */
  bars: Bar[];
}

export const beatsPerBar = 4;
const largestNudge = 0.06;
/** A last chord shorter than this takes two bars. */
const shortestRingSeconds = 2.2;

export function planForm(input: Pick<MusicInput, 'durationMs' | 'sections'>, wishedBpm: number): Form {
  const totalSeconds = input.durationMs / 1000;
  const cuts = input.sections
    .map(({ startMs }) => startMs / 1000)
    .filter((cut) => cut > 0.5 && cut < totalSeconds - 1);
  const bpm = chooseTempo(totalSeconds, cuts, wishedBpm);
  const beatSeconds = 60 / bpm;
  const barSeconds = beatSeconds * beatsPerBar;
  const barCount = Math.max(1, Math.floor(totalSeconds / barSeconds + 1e-6));
  const pickupSeconds = Math.max(0, totalSeconds - barCount * barSeconds);
  const starts = Array.from({ length: barCount }, (_, index) => pickupSeconds + index * barSeconds);
  const finalBars = barSeconds < shortestRingSeconds && barCount > 4 ? 2 : 1;
  const openers = new Set(cuts.map((cut) => nearest(starts, cut)));

  const bars = starts.map((startSeconds, index): Bar => {
    const left = barCount - index;
    return {
      index,
      startSeconds,
      level: levelAt(input.sections, startSeconds + barSeconds / 2, totalSeconds),
      opensSection: openers.has(index),
      part: left <= finalBars ? 'final' : left === finalBars + 1 && barCount > 2 ? 'cadence' : 'body',
    };
  });
  return { bpm, beatSeconds, pickupSeconds, bars };
}

/** Bars count back from the end; the tempo decides how near they come to the cuts and to filling the start. */
function chooseTempo(totalSeconds: number, cuts: number[], wishedBpm: number): number {
  let best = wishedBpm;
  let least = Number.POSITIVE_INFINITY;
  for (let nudge = -largestNudge; nudge <= largestNudge + 1e-9; nudge += 0.0025) {
    const bpm = wishedBpm * (1 + nudge);
    const barSeconds = (60 / bpm) * beatsPerBar;
    const misses = cuts.map((cut) => distanceToGrid(totalSeconds - cut, barSeconds));
    const miss = misses.reduce((sum, value) => sum + value, 0) / Math.max(1, misses.length);
    const start = distanceToGrid(totalSeconds, barSeconds);
    const cost = miss + 1.2 * start + 0.5 * Math.abs(nudge);
    if (cost < least - 1e-9) [least, best] = [cost, bpm];
  }
  return best;
}

/** 0 on a bar line … 0.5 between two. */
function distanceToGrid(seconds: number, barSeconds: number): number {
  const bars = seconds / barSeconds;
  return Math.abs(bars - Math.round(bars));
}

function nearest(starts: number[], second: number): number {
  return starts.reduce(
    (best, start, i) => (Math.abs(start - second) < Math.abs(starts[best]! - second) ? i : best),
    0,
  );
}

/** The scene's energy on an arc: a quiet opening, a build, the fullest stretch before the end. */
function levelAt(sections: MusicInput['sections'], second: number, totalSeconds: number): number {
  const section = sections.findLast(({ startMs }) => startMs / 1000 <= second) ?? sections[0];
  const energy = section?.energy ?? 0.5;
  const place = second / totalSeconds;
  const arc = place < 0.12 ? 0.15 : place < 0.75 ? 0.35 + ((place - 0.12) / 0.63) * 0.6 : 0.95;
  return Math.min(1, Math.max(0, 0.5 * energy + 0.5 * arc));
}
