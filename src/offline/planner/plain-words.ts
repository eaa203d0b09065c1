// Words that never steer a picture, and words that are worth stressing. Lists, and the questions asked of them.
import { foldWord } from './inflections.ts';
import { morePlainWords, moreStrikingWords } from './plain-words-more.ts';

/** Say nothing about a picture; never keywords, never stressed for their rarity. */
const plainWords: Record<string, string> = {
  en: `
    four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand okay almost barely
    toward towards around across along upon within near next lot thing things something anything
    the a an and or but nor of to in on at by for from with without into onto over under about after
    before between through during is are was were be been being am has have had do does did will would
    can could shall should may might must not no yes it its this that these those there here he she they
    we you i me him her them us my your his their our as if then than so too very just also only even
    still when while where what who whom which why how all any both each every few more most much many
    other some such own same up down out off again once because until against one two three it’s it's
    that's don't can't didn't i'm you're we're let's like get got go goes went make made makes said say
    says come came take took know knew back well way
  `,
  fr: `
    deux trois quatre cinq six sept huit neuf dix c'est peut chaque fois rien trop ici là
    le la les l un une des du de d et ou mais donc car ni que qui quoi dont où ce cet cette ces il elle
    ils elles on nous vous je tu me te se lui leur y en au aux à dans par pour sur sous avec sans est
    sont était être a ont avait avoir fait ne pas plus moins très bien tout tous toute toutes comme si
    quand son sa ses mon ma mes ton ta tes notre votre leurs même encore aussi déjà depuis
  `,
  es: `
    el la los las un una unos unas de del y o u pero ni que quien cual donde cuando como al a en por para
    con sin sobre es son era ser está están ha han había no sí más menos muy todo toda todos todas su sus
    mi mis tu tus nuestro se le les lo me te nos este esta estos estas ese esa eso ya también aún
  `,
  de: `
    der die das den dem des ein eine einen einem einer und oder aber denn weil dass wenn als wie wo wer
    was ist sind war waren sein hat haben hatte wird werden wurde nicht kein keine ich du er sie es wir
    ihr mich mir dich dir sich uns euch ihm ihn ihnen mein dein unser in im an am auf aus bei mit nach
    seit von vom zu zum zur über unter vor durch für gegen ohne um noch nur auch schon sehr mehr so dann
    da hier dort jede jeder jedes alle
  `,
  it: `
    il lo la i gli le l un uno una di del della dei delle e o ma che chi cui dove quando come al alla a
    in nel nella per con senza su sul sulla è sono era essere ha hanno aveva non sì più meno molto tutto
    tutta tutti tutte suo sua suoi mio mia tuo si ci vi mi ti questo questa quello quella già anche
    ancora
  `,
};

/** Worth stressing whatever stands around them. */
const strikingWords: Record<string, string> = {
  en: `
    never always only every everything nothing nobody everyone first last best worst greatest largest
    smallest biggest deepest highest oldest fastest longest most more than ever impossible incredible
    forever alone free now secret truth
  `,
  fr: `
    jamais toujours seul seule rien tout premier première dernier dernière meilleur meilleure pire plus
    impossible incroyable secret vérité maintenant
  `,
  es: `
    nunca siempre solo nada todo primero primera último última mejor peor más imposible increíble secreto
    verdad ahora
  `,
  de: `
    nie niemals immer einzig nichts alles erste letzte beste größte kleinste älteste schnellste unmöglich
    unglaublich geheimnis wahrheit jetzt
  `,
  it: `
    mai sempre solo niente nulla tutto primo prima ultimo ultima migliore peggiore impossibile
    incredibile segreto verità adesso
  `,
};

const plain = toSets({ ...plainWords, ...morePlainWords });
const striking = toSets({ ...strikingWords, ...moreStrikingWords });

export function isPlain(bare: string, language: string): boolean {
  return plain.get(language)?.has(foldWord(bare, language)) ?? false;
}

export function isStriking(bare: string, language: string): boolean {
  return striking.get(language)?.has(foldWord(bare, language)) ?? false;
}

function toSets(lists: Record<string, string>): Map<string, Set<string>> {
  return new Map(
    Object.entries(lists).map(([language, words]) => [
      language,
      new Set(
        words
          .trim()
          .split(/\s+/)
          .map((word) => foldWord(word, language)),
      ),
    ]),
  );
}
