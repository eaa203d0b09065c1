// Chooses the words that captions stress: figures, superlatives, shouted words, else the scene's rarest.
import { isContentWord, type WordCounts } from './keywords.ts';
import { isStriking } from './plain-words.ts';
import { withoutClosers } from './sentences.ts';
import { bareWord } from './word-forms.ts';

/** One word in so many, and fewer where they are merely rare. */
const spacing = 5;
const ordinarySpacing = 8;
/** What figures, shouted and striking words are worth at least: one of them is stressed in the shortest scene. */
const worthAlways = 2;

/** Indexes into `tokens`, rising; at most one in five, none side by side unless both are figures. */
export function chooseEmphasis(tokens: string[], language: string, counts: WordCounts): number[] {
  const shouting = tokens.filter(isShouted).length > tokens.length / 2;
  const worths = tokens.map((token, index) => worth(token, index, tokens, language, counts, shouting));
  const order = worths
    .map((value, index) => ({ value, index }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.index - b.index);
  const most = Math.floor(tokens.length / spacing);
  const mostOrdinary = Math.floor(tokens.length / ordinarySpacing);
  const chosen: number[] = [];
  for (const { value, index } of order) {
    const allowed = value >= worthAlways ? Math.max(1, most) : mostOrdinary;
    if (chosen.length >= allowed) break;
    const neighbour = chosen.find((other) => Math.abs(other - index) === 1);
    if (neighbour !== undefined && !(hasFigure(tokens[neighbour]!) && hasFigure(tokens[index]!))) continue;
    chosen.push(index);
  }
  return chosen.sort((a, b) => a - b);
}

function worth(
  token: string,
  index: number,
  tokens: string[],
  language: string,
  counts: WordCounts,
  shouting: boolean,
): number {
  const bare = bareWord(token);
  if (bare === '') return 0;
  if (/^\d{1,3}[.)]$/.test(token) && index === 0) return 0;
  if (hasFigure(token)) return 3;
  if (shouting ? isStrikingWord(token, language) : isWeighty(token, language)) return 2.4;
  if (!isContentWord(bare, language)) return 0;
  const named = language !== 'de' && index > 0 && /^\p{Lu}/u.test(token) && isInside(tokens[index - 1]!);
  const exclaimed = withoutClosers(token).endsWith('!');
  return (
    1 / (counts.get(bare) ?? 1) +
    Math.min(bare.length, 12) / 24 +
    (named ? 0.4 : 0) +
    (exclaimed ? 0.5 : 0) +
    (index === tokens.length - 1 ? 0.2 : 0)
  );
}

/** Whether the word strikes by itself: a figure, shouted, a superlative or the like. */
export function isWeighty(token: string, language: string): boolean {
  return hasFigure(token) || isShouted(token) || isStrikingWord(token, language);
}

function isStrikingWord(token: string, language: string): boolean {
  const bare = bareWord(token);
  return isStriking(bare, language) || isSuperlative(bare, language);
}

function hasFigure(token: string): boolean {
  return /\p{N}/u.test(token);
}

function isShouted(token: string): boolean {
  const letters = token.match(/\p{L}/gu)?.join('') ?? '';
  return letters.length > 2 && letters === letters.toUpperCase() && letters !== letters.toLowerCase();
}

function isSuperlative(bare: string, language: string): boolean {
  if (language === 'en') {
    return /(?:[^aeiou]i|[^f])est$/.test(bare) && bare.length > 5 && !commonEst.has(bare);
  }
  if (language === 'de') return /[^eim]ste[nrms]?$/.test(bare) && bare.length > 7;
  return (language === 'es' || language === 'it') && /[íi]s+im[oaie]s?$/.test(bare);
}

const commonEst = new Set(
  'forest interest request suggest harvest modest honest invest protest contest arrest digest conquest tempest guest'.split(
    ' ',
  ),
);

/** Whether the sentence goes on after the word, so that a capital after it means a name. */
function isInside(token: string): boolean {
  return !/[\p{Sentence_Terminal}…:]$/u.test(withoutClosers(token));
}
