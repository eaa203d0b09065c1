// Gives a voice that ends at 8 kHz some breath above: the hiss of its upper octave once more, moved up a little and softer, so
// that an s does not break off. What does not hiss has nothing there, and silence stays silence.
import { filterInPlace, highPass, lowPass } from '../../sound/biquad.ts';

const fromHz = 5_200;
const upwardsHz = 2_400;
const aboveHz = 7_800;
const belowHz = 10_500;
/** How much of the new sound is added; half of a moved sound goes down instead and is filtered away. */
const amount = 0.7;

export interface Air {
  /** Adds to `samples` in place; keeps its state for the next block. */
  process(samples: Float32Array): void;
}

/** `sampleRate` is a multiple of 2,400. */
export function createAir(sampleRate: number): Air {
  // Two each: fourth order.
  const source = [0.54, 1.3].map((q) => highPass(fromHz, q, sampleRate));
  const result = [
    ...[0.54, 1.3].map((q) => highPass(aboveHz, q, sampleRate)),
    lowPass(belowHz, Math.SQRT1_2, sampleRate),
  ];
  // The moving tone comes round after a whole number of samples.
  const tone = Float32Array.from({ length: sampleRate / upwardsHz }, (_, i) =>
    Math.cos((2 * Math.PI * upwardsHz * i) / sampleRate),
  );
  let phase = 0;

  return {
    process(samples) {
      const moved = samples.slice();
      for (const filter of source) filterInPlace(filter, moved);
      for (let i = 0; i < moved.length; i++) {
        moved[i]! *= tone[phase]!;
        phase = phase + 1 === tone.length ? 0 : phase + 1;
      }
      for (const filter of result) filterInPlace(filter, moved);
      for (let i = 0; i < samples.length; i++) samples[i]! += amount * moved[i]!;
    },
  };
}
