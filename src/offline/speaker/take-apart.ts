// Takes a script apart for any language: tokens into parts that are spoken, each with the rest its punctuation asks
// for. What the parts mean is the readers' work.
import { tokenise } from '../../domain/tokens.ts';
import type { Rest } from './engine.ts';

/** One spoken part of a token; most tokens have one, `yes—no` has two, an emoji has one without a core. */
export interface Part {
  /** Index of its token. */
  token: number;
  /** Without the punctuation around it; empty = nothing to say. */
  core: string;
  rest: Rest;
  /** A single full stop stands behind it: the end of a sentence, or an abbreviation. */
  stopped: boolean;
  /** A bracket or a quotation opens before it. */
  opens: boolean;
  /** The language of a word in another alphabet than the script's own. */
  foreign?: string;
}

const restStrength: Rest[] = [
  ...(['none', 'breath', 'comma', 'clause', 'dash', 'sentence', 'exclamation', 'question'] as const),
  ...(['ellipsis', 'paragraph'] as const),
];

export function strongerRest(a: Rest, b: Rest): Rest {
  return restStrength.indexOf(a) > restStrength.indexOf(b) ? a : b;
}

export function endsSentence(rest: Rest): boolean {
  return restStrength.indexOf(rest) >= restStrength.indexOf('sentence');
}

/** Ends that are heard as such, also at the end of a paragraph. */
const toned = new Set<Rest>(['question', 'exclamation', 'ellipsis']);

/** What is shown but never said: emoji, their joiners, marks of direction, control characters. */
const unsaid =
  /\u{FE0F}|\u{FE0E}|\u{20E3}|(?!\u{200C})[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{C}]/gu;
const inside = /(\.{2,}|…+|[—―]+|-{2,}|–(?![\p{N}\p{Sc}])|[,;:!?،؛؟、，。；：！？]+(?=\p{L}{2}))/u;
/** `~50` says about. */
const opening = /^(?:[\p{Ps}\p{Pi}"'`*_|¿¡]|~(?!\d))+/u;
const closing = /[\p{Pe}\p{Pf}"'`*_~|.,;:!?…،؛؟。，、；：！？।॥۔—–―-]+$/u;
const address = /^(https?:\/\/|www\.)|@[\w-]+\.\w/i;

/** The tokens of `text` (see domain/tokens.ts) and their parts, in order. Blank lines are rests between paragraphs. */
export function takeApart(text: string, language: string): { tokens: string[]; parts: Part[] } {
  const tokens: string[] = [];
  const parts: Part[] = [];
  for (const paragraph of text.split(/\n[^\S\n]*\n/u)) {
    for (const token of tokenise(paragraph, language)) {
      parts.push(...partsOf(token, tokens.length));
      tokens.push(token);
    }
    const last = parts.at(-1);
    if (last && !toned.has(last.rest)) last.rest = 'paragraph';
  }
  return { tokens, parts };
}

function partsOf(token: string, index: number): Part[] {
  const said = token.replace(unsaid, '').replace(/[’‘ʼ]/gu, "'");
  const segments = address.test(said) ? [said] : said.split(inside);
  const parts: Part[] = [];
  for (let i = 0; i < segments.length; i += 2) {
    const part = partOf(segments[i]!, index);
    part.rest = strongerRest(part.rest, restOf(segments[i + 1] ?? ''));
    const previous = parts.at(-1);
    if (part.core === '' && previous) previous.rest = strongerRest(previous.rest, part.rest);
    else parts.push(part);
  }
  return parts;
}

function partOf(segment: string, token: number): Part {
  const front = opening.exec(segment)?.[0] ?? '';
  const back = closing.exec(segment.slice(front.length))?.[0] ?? '';
  const core = segment.slice(front.length, segment.length - back.length);
  const lone = core === '' && /^[-–—―]+$/u.test(segment);
  return {
    token,
    core,
    rest: lone ? 'dash' : restOf(core === '' ? back : trimQuotes(back)),
    stopped: trimQuotes(back) === '.',
    opens: /[\p{Ps}\p{Pi}"]/u.test(front),
  };
}

const trimQuotes = (marks: string) => marks.replace(/[\p{Pf}"'`*_~|]/gu, '');

function restOf(marks: string): Rest {
  if (/[?？؟]/u.test(marks)) return 'question';
  if (/[!！]/u.test(marks)) return 'exclamation';
  if (/…|\.{2}/u.test(marks)) return 'ellipsis';
  if (/[.。।॥۔]/u.test(marks)) return 'sentence';
  if (/[—―–]|-{2}/u.test(marks)) return 'dash';
  if (/[;:；：؛]/u.test(marks)) return 'clause';
  if (/[,،，、\p{Pe}]/u.test(marks)) return 'comma';
  return 'none';
}
