// Reads the languages that have no tables of their own: the engine knows their numbers and symbols itself, so words
// pass nearly as they are. Only what it would misread (markup, addresses, common abbreviations) is rewritten.
import { foreignAbbreviations } from './foreign-abbreviations.ts';
import type { Part } from './take-apart.ts';

/** Languages that write `3.` for "third": a stop behind a number ends no sentence there. */
const dottedOrdinals = new Set([
  'cs',
  'da',
  'de',
  'et',
  'fi',
  'hr',
  'hu',
  'lv',
  'nb',
  'no',
  'pl',
  'sk',
  'sl',
  'sr',
  'tr',
]);

/** True when the full stop behind `parts[index]` ends no sentence. */
export function isForeignAbbreviation(parts: Part[], index: number, language: string): boolean {
  const { core } = parts[index]!;
  const next = parts[index + 1];
  if (next === undefined) return false;
  if (/^\p{L}$/u.test(core) || /^(\p{L}\.)+\p{L}$/u.test(core)) return true;
  if (known(core, language) !== undefined) {
    return !/^(etc|usw|enz|ecc|itd|vb|vs)$/i.test(core) || /^\p{Ll}/u.test(next.core);
  }
  return dottedOrdinals.has(language) && /^\d{1,2}$/.test(core);
}

/** What the engine gets for `parts[index]`; empty = nothing to say. */
export function readForeign(parts: Part[], index: number, language: string): string {
  const { core, stopped } = parts[index]!;
  if (stopped) {
    const long = known(core, language) ?? readPair(parts, index, language);
    if (long !== undefined) return long;
  }
  const said = core
    .normalize('NFC')
    .replace(/^https?:\/\//i, '')
    .replace(/(?<=\w\.\w+)[?#].*$/, '')
    // The engine takes markup for orders.
    .replace(/[<>[\]{}\\^_|`"]/gu, ' ')
    .replace(/&/gu, ' & ')
    .replace(/ +/gu, ' ')
    .trim();
  return /[\p{L}\p{N}%&@+=$€£¥°]/u.test(said) ? said : '';
}

/** `m.` behind a number is no title: a single letter must be a capital. */
function known(core: string, language: string): string | undefined {
  const table = foreignAbbreviations[language];
  const key = core.toLowerCase();
  return table === undefined || /^[a-z]$/.test(core) || !Object.hasOwn(table, key) ? undefined : table[key];
}

/** `z. B.` in two tokens: each gets its share of the words. */
function readPair(parts: Part[], index: number, language: string): string | undefined {
  const pairWith = (first: Part | undefined, second: Part | undefined) =>
    first?.stopped && second?.stopped
      ? known(`${first.core}.${second.core}`, language)?.split(' ')
      : undefined;
  const begun = pairWith(parts[index], parts[index + 1]);
  if (begun) return begun[0];
  return pairWith(parts[index - 1], parts[index])
    ?.slice(1)
    .join(' ');
}
