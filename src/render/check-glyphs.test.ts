import { expect, test } from 'vitest';

import { checkGlyphs } from './check-glyphs.ts';

const context = { scratch: '/nonexistent', signal: new AbortController().signal };

test.each([
  ['en', 'The “quick” brown fox — naïve café, €5 · ½ … №1'],
  ['de', 'Übergröße, Straße'],
  ['pl', 'Zażółć gęślą jaźń'],
  ['vi', 'Tiếng Việt rất đẹp'],
  ['ru', 'Съешь ещё этих мягких булок'],
  ['el', 'Ξεσκεπάζω την ψυχοφθόρα βδελυγμία'],
  ['ar', 'نص حكيم له سر قاطع وذو شأن عظيم، ١٢٣'],
  ['fa', 'چو ایران نباشد تن من مباد'],
  ['he', 'דג סקרן שט בים מאוכזב'],
  ['hi', 'ऋषियों को सताने वाले दुष्ट राक्षसों के राजा'],
  ['th', 'เป็นมนุษย์สุดประเสริฐเลิศคุณค่า'],
  ['ja', 'いろはにほへと、静寂の谷が目を覚ます。'],
  ['zh', '山谷在寂静中醒来，第一缕光。'],
  ['ko', '다람쥐 헌 쳇바퀴에 타고파'],
  ['en', 'Lift-off 🚀 👩‍💻 🇩🇪 ❤️ 👍🏽 1️⃣'],
])('the bundled fonts draw everyday %s', async (language, text) => {
  expect(await checkGlyphs({ text, language }, context)).toEqual({ coverage: 1, missing: [] });
});

test('what no font has is listed once and counted each time', async () => {
  const { coverage, missing } = await checkGlyphs({ text: 'ab ᚠᚠ', language: 'en' }, context);
  expect(missing).toEqual(['ᚠ']);
  expect(coverage).toBe(0.5);
});

test('nothing to draw is fully covered', async () => {
  expect(await checkGlyphs({ text: ' \n', language: 'en' }, context)).toEqual({ coverage: 1, missing: [] });
});
