import { describe, expect, it } from 'vitest';

import { tokenise } from '../../domain/tokens.ts';
import { findFigure } from './figure.ts';

const find = (text: string, language: string) => findFigure(tokenise(text, language), language);

describe('findFigure', () => {
  it.each([
    [
      'en',
      'The ocean covers 71 percent of our planet.',
      { kind: 'share', value: 0.71, label: '71%', at_word: 3 },
    ],
    ['en', 'About 12.5% agreed.', { kind: 'share', value: 0.125, label: '12.5%' }],
    ['en', 'Half of the oxygen comes from the sea.', { kind: 'share', value: 0.5, label: '½', at_word: 0 }],
    ['en', 'Heat the water to 93 degrees.', { kind: 'gauge', value: 93, label: '93°' }],
    ['en', 'It was 40°C outside.', { kind: 'gauge', value: 40, label: '40°C' }],
    ['en', 'We grew from 20 to 60 people.', { kind: 'compare', from: 20, value: 60, label: '20 → 60' }],
    ['en', 'Sales doubled.', { kind: 'compare', from: 1, value: 2, label: '×2' }],
    ['en', 'It opened in 1889.', { kind: 'year', value: 1889, label: '1889' }],
    ['en', 'She climbed 1,217 steps.', { kind: 'count', value: 1217, label: '1,217', unit: 'steps' }],
    ['en', 'Some 8 billion people live here.', { kind: 'count', value: 8e9, label: '8 billion' }],
    ['en', 'Almost 11 kilometres down.', { kind: 'count', value: 11, label: '11', unit: 'kilometres' }],
    ['fr', 'Environ 30 pour cent des gens.', { kind: 'share', value: 0.3, label: '30%' }],
    ['fr', 'La moitié de la ville dort.', { kind: 'share', value: 0.5, label: '½' }],
    ['fr', 'De 20 à 60 euros.', { kind: 'compare', from: 20, value: 60 }],
    ['es', 'El 45,5 por ciento del agua.', { kind: 'share', value: 0.455, label: '45,5%' }],
    ['es', 'Hay 1.200 personas.', { kind: 'count', value: 1200, label: '1.200', unit: 'personas' }],
    ['de', 'Rund 80 Prozent sind Wasser.', { kind: 'share', value: 0.8, label: '80%' }],
    ['de', 'Seit 1950 ist alles anders.', { kind: 'year', value: 1950 }],
    ['it', 'La temperatura è di 37,5 gradi.', { kind: 'gauge', value: 37.5, label: '37,5°' }],
  ] as const)('%s: %s', (language, text, figure) => {
    expect(find(text, language)).toMatchObject(figure);
  });

  it.each([
    [
      'en',
      'Three hundred people came.',
      { kind: 'count', value: 300, label: '300', unit: 'people', at_word: 0 },
    ],
    [
      'en',
      'She ran twenty-six point two miles.',
      { kind: 'count', value: 26.2, label: '26.2', unit: 'miles' },
    ],
    [
      'en',
      'It holds twelve thousand five hundred and six seats.',
      { value: 12506, label: '12,506', unit: 'seats' },
    ],
    [
      'en',
      'Some three million people live here.',
      { kind: 'count', value: 3e6, label: '3 million', unit: '' },
    ],
    ['en', 'Almost two point five billion years.', { value: 2.5e9, label: '2.5 billion' }],
    ['en', 'Twenty per cent agreed.', { kind: 'share', value: 0.2, label: '20%', at_word: 0 }],
    ['en', 'Nearly seventy-one percent of it is water.', { kind: 'share', value: 0.71, label: '71%' }],
    ['en', 'It fell to minus forty degrees.', { kind: 'gauge', value: -40, label: '−40°' }],
    ['en', 'It opened in nineteen eighty-nine.', { kind: 'year', value: 1989, label: '1989' }],
    ['en', 'In two thousand and eight the banks fell.', { kind: 'year', value: 2008 }],
    ['en', 'In two thousand homes it was dark.', { kind: 'count', value: 2000, unit: 'homes' }],
    [
      'en',
      'They grew from twenty to sixty people.',
      { kind: 'compare', from: 20, value: 60, label: '20 → 60' },
    ],
    ['en', 'The wall is a hundred metres long.', { kind: 'count', value: 100, unit: 'metres' }],
    ['fr', 'Elle a gravi deux cents marches.', { kind: 'count', value: 200, label: '200', unit: 'marches' }],
    ['fr', 'Quatre-vingt-dix pour cent des gens.', { kind: 'share', value: 0.9, label: '90%' }],
    ['fr', 'Il faisait moins vingt degrés.', { kind: 'gauge', value: -20, label: '−20°' }],
    ['fr', 'La tour ouvre en mille huit cent quatre-vingt-neuf.', { kind: 'year', value: 1889 }],
    ['fr', "Une ville d'un million d'habitants.", { kind: 'count', value: 1e6, label: '1 million' }],
    ['fr', 'De soixante-dix à quatre-vingts euros.', { kind: 'compare', from: 70, value: 80 }],
    [
      'es',
      'Subió doscientos cincuenta escalones.',
      { kind: 'count', value: 250, label: '250', unit: 'escalones' },
    ],
    ['es', 'El veinte por ciento del agua.', { kind: 'share', value: 0.2, label: '20%' }],
    ['es', 'Abrió en mil novecientos ochenta y nueve.', { kind: 'year', value: 1989 }],
    ['es', 'Costó dos mil millones de dólares.', { kind: 'count', value: 2e9, label: '2.000 millones' }],
    ['de', 'Es waren zweihundert Menschen.', { kind: 'count', value: 200, label: '200', unit: 'menschen' }],
    ['de', 'Fünfundachtzig Prozent sind Wasser.', { kind: 'share', value: 0.85, label: '85%' }],
    ['de', 'Im Jahr neunzehnhundertneunundachtzig fiel die Mauer.', { kind: 'year', value: 1989 }],
    [
      'de',
      'Über zwölftausend Kilometer weit.',
      { kind: 'count', value: 12_000, label: '12.000', unit: 'kilometer' },
    ],
    ['de', 'Rund drei Komma fünf Millionen Tonnen.', { kind: 'count', value: 3.5e6, label: '3,5 Millionen' }],
    ['it', 'Ci sono duecento scalini.', { kind: 'count', value: 200, label: '200', unit: 'scalini' }],
    ['it', 'Il trentatré per cento del mare.', { kind: 'share', value: 0.33, label: '33%' }],
    ['it', 'Nel millenovecentosessantanove.', { kind: 'year', value: 1969, label: '1969' }],
    ['it', 'Ventotto gradi al mattino.', { kind: 'gauge', value: 28, label: '28°' }],
  ] as const)('reads the words of %s: %s', (language, text, figure) => {
    expect(find(text, language)).toMatchObject(figure);
  });

  it.each([
    ['en', 'One of them was late.'],
    ['en', 'There are a hundred reasons.'],
    ['en', 'I have told you a thousand times.'],
    ['en', 'Thanks a million!'],
    ['en', 'She gave a hundred percent.'],
    ['en', 'A few hundred metres on.'],
    ['en', 'Half a million dollars.'],
    ['en', 'Two or three hundred people came.'],
    ['en', 'Hundreds of people came.'],
    ['en', 'The twenty-first century.'],
    ['en', 'Seven wonders, nine lives.'],
    ['en', 'He turned three hundred and sixty degrees.'],
    ['en', 'From one to another.'],
    ['fr', "L'un de vous a cent fois raison."],
    ['fr', 'Mille mercis à tous.'],
    ['fr', 'Quelques cent mètres.'],
    ['fr', 'Un kilomètre à pied.'],
    ['es', 'Te lo dije mil veces.'],
    ['es', 'Uno de ellos y cien razones.'],
    ['de', 'Einer von ihnen hat tausend Gründe.'],
    ['de', 'Noch mehrere hundert Meter.'],
    ['it', 'Grazie mille a una amica.'],
    ['it', 'Cento volte meglio.'],
  ])('%s: shows nothing for %s', (language, text) => {
    expect(find(text, language)).toBeUndefined();
  });

  it.each([
    ['en', 'There were 3 of them.'],
    ['en', 'Call 555-1234 now.'],
    ['en', 'It grew 250 percent.'],
    ['en', 'Version 1.2.3 is out.'],
    ['en', 'The room was half empty.'],
    ['en', 'From 1939 to 1945 there was war.'],
    ['en', 'No number here.'],
  ])('%s: leaves %s to the words', (language, text) => {
    expect(find(text, language)).toBeUndefined();
  });
});
