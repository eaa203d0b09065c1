// Where a line of text reads badly when it ends: between which neighbours, and by how much. Pure; knows no widths.

const closers = `["'”’»›）」』】〉》)\\]]*`;
const sentenceEnd = new RegExp(`[.!?。！？؟।۔…]${closers}$`, 'u');
const clauseEnd = new RegExp(`[,;:،؛；：、，—–]${closers}$`, 'u');

/** Kana words that lean on the word before them: particles, endings of verbs. */
const leaningKana =
  /^(?:は|が|を|に|で|と|も|の|へ|や|か|ね|よ|な|から|まで|より|だけ|など|ます|ました|ません|まし|ませ|た|て|てい|ている|ない|です|でし|でした|だ|だっ|れ|られ|せ|させ|ば)[\p{P}]*$/u;
/** Hindi says after a word what it is there for. */
const leaningDevanagari = /^(?:का|के|की|को|में|से|पर|ने|तक|भी|ही|है|हैं|था|थी|थे)[\p{P}]*$/u;
/** Chinese particles, and what makes one word with the word before it. */
const leaningHan = /^[的地得了着过吗呢吧啊们者性化家][\p{P}]*$/u;
/** Articles, prepositions, conjunctions: they belong to what follows. */
const shortWord =
  /^(?:[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]{1,3}|من|إلى|على|عن|في|مع|أو|ثم|أن|إن|لا|ما|لم|لن|قد|كل|של|את|על|אל|עם|כל|לא)$/u;
const capitalised = /^["“'‘(]*\p{Lu}/u;

export function endsClause(text: string): boolean {
  return clauseEnd.test(text);
}

/** True for a sentence's last mark, whatever stands before it. */
export function closesSentence(text: string): boolean {
  return sentenceEnd.test(text);
}

export function isShortWord(text: string): boolean {
  return shortWord.test(text);
}

/** A word that may not begin a line, for it leans on the one before. */
function leans(text: string): boolean {
  return leaningKana.test(text) || leaningHan.test(text) || leaningDevanagari.test(text);
}

/**
 * What it costs to end a line between two neighbours, as a share of its width: below 0 after a clause, above it where
 * words belong together.
 */
export function breakPenalty(before: string, after: string): number {
  if (leans(after)) return 0.35;
  if (endsClause(before) || closesSentence(before)) return -0.1;
  if (capitalised.test(before) && capitalised.test(after)) return 0.12;
  return isShortWord(before) ? 0.04 : 0;
}
