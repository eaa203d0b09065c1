// Cuts the script into scenes: as long as a picture holds, ending where a reader would breathe. Every word stays,
// in order, as written.
import { limits, type StyleName } from '../../domain/video-request.ts';
import { type Piece, toParagraphs } from './pieces.ts';

/** Words that a scene likes to have, 4 to 5 seconds: quick styles change pictures more often. */
const likedWords: Record<StyleName, number> = {
  cinematic: 11,
  documentary: 11,
  corporate: 10,
  social: 8,
  minimal: 10,
  retro: 10,
  nature: 11,
  noir: 9,
};

/** The breath after a sentence, in words. */
const breathWords = 1.2;

/** More than any length can cost: scenes with nothing to say are a last resort. */
const silentCost = 1e9;

interface Size {
  liked: number;
  fewest: number;
  many: number;
  most: number;
  mostChars: number;
}

/**
 * Texts of the scenes, at most `limits.scenes`; white space within them is single spaces. Put together with spaces
 * where the script had white space, they are the script. Empty when there is nothing to say.
 */
export function splitIntoScenes(script: string, language: string, style: StyleName): string[] {
  const paragraphs = toParagraphs(script, language);
  for (let grow = 1; ; grow *= 1.3) {
    const size: Size = {
      liked: likedWords[style] * grow,
      fewest: 5 * grow,
      many: 24 * grow,
      most: 36 * grow,
      mostChars: 240 * grow,
    };
    // Paragraphs are kept apart until there are too many of them.
    const parts = grow === 1 || paragraphs.length <= limits.scenes / 2 ? paragraphs : [joined(paragraphs)];
    const scenes = parts.flatMap((pieces) => cheapestCut(pieces, size));
    if (scenes.length <= limits.scenes) return scenes;
  }
}

/** One paragraph in which the ends of the old ones are good places to cut. */
function joined(paragraphs: Piece[][]): Piece[] {
  return paragraphs.flatMap((pieces) =>
    pieces.map((piece, at) => (at === pieces.length - 1 ? { ...piece, border: 0 } : piece)),
  );
}

/** The cut of the pieces into scenes whose lengths and borders cost least. */
function cheapestCut(pieces: Piece[], size: Size): string[] {
  const costs = [0];
  const starts = [0];
  for (let end = 1; end <= pieces.length; end++) {
    const border = end === pieces.length ? 0 : pieces[end - 1]!.border;
    let best = Number.POSITIVE_INFINITY;
    let bestStart = end - 1;
    let words = 0;
    let chars = 0;
    for (let start = end - 1; start >= 0; start--) {
      const piece = pieces[start]!;
      words += piece.words === 0 ? 0 : piece.words + (piece.border === 0 ? breathWords : 0);
      chars += piece.text.length + (piece.spaceBefore ? 1 : 0);
      const cost = costs[start]! + lengthCost(words, chars, size) + border;
      if (cost < best) {
        best = cost;
        bestStart = start;
      }
      if (words > size.most || chars > size.mostChars) break;
    }
    costs.push(best);
    starts.push(bestStart);
  }

  const scenes: Piece[][] = [];
  for (let end = pieces.length; end > 0; end = starts[end]!) {
    const scene = pieces.slice(starts[end], end);
    const silent = scene.every((piece) => piece.words === 0);
    if (scenes.length > 0 && (silent || scenes[0]!.every((piece) => piece.words === 0))) {
      scenes[0] = [...scene, ...scenes[0]!];
    } else scenes.unshift(scene);
  }
  return scenes.map(textOf);
}

function lengthCost(words: number, chars: number, size: Size): number {
  if (words === 0) return silentCost;
  const tooFew = Math.max(0, (size.fewest - words) / size.fewest);
  const tooMany = Math.max(0, (words - size.many) / (size.most - size.many));
  const beyond = Math.max(0, words - size.most) + Math.max(0, chars - size.mostChars);
  return (
    ((words - size.liked) / size.liked) ** 2 +
    3 * tooFew ** 2 +
    (tooMany > 0 ? 0.5 + 3 * tooMany ** 2 : 0) +
    1_000 * beyond
  );
}

function textOf(pieces: Piece[]): string {
  return pieces.map(({ text, spaceBefore }, at) => (at > 0 && spaceBefore ? ` ${text}` : text)).join('');
}
