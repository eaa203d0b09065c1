// Which language a script is in: the given tag, else its letters, else its commonest words. The API asks before it takes
// a request, the planner when it plans. Whether a language can be spoken is not decided here.
import { AppError } from './errors.ts';

interface Writing {
  letters: RegExp;
  language: string;
  /** What one letter counts for: a Han or kana letter says as much as several Latin ones. */
  weight: number;
}

const writings: Writing[] = [
  { letters: /\p{Script=Latin}/gu, language: 'latin', weight: 1 },
  { letters: /\p{Script=Cyrillic}/gu, language: 'ru', weight: 1 },
  { letters: /\p{Script=Greek}/gu, language: 'el', weight: 1 },
  { letters: /\p{Script=Arabic}/gu, language: 'ar', weight: 1.2 },
  { letters: /\p{Script=Hebrew}/gu, language: 'he', weight: 1.2 },
  { letters: /\p{Script=Devanagari}/gu, language: 'hi', weight: 1.2 },
  { letters: /\p{Script=Thai}/gu, language: 'th', weight: 1 },
  { letters: /\p{Script=Hangul}/gu, language: 'ko', weight: 2 },
  { letters: /\p{Script=Han}/gu, language: 'zh', weight: 2.5 },
  { letters: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu, language: 'kana', weight: 2 },
];

/** Words that hardly a sentence does without, chosen to tell the languages apart. */
const commonWords: Record<string, string> = {
  en: 'a i the of and to in is that it was for on are with as this they be at have from by not but what you we an which their one were your his her will no',
  fr: 'le la les des est et une un du que qui dans pour pas sur au avec ne se ce il elle nous vous sont plus par je mais aux ces être cette son chaque où',
  es: 'el la los las de que y en un una es por con para del se no su al lo como más pero sus este esta son ya cuando muy sin hay cada todo está buenos buenas',
  de: 'der die das und ist nicht ein eine zu den mit von auf für im des dem sich es sie wir ich auch wie an aus werden wird noch bei nach jeder jede über guten',
  it: 'il lo la gli le di che e è un una per non con del della dei sono si in da al più come nel ma questo alla ogni anche ha delle',
  pt: 'o a os as de que e em um uma é para com não do da dos das se no na por mais como ao mas foi são ele seu sua nas cada está',
  nl: 'de het een en van is dat niet in op te zijn voor met die er aan om ook als maar bij nog hij wij naar elke deze worden over',
  pl: 'i w na nie się z do to jest że jak o po co ale od za przez są dla tylko już czy ich jego każdy gdy być ma',
  tr: 've bir bu da de için ile çok ne gibi daha var olarak kadar her ama en sonra olan mi ki değil şey ben o biz zaman',
  sv: 'och att det i en som är på av för med den till inte om har de ett var jag han hon men vi från så när vid kan ut över',
  da: 'og at det i en som er på af for med den til ikke om har de et var jeg han hun men vi fra så når ved kan ud over sig mig',
  no: 'og at det i en som er på av for med den til ikke om har de et var jeg han hun men vi fra så når ved kan ut over seg meg',
  fi: 'ja on ei se että hän oli mutta kun niin myös ovat joka mitä kuin sen jo vain tämä me he ole olivat kaikki sitä hänen',
  cs: 'a je se na že v to s z do i o si jsem jako ale za by po tak když jsou nebo už jeho byl byla které není pod nad při ve',
  sk: 'a je sa na že v to s z do aj o si som ako ale za by po tak keď sú alebo už jeho bol bola ktoré nie pod nad pri vo',
  hu: 'a az és hogy nem egy is van volt de ez meg csak már még mint ha el ki fel ezt azt volna lesz nagyon vagy minden',
  ro: 'și de în la nu o cu că pe este un din mai ce pentru sunt care au dar când fost prin sau după ca fără lui ei era',
  id: 'yang dan di itu dengan untuk tidak ini dari dalam akan pada juga ke karena ada mereka saya kita adalah atau telah oleh',
  vi: 'và là của có không một trong cho được với người này đã những các để ra khi từ cũng như trên đó nhưng về',
};

/** Letters that few other Latin languages use. */
const tellingLetters: Record<string, RegExp> = {
  cs: /[řěů]/g,
  da: /[æøå]/g,
  de: /[äöüß]/g,
  es: /[ñ¿¡]/g,
  fi: /[äö]/g,
  fr: /[œçêèàù]/g,
  hu: /[őűöü]/g,
  no: /[æøå]/g,
  pl: /[łąęśćżźń]/g,
  pt: /[ãõ]/g,
  ro: /[ățșţş]/g,
  sk: /[ľĺŕô]/g,
  sv: /[åäö]/g,
  tr: /[ğışİ]/g,
  vi: /[đơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/g,
};

const commonWordSets = Object.entries(commonWords).map(
  ([language, words]) => [language, new Set(words.split(' '))] as const,
);

/** Enough to know; the rest of a long script is in the same language. */
const sampleChars = 4_000;

/**
 * BCP 47 primary tag of `given` (any well-formed tag; `und` counts as none), or what `text` looks like, or `en`.
 * Throws `language_unsupported` for a malformed tag.
 */
export function chooseLanguage(given: string | undefined, text: string): string {
  if (given === undefined) return detectLanguage(text);
  const primary = primaryTag(given);
  return primary === 'und' ? detectLanguage(text) : primary;
}

function primaryTag(tag: string): string {
  try {
    return new Intl.Locale(tag).language ?? 'und';
  } catch (error) {
    throw new AppError('language_unsupported', `"${tag.slice(0, 40)}" is not a language tag.`, {
      hint: 'Use a BCP 47 tag such as en, fr or ar, or leave language out to have it detected.',
      cause: error,
    });
  }
}

function detectLanguage(text: string): string {
  const sample = text.slice(0, sampleChars);
  const scores = new Map(
    writings.map(({ letters, language, weight }) => [
      language,
      (sample.match(letters)?.length ?? 0) * weight,
    ]),
  );
  const kana = scores.get('kana')!;
  scores.delete('kana');
  if (kana > 0.1 * scores.get('zh')!) scores.set('ja', kana + scores.get('zh')!).delete('zh');

  const [first, score] = [...scores].reduce((best, next) => (next[1] > best[1] ? next : best));
  if (score === 0) return 'en';
  if (first === 'latin') return detectLatinLanguage(sample);
  if (first === 'ru') return cyrillicLanguage(sample);
  if (first === 'ar' && /[پچژگک]/.test(sample)) return /[ٹڈںے]/.test(sample) ? 'ur' : 'fa';
  return first;
}

function cyrillicLanguage(sample: string): string {
  if (/[іїєґ]/i.test(sample)) return 'uk';
  if (/[ђјљњћџ]/i.test(sample)) return 'sr';
  // Within Russian words this sign stands before a few vowels only, and Bulgarian does without these letters.
  return /ъ(?![еёюя])/i.test(sample) && !/[ыэё]/i.test(sample) ? 'bg' : 'ru';
}

function detectLatinLanguage(sample: string): string {
  const lower = sample.toLowerCase();
  const words = lower.match(/\p{L}+/gu) ?? [];
  let best = { language: 'en', score: 0 };
  for (const [language, common] of commonWordSets) {
    const hits = words.filter((word) => common.has(word)).length;
    const letters = lower.match(tellingLetters[language] ?? /(?!)/g)?.length ?? 0;
    const score = hits + 0.7 * letters;
    if (score > best.score) best = { language, score };
  }
  return best.language;
}
