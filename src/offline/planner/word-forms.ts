// Words as lists hold them: without punctuation, lower-case; lists of words, and looking a word up in one whatever form
// it has.
import { foldWord, wordForms } from './inflections.ts';

/** `“L'océan,”` → `océan`; empty for a token without letters or digits. */
export function bareWord(token: string): string {
  return token
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, '')
    .replace(/^(?:[ldjmtscn]|qu|dell|all|nell|sull|un)'(?=\p{L})/u, '')
    .replace(/'s$/, '');
}

/** Reads lines of `name: word word …`: which name each word belongs to; the first that has a word keeps it. */
export function indexWords(lists: string, language: string): Map<string, string> {
  const index = new Map<string, string>();
  for (const line of lines(lists)) {
    const [name, words] = line.split(': ') as [string, string];
    for (const word of words.split(' ')) {
      const key = foldWord(word, language);
      if (!index.has(key)) index.set(key, name);
    }
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
