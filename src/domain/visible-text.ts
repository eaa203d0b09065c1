// What of a text is seen and spoken: its letters, signs, spaces and ends of lines. What only gives orders to players and
// machines, turns the words around it about, or hides words from people, is left out. Pure.

/** All that writing systems need on one letter, and more. */
const mostMarks = 8;

const lineEnds = /\r\n?|[\v\f\u0085\u2028]/g;
/** Embeddings, overrides and isolates reach over other words; LRM, RLM and ALM do not. */
const directions = '\u202a-\u202e\u2066-\u2069';
/** Byte order marks, annotations, deprecated formats. */
const formats = '\ufeff\ufff9-\ufffb\u206a-\u206f';
const unseen = new RegExp(
  `[\\p{Surrogate}\\p{Noncharacter_Code_Point}${directions}${formats}]|(?![\\t\\n])\\p{Cc}`,
  'gu',
);
/** Invisible letters, but for those that make a region's flag. */
const tags = /(\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{2,6}\u{e007f})|[\u{e0000}-\u{e007f}]/gu;
const moreSelectors = /(?<=[\ufe00-\ufe0f\u{e0100}-\u{e01ef}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]+/gu;
const moreMarks = new RegExp(`(?<=\\p{M}{${mostMarks}})\\p{M}+`, 'gu');

/** The words as they are; lines end with `\n` only. Of what was given back it gives the same. */
export function visibleText(text: string): string {
  return text
    .replaceAll(lineEnds, '\n')
    .replaceAll('\u2029', '\n\n')
    .replaceAll(unseen, '')
    .replaceAll(tags, '$1')
    .replaceAll(moreSelectors, '')
    .replaceAll(moreMarks, '');
}
