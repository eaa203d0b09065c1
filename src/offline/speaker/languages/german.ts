// German, as it is read aloud.
import { type LanguageReading, letterNames, noun, type OneForm, type Surroundings } from './language.ts';

const small = [
  ...['null', 'eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun', 'zehn', 'elf'],
  ...['zwölf', 'dreizehn', 'vierzehn', 'fünfzehn', 'sechzehn', 'siebzehn', 'achtzehn', 'neunzehn'],
];
const tens = ['', '', 'zwanzig', 'dreißig', 'vierzig', 'fünfzig', 'sechzig', 'siebzig', 'achtzig', 'neunzig'];
const scales: [number, string, string][] = [
  [1e12, 'eine Billion', 'Billionen'],
  [1e9, 'eine Milliarde', 'Milliarden'],
  [1e6, 'eine Million', 'Millionen'],
];

function belowHundred(value: number): string {
  if (value < 20) return small[value]!;
  const unit = value % 10;
  const ten = tens[Math.floor(value / 10)]!;
  return unit === 0 ? ten : `${unit === 1 ? 'ein' : small[unit]}und${ten}`;
}

function belowThousand(value: number): string {
  const hundreds = Math.floor(value / 100);
  const rest = value % 100;
  if (hundreds === 0) return belowHundred(rest);
  const head = `${hundreds === 1 ? 'ein' : small[hundreds]}hundert`;
  return rest === 0 ? head : `${head} ${belowHundred(rest)}`;
}

function words(value: number): string {
  const scale = scales.find(([size]) => value >= size);
  const [size, one, many] = scale ?? [1_000, 'eintausend', ''];
  if (value < size) return belowThousand(value);
  const count = Math.floor(value / size);
  const thousands = `${belowThousand(count).replace(/eins$/, 'ein')}tausend`;
  const head = count === 1 ? one : scale ? `${words(count)} ${many}` : thousands;
  return value % size === 0 ? head : `${head} ${words(value % size)}`;
}

function cardinal(value: number, one: OneForm): string {
  const said = words(value);
  if (one === 'alone' || value !== 1) return said;
  return said.replace(/eins$/, one === 'feminine' ? 'eine' : 'ein');
}

function year(value: number): string | undefined {
  if (value < 1_100 || value > 1_999) return undefined;
  const head = `${belowHundred(Math.floor(value / 100))}hundert`;
  return value % 100 === 0 ? head : `${head} ${belowHundred(value % 100)}`;
}

const stems: Record<number, string> = { 1: 'erst', 3: 'dritt', 7: 'siebt', 8: 'acht' };
/** Articles and prepositions behind which an ordinal ends in `n`, and those with `e`. */
const weak =
  /^(am|vom|zum|beim|im|dem|den|des|bis|seit|ab|zur|einem|einer|eines|einen|ihrem|ihren|seinem|seinen|unserem|jedem|jeden|diesem|diesen|mit|nach|vor)$/;
const plain = /^(der|die|das|jede|diese|dieser|dieses|ihre|seine|unsere|meine|eine)$/;
const feminine = /(ung|heit|keit|schaft|ion|tät|ik|enz|anz|frau|e)$/;
const neuter = /^(jahrhundert|jh|mal|kapitel|jahrtausend|quartal|semester|tor|buch|lebensjahr|spiel|kind)$/;

function ordinal(value: number, _sign: string, { before, after }: Surroundings): string {
  const said = words(value);
  const cut = said.lastIndexOf(' ') + 1;
  const stem =
    value % 100 < 20 && value % 100 > 0
      ? (stems[value % 100] ?? `${belowHundred(value % 100)}t`)
      : `${said.slice(cut)}st`;
  return `${said.slice(0, cut)}${stem}${ending(before, after)}`;
}

function ending(before: string, after: string): string {
  if (weak.test(before)) return 'en';
  if (plain.test(before)) return 'e';
  if (neuter.test(after)) return 'es';
  return feminine.test(after) && !months.some((month) => month.toLowerCase() === after) ? 'e' : 'er';
}

const months = [
  ...['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'Juli'],
  ...['August', 'September', 'Oktober', 'November', 'Dezember'],
];
const hour = noun('Stunde', 'Stunden', true);
const cents = noun('Cent');

export const german: LanguageReading = {
  cardinal,
  year,
  ordinal,
  ordinalSigns: 'ten|te|ter|sten|ste|ster',
  dottedOrdinals: true,
  date: (day, month, inYear, around) =>
    [ordinal(day, '.', { before: around.before, after: month.toLowerCase() }), month, inYear]
      .filter(Boolean)
      .join(' '),
  months,
  time(hours, minutes) {
    const head = `${cardinal(hours, 'masculine')} Uhr`;
    return minutes === 0 ? head : `${head} ${cardinal(minutes, 'alone')}`;
  },
  beforeTimes: new Set(),
  timeUnits: new Set(['uhr', 'h']),
  fractions: {
    '1/2': 'ein halb',
    '½': 'ein halb',
    '1/3': 'ein Drittel',
    '2/3': 'zwei Drittel',
    '1/4': 'ein Viertel',
    '¼': 'ein Viertel',
    '3/4': 'drei Viertel',
    '¾': 'drei Viertel',
  },
  nounBeforeFraction: false,
  feminineFractions: { 'ein halb': 'eine halbe' },
  mixed: (whole, fraction) => (/^eine? halb/.test(fraction) ? `${whole}einhalb` : `${whole} ${fraction}`),
  sentenceStarters: new Set(
    'danach dann er sie es wir ich ihr das dies diese dort hier heute seitdem jetzt nun aber und doch so da alle'.split(
      ' ',
    ),
  ),
  comma: 'Komma',
  point: 'Punkt',
  decimalsByDigit: true,
  withCents: (sum, rest) => `${sum} ${rest}`,
  ofMany: (currency) => currency,
  minus: 'minus',
  plus: 'plus',
  to: 'bis',
  ratio: 'zu',
  times: 'mal',
  by: 'mal',
  units: {
    km: noun('Kilometer'),
    m: noun('Meter'),
    cm: noun('Zentimeter'),
    mm: noun('Millimeter'),
    kg: noun('Kilogramm'),
    g: noun('Gramm'),
    mg: noun('Milligramm'),
    t: noun('Tonne', 'Tonnen', true),
    l: noun('Liter'),
    ml: noun('Milliliter'),
    ha: noun('Hektar'),
    h: hour,
    Std: hour,
    min: noun('Minute', 'Minuten', true),
    Min: noun('Minute', 'Minuten', true),
    s: noun('Sekunde', 'Sekunden', true),
    ms: noun('Millisekunde', 'Millisekunden', true),
    'km/h': noun('Kilometer pro Stunde'),
    'm/s': noun('Meter pro Sekunde'),
    'm²': noun('Quadratmeter'),
    'km²': noun('Quadratkilometer'),
    'm³': noun('Kubikmeter'),
    '°': noun('Grad'),
    '°C': noun('Grad Celsius'),
    '°F': noun('Grad Fahrenheit'),
    '%': noun('Prozent'),
    '‰': noun('Promille'),
    kB: noun('Kilobyte'),
    MB: noun('Megabyte'),
    GB: noun('Gigabyte'),
    TB: noun('Terabyte'),
    Hz: noun('Hertz'),
    kHz: noun('Kilohertz'),
    MHz: noun('Megahertz'),
    GHz: noun('Gigahertz'),
    W: noun('Watt'),
    kW: noun('Kilowatt'),
    MW: noun('Megawatt'),
    kWh: noun('Kilowattstunde', 'Kilowattstunden', true),
    V: noun('Volt'),
  },
  currencies: {
    '€': { ...noun('Euro'), cents },
    EUR: { ...noun('Euro'), cents },
    $: { ...noun('Dollar'), cents },
    US$: { ...noun('US-Dollar'), cents },
    '£': { ...noun('Pfund'), cents: noun('Penny', 'Pence') },
    CHF: { ...noun('Franken'), cents: noun('Rappen') },
    Fr: { ...noun('Franken'), cents: noun('Rappen') },
    '¥': noun('Yen'),
    '₽': noun('Rubel'),
  },
  magnitudes: {
    Tsd: noun('tausend'),
    Mio: noun('Million', 'Millionen', true),
    Mrd: noun('Milliarde', 'Milliarden', true),
    Bio: noun('Billion', 'Billionen', true),
  },
  abbreviations: {
    'z.b': 'zum Beispiel',
    'd.h': 'das heißt',
    'u.a': 'unter anderem',
    'o.ä': 'oder ähnliches',
    'u.s.w': 'und so weiter',
    's.o': 'siehe oben',
    's.u': 'siehe unten',
    'v.chr': 'vor Christus',
    'n.chr': 'nach Christus',
    'v.a': 'vor allem',
    'i.d.r': 'in der Regel',
    'z.t': 'zum Teil',
    dr: 'Doktor',
    prof: 'Professor',
    dipl: 'Diplom',
    ing: 'Ingenieur',
    hr: 'Herr',
    fr: 'Frau',
    st: 'Sankt',
    str: 'Straße',
    nr: 'Nummer',
    ca: 'circa',
    bzw: 'beziehungsweise',
    usw: 'und so weiter',
    etc: 'et cetera',
    evtl: 'eventuell',
    ggf: 'gegebenenfalls',
    inkl: 'inklusive',
    max: 'maximal',
    mind: 'mindestens',
    vgl: 'vergleiche',
    jh: 'Jahrhundert',
    geb: 'geboren',
    tel: 'Telefon',
    abb: 'Abbildung',
    bd: 'Band',
    kap: 'Kapitel',
    co: 'Co',
    'u.v.m': 'und vieles mehr',
    sog: 'sogenannt',
  },
  numbered: { s: 'Seite', art: 'Artikel', abs: 'Absatz', bd: 'Band', z: 'Zeile' },
  bareAbbreviations: {
    GmbH: 'ge emm be ha',
    'u.v.m': 'und vieles mehr',
    Dr: 'Doktor',
    Prof: 'Professor',
  },
  mayEndSentence: new Set(['usw', 'u.s.w', 'etc', 'jh', 'str', 'v.chr', 'n.chr', 'o.ä', 'u.a']),
  wordAcronyms: new Set(['uno', 'ufo', 'pin', 'tüv']),
  letterAcronyms: new Set(['isbn', 'dlrg']),
  letters: letterNames(
    'a be ze de e eff ge ha i jott ka ell emm enn o pe ku err ess te u vau we iks üpsilon zett',
  ),
  symbols: {
    '&': 'und',
    '+': 'plus',
    '=': 'gleich',
    '%': 'Prozent',
    '×': 'mal',
    '÷': 'geteilt durch',
    '±': 'plus minus',
    '<': 'kleiner als',
    '>': 'größer als',
    '≤': 'höchstens',
    '≥': 'mindestens',
    '≈': 'ungefähr',
    '§': 'Paragraf',
    '§§': 'Paragrafen',
    '@': 'ät',
    '#': 'Nummer',
    '°': 'Grad',
    '€': 'Euro',
    $: 'Dollar',
    '£': 'Pfund',
  },
  addressMarks: {
    '.': 'Punkt',
    '@': 'ät',
    '/': 'Schrägstrich',
    '-': 'minus',
    _: 'Unterstrich',
    '#': 'Hashtag',
  },
  isFeminine: (word) => feminine.test(word),
};
