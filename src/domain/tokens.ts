// The words of a text as everybody counts them: planner (emphasis, effect cues), speaker (word times), captions.

/** Languages written without spaces between words. */
const unspacedLanguages = new Set(['zh', 'yue', 'ja', 'th', 'lo', 'km', 'my']);

const segmenters = new Map<string, Intl.Segmenter>();

export function isUnspaced(language: string): boolean {
  return unspacedLanguages.has(language);
}

/**
 * The tokens of `text` in order: what stands between white space, unchanged, punctuation included. In languages
 * written without spaces (Chinese, Japanese, Thai …) each of those is cut further into a segmenter's words;
 * punctuation stays with the word before it, opening brackets and signs with the word after. Joined again, the tokens
 * give all of the text but its white space. `language` is a BCP 47 primary tag. Empty for blank text.
 */
export function tokenise(text: string, language: string): string[] {
  const chunks = text.split(/\s+/u).filter((chunk) => chunk !== '');
  return isUnspaced(language) ? chunks.flatMap((chunk) => cutIntoWords(chunk, language)) : chunks;
}

const endsLatin = /(?:[\p{Script=Latin}\p{Nd}][.,;!?…)\]"”'’]*|\p{Script=Latin}:)$/u;
const startsLatin = /^["“'‘([]*[\p{Script=Latin}\p{Nd}]/u;

/**
 * True when two neighbouring tokens are shown without a space between them: in a language written without spaces, unless
 * both are Latin words or numbers, such as in a name that the text quotes.
 */
export function touches(before: string, after: string, language: string): boolean {
  return isUnspaced(language) && !(endsLatin.test(before) && startsLatin.test(after));
}

function cutIntoWords(chunk: string, language: string): string[] {
  const tokens: string[] = [];
  let opening = '';
  for (const { segment, isWordLike } of segmenterOf(language).segment(chunk)) {
    if (isWordLike) {
      tokens.push(opening + segment);
      opening = '';
    } else if (tokens.length === 0 || opening !== '' || /^[\p{Ps}\p{Pi}\p{Sc}#@]/u.test(segment)) {
      opening += segment;
    } else {
      tokens.push(tokens.pop() + segment);
    }
  }
  if (opening !== '') tokens.push((tokens.pop() ?? '') + opening);
  return tokens;
}

function segmenterOf(language: string): Intl.Segmenter {
  let segmenter = segmenters.get(language);
  if (segmenter === undefined) {
    segmenter = new Intl.Segmenter(language, { granularity: 'word' });
    segmenters.set(language, segmenter);
  }
  return segmenter;
}
