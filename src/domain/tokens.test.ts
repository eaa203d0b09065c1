import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { tokenise, touches } from './tokens.ts';

describe('tokenise', () => {
  it('cuts at white space and keeps punctuation', () => {
    expect(tokenise('  “Well,” she said —\n3.5 km. ', 'en')).toEqual([
      '“Well,”',
      'she',
      'said',
      '—',
      '3.5',
      'km.',
    ]);
  });

  it('cuts unspaced languages into words, punctuation with its neighbour', () => {
    expect(tokenise('大海。「你好」，世界！', 'zh')).toEqual(['大海。', '「你好」，', '世界！']);
    expect(tokenise('สวัสดีครับ', 'th').length).toBeGreaterThan(1);
  });

  it('leaves Korean and Arabic words whole', () => {
    expect(tokenise('바다는 아름답다.', 'ko')).toEqual(['바다는', '아름답다.']);
    expect(tokenise('البحر جميل.', 'ar')).toEqual(['البحر', 'جميل.']);
  });

  it('keeps a chunk of punctuation as one token', () => {
    expect(tokenise('…… 「」', 'ja')).toEqual(['……', '「」']);
  });

  it('loses nothing but white space', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, fc.constantFrom('en', 'zh', 'ja', 'th'), (any, language) => {
        const tokens = tokenise(any, language);
        expect(tokens.join('')).toBe(any.replace(/\s+/gu, ''));
        expect(tokens.every((token) => token !== '' && !/\s/u.test(token))).toBe(true);
      }),
    );
  });
});

describe('touches', () => {
  const shown = (text: string, language: string) =>
    tokenise(text, language).reduce(
      (line, token, index, all) =>
        line + (index > 0 && !touches(all[index - 1]!, token, language) ? ' ' : '') + token,
      '',
    );

  it('sets words of unspaced languages side by side', () => {
    expect(shown('海は静かに眠る。', 'ja')).toBe('海は静かに眠る。');
    expect(shown('大海睡了。', 'yue')).toBe('大海睡了。');
  });

  it('keeps the spaces of Latin phrases inside them', () => {
    expect(shown('我们看 “Hello, World: Part 2” 吧。', 'zh')).toBe('我们看“Hello, World: Part 2”吧。');
    expect(shown('iPhone 15を買う', 'ja')).toBe('iPhone 15を買う');
  });

  it('tears nothing apart that was written as one', () => {
    expect(shown('GPT-4は10:30に3.5%。', 'ja')).toBe('GPT-4は10:30に3.5%。');
  });

  it('sets a space between any two words of other languages', () => {
    expect(touches('The', 'sea', 'en')).toBe(false);
    expect(touches('바다는', '아름답다.', 'ko')).toBe(false);
  });
});
