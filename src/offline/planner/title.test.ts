import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isSpeakable } from './pieces.ts';
import { chooseTitle } from './title.ts';

describe('chooseTitle', () => {
  it.each([
    ['# The **Lighthouse**\n\nOnce upon a time.', 'The Lighthouse'],
    ['Dr. Cole climbed. Then she slept.', 'Dr. Cole climbed'],
    ['What is deeper than the sea?', 'What is deeper than the sea'],
    [
      'Every night for forty years, without fail, she climbed the steps of the lighthouse alone.',
      'Every night for forty years, without fail',
    ],
    [
      'Nobody in the whole long history of the little harbour town had seen it.',
      'Nobody in the whole long history of the little harbour town',
    ],
    ['- Eggs and milk\n- Bread', 'Eggs and milk'],
    ['The Last Keeper\n\nFor forty years she climbed.', 'The Last Keeper'],
    ['Stop! Do not touch it. Go.', 'Stop! Do not touch it'],
    ['***\n\n“Well,” she said.', '“Well,” she said'],
  ])('%s', (text, title) => {
    expect(chooseTitle(text, 'en')).toBe(title);
  });

  it.each([
    ['zh', '大海很平静。月亮升起来了。', '大海很平静'],
    ['ja', '海は静かです。月が出ています。', '海は静かです'],
    ['ja', '「海は静かだ。」と彼は言った。', '「海は静かだ。」と彼は言った'],
    ['hi', 'समुद्र शांत है। चाँद निकल आया।', 'समुद्र शांत है'],
    ['ar', 'هل البحر هادئ؟ طلع القمر.', 'هل البحر هادئ'],
    ['ko', '바다는 고요하다. 달이 떴다.', '바다는 고요하다'],
  ])('%s: the first sentence of %s', (language, text, title) => {
    expect(chooseTitle(text, language)).toBe(title);
  });

  it('cuts Chinese between words', () => {
    const title = chooseTitle('大海覆盖了地球表面的百分之七十'.repeat(8), 'zh');
    expect(title.length).toBeGreaterThan(20);
    expect(title.length).toBeLessThanOrEqual(30);
  });

  it('has something to say, fits, and ends in no punctuation, whatever the text', () => {
    const text = fc
      .array(
        fc.oneof(
          fc.constantFrom('word ', 'x'.repeat(80), '# ', '\n', '… ', '海，', '1. ', '$ '),
          fc.string({ unit: 'grapheme' }),
        ),
      )
      .map((parts) => parts.join(''))
      .filter(isSpeakable);
    fc.assert(
      fc.property(text, fc.constantFrom('en', 'zh', 'ar'), (any, language) => {
        const title = chooseTitle(any, language);
        expect(isSpeakable(title), title).toBe(true);
        expect(title.length).toBeLessThanOrEqual(60);
        expect(title).not.toMatch(/[\s,.;:!?…—-]$/u);
      }),
      { numRuns: 300 },
    );
  });
});
