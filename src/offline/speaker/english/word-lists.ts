// What English abbreviations, units, currencies and acronyms are called when read aloud. Tables only.

/** A table to look any word of a script up in: it has none of an object's own members, such as `constructor`. */
function byWord<T>(entries: Record<string, T>): Record<string, T> {
  return Object.assign(Object.create(null), entries);
}

/** Read whether or not a full stop follows, in lower case without their stops. */
export const titles = byWord<string>({
  mr: 'mister',
  mrs: 'missus',
  ms: 'miz',
  dr: 'doctor',
  prof: 'professor',
  rev: 'reverend',
  gen: 'general',
  capt: 'captain',
  lt: 'lieutenant',
  sgt: 'sergeant',
  sen: 'senator',
  gov: 'governor',
});

/** Read so when a full stop stands behind them (or within); in lower case without their stops. */
export const abbreviations = byWord<string>({
  ...titles,
  eg: 'for example',
  ie: 'that is',
  etc: 'et cetera',
  vs: 'versus',
  approx: 'approximately',
  est: 'established',
  dept: 'department',
  inc: 'incorporated',
  ltd: 'limited',
  corp: 'corporation',
  co: 'company',
  st: 'street',
  jr: 'junior',
  sr: 'senior',
  fig: 'figure',
  vol: 'volume',
  ch: 'chapter',
  pp: 'pages',
  ed: 'edition',
  ave: 'avenue',
  blvd: 'boulevard',
  rd: 'road',
  mt: 'mount',
  ft: 'fort',
  al: 'al',
  am: 'ay em',
  pm: 'pee em',
  jan: 'january',
  feb: 'february',
  apr: 'april',
  aug: 'august',
  sept: 'september',
  sep: 'september',
  oct: 'october',
  nov: 'november',
  dec: 'december',
});

/** Of these only the form with a full stop is an abbreviation, and a sentence may end with it. */
export const mayEndSentence = new Set(['etc', 'inc', 'ltd', 'corp', 'co', 'jr', 'sr', 'am', 'pm', 'al']);

/** Words without a stop that are abbreviations all the same. */
export const bareAbbreviations = byWord<string>({
  ipv: 'eye pee vee',
  nacl: 'en ay see el',
  mr: 'mister',
  mrs: 'missus',
  ms: 'miz',
  dr: 'doctor',
  prof: 'professor',
  vs: 'versus',
  etc: 'et cetera',
  'w/': 'with',
  'w/o': 'without',
  'b/c': 'because',
  ok: 'okay',
  kilometre: 'kilometer',
  kilometres: 'kilometers',
  tv: 'tee vee',
  n: 'and',
  approx: 'approximately',
  phd: 'pee aitch dee',
  'ph.d': 'pee aitch dee',
  'c#': 'see sharp',
  pc: 'pee see',
});

export const months = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
];

/** A capital letter starts a new sentence with these even behind an abbreviation. */
export const sentenceStarters = new Set(
  'the a an it its in on at this that these those he she we they you i but and so if when there then no yes what why how'.split(
    ' ',
  ),
);

interface UnitName {
  one: string;
  many: string;
}
const unit = (one: string, many = `${one}s`): UnitName => ({ one, many });

/** Behind a number, with or without a space; case counts. */
export const units = byWord<UnitName>({
  km: unit('kilometer'),
  m: unit('meter'),
  cm: unit('centimeter'),
  mm: unit('millimeter'),
  nm: unit('nanometer'),
  mi: unit('mile'),
  ft: unit('foot', 'feet'),
  yd: unit('yard'),
  kg: unit('kilogram'),
  g: unit('gram'),
  mg: unit('milligram'),
  lb: unit('pound'),
  lbs: unit('pound'),
  oz: unit('ounce'),
  l: unit('liter'),
  L: unit('liter'),
  ml: unit('milliliter'),
  mL: unit('milliliter'),
  h: unit('hour'),
  hr: unit('hour'),
  hrs: unit('hour'),
  min: unit('minute'),
  mins: unit('minute'),
  s: unit('second'),
  sec: unit('second'),
  ms: unit('millisecond'),
  'km/h': unit('kilometer per hour', 'kilometers per hour'),
  kph: unit('kilometer per hour', 'kilometers per hour'),
  mph: unit('mile per hour', 'miles per hour'),
  'm/s': unit('meter per second', 'meters per second'),
  'km²': unit('square kilometer'),
  'm²': unit('square meter'),
  'm³': unit('cubic meter'),
  km2: unit('square kilometer'),
  m2: unit('square meter'),
  m3: unit('cubic meter'),
  ha: unit('hectare'),
  '°': unit('degree'),
  '°C': unit('degree celsius', 'degrees celsius'),
  '°F': unit('degree fahrenheit', 'degrees fahrenheit'),
  KB: unit('kilobyte'),
  kB: unit('kilobyte'),
  MB: unit('megabyte'),
  GB: unit('gigabyte'),
  TB: unit('terabyte'),
  Mbps: unit('megabit per second', 'megabits per second'),
  Gbps: unit('gigabit per second', 'gigabits per second'),
  Hz: unit('hertz', 'hertz'),
  kHz: unit('kilohertz', 'kilohertz'),
  MHz: unit('megahertz', 'megahertz'),
  GHz: unit('gigahertz', 'gigahertz'),
  W: unit('watt'),
  kW: unit('kilowatt'),
  MW: unit('megawatt'),
  GW: unit('gigawatt'),
  kWh: unit('kilowatt hour'),
  MWh: unit('megawatt hour'),
  V: unit('volt'),
  mAh: unit('milliamp hour'),
  fps: unit('frame per second', 'frames per second'),
  px: unit('pixel'),
  '%': unit('percent', 'percent'),
  '‰': unit('per mille', 'per mille'),
});

interface Currency extends UnitName {
  cents?: UnitName;
}
const cents = unit('cent');

export const currencies: Record<string, Currency> = {
  $: { ...unit('dollar'), cents },
  US$: { ...unit('you ess dollar'), cents },
  '€': { ...unit('euro'), cents },
  '£': { ...unit('pound'), cents: unit('penny', 'pence') },
  '¥': unit('yen', 'yen'),
  '₹': { ...unit('rupee'), cents: unit('paisa', 'paise') },
  '¢': unit('cent'),
  '₩': unit('won', 'won'),
  '₽': unit('rouble'),
  '₿': unit('bitcoin'),
  USD: { ...unit('dollar'), cents },
  EUR: { ...unit('euro'), cents },
  GBP: { ...unit('pound'), cents: unit('penny', 'pence') },
  CHF: unit('swiss franc'),
  JPY: unit('yen', 'yen'),
};

/** Behind a sum of money or a number, with or without a space. */
export const magnitudes = byWord<string>({
  k: 'thousand',
  K: 'thousand',
  M: 'million',
  m: 'million',
  mn: 'million',
  bn: 'billion',
  B: 'billion',
  b: 'billion',
  T: 'trillion',
  tn: 'trillion',
  thousand: 'thousand',
  million: 'million',
  billion: 'billion',
  trillion: 'trillion',
});

/** Symbols that are read when they stand alone. */
export const symbols = byWord<string>({
  '&': 'and',
  '@': 'at',
  '#': 'number',
  '+': 'plus',
  '=': 'equals',
  '%': 'percent',
  '×': 'times',
  '÷': 'divided by',
  '±': 'plus or minus',
  '<': 'less than',
  '>': 'greater than',
  '≤': 'at most',
  '≥': 'at least',
  '≈': 'about',
  '§': 'section',
  '→': 'to',
  '°': 'degrees',
  $: 'dollars',
  '€': 'euros',
  '£': 'pounds',
});

/** Written in capitals, read as words; the value is how. Others of four letters and more are words by themselves. */
export const wordAcronyms = byWord<string>({
  AIDS: 'aids',
  ASCII: 'askee',
  COVID: 'covid',
  GIF: 'gif',
  JPEG: 'jay peg',
  LAN: 'lan',
  MOMA: 'moma',
  NASA: 'nasa',
  NATO: 'nato',
  OPEC: 'opec',
  PIN: 'pin',
  RAM: 'ram',
  ROM: 'rom',
  SAAS: 'sass',
  SIM: 'sim',
  SQL: 'sequel',
  UNESCO: 'unesco',
  UNICEF: 'unicef',
  WIFI: 'wifi',
  YOLO: 'yolo',
});

/** Of four letters and more with a vowel, yet read letter by letter. */
export const letterAcronyms = new Set(
  'ACLU AFAIK APAC ASAP ESPN HDMI HTTPS IEEE IMDB IMHO ISBN NAACP NCAA OLED RSVP UCLA UEFI USDA USSR UUID VOIP'.split(
    ' ',
  ),
);

/** Short words that are often written in capitals to stress them: no acronyms. */
export const shortWords = new Set(
  (
    'a i am an as at be by do go he if in is it me my no of oh on or so to up us we all and any are ask bad big boy but buy can ' +
    'car cat cut day did die dog eat end far few fly for fun get got guy had has her him his hot how its job key kid let lie ' +
    'lot low man may men mom new not now off old one our out own pay put red run sad saw say sea see set she sit six sky sun ' +
    'ten the tip too top try two use war was way who why win won yes yet you zero'
  ).split(' '),
);

export const letterNames: Record<string, string> = {
  a: 'ay',
  b: 'bee',
  c: 'see',
  d: 'dee',
  e: 'ee',
  f: 'eff',
  g: 'gee',
  h: 'aitch',
  i: 'eye',
  j: 'jay',
  k: 'kay',
  l: 'el',
  m: 'em',
  n: 'en',
  o: 'oh',
  p: 'pee',
  q: 'cue',
  r: 'are',
  s: 'ess',
  t: 'tee',
  u: 'you',
  v: 'vee',
  w: 'double you',
  x: 'ex',
  y: 'why',
  z: 'zee',
};

/** Before a Roman numeral: chapters are counted, kings are ordered. */
export const countedByRoman = new Set(
  'war part chapter volume act phase type class section book title world episode level stage figure bowl'.split(
    ' ',
  ),
);
export const monarchs = new Set(
  (
    'henry louis elizabeth charles george edward james john paul pius benedict william philip napoleon ramses alexander ' +
    'nicholas catherine richard leo gregory mary wilhelm friedrich frederick otto ivan peter felipe francis'
  ).split(' '),
);
