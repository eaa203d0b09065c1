// Italian, as it is read aloud.
import { type LanguageReading, letterNames, noun, type OneForm, type Surroundings } from './language.ts';

const small = [
  ...['zero', 'uno', 'due', 'tre', 'quattro', 'cinque', 'sei', 'sette', 'otto', 'nove', 'dieci', 'undici'],
  ...['dodici', 'tredici', 'quattordici', 'quindici', 'sedici', 'diciassette', 'diciotto', 'diciannove'],
];
const tens = [
  '',
  '',
  'venti',
  'trenta',
  'quaranta',
  'cinquanta',
  'sessanta',
  'settanta',
  'ottanta',
  'novanta',
];
const scales: [number, string, string][] = [
  [1e9, 'un miliardo', 'miliardi'],
  [1e6, 'un milione', 'milioni'],
];

function belowHundred(value: number): string {
  if (value < 20) return small[value]!;
  const ten = tens[Math.floor(value / 10)]!;
  const unit = value % 10;
  if (unit === 0) return ten;
  if (unit === 3) return `${ten}tré`;
  // Two vowels do not meet: ventuno, ventotto.
  return unit === 1 || unit === 8 ? ten.slice(0, -1) + small[unit]! : ten + small[unit]!;
}

function belowThousand(value: number): string {
  const hundreds = Math.floor(value / 100);
  if (hundreds === 0) return belowHundred(value);
  const head = `${hundreds === 1 ? '' : small[hundreds]}cento`;
  return value % 100 === 0 ? head : `${head} ${belowHundred(value % 100)}`;
}

function words(value: number): string {
  for (const [size, one, many] of scales) {
    if (value < size) continue;
    const count = Math.floor(value / size);
    const head = count === 1 ? one : `${words(count)} ${many}`;
    return value % size === 0 ? head : `${head} ${words(value % size)}`;
  }
  if (value < 1_000) return belowThousand(value);
  const thousands = Math.floor(value / 1_000);
  const head = thousands === 1 ? 'mille' : `${belowThousand(thousands).replace(/tré$/, 'tre')}mila`;
  return value % 1_000 === 0 ? head : `${head} ${belowThousand(value % 1_000)}`;
}

function cardinal(value: number, one: OneForm): string {
  if (one === 'alone' || value !== 1) return words(value);
  return one === 'feminine' ? 'una' : 'un';
}

const firstTen = [
  ...['', 'primo', 'secondo', 'terzo', 'quarto', 'quinto'],
  ...['sesto', 'settimo', 'ottavo', 'nono', 'decimo'],
];

/** Queens, by their first names. */
const queen = /^(elisabetta|vittoria|caterina|maria|giovanna|margherita|anna|cristina|bianca)$/;

function ordinal(value: number, sign: string, { before }: Surroundings): string {
  const cut = words(value);
  const said =
    value <= 10
      ? firstTen[value]!
      : `${/(tré|sei)$/.test(cut) ? cut.replace(/é$/, 'e') : cut.slice(0, -1)}esimo`;
  return sign === 'ª' || sign === 'a' || (sign === 'roman' && queen.test(before))
    ? said.replace(/o$/, 'a')
    : said;
}

const cents = noun('centesimo', 'centesimi');

export const italian: LanguageReading = {
  cardinal,
  ordinal,
  ordinalSigns: 'º|°|ª|o|a',
  dottedOrdinals: false,
  date: (day, month, year) => [day === 1 ? 'primo' : words(day), month, year].filter(Boolean).join(' '),
  months: [
    ...['gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno', 'luglio'],
    ...['agosto', 'settembre', 'ottobre', 'novembre', 'dicembre'],
  ],
  time(hours, minutes) {
    const head = hours === 1 ? 'una' : words(hours);
    return minutes === 0 ? head : `${head} e ${words(minutes)}`;
  },
  beforeTimes: new Set(['alle', 'ore', 'dalle', 'le']),
  timeUnits: new Set(['h']),
  fractions: {
    '1/2': 'mezzo',
    '½': 'mezzo',
    '1/3': 'un terzo',
    '2/3': 'due terzi',
    '1/4': 'un quarto',
    '¼': 'un quarto',
    '3/4': 'tre quarti',
    '¾': 'tre quarti',
  },
  nounBeforeFraction: false,
  feminineFractions: { mezzo: 'mezza' },
  mixed: (whole, fraction) => `${whole} e ${fraction}`,
  sentenceStarters: new Set(),
  comma: 'virgola',
  point: 'punto',
  decimalsByDigit: false,
  withCents: (sum, rest) => `${sum} e ${rest}`,
  ofMany: (currency) => `di ${currency}`,
  minus: 'meno',
  plus: 'più',
  to: 'a',
  ratio: 'a',
  times: 'volte',
  by: 'per',
  units: {
    km: noun('chilometro', 'chilometri'),
    m: noun('metro', 'metri'),
    cm: noun('centimetro', 'centimetri'),
    mm: noun('millimetro', 'millimetri'),
    kg: noun('chilogrammo', 'chilogrammi'),
    g: noun('grammo', 'grammi'),
    mg: noun('milligrammo', 'milligrammi'),
    t: noun('tonnellata', 'tonnellate', true),
    l: noun('litro', 'litri'),
    L: noun('litro', 'litri'),
    ml: noun('millilitro', 'millilitri'),
    ha: noun('ettaro', 'ettari'),
    h: noun('ora', 'ore', true),
    min: noun('minuto', 'minuti'),
    s: noun('secondo', 'secondi'),
    ms: noun('millisecondo', 'millisecondi'),
    'km/h': noun('chilometro orario', 'chilometri orari'),
    'm/s': noun('metro al secondo', 'metri al secondo'),
    'm²': noun('metro quadrato', 'metri quadrati'),
    mq: noun('metro quadrato', 'metri quadrati'),
    'km²': noun('chilometro quadrato', 'chilometri quadrati'),
    'm³': noun('metro cubo', 'metri cubi'),
    '°': noun('grado', 'gradi'),
    '°C': noun('grado Celsius', 'gradi Celsius'),
    '°F': noun('grado Fahrenheit', 'gradi Fahrenheit'),
    '%': noun('per cento'),
    '‰': noun('per mille'),
    kB: noun('kilobyte'),
    MB: noun('megabyte'),
    GB: noun('gigabyte'),
    TB: noun('terabyte'),
    Hz: noun('hertz'),
    kHz: noun('kilohertz'),
    MHz: noun('megahertz'),
    GHz: noun('gigahertz'),
    W: noun('watt'),
    kW: noun('kilowatt'),
    MW: noun('megawatt'),
    kWh: noun('kilowattora'),
    V: noun('volt'),
  },
  currencies: {
    '€': { ...noun('euro'), cents },
    EUR: { ...noun('euro'), cents },
    $: { ...noun('dollaro', 'dollari'), cents: noun('centesimo', 'centesimi') },
    US$: { ...noun('dollaro', 'dollari'), cents: noun('centesimo', 'centesimi') },
    '£': { ...noun('sterlina', 'sterline', true), cents: noun('penny', 'pence') },
    CHF: { ...noun('franco svizzero', 'franchi svizzeri'), cents },
    '¥': noun('yen'),
    '₽': noun('rublo', 'rubli'),
  },
  magnitudes: {
    mila: noun('mila'),
    mln: noun('milione', 'milioni'),
    mld: noun('miliardo', 'miliardi'),
    milione: noun('milione', 'milioni'),
    milioni: noun('milione', 'milioni'),
    miliardo: noun('miliardo', 'miliardi'),
    miliardi: noun('miliardo', 'miliardi'),
  },
  abbreviations: {
    sig: 'signor',
    'sig.ra': 'signora',
    'sig.na': 'signorina',
    sigg: 'signori',
    dott: 'dottor',
    'dott.ssa': 'dottoressa',
    dr: 'dottor',
    prof: 'professor',
    'prof.ssa': 'professoressa',
    avv: 'avvocato',
    ing: 'ingegner',
    ecc: 'eccetera',
    etc: 'eccetera',
    'p.es': 'per esempio',
    'ad.es': 'ad esempio',
    es: 'esempio',
    's.p.a': 'esse pi a',
    's.r.l': 'erre esse elle',
    'a.c': 'avanti Cristo',
    'd.c': 'dopo Cristo',
    'n.b': 'nota bene',
    'c.d': 'cosiddetto',
    pag: 'pagina',
    pagg: 'pagine',
    tel: 'telefono',
    ca: 'circa',
    cap: 'capitolo',
    vol: 'volume',
    fig: 'figura',
    num: 'numero',
    n: 'numero',
    s: 'san',
    max: 'massimo',
    min: 'minimo',
    st: 'santo',
  },
  numbered: { p: 'pagina', pp: 'pagine', c: 'circa', art: 'articolo', t: 'tomo' },
  bareAbbreviations: { 'n.º': 'numero', 'n°': 'numero', nº: 'numero', 'N°': 'numero' },
  mayEndSentence: new Set(['ecc', 'etc', 's.p.a', 's.r.l', 'a.c', 'd.c', 'ca', 'max', 'min']),
  wordAcronyms: new Set(['onu', 'usa', 'iva', 'ufo', 'rai', 'pin', 'fiat', 'pil']),
  letterAcronyms: new Set(['isbn', 'adsl']),
  letters: letterNames(
    'a bi ci di e effe gi acca i i_lunga cappa elle emme enne o pi cu erre esse ti u vu doppia_vu ics ipsilon zeta',
  ),
  symbols: {
    '&': 'e',
    '+': 'più',
    '=': 'uguale a',
    '%': 'per cento',
    '×': 'per',
    '÷': 'diviso',
    '±': 'più o meno',
    '<': 'minore di',
    '>': 'maggiore di',
    '≤': 'al massimo',
    '≥': 'almeno',
    '≈': 'circa',
    '§': 'paragrafo',
    '@': 'chiocciola',
    '#': 'numero',
    '°': 'gradi',
    '€': 'euro',
    $: 'dollari',
    '£': 'sterline',
  },
  addressMarks: {
    '.': 'punto',
    '@': 'chiocciola',
    '/': 'barra',
    '-': 'trattino',
    _: 'trattino basso',
    '#': 'hashtag',
  },
  isFeminine: (word) => /(a|ione|tà)$/.test(word) && !/^(problema|sistema|tema|programma)$/.test(word),
};
