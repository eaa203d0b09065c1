// English numbers in words: how many, the how-manyeth, years, digits. Knows no symbols and no context.

const small = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'],
  ...['twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
];
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const scales: [bigint, string][] = [
  [1_000_000_000_000n, 'trillion'],
  [1_000_000_000n, 'billion'],
  [1_000_000n, 'million'],
  [1_000n, 'thousand'],
];
/** Longer ones are read digit by digit. */
const mostDigits = 15;

const irregularOrdinals: Record<string, string> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};

/** `digits` is a whole number such as `0042`; its leading zeros are not read. */
export function cardinal(digits: string): string {
  if (digits.length > mostDigits) return spellDigits(digits);
  return wordsOf(BigInt(digits));
}

function wordsOf(value: bigint): string {
  if (value < 1_000n) return belowThousand(Number(value));
  const [size, name] = scales.find(([scale]) => value >= scale)!;
  const rest = value % size;
  const head = `${wordsOf(value / size)} ${name}`;
  if (rest === 0n) return head;
  return rest < 100n ? `${head} and ${wordsOf(rest)}` : `${head} ${wordsOf(rest)}`;
}

function belowThousand(value: number): string {
  if (value < 20) return small[value]!;
  if (value < 100) return join(tens[Math.floor(value / 10)]!, value % 10);
  const hundreds = `${small[Math.floor(value / 100)]} hundred`;
  return value % 100 === 0 ? hundreds : `${hundreds} and ${belowThousand(value % 100)}`;
}

function join(head: string, unit: number): string {
  return unit === 0 ? head : `${head} ${small[unit]}`;
}

export function ordinal(digits: string): string {
  return toOrdinal(cardinal(digits));
}

/** The last word of a number made its ordinal. */
function toOrdinal(words: string): string {
  const cut = words.lastIndexOf(' ') + 1;
  const last = words.slice(cut);
  const made = irregularOrdinals[last] ?? (last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`);
  return words.slice(0, cut) + made;
}

/** Four digits as a year: nineteen ninety eight, two thousand and five, nineteen oh six. */
export function year(digits: string): string {
  const value = Number(digits);
  const [century, rest] = [Math.floor(value / 100), value % 100];
  if (value < 1_000 || (century % 10 === 0 && rest < 10)) return cardinal(digits);
  if (rest === 0) return `${belowThousand(century)} hundred`;
  return `${belowThousand(century)} ${rest < 10 ? `oh ${small[rest]}` : belowThousand(rest)}`;
}

/** 1990s, 80s: the plural of the last word. */
export function decade(digits: string): string {
  const words = digits.length === 4 ? year(digits) : cardinal(digits);
  return words.endsWith('y') ? `${words.slice(0, -1)}ies` : `${words}s`;
}

export function spellDigits(digits: string): string {
  return [...digits].map((digit) => small[Number(digit)]).join(' ');
}

/** A number with its thousands commas and decimal point: `1,200.05`. */
export function decimal(text: string): string {
  const [whole, fraction] = text.replaceAll(',', '').split('.') as [string, string | undefined];
  // 007 is a name made of digits, 0.5 is not.
  const isName = /^0\d/.test(whole) && fraction === undefined;
  const head = whole === '' ? '' : isName ? spellDigits(whole) : cardinal(whole);
  return fraction === undefined ? head : `${head} point ${spellDigits(fraction)}`.trim();
}

const usualBottoms = new Set(['2', '3', '4', '5', '6', '8', '10', '16', '32', '100', '1000']);

/** `1/2` and the like: one half, three quarters, two thirds. What is no usual fraction is just two numbers: 9/11. */
export function fraction(top: string, bottom: string): string {
  if (!usualBottoms.has(bottom) || Number(top) >= 10 * Number(bottom))
    return `${cardinal(top)} ${cardinal(bottom)}`;
  const one = Number(top) === 1;
  const names: Record<string, string> = { '2': one ? 'half' : 'halves', '4': one ? 'quarter' : 'quarters' };
  const known = names[bottom];
  if (known) return `${cardinal(top)} ${known}`;
  return `${cardinal(top)} ${ordinal(bottom)}${one ? '' : 's'}`;
}

const romanDigits: Record<string, number> = { I: 1, V: 5, X: 10 };

/** Value of a Roman numeral up to 39, as after names and wars; undefined for anything else. */
export function romanValue(text: string): number | undefined {
  if (!/^(X{0,3})(IX|IV|V?I{0,3})$/.test(text) || text === '') return undefined;
  const values = [...text].map((digit) => romanDigits[digit]!);
  return values.reduce((sum, value, i) => sum + (value < (values[i + 1] ?? 0) ? -value : value), 0);
}
