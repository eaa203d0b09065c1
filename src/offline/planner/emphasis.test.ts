import { describe, expect, it } from 'vitest';

import { tokenise } from '../../domain/tokens.ts';
import { chooseEmphasis } from './emphasis.ts';
import { countWords } from './keywords.ts';

const stressed = (text: string, language = 'en') => {
  const tokens = text.split(' ');
  return chooseEmphasis(tokens, language, countWords([tokens])).map((at) => tokens[at]);
};

describe('chooseEmphasis', () => {
  it('stresses figures, shouted words and superlatives first', () => {
    expect(stressed('The tower has 217 steps and they are steep and cold.')).toEqual(['217']);
    expect(stressed('We saw it and it was HUGE and it was ours')).toEqual(['HUGE']);
    expect(stressed('It is the deepest of them.')).toEqual(['deepest']);
    expect(stressed('Es war der tiefste und größte von allen.', 'de')).toEqual(['größte']);
  });

  it.each([
    ['ru', 'Это самое глубокое место на нашей земле.', ['самое']],
    ['ar', 'كانت السفن دائما تبحر فوق هذا البحر.', ['دائما']],
    ['hi', 'यह समुद्र हमेशा शांत रहता है और नीला है।', ['हमेशा']],
    ['zh', '这是世界上最后一座灯塔。', ['最后']],
    ['ja', 'これは世界で唯一の古い灯台です。', ['唯一']],
    ['pt', 'Os navios nunca mais voltaram para casa.', ['nunca']],
    ['ru', 'Который и когда, если чтобы потом здесь, только очень более уже там.', []],
  ])('%s: %s', (language, text, words) => {
    const tokens = tokenise(text, language);
    expect(chooseEmphasis(tokens, language, countWords([tokens])).map((at) => tokens[at])).toEqual(words);
  });

  it('leaves plain words and short plain scenes alone', () => {
    expect(stressed('And so it was.')).toEqual([]);
    expect(stressed('Take a sip.')).toEqual([]);
  });

  it('does not take a text in capitals for shouting, nor a list number for a figure', () => {
    expect(stressed('WE SAW IT AND SO DID YOU')).toEqual([]);
    expect(stressed('1. Boil the water')).toEqual([]);
  });

  it('stresses at most one word in five', () => {
    const text = 'one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10';
    expect(stressed(text)).toHaveLength(4);
  });
});
