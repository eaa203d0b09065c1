// Hears the pitch of a voice: the lag at which the sound is most like itself, ten milliseconds at a time.

export const stepMs = 10;
const lowestHz = 60;
const highestHz = 380;
/** Pitch is looked for in sound of about this rate. */
const thinnedHz = 4_400;
const windowMs = 20;
/** Less like itself than this, or quieter than −50 dBFS: no voice. */
const voicedLikeness = 0.72;
const quietPower = 1e-5;
/** A lag this much less alike than the best is taken when it is a whole fraction: an octave is missed otherwise. */
const octaveShare = 0.9;

/** Hz at each step of `samples`, 0 where no voice sounds. */
export function trackPitch(samples: Float32Array, sampleRate: number): Float32Array {
  const every = Math.max(1, Math.round(sampleRate / thinnedHz));
  const thinned = thinOut(samples, every);
  const rate = sampleRate / every;
  const size = Math.round((windowMs * rate) / 1000);
  const [shortest, longest] = [Math.floor(rate / highestHz), Math.ceil(rate / lowestHz)];
  const likeness = new Float64Array(longest + 2);
  const count = Math.floor((samples.length * 1000) / sampleRate / stepMs);
  const pitch = new Float32Array(count);
  for (let step = 0; step < count; step++) {
    const centre = Math.round(((step + 0.5) * stepMs * rate) / 1000);
    pitch[step] = pitchAt(thinned, centre, size, shortest, longest, likeness, rate);
  }
  return withoutStrays(pitch);
}

function pitchAt(
  samples: Float32Array,
  centre: number,
  size: number,
  shortest: number,
  longest: number,
  likeness: Float64Array,
  rate: number,
): number {
  const own = powerOf(samples, centre - size, size) + powerOf(samples, centre, size);
  if (own / (2 * size) < quietPower) return 0;
  let best = 0;
  for (let lag = shortest - 1; lag <= longest + 1; lag++) {
    // Both windows lie around the centre, whatever the lag.
    const from = centre - ((size + lag) >> 1);
    let [product, first, second] = [0, 1e-9, 1e-9];
    for (let i = from; i < from + size; i++) {
      const [x, y] = [samples[i] ?? 0, samples[i + lag] ?? 0];
      product += x * y;
      first += x * x;
      second += y * y;
    }
    likeness[lag] = product / Math.sqrt(first * second);
    if (lag >= shortest && lag <= longest) best = Math.max(best, likeness[lag]!);
  }
  if (best < voicedLikeness) return 0;
  for (let lag = shortest; lag <= longest; lag++) {
    const [before, here, after] = [likeness[lag - 1]!, likeness[lag]!, likeness[lag + 1]!];
    if (here < octaveShare * best || here < before || here < after) continue;
    const bend = before - 2 * here + after;
    return rate / (lag + (bend === 0 ? 0 : (before - after) / (2 * bend)));
  }
  return 0;
}

/** A step apart from both neighbours by more than a fifth, or alone, is a mistake. */
function withoutStrays(pitch: Float32Array): Float32Array {
  return pitch.map((hz, i) => {
    const near = [pitch[i - 1] ?? 0, pitch[i + 1] ?? 0].filter((other) => other > 0);
    const fits = near.some((other) => Math.abs(Math.log2(other / hz)) < 0.25);
    return hz > 0 && fits ? hz : 0;
  });
}

function thinOut(samples: Float32Array, every: number): Float32Array {
  const thinned = new Float32Array(Math.floor(samples.length / every));
  for (let i = 0; i < thinned.length; i++) {
    let sum = 0;
    for (let k = i * every; k < (i + 1) * every; k++) sum += samples[k]!;
    thinned[i] = sum / every;
  }
  return thinned;
}

function powerOf(samples: Float32Array, from: number, count: number): number {
  let sum = 0;
  for (let i = Math.max(0, from); i < Math.min(samples.length, from + count); i++) {
    sum += samples[i]! * samples[i]!;
  }
  return sum;
}
