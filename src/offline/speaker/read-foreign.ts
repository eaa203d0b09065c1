// Reads languages that eSpeak speaks: the engine knows their numbers and symbols itself, so words pass nearly as they
// are. Only what it would misread (markup, addresses, common abbreviations) is rewritten.
import type { Part } from './take-apart.ts';

/** Abbreviations in lower case with their inner stops, without the last. */
const abbreviations: Record<string, Record<string, string>> = {
  de: { dr: 'Doktor', 'z.b': 'zum Beispiel', 'd.h': 'das heißt', 'u.a': 'unter anderem', bzw: 'beziehungsweise', usw: 'und so weiter', ca: 'circa', nr: 'Nummer', hr: 'Herr', fr: 'Frau', st: 'Sankt', prof: 'Professor', str: 'Straße', jh: 'Jahrhundert', vgl: 'vergleiche' },
  fr: { m: 'monsieur', mm: 'messieurs', mme: 'madame', mlle: 'mademoiselle', dr: 'docteur', pr: 'professeur', st: 'saint', ste: 'sainte', av: 'avenue', etc: 'et cetera', 'p.ex': 'par exemple', 'c.-à-d': "c'est-à-dire" },
  es: { sr: 'señor', sra: 'señora', srta: 'señorita', dr: 'doctor', dra: 'doctora', ud: 'usted', uds: 'ustedes', etc: 'etcétera', 'p.ej': 'por ejemplo', 'ee.uu': 'Estados Unidos', av: 'avenida', 'núm': 'número' },
  it: { sig: 'signor', 'sig.ra': 'signora', dott: 'dottor', prof: 'professor', ecc: 'eccetera', 'p.es': 'per esempio', 's.p.a': 'esse pi a' },
  pt: { sr: 'senhor', sra: 'senhora', dr: 'doutor', dra: 'doutora', etc: 'etcétera', 'p.ex': 'por exemplo', av: 'avenida' },
  nl: { dhr: 'de heer', mevr: 'mevrouw', dr: 'dokter', bijv: 'bijvoorbeeld', enz: 'enzovoort', 'd.w.z': 'dat wil zeggen', nr: 'nummer', prof: 'professor' },
  pl: { dr: 'doktor', np: 'na przykład', itd: 'i tak dalej', prof: 'profesor', ul: 'ulica', nr: 'numer' },
  ru: { г: 'год', гг: 'годы', 'т.е': 'то есть', 'т.д': 'так далее', 'т.п': 'тому подобное', др: 'другие', руб: 'рублей', ул: 'улица' },
  tr: { dr: 'doktor', prof: 'profesör', vb: 've benzeri', vs: 'vesaire', sn: 'sayın' },
}; // biome-ignore format: a table reads best one language a line.

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
  if (abbreviations[language]?.[core.toLowerCase()] !== undefined) {
    return !/^(etc|usw|enz|ecc|itd|vb|vs)$/i.test(core) || /^\p{Ll}/u.test(next.core);
  }
  return dottedOrdinals.has(language) && /^\d{1,2}$/.test(core);
}

/** What the engine gets for `parts[index]`; empty = nothing to say. */
export function readForeign(parts: Part[], index: number, language: string): string {
  const { core, stopped } = parts[index]!;
  const known = abbreviations[language] ?? {};
  if (stopped) {
    const long = known[core.toLowerCase()] ?? readPair(parts, index, known);
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

/** `z. B.` in two tokens: each gets its share of the words. */
function readPair(parts: Part[], index: number, known: Record<string, string>): string | undefined {
  const pairWith = (first: Part | undefined, second: Part | undefined) =>
    first?.stopped && second?.stopped
      ? known[`${first.core}.${second.core}`.toLowerCase()]?.split(' ')
      : undefined;
  const begun = pairWith(parts[index], parts[index + 1]);
  if (begun) return begun[0];
  return pairWith(parts[index - 1], parts[index])
    ?.slice(1)
    .join(' ');
}
