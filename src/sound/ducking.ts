// How far music and beds step back for the voice over time, and how deep they must go. Pure.

/** Values of a duck curve per second. */
const duckRate = 100;

export interface SpeechSpan {
  startMs: number;
  endMs: number;
}

/** The way down begins this long before the voice … */
const attackMs = 380;
/** … and ends this long before it. */
const settleMs = 40;
const holdMs = 180;
const releaseMs = 950;
/** After the last word the music takes over at once. */
const lastReleaseMs = 550;
/** Pauses shorter than this are part of the sentence: coming back for them would pump. */
const bridgeMs = 700;

/**
 * 0 = full level … 1 = fully stepped back, 100 values per second from the start of the video. Goes down before
 * the voice begins and comes back slowly after it.
 */
export function drawDuckCurve(speech: SpeechSpan[], durationMs: number): Float32Array {
  const curve = new Float32Array(Math.ceil((durationMs * duckRate) / 1000) + 2);
  const spans = bridge(speech);
  for (const [n, { startMs, endMs }] of spans.entries()) {
    const backMs = n === spans.length - 1 ? lastReleaseMs : releaseMs;
    const downMs = startMs - attackMs;
    const bottomMs = startMs - settleMs;
    const upMs = endMs + holdMs;
    const first = Math.max(0, Math.floor((downMs * duckRate) / 1000));
    const last = Math.min(curve.length - 1, Math.ceil(((upMs + backMs) * duckRate) / 1000));
    for (let i = first; i <= last; i++) {
      const ms = (i * 1000) / duckRate;
      const down = smooth((ms - downMs) / (bottomMs - downMs));
      const up = smooth(1 - (ms - upMs) / backMs);
      curve[i] = Math.max(curve[i]!, Math.min(down, up));
    }
  }
  return curve;
}

function bridge(speech: SpeechSpan[]): SpeechSpan[] {
  const sorted = speech.filter(({ startMs, endMs }) => endMs > startMs).sort((a, b) => a.startMs - b.startMs);
  const spans: SpeechSpan[] = [];
  for (const span of sorted) {
    const last = spans.at(-1);
    if (last && span.startMs - last.endMs < bridgeMs) last.endMs = Math.max(last.endMs, span.endMs);
    else spans.push({ ...span });
  }
  return spans;
}

function smooth(x: number): number {
  return x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x);
}

/** The curve at `second`, between its values. */
export function duckAt(curve: Float32Array, second: number): number {
  const at = second * duckRate;
  const index = Math.max(0, Math.min(curve.length - 2, Math.floor(at)));
  const share = Math.min(1, at - index);
  return curve[index]! + (curve[index + 1]! - curve[index]!) * share;
}

/**
 * The duck depth in dB, within the limits, at which the mean of `powers` (one per step, of music at full level) under
 * `amounts` (the curve at those steps) is not above `allowedPower`.
 */
export function solveDuckDepth(
  powers: number[],
  amounts: number[],
  allowedPower: number,
  limits: { leastDb: number; mostDb: number },
): number {
  let { leastDb, mostDb } = limits;
  if (duckedPower(powers, amounts, leastDb) <= allowedPower) return leastDb;
  for (let round = 0; round < 30; round++) {
    const middle = (leastDb + mostDb) / 2;
    if (duckedPower(powers, amounts, middle) > allowedPower) leastDb = middle;
    else mostDb = middle;
  }
  return mostDb;
}

/** Mean of `powers` under `amounts` at a duck depth. */
export function duckedPower(powers: number[], amounts: number[], depthDb: number): number {
  const sum = powers.reduce((total, power, i) => total + power * 10 ** ((-depthDb * amounts[i]!) / 10), 0);
  return sum / Math.max(1, powers.length);
}
