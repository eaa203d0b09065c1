// The languages that are read in words before an engine sees them, beside English, which has a room of its own.
import { french } from './french.ts';
import { german } from './german.ts';
import { italian } from './italian.ts';
import type { LanguageReading } from './language.ts';
import { spanish } from './spanish.ts';

/** By primary tag. */
export const readings: ReadonlyMap<string, LanguageReading> = new Map([
  ['de', german],
  ['fr', french],
  ['es', spanish],
  ['it', italian],
]);
