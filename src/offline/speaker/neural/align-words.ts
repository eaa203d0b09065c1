// Finds the words in a voice that does not tell its times: the same sentence, spoken by a voice that does, is laid over
// it by dynamic time warping.
import type { TimeSpan, Utterance } from '../engine.ts';
import { frameMs, spectralFrames } from './spectral-frames.ts';

/** How far the two may drift apart, as a share of the sentence. */
const band = 0.2;
const leastBandFrames = 40;
/** Standing still in one of the two costs this much more than going on in both. */
const stillCost = 0.15;

/** The spans of `reference` as they are in `samples`; null where the reference has none. */
export function alignWords(
  samples: Float32Array,
  sampleRate: number,
  reference: Utterance,
): (TimeSpan | null)[] {
  const heard = trimmed(samples, sampleRate);
  const known = trimmed(reference.samples, reference.sampleRate);
  const timeOf = warp(
    spectralFrames(known.samples, reference.sampleRate),
    spectralFrames(heard.samples, sampleRate),
  );
  const move = (ms: number) => heard.startMs + timeOf(ms - known.startMs);
  return reference.spans.map((span) => span && { startMs: move(span.startMs), endMs: move(span.endMs) });
}

/** Without the silence around it. */
function trimmed(samples: Float32Array, sampleRate: number): { samples: Float32Array; startMs: number } {
  let peak = 0;
  for (let i = 0; i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i]!));
  const threshold = peak * 0.01;
  let first = 0;
  while (first < samples.length && Math.abs(samples[first]!) <= threshold) first++;
  let last = samples.length;
  while (last > first && Math.abs(samples[last - 1]!) <= threshold) last--;
  return { samples: samples.subarray(first, last), startMs: (first * 1000) / sampleRate };
}

/** From milliseconds in `known` to milliseconds in `heard`, by the cheapest path through both. */
function warp(known: Float32Array[], heard: Float32Array[]): (ms: number) => number {
  const [rows, columns] = [known.length, heard.length];
  const reach = Math.max(leastBandFrames, Math.ceil(band * columns));
  const cost = new Float32Array(rows * columns).fill(Number.POSITIVE_INFINITY);
  const moves = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const centre = Math.round((row * columns) / rows);
    const to = Math.min(columns, centre + reach + 1);
    for (let column = Math.max(0, centre - reach); column < to; column++) {
      const here = row * columns + column;
      const distance = apart(known[row]!, heard[column]!);
      const both = row > 0 && column > 0 ? cost[here - columns - 1]! : Number.POSITIVE_INFINITY;
      const down = row > 0 ? cost[here - columns]! + stillCost : Number.POSITIVE_INFINITY;
      const right = column > 0 ? cost[here - 1]! + stillCost : Number.POSITIVE_INFINITY;
      const best = Math.min(both, down, right);
      cost[here] = distance + (row === 0 && column === 0 ? 0 : best);
      moves[here] = best === both ? 0 : best === down ? 1 : 2;
    }
  }
  const first = new Int32Array(rows);
  const last = new Int32Array(rows).fill(-1);
  for (let row = rows - 1, column = columns - 1; ; ) {
    first[row] = column;
    if (last[row] === -1) last[row] = column;
    if (row === 0 && column === 0) break;
    const move = row === 0 ? 2 : column === 0 ? 1 : moves[row * columns + column]!;
    if (move !== 2) row--;
    if (move !== 1) column--;
  }
  return (ms) => {
    const at = Math.min(rows - 1e-6, Math.max(0, ms / frameMs));
    const row = Math.floor(at);
    const from = (first[row]! + last[row]!) / 2;
    const to = row + 1 < rows ? (first[row + 1]! + last[row + 1]!) / 2 : columns;
    return Math.min(columns, from + (to - from) * (at - row)) * frameMs;
  };
}

function apart(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum / a.length);
}
