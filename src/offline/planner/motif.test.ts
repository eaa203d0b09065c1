import { describe, expect, it } from 'vitest';

import { motifs } from '../../domain/storyboard.ts';
import { tokenise } from '../../domain/tokens.ts';
import { chooseMotifs } from './motif.ts';
import { motifWords } from './motif-words.ts';
import { lines } from './word-forms.ts';

const choose = (texts: string[], language = 'en', mood: 'calm' | 'tense' = 'calm', seed = 1) =>
  chooseMotifs(
    texts.map((text) => tokenise(text, language)),
    language,
    mood,
    texts.map((_, index) => seed + index),
  );

describe('chooseMotifs', () => {
  it.each([
    ['en', 'The ships sailed across the oceans.', 'sea'],
    ['en', 'Robots and computers run on software.', 'technology'],
    ['en', 'Three cups of coffee and fresh bread.', 'food'],
    ['fr', "L'océan et ses vagues.", 'sea'],
    ['es', 'Las montañas y sus cumbres.', 'mountains'],
    ['de', 'Die Bäume im Wald.', 'forest'],
    ['it', 'La pioggia cade.', 'rain'],
    ['pt', 'As montanhas e os seus cumes.', 'mountains'],
    ['pt', 'Os corações e os hospitais.', 'health'],
    ['nl', 'De schepen varen op de oceanen.', 'sea'],
    ['nl', 'Hoge bergen in de verte.', 'mountains'],
    ['sv', 'Stjärnorna lyser över oss.', 'night_sky'],
    ['sv', 'Vågorna slår mot klipporna vid kusten.', 'sea'],
    ['pl', 'Na niebie świeciły gwiazdy.', 'night_sky'],
    ['pl', 'Poszedł do lasu, między drzewa.', 'forest'],
    ['tr', 'Denizlerimizde gemiler vardı.', 'sea'],
    ['tr', 'Kitabını okulda unuttu.', 'education'],
    ['ru', 'Корабли вышли в море.', 'sea'],
    ['ru', 'Над горами шёл снег, и падали снега.', 'snow'],
    ['ru', 'Деньгами в банке распоряжаются клиенты.', 'business'],
    ['uk', 'Хвилі океану били об берег.', 'sea'],
    ['uk', 'Учні в школі читають книжки та книги.', 'education'],
    ['ar', 'والسفن في البحر.', 'sea'],
    ['ar', 'كانت الجبال عالية.', 'mountains'],
    ['ar', 'مدينتهم الجديدة', 'city'],
    ['ar', 'وللمدارس معلمون وطلاب.', 'education'],
    ['he', 'האוניות בים והגלים.', 'sea'],
    ['he', 'ההרים הגבוהים והפסגות.', 'mountains'],
    ['he', 'בעיר ובמגדלים', 'city'],
    ['hi', 'पहाड़ों की चोटियां ऊँची हैं।', 'mountains'],
    ['hi', 'नदियों का जल बहता है।', 'river'],
    ['hi', 'रात में चाँद और तारे।', 'night_sky'],
    ['zh', '大海的波浪拍打着海岸。', 'sea'],
    ['zh', '登山者爬上火山。', 'mountains'],
    ['zh', '医生在医院里工作。', 'health'],
    ['ja', '海は静かで、船が港に戻る。', 'sea'],
    ['ja', '夜空に星が光っています。', 'night_sky'],
    ['ja', '学校の図書館で本を読む。', 'education'],
    ['ko', '바다에서 파도가 쳤습니다.', 'sea'],
    ['ko', '산에는 눈이 아니라 봉우리들이 있다.', 'mountains'],
    ['ko', '학생들은 학교에서 책을 읽는다.', 'education'],
  ] as const)('%s: %s', (language, text, motif) => {
    expect(choose([text], language)).toEqual([motif]);
  });

  it.each([
    ['zh', '大家都是专家'],
    ['zh', '这个星期我十分忙'],
    ['ja', '自分の部分'],
    ['ru', 'Он и она, его и её.'],
    ['he', 'שלב הרבה אחר'],
    ['ar', 'ولكن والذي كان'],
    ['tr', 'Bu nedenle ama çünkü'],
    ['ko', '그것을 이미 했다고'],
  ] as const)('%s: %s names no thing', (language, text) => {
    // Were a thing named, seeds and moods would not change the picture.
    const pictures = ['calm', 'tense'].flatMap((mood) =>
      [1, 2, 3, 4].map((seed) => choose([text], language, mood as 'calm', 100 * seed)[0]),
    );
    expect(new Set(pictures).size).toBeGreaterThan(2);
  });

  it('repeats a picture next door only where the words insist', () => {
    const [first, second] = choose(['The sea is calm.', 'It was a sea of troubles.']);
    expect(first).toBe('sea');
    expect(second).not.toBe('sea');
    expect(choose(['The sea is calm.', 'Ships on the ocean.'])).toEqual(['sea', 'sea']);
  });

  it('varies where words say nothing, by mood and seed', () => {
    const silent = Array(12).fill('Qwerty asdf.');
    const chosen = choose(silent);
    for (const [index, motif] of chosen.slice(1).entries()) expect(motif).not.toBe(chosen[index]);
    expect(choose(silent, 'en', 'tense')).not.toEqual(chosen);
    expect(choose(silent, 'en', 'calm', 100)).not.toEqual(chosen);
    expect(choose(silent)).toEqual(chosen);
  });

  it('is fed by well-formed lists: known motifs, both kinds of words, all of them in English', () => {
    const named = (language: string) =>
      lines(motifWords[language]!).map((line) => /^(\w+): \S.* \/ \S/.exec(line)?.[1]);
    for (const language of Object.keys(motifWords)) {
      for (const name of named(language)) expect(motifs, language).toContain(name);
    }
    expect(named('en')).toEqual([...motifs]);
  });
});
