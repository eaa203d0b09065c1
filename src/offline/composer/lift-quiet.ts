// Where a piece is much quieter than on the whole, as in its first bars, it is lifted part of the way, so that an opening
// is heard and still grows. Pure.
import { powerToLufs, stepsPerSecond } from '../../sound/loudness.ts';

/** Quieter than the whole by more than this counts as quiet; of what is more, this share is made up for. */
const belowLu = 5;
const share = 0.65;
const mostDb = 8;
/** Loudness is heard over this long, and gains move as slowly. */
const windowSeconds = 1.6;
/** The end may die away. */
const endSeconds = 4;

/** Gains in dB, one per step of the loudness meter. */
export function liftQuiet(stepPowers: Float64Array, integratedLufs: number): Float64Array {
  const last = stepPowers.length - endSeconds * stepsPerSecond;
  const wanted = Float64Array.from(stepPowers, (_, step) => {
    const lufs = powerToLufs(meanAround(stepPowers, Math.min(step, Math.max(0, last))));
    return step < last ? Math.min(mostDb, Math.max(0, share * (integratedLufs - belowLu - lufs))) : 0;
  });
  return wanted.map((_, step) => meanAround(wanted, step));
}

function meanAround(values: Float64Array, step: number): number {
  const side = Math.round((windowSeconds * stepsPerSecond) / 2);
  const near = values.subarray(Math.max(0, step - side), step + side + 1);
  return near.reduce((sum, value) => sum + value, 0) / near.length;
}
