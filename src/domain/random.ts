// Seeded chance: the same seed gives the same sequence everywhere.

/** Returns the next number, 0 ≤ x < 1. */
export type Random = () => number;

/** A mulberry32 generator. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One seed from several numbers and words. */
export function mixSeed(...parts: (number | string)[]): number {
  let hash = 0x811c9dc5;
  for (const char of parts.join('|')) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return hash | 0;
}

/** A number in `from..to`. */
export function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random();
}

/** One of `choices`. */
export function pick<Choice>(random: Random, choices: readonly Choice[]): Choice {
  return choices[Math.floor(random() * choices.length)]!;
}
