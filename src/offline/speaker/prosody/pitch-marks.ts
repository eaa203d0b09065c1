// Marks in a voice's sound, one a period where it has a pitch and a few milliseconds apart where it has none: between
// them it can be cut.
import { stepMs } from './pitch.ts';

const unvoicedMs = 5;
/** How far a period may differ from the one that was heard. */
const play = 0.15;

export interface Marks {
  /** Samples, rising, from 0 to the end of the sound. */
  at: number[];
  /** Whether the stretch up to the next mark is a period of voice. */
  voiced: boolean[];
}

/** `pitch` as trackPitch heard it in `samples`. */
export function markPeriods(samples: Float32Array, sampleRate: number, pitch: Float32Array): Marks {
  const step = (stepMs * sampleRate) / 1000;
  const still = Math.round((unvoicedMs * sampleRate) / 1000);
  const marks: Marks = { at: [], voiced: [] };
  const put = (at: number, voiced: boolean) => {
    marks.at.push(at);
    marks.voiced.push(voiced);
  };
  let reached = 0;
  const fillUpTo = (end: number) => {
    if (end === reached) return;
    const count = Math.max(1, Math.round((end - reached) / still));
    for (let i = 0; i < count; i++) put(Math.round(reached + ((end - reached) * i) / count), false);
  };

  for (let first = 0; first < pitch.length; ) {
    if (pitch[first] === 0) {
      first++;
      continue;
    }
    let last = first;
    while (last + 1 < pitch.length && pitch[last + 1]! > 0) last++;
    const periodAt = (at: number) =>
      sampleRate / pitch[Math.min(last, Math.max(first, Math.floor(at / step)))]!;
    const [from, to] = [Math.round(first * step), Math.round((last + 1) * step)];
    const periods = walk(samples, from, to, periodAt);
    if (periods.length > 2 && periods[0]! >= reached) {
      fillUpTo(periods[0]!);
      for (const at of periods.slice(0, -1)) put(at, true);
      reached = periods.at(-1)!;
    }
    first = last + 1;
  }
  if (reached < samples.length) fillUpTo(samples.length);
  put(samples.length, false);
  return marks;
}

/** The peaks of the periods between `from` and `to`. */
function walk(samples: Float32Array, from: number, to: number, periodAt: (at: number) => number): number[] {
  const middle = Math.round((from + to) / 2);
  let start = middle;
  const reach = Math.round(periodAt(middle) / 2);
  for (let i = middle - reach; i < middle + reach; i++) {
    if (Math.abs(samples[i] ?? 0) > Math.abs(samples[start] ?? 0)) start = i;
  }
  const before: number[] = [];
  for (let at = start; ; ) {
    const next = at - likest(samples, at, -1, periodAt(at));
    if (next < from) break;
    before.unshift(next);
    at = next;
  }
  const after: number[] = [];
  for (let at = start; ; ) {
    const next = at + likest(samples, at, 1, periodAt(at));
    if (next > to) break;
    after.push(next);
    at = next;
  }
  return [...before, start, ...after];
}

/** The distance in `direction` at which the sound around `at` is most like itself. */
function likest(samples: Float32Array, at: number, direction: 1 | -1, period: number): number {
  const half = Math.round(period / 2);
  let [best, found] = [Number.NEGATIVE_INFINITY, Math.round(period)];
  for (let lag = Math.round(period * (1 - play)); lag <= Math.round(period * (1 + play)); lag++) {
    let [product, power] = [0, 1e-9];
    for (let i = at - half; i < at + half; i += 2) {
      const [x, y] = [samples[i] ?? 0, samples[i + direction * lag] ?? 0];
      product += x * y;
      power += y * y;
    }
    const alike = product / Math.sqrt(power);
    if (alike > best) [best, found] = [alike, lag];
  }
  return found;
}
