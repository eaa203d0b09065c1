// Whether a sentence ends between two words. Own rules rather than a segmenter's: that one takes "Dr." and "e.g."
// for ends, and changes with the runtime.

/** Never end a sentence. */
const abbreviations = new Set(
  (
    'mr mrs ms dr prof st sgt capt lt col gen rev hon gov sen rep pres mt ft vs e.g i.e eg ie cf ca approx dept est ' +
    'm mm mme mlle mgr sr sra srta dra ud uds d dña ' +
    'z.b d.h u.a bzw evtl ggf hr fr frl vgl sog s.o str ' +
    'sig sig.ra dott dott.ssa avv ing arch ' +
    'dhr mevr bijv o.a ul np tzw prof.dr'
  ).split(' '),
);

/** Only before a number. */
const beforeNumbers = new Set('no nr nos fig figs vol p pp art ch sec núm núms n num'.split(' '));

/** Write ordinals as "3." */
const dottedOrdinals = new Set([
  'de',
  'pl',
  'cs',
  'sk',
  'da',
  'nb',
  'no',
  'fi',
  'hu',
  'tr',
  'hr',
  'sr',
  'sl',
]);

/** A word without what closes after it: quotes, brackets, markdown's stars. */
export function withoutClosers(word: string): string {
  return word.replace(/[\p{Pe}\p{Pf}"'*_`\u200b-\u200f\u202a-\u202e\u2066-\u2069]+$/u, '');
}

/** A word without what opens before it: quotes, brackets, ¿ and ¡. */
function withoutOpeners(word: string): string {
  return word.replace(/^[\p{Ps}\p{Pi}\p{Pf}"'*_`¿¡\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/u, '');
}

/**
 * Whether a sentence ends after `word`, as it stands in the text, when `next` follows. `startsLine`: the word is the
 * first of its line, so `1.` is a list number.
 */
export function endsSentence(word: string, next: string, language: string, startsLine: boolean): boolean {
  const core = withoutClosers(word);
  if (!/[\p{Sentence_Terminal}…]$/u.test(core)) return false;
  if (startsLine && /^\(?(\d{1,3}|\p{L})[.)]$/u.test(core)) return false;
  const following = withoutOpeners(next);
  // Quoted speech goes on into who said it.
  if (/[」』]$/u.test(word) && /^(?:と|って)/u.test(following)) return false;
  if (/^\p{Ll}/u.test(following)) return false;
  if (!core.endsWith('.') || core.endsWith('..')) return true;

  const stem = withoutOpeners(core).slice(0, -1).toLowerCase();
  if (abbreviations.has(stem)) return false;
  if (beforeNumbers.has(stem) && /^\d/.test(following)) return false;
  if (/^\d{1,2}$/.test(stem) && dottedOrdinals.has(language)) return false;
  const initial = /^\p{Lu}\.$/u.test(withoutOpeners(core)) && stem !== 'i';
  const acronym = /^(\p{L}\.)+\p{L}$/u.test(stem) && !/^[ap]\.m$/.test(stem);
  return !initial && !acronym;
}
