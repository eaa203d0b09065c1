// The title on the opening: the script's heading, else its first words.
import { tokenise } from '../../domain/tokens.ts';
import { isSpeakable } from './pieces.ts';
import { endsSentence } from './sentences.ts';

const longest = 60;
/** A title that stops at a comma must say at least this much. */
const shortestClause = 18;

/** At most 60 characters (30 of Han, kana or Hangul), cut at a word, without trailing punctuation. `text` has something to say. */
export function chooseTitle(text: string, language: string): string {
  const first = text.split('\n').find(isSpeakable)!;
  const wholeLine = /^\s*(#{1,6}|[-*•+–]|\d{1,3}[.)])\s/.test(first);
  const [paragraph = ''] = text.slice(text.indexOf(first)).split(/\n\s*\n/, 1);
  const words = withoutMarks(wholeLine ? first : paragraph);
  const title = trimEnds(cutAtWord(wholeLine ? words : firstSentence(words, language), language));
  return isSpeakable(title) ? title : trimEnds(firstCharacters(text));
}

function withoutMarks(text: string): string {
  return text.replace(/(^|\s)([#>•+-]+|\*+|\d{1,3}[.)])\s+/g, '$1').replace(/[*_`#]/g, '');
}

/** A first sentence of one word, such as “Stop!”, takes the next along. */
function firstSentence(text: string, language: string): string {
  const start = text.slice(0, 1_000);
  const tokens = tokenise(start, language);
  let end = 0;
  for (const [at, token] of tokens.entries()) {
    end = start.indexOf(token, end) + token.length;
    if (at > 0 && endsSentence(token, tokens[at + 1] ?? '', language, false)) return start.slice(0, end);
  }
  return start;
}

function cutAtWord(text: string, language: string): string {
  const whole = text.replace(/\s+/gu, ' ').trim();
  if (lengthOf(whole) <= longest) return whole;
  let end = 0;
  let clause = 0;
  for (const token of tokenise(whole, language)) {
    const next = whole.indexOf(token, end) + token.length;
    if (lengthOf(whole.slice(0, next)) > longest) break;
    end = next;
    if (/[,;:—–،؛，、；：。.!?！？؟।]$/u.test(token)) clause = end;
  }
  return whole.slice(0, lengthOf(whole.slice(0, clause)) >= shortestClause ? clause : end);
}

/** Characters, of which those as wide as high count twice: they say twice as much. */
function lengthOf(text: string): number {
  const wide = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu);
  return text.length + (wide?.length ?? 0);
}

/** For words longer than a title, and texts of nothing but marks: from the first letter or digit on. */
function firstCharacters(text: string): string {
  const cut = text.slice(text.search(/[\p{L}\p{N}]/u)).slice(0, longest);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

function trimEnds(text: string): string {
  return text.replace(/[\s\p{Pd}\p{Po}\p{Sc}]+$/u, '').replace(/^[\s,.;:]+/u, '');
}
