// The script as paragraphs of words, each with the price of ending a scene after it: nothing at the end of a
// sentence, much in the middle of a clause.
import { isUnspaced, tokenise } from '../../domain/tokens.ts';
import { endsSentence, withoutClosers } from './sentences.ts';

export interface Piece {
  /** A token of the script, unchanged. */
  text: string;
  spaceBefore: boolean;
  /** How long it takes to say, in English words; 0 = nothing to say. */
  words: number;
  /** What it costs to end a scene after this piece. */
  border: number;
}

const borders = {
  sentence: 0,
  line: 0.15,
  pause: 0.9,
  joinedComma: 1.2,
  comma: 1.6,
  conjunction: 2.2,
  word: 6,
};

const conjunctions = new Set(
  (
    'and but or because which who while when where so that until although et mais ou car parce qui que quand où donc ' +
    'y pero o porque que cuando donde und aber oder weil denn dass während wo e ma perché quando dove che mas ou porque ' +
    'en maar of omdat terwijl i ale lub bo który и но или что который когда و أو ثم لكن'
  ).split(' '),
);

const heading = /^\s*#{1,6}\s+\S/;
const listItem = /^\s*([-*•+–]|\d{1,3}[.)])\s+\S/;
/** Lines longer than this were wrapped by an editor: their ends mean nothing. */
const wrappedChars = 60;

/** Whether there is a letter or digit in it: something to say. */
export function isSpeakable(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** Paragraphs in order; each has something to say, unless nothing in the script has: then there are none. */
export function toParagraphs(script: string, language: string): Piece[][] {
  const paragraphs: Piece[][] = [];
  let silent: Piece[] = [];
  for (const lines of groupLines(script.split(/\r\n|[\n\r\u2028\u2029]/))) {
    const pieces = [...silent, ...toPieces(lines, language)];
    if (pieces.some(({ words }) => words > 0)) {
      paragraphs.push(pieces);
      silent = [];
    } else if (paragraphs.length > 0) {
      paragraphs.at(-1)!.push(...pieces);
    } else {
      silent = pieces;
    }
  }
  return paragraphs;
}

/** Blank lines and headings part paragraphs. */
function groupLines(lines: string[]): string[][] {
  const groups: string[][] = [[]];
  for (const line of lines) {
    if (heading.test(line)) groups.push([line], []);
    else if (line.trim() === '') groups.push([]);
    else groups.at(-1)!.push(line);
  }
  return groups.filter((group) => group.length > 0);
}

function toPieces(lines: string[], language: string): Piece[] {
  const wrapped = lines.some((line) => line.length > wrappedChars);
  const pieces: Piece[] = [];
  const lineStarts = new Set<number>();
  const lineEnds = new Set<number>();
  for (const [index, line] of lines.entries()) {
    lineStarts.add(pieces.length);
    for (const chunk of line.split(/\s+/u)) {
      for (const [n, text] of tokenise(chunk, language).entries()) {
        pieces.push({ text, spaceBefore: n === 0, words: spokenWords(text), border: borders.word });
      }
    }
    const listGoesOn = listItem.test(line) || listItem.test(lines[index + 1] ?? '');
    if (!wrapped || listGoesOn) lineEnds.add(pieces.length - 1);
  }
  for (const [at, piece] of pieces.entries()) {
    const price = borderAfter(piece, pieces[at + 1], language, lineStarts.has(at));
    piece.border = lineEnds.has(at) ? Math.min(price, borders.line) : price;
  }
  return pieces;
}

function borderAfter(
  { text }: Piece,
  next: Piece | undefined,
  language: string,
  startsLine: boolean,
): number {
  if (next === undefined) return borders.word;
  if (endsSentence(text, next.text, language, startsLine)) return borders.sentence;
  const core = withoutClosers(text);
  if (/[;:—–؛；：]$/u.test(core)) return borders.pause;
  if (/^[-—–]+$/u.test(next.text)) return borders.comma;
  const joins = conjunctions.has(next.text.toLowerCase());
  if (/[,،，、]$/u.test(core)) return joins ? borders.joinedComma : borders.comma;
  if (isUnspaced(language)) return next.spaceBefore ? borders.pause : borders.word;
  return joins ? borders.conjunction : borders.word;
}

/** Letters of Han, kana and Thai are short words or parts of them; figures take as long as the words they stand for. */
function spokenWords(text: string): number {
  if (!isSpeakable(text)) return 0;
  const count = (letters: RegExp) => text.match(letters)?.length ?? 0;
  const han = count(/\p{Script=Han}/gu);
  const kana = count(/[\p{Script=Hiragana}\p{Script=Katakana}ー]/gu);
  const thai = count(/[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu);
  const digits = count(/\p{N}/gu);
  const others = count(/\p{L}/gu) - han - kana - thai;
  const figures = digits > 2 ? (digits - 2) * 0.5 + 1 : digits > 0 ? 1 : 0;
  const words = others > 0 ? Math.max(1, others / 12) : 0;
  return Math.max(0.1, words + figures + han * 0.8 + kana * 0.4 + thai * 0.22);
}
