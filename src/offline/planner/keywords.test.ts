import { expect, test } from 'vitest';

import { tokenise } from '../../domain/tokens.ts';
import { countWords, pickKeywords } from './keywords.ts';

test.each([
  ['en', 'The lighthouse and the ships.', ['lighthouse', 'ship']],
  ['pt', 'O farol e os navios.', ['lighthouse', 'ship']],
  ['nl', 'De vuurtoren en de schepen.', ['lighthouse', 'ship']],
  ['sv', 'Fyren och skeppen.', ['lighthouse', 'ship']],
  ['pl', 'Na latarnię patrzyły statki.', ['lighthouse', 'ship']],
  ['tr', 'Fenerler ve gemiler.', ['lighthouse', 'ship']],
  ['ru', 'У маяка стояли корабли.', ['lighthouse', 'ship']],
  ['uk', 'Біля маяка стояли кораблі.', ['lighthouse', 'ship']],
  ['ar', 'والمنارة والسفن', ['lighthouse', 'ship']],
  ['he', 'המגדלור והספינות', ['lighthouse', 'ship']],
  ['hi', 'पेड़ों पर पक्षी।', ['tree', 'bird']],
  ['zh', '灯塔和帆船。', ['lighthouse', 'ship']],
  ['ja', '灯台と船。', ['lighthouse', 'ship']],
  ['ko', '등대와 배가 있다.', ['lighthouse', 'ship']],
])('%s: %s', (language, text, things) => {
  const tokens = tokenise(text, language);
  expect(pickKeywords(tokens, language, countWords([tokens])).slice(0, 2)).toEqual(things);
});
