// Puts what Gemini wishes into scenes that the rules made of the same words: only what the words and the vocabulary allow. Pure.
import { type Motif, type Scene, waysToCompose } from '../../domain/storyboard.ts';
import { tokenise } from '../../domain/tokens.ts';
import type { PlannedScene } from './plan-prompt.ts';

const mostKeywords = 3;
/** At most one stressed word in so many. */
const emphasisSpacing = 5;

/** `planned` is in the order of `scenes`. */
export function directScenes(
  scenes: Scene[],
  planned: PlannedScene[],
  language: string,
  seed: number,
): Scene[] {
  const shown = new Map<Motif, number>();
  return scenes.map((scene, index) => {
    const { motif, keywords, emphasis, energy } = planned[index]!;
    const times = shown.get(motif) ?? 0;
    shown.set(motif, times + 1);
    const stressed = findWords(emphasis, scene.text, language);
    const things = cleanKeywords(keywords);
    return {
      ...scene,
      motif,
      variant: (seed + times) % waysToCompose,
      energy: Math.round(energy * 100) / 100,
      ...(things.length > 0 && { keywords: things }),
      ...(stressed.length > 0 && { emphasis: stressed }),
    };
  });
}

/** Indexes of the words that are really there, rising. */
function findWords(words: string[], text: string, language: string): number[] {
  const tokens = tokenise(text, language).map(bare);
  const found = new Set<number>();
  for (const word of words.flatMap((each) => tokenise(each, language)).map(bare)) {
    const at = tokens.findIndex((token, index) => word !== '' && token === word && !found.has(index));
    if (at >= 0) found.add(at);
  }
  const most = Math.max(1, Math.floor(tokens.length / emphasisSpacing));
  return [...found].slice(0, most).sort((a, b) => a - b);
}

function bare(word: string): string {
  return word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}

/** Names of things; sentences are none. */
function cleanKeywords(keywords: string[]): string[] {
  const names = keywords
    .map((keyword) => keyword.trim().toLowerCase())
    .filter((keyword) => /^[\p{L}\p{N}][\p{L}\p{M}\p{N}'’ -]{0,29}$/u.test(keyword));
  return [...new Set(names)].slice(0, mostKeywords);
}
