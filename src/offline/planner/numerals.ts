// The words that numbers are built of, in five languages, and how these write numbers in digits.

/** What joins two numbers of one: `and`, `et`, `y`, `und`. */
export const joint = 'joint';
export type Atom = number | typeof joint;

/** How a language builds its numbers. */
export interface Numerals {
  atoms: Map<string, Atom>;
  /** Words are written together: `zweihundertfünfzig`. */
  compound?: true;
  /** `un`, `ein`: an article as well as a one. */
  ones: Set<string>;
  point: Set<string>;
  /** Parts thousands, and decimals. */
  signs: [group: string, point: string];
}

const counted = (words: string, from = 0, step = 1): [string, number][] =>
  words
    .split(' ')
    .flatMap((forms, i) => forms.split('/').map((form): [string, number] => [form, from + i * step]));

const rounds = (entries: Record<string, number>) =>
  Object.entries(entries).flatMap(([words, value]) =>
    words.split(' ').map((word): [string, number] => [word, value]),
  );

const germanUnits = 'ein zwei drei vier fünf sechs sieben acht neun'.split(' ');
const germanTens = 'zwanzig dreißig/dreissig vierzig fünfzig sechzig siebzig achtzig neunzig'.split(' ');
const german: [string, Atom][] = [
  ...counted(
    'null eins/ein/eine/einen/einer zwei/zwo drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn',
  ),
  ...germanTens.flatMap((forms, ten) =>
    forms
      .split('/')
      .flatMap((word) => [
        [word, 20 + 10 * ten] as [string, number],
        ...germanUnits.map((unit, i): [string, number] => [`${unit}und${word}`, 21 + 10 * ten + i]),
      ]),
  ),
  ...rounds({
    hundert: 100,
    tausend: 1e3,
    'million millionen': 1e6,
    'milliarde milliarden': 1e9,
    'billion billionen': 1e12,
  }),
  ['und', joint],
];

const italianTens = 'venti trenta quaranta cinquanta sessanta settanta ottanta novanta'.split(' ');
const italian: [string, Atom][] = [
  ...counted(
    'zero uno/un/una due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove',
  ),
  ...italianTens.flatMap((ten, i) => [
    [ten, 20 + 10 * i] as [string, number],
    ...counted('uno/un due tre/tré quattro cinque sei sette otto nove', 21 + 10 * i).map(
      ([unit, value]): [string, number] => [`${/^[uo]/.test(unit) ? ten.slice(0, -1) : ten}${unit}`, value],
    ),
  ]),
  ...rounds({ 'cento cent': 100, 'mille mila': 1e3, 'milione milioni': 1e6, 'miliardo miliardi': 1e9 }),
];

/** By primary language tag. */
export const numerals: Record<string, Numerals> = {
  en: {
    atoms: new Map<string, Atom>([
      ...counted(
        'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
      ),
      ...counted('twenty thirty forty fifty sixty seventy eighty ninety', 20, 10),
      ...rounds({
        hundred: 100,
        thousand: 1e3,
        'million millions': 1e6,
        'billion billions': 1e9,
        trillion: 1e12,
      }),
      ['and', joint],
    ]),
    ones: new Set(['a']),
    point: new Set(['point']),
    signs: [',', '.'],
  },
  fr: {
    atoms: new Map<string, Atom>([
      ...counted(
        'zéro un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize',
      ),
      ...counted('vingt/vingts trente quarante cinquante soixante septante huitante/octante nonante', 20, 10),
      ...rounds({ 'cent cents': 100, 'mille mil': 1e3, 'million millions': 1e6, 'milliard milliards': 1e9 }),
      ['et', joint],
    ]),
    ones: new Set(['un']),
    point: new Set(['virgule']),
    signs: ['\u202f', ','],
  },
  es: {
    atoms: new Map<string, Atom>([
      ...counted(
        'cero uno/un/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve',
      ),
      ...counted(
        'veinte veintiuno/veintiún/veintiuna veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve',
        20,
      ),
      ...counted('treinta cuarenta cincuenta sesenta setenta ochenta noventa', 30, 10),
      ...counted(
        'cien/ciento doscientos/doscientas trescientos/trescientas cuatrocientos/cuatrocientas quinientos/quinientas seiscientos/seiscientas setecientos/setecientas ochocientos/ochocientas novecientos/novecientas',
        100,
        100,
      ),
      ...rounds({ mil: 1e3, 'millón millones': 1e6 }),
      ['y', joint],
    ]),
    ones: new Set(['un']),
    point: new Set(['coma', 'punto']),
    signs: ['.', ','],
  },
  de: {
    atoms: new Map(german),
    compound: true,
    ones: new Set(['ein', 'eine', 'einer', 'einen']),
    point: new Set(['komma']),
    signs: ['.', ','],
  },
  it: {
    atoms: new Map(italian),
    compound: true,
    ones: new Set(['un']),
    point: new Set(['virgola']),
    signs: ['.', ','],
  },
};
