// When each word is heard, from the times of its characters as ElevenLabs gives them. Where what it read differs from what
// was asked, it is matched again from there on.
import type { SpokenWord } from '../../ports/providers.ts';
import { invalidAnswer } from './account.ts';

/** One entry a character, seconds from the start of the sound. */
export interface Alignment {
  characters: string[];
  startSeconds: number[];
  endSeconds: number[];
}

/** A UTF-16 unit that is no white space. */
interface Unit {
  text: string;
  startMs: number;
  endMs: number;
}

/** How far a place to go on from is looked for when the two texts part. */
const reach = 40;
/** Of letters and digits, at least this share must be found: else the times are of another text. */
const leastFound = 0.6;

/**
 * The words with whole milliseconds, in order, within the sound. `cutMs` was cut off its start; `durationMs` is what is
 * left. A word whose letters were read otherwise has the time between its neighbours, a sign that was not read is a moment
 * after the word before. Throws `provider_answer_invalid`.
 */
export function timeWords(
  tokens: readonly string[],
  alignment: Alignment,
  { cutMs, durationMs }: { cutMs: number; durationMs: number },
): SpokenWord[] {
  const read = unitsOf(alignment);
  const matches = match(
    tokens.join(''),
    read.map(({ text }) => text),
  );
  const spoken = soundingUnits(tokens.join(''), 0);
  const found = spoken.filter((at) => matches[at] !== undefined).length;
  if (!isWhole(alignment) || found < leastFound * spoken.length)
    throw invalidAnswer('Its times are not those of the words.');

  const within = (ms: number) => Math.min(Math.floor(durationMs), Math.max(0, Math.round(ms - cutMs)));
  let next = 0;
  const spans = tokens.map((text) => {
    const units = soundingUnits(text, next).flatMap((at) => read[matches[at] ?? -1] ?? []);
    next += text.length;
    if (units.length === 0) return undefined;
    return { startMs: within(units[0]!.startMs), endMs: within(units.at(-1)!.endMs) };
  });
  return inOrder(tokens, spans, Math.floor(durationMs));
}

function isWhole({ characters, startSeconds, endSeconds }: Alignment): boolean {
  return characters.length === startSeconds.length && characters.length === endSeconds.length;
}

function inOrder(
  tokens: readonly string[],
  spans: readonly ({ startMs: number; endMs: number } | undefined)[],
  durationMs: number,
): SpokenWord[] {
  let reachedMs = 0;
  return tokens.map((text, index) => {
    let span = spans[index];
    if (span === undefined && /[\p{L}\p{N}]/u.test(text)) {
      const after = spans.findIndex((each, at) => at > index && each !== undefined);
      const untilMs = spans[after]?.startMs ?? durationMs;
      // Others may be missing too: each has a share of the gap.
      const others = (after < 0 ? tokens.length : after) - index;
      span = { startMs: reachedMs, endMs: Math.round(reachedMs + Math.max(0, untilMs - reachedMs) / others) };
    }
    const startMs = Math.max(reachedMs, span?.startMs ?? 0);
    const endMs = Math.max(startMs, span?.endMs ?? 0);
    reachedMs = endMs;
    return { text, startMs, endMs };
  });
}

/** Letters and digits of a token, as places in all tokens joined; a pause after the word counts as its full stop. */
function soundingUnits(token: string, start: number): number[] {
  const places: number[] = [];
  let at = start;
  for (const character of token) {
    if (/[\p{L}\p{N}\p{M}]/u.test(character)) for (let i = 0; i < character.length; i++) places.push(at + i);
    at += character.length;
  }
  return places.length > 0 ? places : Array.from({ length: token.length }, (_, i) => start + i);
}

function unitsOf({ characters, startSeconds, endSeconds }: Alignment): Unit[] {
  return characters.flatMap((entry, index) =>
    entry
      .split('')
      .filter((text) => !/\s/u.test(text))
      .map((text) => ({
        text,
        startMs: startSeconds[index]! * 1000,
        endMs: endSeconds[index]! * 1000,
      })),
  );
}

/** For each unit of what was asked, the index of the same one in what was read, where there is one. Both only go on. */
function match(asked: string, read: readonly string[]): (number | undefined)[] {
  const found: (number | undefined)[] = Array(asked.length).fill(undefined);
  let [i, j] = [0, 0];
  while (i < asked.length && j < read.length) {
    if (asked[i] === read[j]) {
      found[i++] = j++;
      continue;
    }
    const [skipAsked, skipRead] = resume(asked, i, read, j);
    i += skipAsked;
    j += skipRead;
  }
  return found;
}

/** The least to skip on both sides until two units in a row are the same, or all that can be looked at. */
function resume(asked: string, i: number, read: readonly string[], j: number): [number, number] {
  for (let sum = 1; sum <= reach; sum++) {
    for (let a = 0; a <= sum; a++) {
      const [x, y] = [i + a, j + sum - a];
      if (asked[x] === undefined || asked[x] !== read[y]) continue;
      const ends = x + 1 >= asked.length || y + 1 >= read.length;
      if (ends || asked[x + 1] === read[y + 1]) return [a, sum - a];
    }
  }
  return [reach, reach];
}
