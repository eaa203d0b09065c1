// Reads English text aloud on paper: numbers, money, dates, addresses, abbreviations and symbols become plain
// lower-case words that any engine can speak. Splits and times nothing.
import { endsSentence, type Part } from '../take-apart.ts';
import { readAddress } from './addresses.ts';
import { isPhoneAhead, readPhoneGroup } from './phone.ts';
import { isFraction, isNumberLike, readNumber } from './read-number.ts';
import { plainWords, readWord, spellLetters } from './read-word.ts';
import {
  abbreviations,
  bareAbbreviations,
  countedByRoman,
  magnitudes,
  mayEndSentence,
  sentenceStarters,
  symbols,
  titles,
  units,
} from './word-lists.ts';

const stopless = (core: string) => core.toLowerCase().replaceAll('.', '');

/** True when the full stop behind `parts[index]` belongs to an abbreviation or an initial and ends no sentence. */
export function isEnglishAbbreviation(parts: Part[], index: number): boolean {
  const { core } = parts[index]!;
  const next = parts[index + 1];
  if (next === undefined) return false;
  const key = stopless(core);
  const dotted = /^(\p{L}\.)+\p{L}$/u.test(core);
  const counted = countedByRoman.has(parts[index - 1]?.core.toLowerCase() ?? '');
  const initial = /^\p{Lu}$/u.test(core) && core !== 'I' && !counted;
  const measured = units[core] !== undefined && isNumberLike(parts[index - 1]?.core ?? '');
  if (!dotted && !initial && abbreviations[key] === undefined && !isCounted(parts, index)) return false;
  if (key in titles) return true;
  const capital = /^\p{Lu}/u.test(next.core);
  if (measured) return !capital;
  if (mayEndSentence.has(key)) return !capital;
  return !(capital && sentenceStarters.has(next.core.toLowerCase()));
}

/** Read so before a number only. */
const numbered: Record<string, string> = { no: 'number', nos: 'numbers', p: 'page', c: 'circa', ca: 'circa' };

/** `No. 7`, `p. 12`, `c. 1800`: a full stop before a number. */
function isCounted(parts: Part[], index: number): boolean {
  const key = parts[index]!.core.toLowerCase();
  return Object.hasOwn(numbered, key) && /^\d/.test(parts[index + 1]?.core ?? '');
}

/** The words of `parts[index]`, lower-case letters, apostrophes and spaces only; empty = nothing to say. */
export function readEnglish(parts: Part[], index: number, shouted: boolean): string {
  return plainWords(read(parts, index, shouted));
}

function read(parts: Part[], index: number, shouted: boolean): string {
  const part = parts[index]!;
  const { core } = part;
  const previous = parts[index - 1];
  const next = parts[index + 1];
  if (core === '') return '';
  const address = readAddress(core);
  if (address !== undefined) return address;
  const symbol = symbols[core];
  if (symbol !== undefined) return symbol;
  if (isCounted(parts, index) && part.stopped) return numbered[core.toLowerCase()]!;
  const digits = isPhoneAhead(parts, index) ? readPhoneGroup(core) : undefined;
  if (digits !== undefined) return digits;
  if (/^st$/i.test(core) && part.stopped) return readSt(previous, next);

  const follows = previous !== undefined && !endsSentence(previous.rest) && isNumberLike(previous.core);
  if (follows) {
    const unit = units[core.normalize('NFC')];
    if (unit !== undefined && (core.length > 1 || previous.rest === 'none')) {
      return /^[-−]?1$/.test(previous.core) ? unit.one : unit.many;
    }
    if (/^(am|pm)$/i.test(core)) return spellLetters(core);
    if (isFraction(core) && /^\d+$/.test(previous.core)) {
      return `and ${readNumber(core, previous, next).replace(/^one half$/, 'a half')}`;
    }
    if (magnitudes[core.toLowerCase()] !== undefined) return readMagnitude(core, previous.core);
  }
  const key = stopless(core);
  if (part.stopped || /^(\p{L}\.)+\p{L}$/u.test(core)) {
    const long = abbreviations[key];
    if (long !== undefined && !everydayWords.has(core)) return long;
    if (/^(\p{L}\.)+\p{L}$/u.test(core)) return spellLetters(key);
  }
  const bare = bareAbbreviations[core.toLowerCase()];
  if (bare !== undefined) return bare;

  // `9:30 a.m.–5 p.m.`
  const until = /^([ap])\.?m\.?[-–](\d.*)$/iu.exec(core);
  if (until) return `${spellLetters(`${until[1]}m`)} to ${readNumber(until[2]!, undefined, next)}`;
  if (/\d/.test(core.normalize('NFKC'))) return readNumber(core, previous, next);
  return readWord(core, previous, next, shouted);
}

/** Words too, in small letters (`I am.`, `see fig.` is none of them): abbreviations only with a capital or inner stops. */
const everydayWords = new Set(['am', 'al', 'est', 'ms', 'gen', 'sen', 'ed', 'rev', 'dec', 'co', 'ch']);

/** A street behind a name, a saint before one. */
function readSt(previous: Part | undefined, next: Part | undefined): string {
  const nameFollows =
    next !== undefined && /^\p{Lu}/u.test(next.core) && !sentenceStarters.has(next.core.toLowerCase());
  const nameBefore = previous !== undefined && /^\p{Lu}/u.test(previous.core) && previous.rest === 'none';
  return nameFollows && !(nameBefore && /^\d/.test(next.core)) ? 'saint' : 'street';
}

/** `million` behind `$3` takes the currency along. */
function readMagnitude(core: string, sum: string): string {
  const size = magnitudes[core] ?? magnitudes[core.toLowerCase()]!;
  const names: Record<string, string> = {
    $: 'dollars',
    '€': 'euros',
    '£': 'pounds',
    '¥': 'yen',
    '₹': 'rupees',
  };
  const sign = /[$€£¥₹]/u.exec(sum)?.[0];
  return sign === undefined ? size : `${size} ${names[sign]}`;
}
