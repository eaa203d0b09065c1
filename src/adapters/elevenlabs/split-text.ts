// Cuts a long text into parts that one request takes: after sentences where it can, else between words.
import { AppError } from '../../domain/errors.ts';
import { tokenise } from '../../domain/tokens.ts';

export interface TextPart {
  text: string;
  /** Of the text's tokens, in order. */
  tokens: string[];
}

const endsSentence = /[.!?…。！？．।؟۔]["'”’»)\]」』）]*$/u;

/** Parts of at most `mostCharacters` code points; their tokens together are the text's. Throws `script_unspeakable`. */
export function splitText(text: string, language: string, mostCharacters: number): TextPart[] {
  const placed = placeTokens(text, tokenise(text, language));
  const parts: TextPart[] = [];
  for (let first = 0; first < placed.length; ) {
    const next = endOfPart(text, placed, first, mostCharacters);
    const tokens = placed.slice(first, next);
    parts.push({
      text: text.slice(tokens[0]!.start, tokens.at(-1)!.end),
      tokens: tokens.map(({ token }) => token),
    });
    first = next;
  }
  return parts;
}

interface PlacedToken {
  token: string;
  /** In UTF-16 units. */
  start: number;
  end: number;
}

function placeTokens(text: string, tokens: string[]): PlacedToken[] {
  let from = 0;
  return tokens.map((token) => {
    const start = text.indexOf(token, from);
    from = start + token.length;
    return { token, start, end: from };
  });
}

/** Index of the token after the part that begins with `first`. */
function endOfPart(text: string, placed: PlacedToken[], first: number, mostCharacters: number): number {
  let [fits, sentence, counted, characters] = [first, first, placed[first]!.start, 0];
  for (let index = first; index < placed.length; index++) {
    const { token, end } = placed[index]!;
    characters += countCharacters(text.slice(counted, end));
    counted = end;
    if (characters > mostCharacters) break;
    fits = index + 1;
    if (endsSentence.test(token)) sentence = fits;
  }
  if (fits === first)
    throw new AppError(
      'script_unspeakable',
      `A word of the script has more than ${mostCharacters} characters.`,
      {
        hint: 'Put spaces between words.',
      },
    );
  return fits === placed.length || sentence === first ? fits : sentence;
}

/** As they are charged. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
