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
