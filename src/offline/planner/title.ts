// The title on the opening: the script's heading, else its first words.
import { tokenise } from '../../domain/tokens.ts';
import { isSpeakable } from './pieces.ts';
import { endsSentence } from './sentences.ts';

const longest = 60;
/** A title that stops at a comma must say at least this much. */
const shortestClause = 18;

/** At most 60 characters, cut at a word, without trailing punctuation. `text` has something to say. */
export function chooseTitle(text: string, language: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const first = lines.find(isSpeakable)!;
  const heading = /^#{1,6}\s+(.+)$/.exec(first)?.[1];
  const words = withoutMarks(heading ?? text.slice(text.indexOf(first)));
  const title = trimEnd(cutAtWord(heading === undefined ? firstSentence(words, language) : words, language));
  return title === '' ? trimEnd(cutAtCharacter(words)) : title;
}

function withoutMarks(text: string): string {
  return text.replace(/(^|\s)([#>•+-]+|\*+|\d{1,3}[.)])\s+/g, '$1').replace(/[*_`#]/g, '');
}

function firstSentence(text: string, language: string): string {
  const tokens = text
    .slice(0, 1_000)
    .split(/\s+/u)
    .filter((token) => token !== '');
  const end = tokens.findIndex((token, at) => endsSentence(token, tokens[at + 1] ?? '', language, at === 0));
  return (end < 0 ? tokens : tokens.slice(0, end + 1)).join(' ');
}

function cutAtWord(text: string, language: string): string {
  const whole = text.replace(/\s+/gu, ' ').trim();
  if (whole.length <= longest) return whole;
  let end = 0;
  let clause = 0;
  for (const token of tokenise(whole, language)) {
    const next = whole.indexOf(token, end) + token.length;
    if (next > longest) break;
    end = next;
    if (/[,;:—–،؛，；：。.!?！？]$/u.test(token)) clause = end;
  }
  return whole.slice(0, clause >= shortestClause ? clause : end);
}

function cutAtCharacter(text: string): string {
  let cut = '';
  for (const { segment } of new Intl.Segmenter().segment(text.trim().slice(0, 4 * longest))) {
    if (cut.length + segment.length > longest) break;
    cut += segment;
  }
  return cut;
}

function trimEnd(text: string): string {
  return text.replace(/[\s\p{Pd}\p{Po}\p{Sc}]+$/u, '').replace(/^[\s,.;:]+/u, '');
}
