// Words in another alphabet than the script's own: which language's voice can say them, or how they look in Latin
// letters. What nobody here can say is named, never dropped in silence.
import type { Part } from './take-apart.ts';

/** Alphabets that some voice speaks, and the language taken for a word that is written in them. */
const alphabets: [RegExp, (word: string) => string][] = [
  [/\p{Script=Cyrillic}/u, (word) => (/[іїєґ]/iu.test(word) ? 'uk' : 'ru')],
  [/\p{Script=Greek}/u, () => 'el'],
  [/\p{Script=Arabic}/u, (word) => (/[پچژگ]/u.test(word) ? 'fa' : 'ar')],
  [/\p{Script=Devanagari}/u, () => 'hi'],
  [/\p{Script=Hangul}/u, () => 'ko'],
  [/\p{Script=Han}/u, () => 'zh'],
];

/** Beside Latin, which every engine reads in every language. */
const ownAlphabets: Record<string, RegExp> = {
  ar: /\p{Script=Arabic}/u,
  fa: /\p{Script=Arabic}/u,
  bg: /\p{Script=Cyrillic}/u,
  ru: /\p{Script=Cyrillic}/u,
  sr: /\p{Script=Cyrillic}/u,
  uk: /\p{Script=Cyrillic}/u,
  el: /\p{Script=Greek}/u,
  hi: /\p{Script=Devanagari}/u,
  ko: /[\p{Script=Hangul}\p{Script=Han}]/u,
  zh: /\p{Script=Han}/u,
};

/** A run of letters of one alphabet that is neither Latin nor shared by all. */
const otherLetters =
  /(?:(?![\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}])\p{L}[\p{M}\p{Script=Inherited}\u200C\u200D]*)+/u;

/**
 * The parts, each in one alphabet. Those in another than `language`'s get their own language in `foreign`, in English
 * Greek and Cyrillic become Latin letters; those that no voice speaks lose their text.
 */
export function settleAlphabets(parts: Part[], language: string): Part[] {
  const own = ownAlphabets[language];
  return parts.flatMap((part) => {
    if (!otherLetters.test(part.core)) return [part];
    const runs = part.core.split(new RegExp(`(${otherLetters.source})`, 'u')).filter((run) => run !== '');
    const settled = runs.flatMap((run) => settleRun(run, part, own, language));
    // Neighbours that need no other voice stay one word: `β-Carotin`, `2-й`.
    const joined: Part[] = [];
    for (const next of settled) {
      const last = joined.at(-1);
      if (last && last.foreign === next.foreign && last.core !== '' && next.core !== '')
        last.core += next.core;
      else joined.push({ ...next });
    }
    return joined.map((each, i) => ({
      ...each,
      rest: i === joined.length - 1 ? part.rest : 'none',
      stopped: i === joined.length - 1 && part.stopped,
      opens: i === 0 && part.opens,
    }));
  });
}

function settleRun(run: string, part: Part, own: RegExp | undefined, language: string): Part[] {
  if (!otherLetters.test(run)) return [{ ...part, core: run }];
  return splitByAlphabet(run).map((letters) => {
    if (own?.test(letters)) return { ...part, core: letters };
    if (language === 'en') {
      const latin = inLatin(letters);
      if (latin !== undefined) return { ...part, core: latin };
    }
    const spoken = alphabets.find(([alphabet]) => alphabet.test(letters));
    // With kana beside it Han is Japanese, which no voice here speaks.
    if (!spoken || /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(part.core)) return { ...part, core: '' };
    return { ...part, core: letters, foreign: spoken[1](letters) };
  });
}

function splitByAlphabet(run: string): string[] {
  const letters = run.match(/\p{L}[^\p{L}]*/gu) ?? [];
  const runs: string[] = [];
  let last = -2;
  for (const letter of letters) {
    const alphabet = alphabets.findIndex(([each]) => each.test(letter));
    if (alphabet === last) runs[runs.length - 1] += letter;
    else runs.push(letter);
    last = alphabet;
  }
  return runs;
}

const cyrillic: Record<string, string> = Object.fromEntries(
  (
    'а:a б:b в:v г:g д:d е:e ё:yo ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts ч:ch ш:sh ' +
    'щ:shch ъ: ы:y ь: э:e ю:yu я:ya і:i ї:yi є:ye ґ:g ў:w ђ:j ј:y љ:ly њ:ny ћ:ch џ:j ѓ:g ќ:k ѕ:dz'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

const greek: Record<string, string> = Object.fromEntries(
  'α:a β:v γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:x ο:o π:p ρ:r σ:s ς:s τ:t υ:y φ:f χ:h ψ:ps ω:o'
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

const greekNames = new Map<string, string>(
  (
    'α:alpha β:beta γ:gamma δ:delta ε:epsilon ζ:zeta η:eta θ:theta ι:iota κ:kappa λ:lambda μ:mu ν:nu ξ:xi ο:omicron ' +
    'π:pi ρ:rho σ:sigma τ:tau υ:upsilon φ:phi χ:chi ψ:psi ω:omega'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

/** Near enough for an English voice; a lone Greek letter by its name. Undefined for other alphabets. */
function inLatin(word: string): string | undefined {
  const plain = word
    .normalize('NFD')
    .replace(/(?<![иИіІ])\p{M}/gu, '')
    .normalize('NFC');
  const name = greekNames.get(plain.toLowerCase());
  if (name !== undefined) return name;
  const [table, source] = /^\p{Script=Cyrillic}+$/u.test(plain)
    ? [cyrillic, plain]
    : /^\p{Script=Greek}+$/u.test(plain)
      ? [greek, plain.replace(/ου/gi, 'u').replace(/γγ/gi, 'ng').replace(/^μπ/i, 'b')]
      : [undefined, plain];
  if (table === undefined) return undefined;
  const capital = /^\p{Lu}/u.test(word);
  const shouted = /^\p{Lu}{2,}$/u.test(word);
  // Ukrainian letters that sound otherwise than the Russian ones.
  const local: Record<string, string> = /[іїєґ]/iu.test(word) ? { и: 'y', г: 'h', ї: 'i' } : {};
  const latin = [...source.toLowerCase()].map((letter) => local[letter] ?? table[letter] ?? letter).join('');
  if (shouted) return latin.toUpperCase();
  return capital ? latin.charAt(0).toUpperCase() + latin.slice(1) : latin;
}
