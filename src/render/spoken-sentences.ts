// The sentences of a video with the times at which they are heard, for the gates. Pure.
import type { TimedScene, Word } from '../domain/timeline.ts';
import { endsSentence } from './caption-chunks.ts';

/** Shorter ones, such as `Yes.`, are looked for together with their neighbour: alone they fit in too many places. */
const shortestMs = 500;

export interface SpokenSentence {
  scene: string;
  /** From 1, within its scene. */
  sentence: number;
  startMs: number;
  endMs: number;
  words: Word[];
}

export function spokenSentences(scenes: TimedScene[]): SpokenSentence[] {
  return scenes.flatMap(({ id, words }) => {
    const sentences: Word[][] = [];
    let open: Word[] = [];
    for (const [i, word] of words.entries()) {
      open.push(word);
      if (!endsSentence(word.text) && i < words.length - 1) continue;
      const lengthMs = word.endMs - open[0]!.startMs;
      const last = sentences.at(-1);
      if (last !== undefined && lengthMs < shortestMs) last.push(...open);
      else if (lengthMs < shortestMs && i < words.length - 1) continue;
      else sentences.push(open);
      open = [];
    }
    return sentences.map((spoken, i) => ({
      scene: id,
      sentence: i + 1,
      startMs: spoken[0]!.startMs,
      endMs: spoken.at(-1)!.endMs,
      words: spoken,
    }));
  });
}
