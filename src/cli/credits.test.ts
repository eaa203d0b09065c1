import { expect, test } from 'vitest';

import { toDescription } from '../video/description.ts';
import { creditsIn } from './credits.ts';

const font = { item: 'font', licence: 'OFL-1.1' };

test('prints nothing where all is the user’s own', () => {
  expect(creditsIn(toDescription('The storm', [font]))).toBe('');
});

test('prints each credit on its line', () => {
  const rain = { item: 'Rain', author: 'jane', url: 'https://freesound.org/s/1/', licence: 'CC BY 4.0' };
  expect(creditsIn(toDescription('The storm', [font, rain])).split('\n')).toEqual([
    'Credits (works were cut and mixed):',
    '- “Rain” by jane, https://freesound.org/s/1/, CC BY 4.0',
  ]);
});
