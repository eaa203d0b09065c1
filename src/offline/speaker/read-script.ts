// From a script to what an engine is asked to say: sentences of pieces, each piece with its token and its rest.
import { AppError } from '../../domain/errors.ts';
import type { Piece } from './engine.ts';
import { isEnglishAbbreviation, readEnglish } from './english/read-english.ts';
import { isForeignAbbreviation, readForeign } from './read-foreign.ts';
import { endsSentence, type Part, strongerRest, takeApart } from './take-apart.ts';

export interface ScriptPiece extends Piece {
  /** Index of the token that it is (a part of) the reading of. */
  token: number;
}

export interface ReadScript {
  tokens: string[];
  /** Each at most `longestSentence` words, spoken as one utterance. No piece in them is silent. */
  sentences: ScriptPiece[][];
}

const longestSentence = 45;
const longestPiece = 12;
const longestWord = 30;

/** Throws `script_unspeakable` when no token has anything to say. */
export function readScript(text: string, language: string): ReadScript {
  const { tokens, parts } = takeApart(text, language);
  settleStops(parts, language);
  const shouted = isShouted(parts);
  const pieces: ScriptPiece[] = [];
  parts.forEach((part, index) => {
    const said = language === 'en' ? readEnglish(parts, index, shouted) : readForeign(parts, index, language);
    const previous = pieces.at(-1);
    if (previous && part.opens) previous.rest = strongerRest(previous.rest, 'comma');
    if (said === '') {
      if (previous) previous.rest = strongerRest(previous.rest, part.rest);
      return;
    }
    pieces.push(
      ...cutLong(said).map((words): ScriptPiece => ({ token: part.token, text: words, rest: 'none' })),
    );
    pieces.at(-1)!.rest = part.rest;
  });
  if (pieces.length === 0) {
    throw new AppError('script_unspeakable', 'The text has nothing that can be spoken.', {
      hint: 'Write it in words; emoji and punctuation are shown but not spoken, and the language must fit the script.',
    });
  }
  return { tokens, sentences: cutIntoSentences(pieces) };
}

/** Takes the rest away from full stops that end no sentence. */
function settleStops(parts: Part[], language: string): void {
  parts.forEach((part, index) => {
    if (!part.stopped || part.rest !== 'sentence') return;
    const abbreviation =
      language === 'en' ? isEnglishAbbreviation(parts, index) : isForeignAbbreviation(parts, index, language);
    if (abbreviation) part.rest = 'none';
  });
}

/** Mostly in capitals: they stress, and say nothing about acronyms. */
function isShouted(parts: Part[]): boolean {
  const words = parts.filter(({ core }) => /\p{L}{2}/u.test(core));
  return words.length > 2 && words.filter(({ core }) => !/\p{Ll}/u.test(core)).length > words.length * 0.6;
}

/** Long readings (addresses, huge numbers, words without end) in portions that an engine can take. */
function cutLong(said: string): string[] {
  const words = said.split(' ').flatMap((word) => {
    const letters = [...word];
    if (letters.length <= longestWord) return [word];
    return Array.from({ length: Math.ceil(letters.length / longestWord) }, (_, i) =>
      letters.slice(i * longestWord, (i + 1) * longestWord).join(''),
    );
  });
  return Array.from({ length: Math.ceil(words.length / longestPiece) }, (_, i) =>
    words.slice(i * longestPiece, (i + 1) * longestPiece).join(' '),
  );
}

function cutIntoSentences(pieces: ScriptPiece[]): ScriptPiece[][] {
  const sentences: ScriptPiece[][] = [];
  let open: ScriptPiece[] = [];
  const close = (count: number) => {
    if (count > 0) sentences.push(open.slice(0, count));
    open = open.slice(count);
  };
  for (const piece of pieces) {
    if (countWords([...open, piece]) > longestSentence) close(overlongBreak(open));
    open.push(piece);
    if (endsSentence(piece.rest)) close(open.length);
  }
  close(open.length);
  return sentences;
}

/** How many pieces of an overlong sentence to speak first: up to its last rest, if any. */
function overlongBreak(pieces: ScriptPiece[]): number {
  const lastRest = pieces.findLastIndex(({ rest }) => rest !== 'none');
  return lastRest === -1 ? pieces.length : lastRest + 1;
}

function countWords(pieces: ScriptPiece[]): number {
  return pieces.reduce((sum, { text }) => sum + text.split(' ').length, 0);
}
