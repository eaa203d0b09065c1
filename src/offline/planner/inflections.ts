// How inflected words of each language are found in lists: what lists and texts fold alike, and the simpler forms that a
// word may be one of. Rules and their data; light, not grammar: a form need not be a word.

/** Endings that a word may have lost to become the listed one, and what stood in their place. */
const endings: Record<string, [ending: string, instead: string][]> = {
  en: pairs('s es ies>y ing ing>e ed ed>e'),
  fr: pairs('s x e es'),
  es: pairs('s es ones>ón'),
  de: pairs('n en e er s es'),
  it: pairs('i>o i>e e>a hi>o'),
  pt: pairs('s es ões>ão ães>ão ns>m is>l éis>el'),
  nl: pairs("en s 's n je jes e"),
  sv: pairs('n en et t ar or or>a er arna orna orna>a erna na s ns ens ets ets>e'),
  hi: pairs('ों ों>ा ें ियों>ी ियां>ी ों>ी े>ा ी>ा ए>ा ओं'),
};

/** Case endings of languages in which a word is known by its stem: lists and texts lose theirs alike, the longest first. */
const caseEndings: Record<string, string[]> = {
  ru: longestFirst(
    'а я о е ы и у ю ь й ой ей ом ем ью ам ям ах ях ами ями ов ев ый ий ая яя ое ее ые ие ия ии ию ием иях ого его ому ему ым им ых их ую юю ого ья ье ьев',
  ),
  uk: longestFirst(
    'а я о е и і ї у ю ь й ою ею ом ем єм ам ям ах ях ами ями ів їв ий ій ая яя є еє ого його ому йому им їм их їх ую юю ові еві тя ття',
  ),
  pl: longestFirst('a ą e ę i o u y ów om ami ach em iem ie ią iej ego emu ej ym ych ymi owi iami iach'),
};

/** Particles after Korean nouns. */
const koreanParticles = longestFirst(
  '은 는 이 가 을 를 의 에 에서 에게 로 으로 와 과 도 만 까지 부터 처럼 보다 들 들은 들이 들을 들의 에는 에서는 이다 입니다 였다 이었다 라는 이라는',
);

const turkishEndings = longestFirst(
  'lar ler ları leri larda lerde lardan lerden ların lerin da de ta te dan den tan ten nın nin nun nün ın in un ün ı i u ü a e ya ye yı yi yu yü nda nde sı si su sü m ım im um üm la le yla yle',
);
/** What stands at a stem's end before a vowel, and what it is without one: kitabı, kitap. */
const hardened: Record<string, string> = { b: 'p', c: 'ç', d: 't', ğ: 'k', g: 'k' };

const arabicPrefixes = longestFirst('ال و ف ب ك ل لل وال بال فال كال ولل');
const arabicSuffixes = longestFirst('ها هم هن نا كم ات ون ين ان ه ي ته تها');
const hebrewPrefixes = /^(?:[והבלכמש]{1,3}(?=.{3})|[הבל](?=.{2}))/u;
const hebrewSuffixes = longestFirst('ימ ות יה יו ה ת י');

const shortestStem = 3;
/** Han characters that mean in compounds what they mean alone. */
const tellingHan = /^[山海河江溪湖川雪雨夜森冰嵐雷岛島桥橋船浪]$/u;

/** The form in which lists keep a word and texts are looked up; lower-case in and out. */
export function foldWord(word: string, language: string): string {
  const composed = word.normalize('NFC');
  if (language in caseEndings) return stemOf(composed.replaceAll('ё', 'е'), caseEndings[language]!);
  switch (language) {
    case 'tr':
      return composed.replaceAll('\u0307', '');
    case 'ar':
      return composed
        .replace(/[\u064b-\u065f\u0670\u0640]/g, '')
        .replace(/[أإآ]/g, 'ا')
        .replaceAll('ى', 'ي')
        .replaceAll('ة', 'ه');
    case 'he':
      return composed
        .replace(/[\u0591-\u05c7]/g, '')
        .replace(/[ךםןףץ]/g, (final) => String.fromCharCode(final.charCodeAt(0) + 1));
    case 'hi':
      return composed.replace(/\u093c/g, '').replace(/\u0901/g, '\u0902');
    default:
      return composed;
  }
}

/** The bare word itself, folded, then what it may be a form of, the likeliest first. */
export function wordForms(bare: string, language: string): string[] {
  const word = foldWord(bare, language);
  switch (language) {
    case 'ko':
      return [word, ...without(word, koreanParticles, 1)];
    case 'tr':
      return turkishForms(word);
    case 'ar':
      return arabicForms(word);
    case 'he':
      return hebrewForms(word);
    case 'zh':
    case 'ja':
      return partsOf(word);
    default:
      return [
        word,
        ...(endings[language] ?? [])
          .filter(
            ([ending]) =>
              word.endsWith(ending) &&
              word.length - ending.length >= shortestStem - Number(language === 'hi'),
          )
          .map(([ending, instead]) => word.slice(0, -ending.length) + instead),
      ];
  }
}

function stemOf(word: string, caseEnding: string[]): string {
  const ending = caseEnding.find(
    (each) => word.endsWith(each) && word.length - each.length >= (each.length === 1 ? 2 : shortestStem),
  );
  return ending === undefined ? word : word.slice(0, -ending.length);
}

/** The word without each of these at its end, if so many letters are left. */
function without(word: string, tails: string[], fewest: number): string[] {
  return tails
    .filter((tail) => word.endsWith(tail) && word.length - tail.length >= fewest)
    .map((tail) => word.slice(0, -tail.length));
}

/** Up to three endings may hang on a word: deniz-ler-im-de. */
function turkishForms(word: string): string[] {
  const forms = new Set([word]);
  let last = [word];
  for (let depth = 0; depth < 3; depth++) {
    last = last.flatMap((form) => without(form, turkishEndings, shortestStem));
    for (const form of last) {
      forms.add(form);
      const hard = hardened[form.at(-1)!];
      if (hard !== undefined) forms.add(form.slice(0, -1) + hard);
    }
  }
  return [...forms];
}

function arabicForms(word: string): string[] {
  const bare = [
    word,
    ...arabicPrefixes
      .filter(
        (prefix) =>
          word.startsWith(prefix) && word.length - prefix.length >= shortestStem - Number(prefix.length > 1),
      )
      .map((prefix) => word.slice(prefix.length)),
  ];
  const cut = bare.flatMap((form) => without(form, arabicSuffixes, shortestStem));
  // Before a suffix the feminine ending is written ت: مدينتهم, مدينة.
  const feminine = cut.filter((form) => form.endsWith('ت')).map((form) => `${form.slice(0, -1)}ه`);
  return [...bare, ...cut, ...cut.map((form) => `${form}ه`), ...feminine];
}

function hebrewForms(word: string): string[] {
  const bare = [word];
  for (let rest = word, depth = 0; depth < 2; depth++) {
    const prefix = hebrewPrefixes.exec(rest)?.[0];
    if (prefix === undefined) break;
    for (let letters = 1; letters <= prefix.length; letters++) bare.push(rest.slice(letters));
    rest = rest.slice(prefix.length);
  }
  const cut = bare.flatMap((form) => without(form, hebrewSuffixes, 2));
  return [...bare, ...cut, ...cut.map((form) => `${form}ה`)];
}

/** A compound and its parts, the longest first: a single character only where it tells enough. */
function partsOf(word: string): string[] {
  const characters = [...word];
  const parts: string[] = [word];
  for (let length = Math.min(6, characters.length - 1); length > 0; length--) {
    for (let at = 0; at + length <= characters.length; at++) {
      const part = characters.slice(at, at + length).join('');
      if (length > 1 || tellingHan.test(part)) parts.push(part);
    }
  }
  return parts;
}

function pairs(list: string): [string, string][] {
  return list.split(' ').map((each): [string, string] => {
    const [ending, instead = ''] = each.split('>');
    return [ending!, instead];
  });
}

function longestFirst(list: string): string[] {
  return [...new Set(list.split(' '))].sort((a, b) => b.length - a.length);
}
