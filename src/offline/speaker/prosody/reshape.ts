// Gives a voice other durations, pitch and loudness without touching its timbre: periods are laid down nearer to one
// another or farther apart, left out or repeated (TD-PSOLA).
import { dbToGain } from '../../../sound/decibels.ts';
import { stepMs } from './pitch.ts';
import { markPeriods } from './pitch-marks.ts';

/** What to do at each step (see pitch.ts) of the sound. */
export interface Shape {
  /** Duration, 1 = as it is. */
  stretch: Float32Array;
  /** Pitch, semitones up. */
  semitones: Float32Array;
  gainDb: Float32Array;
}

export interface Reshaped {
  samples: Float32Array;
  /** Where what was at `ms` is now. */
  timeOf(ms: number): number;
}

export function neutralShape(steps: number): Shape {
  return {
    stretch: new Float32Array(steps).fill(1),
    semitones: new Float32Array(steps),
    gainDb: new Float32Array(steps),
  };
}

/** `pitch` as trackPitch heard it in `samples`; `shape` has as many steps. */
export function reshape(
  samples: Float32Array,
  sampleRate: number,
  pitch: Float32Array,
  shape: Shape,
): Reshaped {
  const { at, voiced } = markPeriods(samples, sampleRate, pitch);
  const step = (stepMs * sampleRate) / 1000;
  const steps = pitch.length;
  const moved = new Float64Array(steps + 1);
  for (let i = 0; i < steps; i++) moved[i + 1] = moved[i]! + step * shape.stretch[i]!;
  const placeOf = (sample: number): number => {
    const index = Math.min(steps, Math.floor(sample / step));
    return moved[index]! + (sample - index * step) * (shape.stretch[Math.min(index, steps - 1)] ?? 1);
  };
  const valueAt = (values: Float32Array, sample: number): number => {
    const where = Math.min(steps - 1, Math.max(0, sample / step - 0.5));
    const index = Math.min(steps - 2, Math.floor(where));
    if (index < 0) return values[0] ?? 0;
    return values[index]! + (values[index + 1]! - values[index]!) * (where - index);
  };

  const output = new Float32Array(Math.round(placeOf(samples.length)));
  const weight = new Float32Array(output.length);

  /** Lays the sound around mark `k` down at `place`, fading to its neighbours. */
  function lay(k: number, place: number, backwards: boolean): void {
    const centre = at[k]!;
    const [left, right] = [centre - (at[k - 1] ?? centre), (at[k + 1] ?? centre) - centre];
    const gain = dbToGain(valueAt(shape.gainDb, centre));
    for (let i = -left; i < right; i++) {
      const to = place + i;
      if (to < 0 || to >= output.length) continue;
      const share = 0.5 + 0.5 * Math.cos((Math.PI * i) / (i < 0 ? left : right));
      output[to]! += gain * share * (samples[backwards ? centre - 1 - i : centre + i] ?? 0);
      weight[to]! += share;
    }
  }

  let nearest = 0;
  let laid = -1;
  for (let place = 0; place < output.length; ) {
    while (
      nearest + 1 < at.length - 1 &&
      Math.abs(placeOf(at[nearest + 1]!) - place) <= Math.abs(placeOf(at[nearest]!) - place)
    ) {
      nearest++;
    }
    // Noise that comes twice the same way is heard as a tone.
    lay(nearest, Math.round(place), nearest === laid && !voiced[nearest]);
    laid = nearest;
    const period = at[nearest + 1]! - at[nearest]!;
    const raise = voiced[nearest] ? 2 ** (valueAt(shape.semitones, at[nearest]!) / 12) : 1;
    place += Math.max(1, period / raise);
  }
  for (let i = 0; i < output.length; i++) output[i]! /= Math.max(weight[i]!, 0.05);

  return {
    samples: output,
    timeOf: (ms) => (placeOf((ms * sampleRate) / 1000) * 1000) / sampleRate,
  };
}
