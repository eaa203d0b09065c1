import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { tokenise } from './tokens.ts';

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
