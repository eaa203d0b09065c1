// Which words stand on screen together, and from which frame each is the spoken one. Pure: widths come from outside.
import { msToFrame, type Word } from '../domain/timeline.ts';
import { breakPenalty, closesSentence, endsClause, isShortWord } from './line-breaks.ts';

/** A chunk goes this long after its last word, unless the next one comes first. */
const holdMs = 600;
/** A silence this long between two words ends a chunk. */
const pauseMs = 700;

const abbreviation = /^["'“‘(]*(?:Mr|Mrs|Ms|Dr|St|Prof|Sr|Jr|vs|No|[A-Z])\.$/u;
const onlyClosing = /^[\p{Pe}\p{Pf}\p{Po}…—–]+$/u;
const onlyOpening = /^[\p{Ps}\p{Pi}]+$/u;

export interface CaptionWord {
  text: string;
  /** From this frame on it is the spoken word. */
  fromFrame: number;
  emphasised: boolean;
}

export interface CaptionChunk {
  words: CaptionWord[];
  /** On screen from `fromFrame` until before `endFrame`. */
  fromFrame: number;
  endFrame: number;
}

export interface ChunkRules {
  fps: number;
  /** The scene's length. */
  frames: number;
  mostWords: number;
  /** Width that a chunk may have in all, in the unit of `widthOf`. */
  capacity: number;
  /** Width of a word with the space before it. */
  widthOf(text: string): number;
}

/**
 * Sentences and long silences always end a chunk; within them the split costs least that ends chunks at clauses, fills
 * them evenly, and leaves neither lone words nor short words hanging at an end.
 */
export function chunkCaptions(words: Word[], emphasis: number[], rules: ChunkRules): CaptionChunk[] {
  const stressed = new Set(emphasis);
  const shown = words.map(
    ({ text, startMs }, index): CaptionWord => ({
      text,
      fromFrame: Math.max(0, msToFrame(startMs, rules.fps)),
      emphasised: stressed.has(index),
    }),
  );
  const starts = splitAt(words, rules);
  return starts
    .map((from, n): CaptionChunk => {
      const end = starts[n + 1] ?? words.length;
      const nextFrame = shown[end]?.fromFrame ?? rules.frames;
      const heldUntil = msToFrame(words[end - 1]!.endMs + holdMs, rules.fps);
      return {
        words: shown.slice(from, end),
        fromFrame: shown[from]!.fromFrame,
        endFrame: Math.min(nextFrame, heldUntil, rules.frames),
      };
    })
    .filter(({ fromFrame, endFrame }) => endFrame > fromFrame);
}

/** Index of the first word of each chunk. */
function splitAt(words: Word[], rules: ChunkRules): number[] {
  const widths = words.map(({ text }) => rules.widthOf(text));
  const best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let end = 1; end <= words.length; end++) {
    let width = 0;
    let found = { cost: Number.POSITIVE_INFINITY, from: end - 1 };
    for (let from = end - 1; from >= 0 && end - from <= rules.mostWords; from--) {
      width += widths[from]!;
      const isAlone = from === end - 1;
      if (!isAlone && (width > rules.capacity || mustBreakAfter(words, from))) break;
      const cost = best[from]!.cost + chunkCost(words, from, end, width / rules.capacity);
      if (cost < found.cost) found = { cost, from };
    }
    best.push(found);
  }
  const starts: number[] = [];
  for (let end = words.length; end > 0; end = best[end]!.from) starts.unshift(best[end]!.from);
  return starts;
}

function mustBreakAfter(words: Word[], index: number): boolean {
  const { text, endMs } = words[index]!;
  const next = words[index + 1];
  if (next === undefined) return true;
  if (onlyClosing.test(next.text)) return false;
  return endsSentence(text) || next.startMs - endMs > pauseMs;
}

export function endsSentence(text: string): boolean {
  return closesSentence(text) && !abbreviation.test(text);
}

function chunkCost(words: Word[], from: number, end: number, fill: number): number {
  const last = words[end - 1]!.text;
  const endsWell = end === words.length || mustBreakAfter(words, end - 1);
  const beginsWell = from === 0 || mustBreakAfter(words, from - 1);
  let cost = 0.12 + (1 - Math.min(1, fill)) ** 2 * 0.5;
  if (!endsWell && !endsClause(last)) cost += 0.3;
  if (!endsWell && isShortWord(last)) cost += 0.3;
  if (!beginsWell) cost += 3 * Math.max(0, breakPenalty(words[from - 1]!.text, words[from]!.text));
  if (end - from === 1 && !(endsWell && beginsWell)) cost += 0.4;
  for (let i = from; i < end - 1; i++) if (endsClause(words[i]!.text)) cost += 0.25;
  // Closing marks may not begin a chunk, opening ones not end it.
  if (from > 0 && (onlyClosing.test(words[from]!.text) || onlyOpening.test(words[from - 1]!.text))) cost += 9;
  return cost;
}
