// French, as it is read aloud.
import { type LanguageReading, letterNames, noun, type OneForm } from './language.ts';

const small = [
  ...['zéro', 'un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf', 'dix', 'onze'],
  ...['douze', 'treize', 'quatorze', 'quinze', 'seize', 'dix-sept', 'dix-huit', 'dix-neuf'],
];
const tens = ['', '', 'vingt', 'trente', 'quarante', 'cinquante', 'soixante', 'soixante', 'quatre-vingt'];
const scales: [number, string][] = [
  [1e12, 'billion'],
  [1e9, 'milliard'],
  [1e6, 'million'],
];

function belowHundred(value: number): string {
  if (value < 20) return small[value]!;
  // Seventy and ninety count on from sixty and eighty.
  const ten = Math.floor(value / 10);
  const unit = ten === 7 || ten === 9 ? value - 10 * (ten - 1) : value % 10;
  const head = tens[ten === 9 ? 8 : ten]!;
  if (unit === 0) return ten === 8 ? 'quatre-vingts' : head;
  if (ten < 8 && (unit === 1 || unit === 11)) return `${head} et ${small[unit]}`;
  return `${head}-${small[unit]}`;
}

function belowThousand(value: number): string {
  const hundreds = Math.floor(value / 100);
  const rest = value % 100;
  if (hundreds === 0) return belowHundred(rest);
  if (rest === 0) return hundreds === 1 ? 'cent' : `${small[hundreds]} cents`;
  return `${hundreds === 1 ? 'cent' : `${small[hundreds]} cent`} ${belowHundred(rest)}`;
}

function words(value: number): string {
  for (const [size, name] of scales) {
    if (value < size) continue;
    const count = Math.floor(value / size);
    const head = `${words(count)} ${name}${count > 1 ? 's' : ''}`;
    return value % size === 0 ? head : `${head} ${words(value % size)}`;
  }
  if (value < 1_000) return belowThousand(value);
  const thousands = Math.floor(value / 1_000);
  const count = belowThousand(thousands).replace(/(cent|vingt)s$/, '$1');
  const head = thousands === 1 ? 'mille' : `${count} mille`;
  return value % 1_000 === 0 ? head : `${head} ${belowThousand(value % 1_000)}`;
}

function cardinal(value: number, one: OneForm): string {
  const said = words(value);
  return one === 'feminine' ? said.replace(/(?<![a-z])un$/, 'une') : said;
}

function ordinal(value: number, sign: string): string | undefined {
  if (sign === 'roman') return value === 1 ? 'premier' : undefined;
  if (value === 1)
    return `${/^(re|ère)s?$/.test(sign) ? 'première' : 'premier'}${sign.length > 1 && sign.endsWith('s') ? 's' : ''}`;
  if (/^nde?$/.test(sign)) return sign === 'nd' ? 'second' : 'seconde';
  const said = words(value).replace(/(cent|vingt)s$/, '$1');
  if (said.endsWith('cinq')) return `${said}uième`;
  if (said.endsWith('neuf')) return `${said.slice(0, -1)}vième`;
  return `${said.replace(/e$/, '')}ième`;
}

const hour = noun('heure', 'heures', true);
const cents = noun('centime', 'centimes');
const vowel = /^[aeiouyhéè]/i;

export const french: LanguageReading = {
  cardinal,
  ordinal,
  ordinalSigns: 'ers|er|ères|ère|res|re|ème|eme|es|e|nde|nd',
  dottedOrdinals: false,
  date: (day, month, year) => [day === 1 ? 'premier' : words(day), month, year].filter(Boolean).join(' '),
  months: [
    ...['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet'],
    ...['août', 'septembre', 'octobre', 'novembre', 'décembre'],
  ],
  time(hours, minutes) {
    const head = `${cardinal(hours, 'feminine')} ${hours < 2 ? 'heure' : 'heures'}`;
    return minutes === 0 ? head : `${head} ${cardinal(minutes, 'feminine')}`;
  },
  beforeTimes: new Set(),
  timeUnits: new Set(['h', 'heure', 'heures']),
  fractions: {
    '1/2': 'un demi',
    '½': 'un demi',
    '1/3': 'un tiers',
    '2/3': 'deux tiers',
    '1/4': 'un quart',
    '¼': 'un quart',
    '3/4': 'trois quarts',
    '¾': 'trois quarts',
  },
  nounBeforeFraction: true,
  feminineFractions: { 'un demi': 'une demi' },
  mixed: (whole, fraction) =>
    `${whole} et ${{ 'un demi': 'demi', 'une demi': 'demie' }[fraction] ?? fraction}`,
  sentenceStarters: new Set(),
  comma: 'virgule',
  point: 'point',
  decimalsByDigit: false,
  withCents: (sum, rest) => `${sum} ${rest}`,
  ofMany: (currency) => (vowel.test(currency) ? `d'${currency}` : `de ${currency}`),
  minus: 'moins',
  plus: 'plus',
  to: 'à',
  ratio: 'à',
  times: 'fois',
  by: 'par',
  units: {
    km: noun('kilomètre', 'kilomètres'),
    m: noun('mètre', 'mètres'),
    cm: noun('centimètre', 'centimètres'),
    mm: noun('millimètre', 'millimètres'),
    kg: noun('kilogramme', 'kilogrammes'),
    g: noun('gramme', 'grammes'),
    mg: noun('milligramme', 'milligrammes'),
    t: noun('tonne', 'tonnes', true),
    l: noun('litre', 'litres'),
    L: noun('litre', 'litres'),
    ml: noun('millilitre', 'millilitres'),
    ha: noun('hectare', 'hectares'),
    h: hour,
    min: noun('minute', 'minutes', true),
    s: noun('seconde', 'secondes', true),
    ms: noun('milliseconde', 'millisecondes', true),
    'km/h': noun('kilomètre heure', 'kilomètres heure'),
    'm/s': noun('mètre par seconde', 'mètres par seconde'),
    'm²': noun('mètre carré', 'mètres carrés'),
    'km²': noun('kilomètre carré', 'kilomètres carrés'),
    'm³': noun('mètre cube', 'mètres cubes'),
    '°': noun('degré', 'degrés'),
    '°C': noun('degré Celsius', 'degrés Celsius'),
    '°F': noun('degré Fahrenheit', 'degrés Fahrenheit'),
    '%': noun('pour cent'),
    '‰': noun('pour mille'),
    ko: noun('kilooctet', 'kilooctets'),
    Mo: noun('mégaoctet', 'mégaoctets'),
    Go: noun('gigaoctet', 'gigaoctets'),
    To: noun('téraoctet', 'téraoctets'),
    Hz: noun('hertz'),
    kHz: noun('kilohertz'),
    MHz: noun('mégahertz'),
    GHz: noun('gigahertz'),
    W: noun('watt', 'watts'),
    kW: noun('kilowatt', 'kilowatts'),
    MW: noun('mégawatt', 'mégawatts'),
    kWh: noun('kilowattheure', 'kilowattheures'),
    V: noun('volt', 'volts'),
  },
  currencies: {
    '€': { ...noun('euro', 'euros'), cents },
    EUR: { ...noun('euro', 'euros'), cents },
    $: { ...noun('dollar', 'dollars'), cents: noun('cent', 'cents') },
    US$: { ...noun('dollar américain', 'dollars américains'), cents: noun('cent', 'cents') },
    '£': { ...noun('livre', 'livres', true), cents: noun('penny', 'pence') },
    CHF: { ...noun('franc suisse', 'francs suisses'), cents },
    '¥': noun('yen', 'yens'),
    '₽': noun('rouble', 'roubles'),
  },
  magnitudes: {
    k: noun('mille'),
    M: noun('million', 'millions'),
    Md: noun('milliard', 'milliards'),
    Mds: noun('milliard', 'milliards'),
    million: noun('million', 'millions'),
    millions: noun('million', 'millions'),
    milliard: noun('milliard', 'milliards'),
    milliards: noun('milliard', 'milliards'),
  },
  abbreviations: {
    m: 'monsieur',
    mm: 'messieurs',
    mme: 'madame',
    mmes: 'mesdames',
    mlle: 'mademoiselle',
    dr: 'docteur',
    pr: 'professeur',
    st: 'saint',
    ste: 'sainte',
    av: 'avenue',
    bd: 'boulevard',
    etc: 'et cetera',
    'p.ex': 'par exemple',
    'c.-à-d': "c'est-à-dire",
    'av.j.-c': 'avant Jésus-Christ',
    'apr.j.-c': 'après Jésus-Christ',
    env: 'environ',
    cf: 'confer',
    chap: 'chapitre',
    fig: 'figure',
    tél: 'téléphone',
    vol: 'volume',
    art: 'article',
    'n.b': 'nota bene',
    max: 'maximum',
    min: 'minimum',
  },
  numbered: { p: 'page', pp: 'pages', v: 'vers', art: 'article', t: 'tome', l: 'ligne' },
  bareAbbreviations: {
    '24h/24': 'vingt-quatre heures sur vingt-quatre',
    '7j/7': 'sept jours sur sept',
    Mme: 'madame',
    Mmes: 'mesdames',
    Mlle: 'mademoiselle',
    Dr: 'docteur',
    Pr: 'professeur',
    St: 'saint',
    Ste: 'sainte',
    'n°': 'numéro',
    'N°': 'numéro',
    nº: 'numéro',
  },
  mayEndSentence: new Set(['etc', 'av.j.-c', 'apr.j.-c', 'max', 'min', 'tél', 'art']),
  wordAcronyms: new Set(['onu', 'ovni', 'pin', 'pac', 'zac']),
  letterAcronyms: new Set(['ratp', 'urss', 'isbn', 'adsl']),
  letters: letterNames(
    'a bé cé dé e effe gé ache i ji ka elle emme enne o pé ku erre esse té u vé double_vé ixe i_grec zède',
  ),
  symbols: {
    '&': 'et',
    '+': 'plus',
    '=': 'égale',
    '%': 'pour cent',
    '×': 'fois',
    '÷': 'divisé par',
    '±': 'plus ou moins',
    '<': 'inférieur à',
    '>': 'supérieur à',
    '≤': 'au plus',
    '≥': 'au moins',
    '≈': 'environ',
    '§': 'paragraphe',
    '@': 'arobase',
    '#': 'numéro',
    '°': 'degrés',
    '€': 'euros',
    $: 'dollars',
    '£': 'livres',
  },
  addressMarks: {
    '.': 'point',
    '@': 'arobase',
    '/': 'barre oblique',
    '-': 'tiret',
    _: 'tiret bas',
    '#': 'hashtag',
  },
  isFeminine: (word) =>
    /(tion|sion|té|ette|ance|ence|ée|ille|elle|ine|ure|fois|page|heure|minute|seconde|personne|femme|chose|maison|ville|rue|tasse|langue|semaine|route|école|place|tour|nuit)s?$/.test(
      word,
    ),
};
