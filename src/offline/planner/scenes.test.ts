import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { limits, styles } from '../../domain/video-request.ts';
import { isSpeakable } from './pieces.ts';
import { splitIntoScenes } from './scenes.ts';

const split = (script: string, language = 'en') => splitIntoScenes(script, language, 'cinematic');
const countOf = (text: string) => text.split(/\s+/).length;

/** Words, punctuation, emoji, other scripts, direction marks, blank lines and markdown, in any order. */
const messyScript = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'word ',
        'Dr. ',
        'e.g. ',
        '3.5 ',
        'End. ',
        'why? ',
        '\n',
        '\n\n',
        '\r\n',
        '# ',
        '- ',
        '1. ',
        '🎉',
        '👩‍👩‍👧 ',
        'قال ',
        '\u202eمرحبا\u202c؟ ',
        'שלום. ',
        '大海。',
        '海、',
        'สวัสดี',
        '한국어 ',
        '\u00a0',
        '\u2028',
        '\u0085',
        '\ufeff',
        '“Yes!” ',
        '… ',
        '— ',
        '* * *\n',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
    ),
    { maxLength: 120 },
  )
  .map((parts) => parts.join(''));

describe('splitIntoScenes', () => {
  it('keeps every word as written, in order', () => {
    fc.assert(
      fc.property(
        messyScript,
        fc.constantFrom('en', 'zh', 'ja', 'th', 'ar', 'ko'),
        fc.constantFrom(...styles),
        (script, language, style) => {
          const scenes = splitIntoScenes(script, language, style);
          if (!isSpeakable(script)) {
            expect(scenes).toEqual([]);
            return;
          }
          const rest = scenes.reduce((left, scene) => {
            expect(left.startsWith(scene)).toBe(true);
            return left.slice(scene.length).trimStart();
          }, script.replace(/\s+/gu, ' ').trim());
          expect(rest).toBe('');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives every scene something to say, and no more scenes than allowed', () => {
    fc.assert(
      fc.property(messyScript, fc.constantFrom('en', 'zh', 'th'), (script, language) => {
        const scenes = split(script, language);
        expect(scenes.every(isSpeakable)).toBe(true);
        expect(scenes.length).toBeLessThanOrEqual(limits.scenes);
      }),
    );
  });

  it('parts at paragraphs and headings', () => {
    expect(split('# One\nTwo three four.\n\nFive six seven.')).toEqual([
      '# One',
      'Two three four.',
      'Five six seven.',
    ]);
  });

  it('does not take abbreviations and decimals for ends', () => {
    const sentence =
      'Yesterday Dr. Cole saw waves of 3.5 metres, e.g. the one at St. Mary, from No. 7 of the pier.';
    expect(split(`${sentence} ${sentence}`)).toEqual([sentence, sentence]);
  });

  it('groups short sentences and cuts long ones where a reader breathes', () => {
    expect(split('It rains. It pours. The old man snores.')).toHaveLength(1);
    expect(split('It rains. It pours. The old man snores. Nobody hears him at all.')).toHaveLength(2);
    const long =
      'When the light went out the ships could no longer see the shore and so they waited; but the wind rose, and one by one they drifted towards the rocks that had been lying there since before anybody could remember.';
    const scenes = split(long);
    expect(scenes[0]).toMatch(/waited;$/);
    expect(scenes.every((scene) => countOf(scene) >= 6 && countOf(scene) <= 28)).toBe(true);
  });

  it('cuts even a sentence without punctuation before it grows too long', () => {
    const scenes = split('word '.repeat(100));
    expect(scenes.every((scene) => countOf(scene) <= 40 && scene.length <= 260)).toBe(true);
  });

  it('cuts Chinese by its own punctuation and length', () => {
    const scenes = split(
      '大海覆盖了地球表面的百分之七十。我们只探索了其中的百分之五，其余的部分仍然是一个谜。',
      'zh',
    );
    expect(scenes).toEqual([
      '大海覆盖了地球表面的百分之七十。',
      '我们只探索了其中的百分之五，其余的部分仍然是一个谜。',
    ]);
  });

  it('changes pictures more often for quick styles', () => {
    const script =
      'The sea is deep and cold here. The ships sail on through it. We wait for them all night. '.repeat(4);
    const social = splitIntoScenes(script, 'en', 'social');
    expect(social.length).toBeGreaterThan(splitIntoScenes(script, 'en', 'documentary').length);
  });

  it('makes longer scenes rather than too many', () => {
    for (const script of ['a b c d '.repeat(2_500), 'a\n\n'.repeat(6_600), 'One two three. '.repeat(1_300)]) {
      const scenes = split(script);
      expect(scenes.length).toBeLessThanOrEqual(limits.scenes);
      expect(scenes.length).toBeGreaterThan(limits.scenes / 2);
    }
  });
});
