// Whether scenes say the user's words, and the scenes in those very words. Pure.
import { isUnspaced, tokenise } from '../../domain/tokens.ts';

/**
 * The scenes that `told` cuts `script` into, each a piece of the script itself.
 * Undefined when the scenes together have other words than the script, word by word: more, fewer, changed. Only how quotes and
 * dashes are drawn may differ.
 */
export function cutLike(script: string, told: readonly string[], language: string): string[] | undefined {
  const own = unitsOf(script, language);
  const lengths = told.map((text) => unitsOf(text, language).length);
  const others = told.flatMap((text) => unitsOf(text, language));
  const isSame =
    own.length === others.length &&
    lengths.every((length) => length > 0) &&
    own.every((unit, at) => plain(unit) === plain(others[at]!));
  if (!isSame) return undefined;
  const ends = endsOf(script, own);
  let before = 0;
  return lengths.map((length) => {
    const start = before === 0 ? 0 : ends[before - 1]!;
    before += length;
    return script.slice(start, ends[before - 1]).trim();
  });
}

/** Words; single characters where words are written without spaces, for a cut may change where a segmenter sees words. */
function unitsOf(text: string, language: string): string[] {
  return isUnspaced(language) ? [...text.replace(/\s+/gu, '')] : tokenise(text, language);
}

/** Where each unit ends in the text. */
function endsOf(text: string, units: string[]): number[] {
  let at = 0;
  return units.map((unit) => {
    at = text.indexOf(unit, at) + unit.length;
    return at;
  });
}

function plain(unit: string): string {
  return unit
    .normalize('NFKC')
    .replace(/[‘’‚‛`´ʼ]/gu, "'")
    .replace(/[“”„‟«»]/gu, '"')
    .replace(/[‐‑‒–—―−]/gu, '-');
}
