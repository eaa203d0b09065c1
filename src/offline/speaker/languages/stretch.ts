// What a reader gives for a part of the script and those behind it that it takes along, and what it may look at around them.
import { endsSentence, type Part } from '../take-apart.ts';
import type { Surroundings } from './language.ts';

/** The words of a stretch of parts, and how many it takes. */
export interface Stretch {
  words: string;
  parts: number;
}

/** Lower-case words around a stretch that no rest separates from it. */
export function around(parts: Part[], index: number, taken = 1): Surroundings {
  const before = parts[index - 1];
  const after = parts[index + taken];
  return {
    before: before && !endsSentence(before.rest) ? before.core.toLowerCase() : '',
    after: after && parts[index + taken - 1]!.rest !== 'comma' ? after.core.toLowerCase() : '',
  };
}
