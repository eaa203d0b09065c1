// What common abbreviations are called in the languages that are read by the engine itself. A table only.

/** By language; in lower case with their inner stops, without the last. */
export const foreignAbbreviations: Record<string, Record<string, string>> = {
  pt: {
    sr: 'senhor',
    sra: 'senhora',
    dr: 'doutor',
    dra: 'doutora',
    etc: 'etcétera',
    'p.ex': 'por exemplo',
    av: 'avenida',
  },
  nl: {
    dhr: 'de heer',
    mevr: 'mevrouw',
    dr: 'doctor',
    bijv: 'bijvoorbeeld',
    enz: 'enzovoort',
    'd.w.z': 'dat wil zeggen',
    nr: 'nummer',
    prof: 'professor',
  },
  pl: { dr: 'doktor', np: 'na przykład', itd: 'i tak dalej', prof: 'profesor', ul: 'ulica', nr: 'numer' },
  ru: {
    г: 'год',
    гг: 'годы',
    'т.е': 'то есть',
    'т.д': 'так далее',
    'т.п': 'тому подобное',
    др: 'другие',
    руб: 'рублей',
    ул: 'улица',
  },
  tr: { dr: 'doktor', prof: 'profesör', vb: 've benzeri', vs: 'vesaire', sn: 'sayın' },
};
