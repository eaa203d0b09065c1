import { expect, test } from 'vitest';

import { toDescription } from './description.ts';

const own = [
  { item: 'voice rms', licence: 'BSD-like' },
  { item: 'font @fontsource/inter', licence: 'OFL-1.1' },
];

test('names nobody where all is the user’s own', () => {
  expect(toDescription('The storm', own)).toBe('The storm\n\nMade with AIPROD.\n');
});

test('gives title, author, source and licence of each work, a line each', () => {
  const rain = {
    item: 'Rain on a\u2028window',
    author: 'jane\nMade with nothing',
    url: 'https://freesound.org/people/jane/sounds/1/',
    licence: 'CC BY 4.0',
    licence_url: 'https://creativecommons.org/licenses/by/4.0/',
  };
  const song = { item: 'Storm', author: 'Suno', url: 'https://suno.example', licence: 'its terms' };
  expect(toDescription('The\tstorm', [...own, rain, song]).split('\n')).toEqual([
    'The storm',
    '',
    'Credits (works were cut and mixed):',
    '- “Rain on a window” by jane Made with nothing, https://freesound.org/people/jane/sounds/1/, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)',
    '- “Storm” by Suno, https://suno.example, its terms',
    '',
    'Made with AIPROD.',
    '',
  ]);
});
