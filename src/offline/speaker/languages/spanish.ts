// Spanish, as it is read aloud.
import { type LanguageReading, letterNames, noun, type OneForm, type Surroundings } from './language.ts';

const small = [
  ...['cero', 'uno', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve', 'diez', 'once'],
  ...['doce', 'trece', 'catorce', 'quince', 'dieciséis', 'diecisiete', 'dieciocho', 'diecinueve'],
  ...['veinte', 'veintiuno', 'veintidós', 'veintitrés', 'veinticuatro', 'veinticinco', 'veintiséis'],
  ...['veintisiete', 'veintiocho', 'veintinueve'],
];
const tens = ['', '', '', 'treinta', 'cuarenta', 'cincuenta', 'sesenta', 'setenta', 'ochenta', 'noventa'];
const hundreds = [
  ...['', 'ciento', 'doscientos', 'trescientos', 'cuatrocientos', 'quinientos', 'seiscientos'],
  ...['setecientos', 'ochocientos', 'novecientos'],
];

function belowThousand(value: number): string {
  if (value === 100) return 'cien';
  const rest = value % 100;
  const tail =
    rest < 30
      ? small[rest]!
      : [tens[Math.floor(rest / 10)]!, rest % 10 > 0 ? small[rest % 10]! : ''].filter(Boolean).join(' y ');
  const head = hundreds[Math.floor(value / 100)]!;
  if (head === '') return tail;
  return rest === 0 ? head : `${head} ${tail}`;
}

function words(value: number): string {
  for (const [size, one, many] of [
    [1e12, 'un billón', 'billones'],
    [1e6, 'un millón', 'millones'],
  ] as const) {
    if (value < size) continue;
    const count = Math.floor(value / size);
    const head = count === 1 ? one : `${shorten(words(count))} ${many}`;
    return value % size === 0 ? head : `${head} ${words(value % size)}`;
  }
  if (value < 1_000) return belowThousand(value);
  const thousands = Math.floor(value / 1_000);
  const head = thousands === 1 ? 'mil' : `${shorten(belowThousand(thousands))} mil`;
  return value % 1_000 === 0 ? head : `${head} ${belowThousand(value % 1_000)}`;
}

/** Before a noun: veintiún, treinta y un, un. */
function shorten(said: string): string {
  return said.replace(/veintiuno$/, 'veintiún').replace(/\buno$/, 'un');
}

function cardinal(value: number, one: OneForm): string {
  const said = words(value);
  if (one === 'alone') return said;
  if (one === 'masculine') return shorten(said);
  return said
    .replace(/uno$/, 'una')
    .replace(/cientos/g, 'cientas')
    .replace(/quinientos/g, 'quinientas');
}

const ordinals = [
  ...['', 'primero', 'segundo', 'tercero', 'cuarto', 'quinto', 'sexto', 'séptimo', 'octavo', 'noveno'],
  ...['décimo', 'undécimo', 'duodécimo', 'decimotercero', 'decimocuarto', 'decimoquinto'],
  ...['decimosexto', 'decimoséptimo', 'decimoctavo', 'decimonoveno', 'vigésimo'],
];

/** Queens, by their first names. */
const queen = /^(isabel|juana|ana|catalina|cristina|maría|margarita|blanca|urraca)$/;

function ordinal(value: number, sign: string, { before }: Surroundings): string | undefined {
  if (sign === 'roman') {
    const said = value <= 10 ? ordinals[value] : undefined;
    return queen.test(before) ? said?.replace(/o$/, 'a') : said;
  }
  const said = ordinals[value];
  if (said === undefined) return undefined;
  if (/^(ª|a|as)$/.test(sign)) return said.replace(/o$/, 'a');
  return sign === 'er' ? said.replace(/(primer|tercer)o$/, '$1') : said;
}

const cents = noun('céntimo', 'céntimos');

export const spanish: LanguageReading = {
  cardinal,
  ordinal,
  ordinalSigns: 'º|°|ª|er|ra|ro|do|da|ta|to|os|as|o|a',
  dottedOrdinals: false,
  date: (day, month, year) =>
    `${day === 1 ? 'uno' : words(day)} de ${month}${year === undefined ? '' : ` de ${year}`}`,
  months: [
    ...['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio'],
    ...['agosto', 'septiembre', 'octubre', 'noviembre', 'diciembre'],
  ],
  time(hours, minutes, unitFollows) {
    const head = cardinal(hours, 'feminine');
    if (minutes === 0) return `${head} ${hours === 1 ? 'hora' : 'horas'}`;
    return unitFollows
      ? `${head} ${hours === 1 ? 'hora' : 'horas'} ${words(minutes)}`
      : `${head} ${minutes < 10 ? 'y ' : ''}${words(minutes)}`;
  },
  beforeTimes: new Set(['las']),
  timeUnits: new Set(['h', 'hs', 'hrs', 'horas', 'hora']),
  fractions: {
    '1/2': 'medio',
    '½': 'medio',
    '1/3': 'un tercio',
    '2/3': 'dos tercios',
    '1/4': 'un cuarto',
    '¼': 'un cuarto',
    '3/4': 'tres cuartos',
    '¾': 'tres cuartos',
  },
  nounBeforeFraction: false,
  feminineFractions: { medio: 'media' },
  mixed: (whole, fraction) => `${whole} y ${fraction}`,
  sentenceStarters: new Set(),
  comma: 'coma',
  point: 'punto',
  decimalsByDigit: false,
  withCents: (sum, rest) => `${sum} con ${rest}`,
  ofMany: (currency) => `de ${currency}`,
  minus: 'menos',
  plus: 'más',
  to: 'a',
  ratio: 'a',
  times: 'veces',
  by: 'por',
  units: {
    km: noun('kilómetro', 'kilómetros'),
    m: noun('metro', 'metros'),
    cm: noun('centímetro', 'centímetros'),
    mm: noun('milímetro', 'milímetros'),
    kg: noun('kilogramo', 'kilogramos'),
    g: noun('gramo', 'gramos'),
    mg: noun('miligramo', 'miligramos'),
    t: noun('tonelada', 'toneladas', true),
    l: noun('litro', 'litros'),
    L: noun('litro', 'litros'),
    ml: noun('mililitro', 'mililitros'),
    ha: noun('hectárea', 'hectáreas', true),
    h: noun('hora', 'horas', true),
    min: noun('minuto', 'minutos'),
    s: noun('segundo', 'segundos'),
    ms: noun('milisegundo', 'milisegundos'),
    'km/h': noun('kilómetro por hora', 'kilómetros por hora'),
    'm/s': noun('metro por segundo', 'metros por segundo'),
    'm²': noun('metro cuadrado', 'metros cuadrados'),
    'km²': noun('kilómetro cuadrado', 'kilómetros cuadrados'),
    'm³': noun('metro cúbico', 'metros cúbicos'),
    '°': noun('grado', 'grados'),
    '°C': noun('grado Celsius', 'grados Celsius'),
    ºC: noun('grado Celsius', 'grados Celsius'),
    '°F': noun('grado Fahrenheit', 'grados Fahrenheit'),
    '%': noun('por ciento'),
    '‰': noun('por mil'),
    kB: noun('kilobyte', 'kilobytes'),
    MB: noun('megabyte', 'megabytes'),
    GB: noun('gigabyte', 'gigabytes'),
    TB: noun('terabyte', 'terabytes'),
    Hz: noun('hercio', 'hercios'),
    kHz: noun('kilohercio', 'kilohercios'),
    MHz: noun('megahercio', 'megahercios'),
    GHz: noun('gigahercio', 'gigahercios'),
    W: noun('vatio', 'vatios'),
    kW: noun('kilovatio', 'kilovatios'),
    MW: noun('megavatio', 'megavatios'),
    kWh: noun('kilovatio hora', 'kilovatios hora'),
    V: noun('voltio', 'voltios'),
  },
  currencies: {
    '€': { ...noun('euro', 'euros'), cents },
    EUR: { ...noun('euro', 'euros'), cents },
    $: { ...noun('dólar', 'dólares'), cents: noun('centavo', 'centavos') },
    US$: { ...noun('dólar', 'dólares'), cents: noun('centavo', 'centavos') },
    '£': { ...noun('libra', 'libras', true), cents: noun('penique', 'peniques') },
    CHF: { ...noun('franco suizo', 'francos suizos'), cents },
    '¥': noun('yen', 'yenes'),
    '₽': noun('rublo', 'rublos'),
  },
  magnitudes: {
    mil: noun('mil'),
    M: noun('millón', 'millones'),
    millón: noun('millón', 'millones'),
    millones: noun('millón', 'millones'),
  },
  abbreviations: {
    sr: 'señor',
    sres: 'señores',
    sra: 'señora',
    srta: 'señorita',
    dr: 'doctor',
    dra: 'doctora',
    prof: 'profesor',
    d: 'don',
    dña: 'doña',
    sta: 'santa',
    sto: 'santo',
    ud: 'usted',
    uds: 'ustedes',
    vd: 'usted',
    etc: 'etcétera',
    'p.ej': 'por ejemplo',
    'ee.uu': 'Estados Unidos',
    'a.c': 'antes de Cristo',
    'd.c': 'después de Cristo',
    'a.m': 'a eme',
    'p.m': 'pe eme',
    av: 'avenida',
    avda: 'avenida',
    núm: 'número',
    pág: 'página',
    págs: 'páginas',
    tel: 'teléfono',
    aprox: 'aproximadamente',
    cap: 'capítulo',
    vol: 'volumen',
    fig: 'figura',
    máx: 'máximo',
    mín: 'mínimo',
    's.a': 'sociedad anónima',
  },
  numbered: { p: 'página', pp: 'páginas', c: 'circa', art: 'artículo', t: 'tomo' },
  bareAbbreviations: {
    'n.º': 'número',
    'n.°': 'número',
    'n°': 'número',
    nº: 'número',
    'N°': 'número',
    Nº: 'número',
  },
  mayEndSentence: new Set(['etc', 'ee.uu', 'a.c', 'd.c', 'a.m', 'p.m', 's.a', 'aprox', 'máx', 'mín']),
  wordAcronyms: new Set(['onu', 'iva', 'pib', 'ovni', 'sida', 'pyme', 'uci']),
  letterAcronyms: new Set(['rtve', 'isbn']),
  letters: letterNames(
    'a be ce de e efe ge hache i jota ka ele eme ene o pe cu erre ese te u uve uve_doble equis i_griega zeta',
  ),
  symbols: {
    '&': 'y',
    '+': 'más',
    '=': 'igual a',
    '%': 'por ciento',
    '×': 'por',
    '÷': 'entre',
    '±': 'más menos',
    '<': 'menor que',
    '>': 'mayor que',
    '≤': 'como máximo',
    '≥': 'como mínimo',
    '≈': 'aproximadamente',
    '§': 'sección',
    '@': 'arroba',
    '#': 'número',
    '°': 'grados',
    '€': 'euros',
    $: 'dólares',
    '£': 'libras',
  },
  addressMarks: {
    '.': 'punto',
    '@': 'arroba',
    '/': 'barra',
    '-': 'guion',
    _: 'guion bajo',
    '#': 'hashtag',
  },
  isFeminine: (word) =>
    /(a|as|ci[oó]n|si[oó]n|ciones|siones|dad|dades|mujer|mujeres|noche|noches|clase|clases|calle|calles|mano|manos|vez|veces)$/.test(
      word,
    ) && !/^(día|días|mapa|problema|tema|sistema)s?$/.test(word),
};
