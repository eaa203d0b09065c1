// From a script to what an engine is asked to say: sentences of pieces, each piece with its token and its rest.
import { AppError } from '../../domain/errors.ts';
import type { Piece } from './engine.ts';
import { isEnglishAbbreviation, readEnglish } from './english/read-english.ts';
import { settleAlphabets } from './foreign-words.ts';
import { isStopWithin, type Reading, readLanguage, withPrevious } from './languages/read-language.ts';
import { readings } from './languages/readings.ts';
import { isForeignAbbreviation, readForeign } from './read-foreign.ts';
import { endsSentence, type Part, strongerRest, takeApart } from './take-apart.ts';

export interface ScriptPiece extends Piece {
  /** Index of the token that it is (a part of) the reading of. */
  token: number;
  /** The last of several tokens that it is the reading of: `12 500`. */
  through?: number;
  /** Another language than the script's, whose voice says it. */
  foreign?: string;
}

export interface ReadScript {
  tokens: string[];
  /** Each at most `longestSentence` words in one language, spoken as one utterance. No piece in them is silent. */
  sentences: ScriptPiece[][];
  /** Tokens with letters or digits that are not said, or not wholly. */
  unspoken: string[];
}

const longestSentence = 45;
const longestPiece = 12;
const longestWord = 30;
/** Of longer runs of digits only the first are said. */
const mostDigits = 40;
const firstDigits = 16;

/** Throws `script_unspeakable` when no token has anything to say. */
export function readScript(text: string, language: string): ReadScript {
  const { tokens, parts: written } = takeApart(text, language);
  const unspoken = new Set<number>();
  const parts = settleAlphabets(
    written.map((part) => shortenDigits(part, unspoken)),
    language,
  );
  settleStops(parts, language);
  const pieces: ScriptPiece[] = [];
  readParts(parts, language).forEach((said, index) => {
    const part = parts[index]!;
    const previous = pieces.at(-1);
    if (previous && part.opens) previous.rest = strongerRest(previous.rest, 'comma');
    if (said === '' || said === withPrevious) {
      if (previous) previous.rest = strongerRest(previous.rest, part.rest);
      if (previous && said === withPrevious) previous.through = part.token;
      return;
    }
    pieces.push(
      ...cutLong(said).map(
        (words): ScriptPiece => ({
          token: part.token,
          text: words,
          rest: 'none',
          ...(part.foreign !== undefined && { foreign: part.foreign }),
        }),
      ),
    );
    pieces.at(-1)!.rest = part.rest;
  });
  if (pieces.length === 0) {
    throw new AppError('script_unspeakable', 'The text has nothing that can be spoken.', {
      hint: 'Write it in words; emoji and punctuation are shown but not spoken, and the language must fit the script.',
    });
  }
  noteSilentTokens(tokens, pieces, unspoken);
  const missed = [...unspoken].sort((a, b) => a - b).map((index) => bare(tokens[index]!));
  return { tokens, sentences: cutIntoSentences(pieces), unspoken: missed };
}

/** Without the punctuation around it. */
function bare(token: string): string {
  return token.replace(/^[\p{P}\s]+|[\p{P}\s]+$/gu, '');
}

/** A number that nobody would listen to is only begun. */
function shortenDigits(part: Part, unspoken: Set<number>): Part {
  const core = part.core.replace(new RegExp(`\\d{${mostDigits + 1},}`, 'g'), (digits) => {
    unspoken.add(part.token);
    return digits.slice(0, firstDigits);
  });
  return { ...part, core };
}

function noteSilentTokens(tokens: string[], pieces: ScriptPiece[], unspoken: Set<number>): void {
  const said = new Set<number>();
  for (const { token, through = token } of pieces) for (let i = token; i <= through; i++) said.add(i);
  tokens.forEach((token, index) => {
    if (!said.has(index) && /[\p{L}\p{N}]/u.test(token)) unspoken.add(index);
  });
}

/** What each part says, whoever reads its language. */
function readParts(parts: Part[], language: string): Reading[] {
  const shouted = isShouted(parts);
  const tables = readings.get(language);
  const read = tables
    ? readLanguage(parts, tables, shouted)
    : parts.map((_, index) =>
        language === 'en' ? readEnglish(parts, index, shouted) : readForeign(parts, index, language),
      );
  return read.map((said, index) => {
    const { foreign } = parts[index]!;
    return foreign === undefined ? said : readForeign(parts, index, foreign);
  });
}

/** Takes the rest away from full stops that end no sentence. */
function settleStops(parts: Part[], language: string): void {
  parts.forEach((part, index) => {
    if (!part.stopped || part.rest !== 'sentence') return;
    const tables = readings.get(language);
    const within = tables
      ? isStopWithin(parts, index, tables)
      : language === 'en'
        ? isEnglishAbbreviation(parts, index)
        : isForeignAbbreviation(parts, index, language);
    if (within) part.rest = 'none';
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
    if (open.length > 0 && open.at(-1)!.foreign !== piece.foreign) close(open.length);
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
