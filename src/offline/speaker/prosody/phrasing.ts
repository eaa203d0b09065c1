// Where a voice takes breath although nobody wrote a comma, and which questions fall: what words tell of it, by language.
import type { ScriptPiece } from '../read-script.ts';

/** A phrase of more words is parted, each part having at least so many. */
const longestPhrase = 9;
const shortestPart = 4;

const joiners: Record<string, ReadonlySet<string>> = {
  en: words(
    'and but or because while when where which who so although though until before after since if unless',
  ),
  fr: words('et mais ou donc car parce quand lorsque puisque tandis qui où avant après si'),
  es: words('y e pero o u porque cuando mientras aunque donde antes después si'),
  de: words('und aber oder denn weil wenn während sondern bevor nachdem'),
  it: words('e ed ma o perché quando mentre anche dove prima dopo se'),
};

const askers: Record<string, ReadonlySet<string>> = {
  en: words('who what when where why how which whose whom'),
  fr: words("qui quoi quand où comment pourquoi combien quel quelle quels quelles qu'est-ce"),
  es: words('quién quiénes qué cuándo dónde adónde cómo cuál cuáles cuánto cuánta cuántos cuántas'),
  de: words('wer wen wem wessen was wann wo wohin woher warum weshalb wieso wie welche welcher welches wozu'),
  it: words("chi che cosa quando dove come perché quale quali quanto quanta quanti quante cos'è dov'è"),
};

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

/** Gives long phrases of the sentence a breath before a word that joins. Changes the rests of `pieces`. */
export function takeBreaths(pieces: ScriptPiece[], language: string): void {
  const joining = joiners[language];
  if (!joining) return;
  for (let first = 0; first < pieces.length; ) {
    let last = first;
    while (last < pieces.length - 1 && pieces[last]!.rest === 'none') last++;
    part(pieces, first, last, joining);
    first = last + 1;
  }
}

function part(pieces: ScriptPiece[], first: number, last: number, joining: ReadonlySet<string>): void {
  const count = (from: number, to: number) =>
    pieces.slice(from, to + 1).reduce((sum, { text }) => sum + text.split(' ').length, 0);
  const total = count(first, last);
  if (total <= longestPhrase) return;
  let best: number | undefined;
  let evenness = Number.POSITIVE_INFINITY;
  for (let i = first + 1; i <= last; i++) {
    if (!joining.has(pieces[i]!.text.toLowerCase())) continue;
    const before = count(first, i - 1);
    if (before < shortestPart || total - before < shortestPart) continue;
    const uneven = Math.abs(before - total / 2);
    if (uneven < evenness) [best, evenness] = [i, uneven];
  }
  if (best === undefined) return;
  pieces[best - 1]!.rest = 'breath';
  part(pieces, first, best - 1, joining);
  part(pieces, best, last, joining);
}

/** A question that a word like `who` asks falls at its end as a statement does; others rise. */
export function asksByWord(pieces: ScriptPiece[], language: string): boolean {
  // `And who …`, `à quoi …`
  const opening = pieces.slice(0, 2).flatMap(({ text }) => text.toLowerCase().split(' '));
  return opening.slice(0, 2).some((word) => askers[language]?.has(word));
}
