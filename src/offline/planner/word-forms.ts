// Words as lists hold them: without punctuation, lower-case, and the simpler forms that an inflected word may have.

/** `“L'océan,”` → `océan`; empty for a token without letters or digits. */
export function bareWord(token: string): string {
  return token
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .replace(/^(?:[ldjmtscn]|qu|dell|all|nell|sull|un)'(?=\p{L})/u, '')
    .replace(/'s$/, '');
}

/** Endings that a word may have lost to become the listed one, and what stood in their place. */
const inflections: Record<string, [ending: string, instead: string][]> = {
  en: [
    ['s', ''],
    ['es', ''],
    ['ies', 'y'],
    ['ing', ''],
    ['ing', 'e'],
    ['ed', ''],
    ['ed', 'e'],
  ],
  fr: [
    ['s', ''],
    ['x', ''],
    ['e', ''],
    ['es', ''],
  ],
  es: [
    ['s', ''],
    ['es', ''],
    ['ones', 'ón'],
  ],
  de: [
    ['n', ''],
    ['en', ''],
    ['e', ''],
    ['er', ''],
    ['s', ''],
    ['es', ''],
  ],
  it: [
    ['i', 'o'],
    ['i', 'e'],
    ['e', 'a'],
    ['hi', 'o'],
  ],
};

const shortestStem = 3;

/** The bare word itself, then what it may be a form of. Not every form is a word. */
function wordForms(bare: string, language: string): string[] {
  const forms = [bare];
  for (const [ending, instead] of inflections[language] ?? []) {
    if (!bare.endsWith(ending) || bare.length - ending.length < shortestStem) continue;
    forms.push(bare.slice(0, -ending.length) + instead);
  }
  return forms;
}

/** Reads lines of `name: word word …`: which name each word belongs to; the first that has a word keeps it. */
export function indexWords(lists: string): Map<string, string> {
  const index = new Map<string, string>();
  for (const line of lines(lists)) {
    const [name, words] = line.split(': ') as [string, string];
    for (const word of words.split(' ')) if (!index.has(word)) index.set(word, name);
  }
  return index;
}

/** The lines of a word list that say something. */
export function lines(lists: string): string[] {
  return lists
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Makes a value per language when it is first asked for. */
export function perLanguage<Value>(make: (language: string) => Value): (language: string) => Value {
  const made = new Map<string, Value>();
  return (language) => {
    if (!made.has(language)) made.set(language, make(language));
    return made.get(language)!;
  };
}

/** What the index says of the first of the word's forms that it knows. */
export function lookUp<Value>(index: Map<string, Value>, bare: string, language: string): Value | undefined {
  for (const form of wordForms(bare, language)) {
    const found = index.get(form);
    if (found !== undefined) return found;
  }
  return undefined;
}
