// The air around a dry voice: a handful of early reflections, far below the voice and gone before the next word. Mono, no
// delay of the voice itself.
import { dbToGain } from '../../sound/decibels.ts';

/** Of a small furnished room, no two the same distance apart. Milliseconds and dB below the voice. */
const reflections: [number, number][] = [
  [4.3, -27],
  [7.1, -28],
  [10.9, -29.5],
  [13.7, -31],
  [17.9, -33],
  [21.7, -36],
];
/** Walls take the highs first. */
const wallHz = 4_200;

export interface Room {
  /** Adds the room to `samples` in place; keeps its memory for the next block. */
  process(samples: Float32Array): void;
}

export function createRoom(sampleRate: number): Room {
  const taps = reflections.map(([ms, gainDb], i) => ({
    delay: Math.round((ms * sampleRate) / 1000),
    gain: dbToGain(gainDb) * (i % 2 === 0 ? 1 : -1),
  }));
  const memory = new Float32Array(2 ** Math.ceil(Math.log2(taps.at(-1)!.delay + 1)));
  const mask = memory.length - 1;
  const soften = 1 - Math.exp((-2 * Math.PI * wallHz) / sampleRate);
  let at = 0;
  let low = 0;

  return {
    process(samples) {
      for (let i = 0; i < samples.length; i++) {
        low += soften * (samples[i]! - low);
        // Too small to hear, slow to compute with.
        if (Math.abs(low) < 1e-15) low = 0;
        memory[at & mask] = low;
        let sum = samples[i]!;
        for (let k = 0; k < taps.length; k++) sum += taps[k]!.gain * memory[(at - taps[k]!.delay) & mask]!;
        samples[i] = sum;
        at = (at + 1) & mask;
      }
    },
  };
}
