import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Word } from '../domain/timeline.ts';
import { type ChunkRules, chunkCaptions } from './caption-chunks.ts';

const rules: ChunkRules = {
  fps: 30,
  frames: 9_000,
  mostWords: 6,
  capacity: 40,
  widthOf: (text) => text.length + 1,
};

function speak(text: string, pauseAfter: Record<string, number> = {}): Word[] {
  let at = 500;
  return text.split(' ').map((word) => {
    const startMs = at;
    at += 300 + (pauseAfter[word] ?? 0);
    return { text: word, startMs, endMs: startMs + 280 };
  });
}

const show = (words: Word[], over: Partial<ChunkRules> = {}) =>
  chunkCaptions(words, [], { ...rules, ...over }).map((chunk) =>
    chunk.words.map(({ text }) => text).join(' '),
  );

describe('chunks break where a reader would', () => {
  test('at sentence ends, always', () =>
    expect(show(speak('It rains. We stay. Then sun'))).toEqual(['It rains.', 'We stay.', 'Then sun']));

  test('at clauses rather than in between', () =>
    expect(show(speak('The mountain does not care, but every climber remembers'))).toEqual([
      'The mountain does not care,',
      'but every climber remembers',
    ]));

  test('not after a short word, and no word is left alone', () => {
    const shown = show(speak('Nobody expected anything from the little village beside a river'));
    for (const chunk of shown.slice(0, -1)) expect(chunk).not.toMatch(/ (the|a)$/);
    for (const chunk of shown) expect(chunk.split(' ').length).toBeGreaterThan(1);
  });

  test('at long silences', () =>
    expect(show(speak('wait for it now', { it: 900 }))).toEqual(['wait for it', 'now']));

  test('a title is no sentence end', () =>
    expect(show(speak('Ask Dr. Smith today'))).toEqual(['Ask Dr. Smith today']));

  test('neither before a particle nor within a name', () => {
    const words = speak('山 は 誰 が 登る か を 気 に しません と 登山者 は 朝 に 言い ました');
    for (const mostWords of [4, 5, 6]) {
      const starts = show(words, { mostWords }).map((chunk) => chunk.split(' ')[0]);
      expect(starts.filter((start) => /^(は|が|か|を|に|と|ました)$/.test(start!))).toEqual([]);
    }
    const flight = speak('they flew from Paris and later came to New York City');
    for (const mostWords of [3, 4, 5]) expect(show(flight, { mostWords }).at(-1)).toMatch(/New York City$/);
  });

  test('closing marks of Japanese stay with their word', () => {
    const words = ['山', 'は', '高い', '。', '空', 'は', '「', '青い', '」', 'です'].map((text, i) => ({
      text,
      startMs: i * 200,
      endMs: i * 200 + 190,
    }));
    const shown = show(words, { capacity: 9, widthOf: (text) => 2 * text.length });
    for (const chunk of shown) expect(chunk).not.toMatch(/^[。」]|「$/u);
  });
});

describe('time', () => {
  test('a chunk stays until the next one, or a little after its last word', () => {
    const [first, second] = chunkCaptions(speak('It rains. We stay', { 'rains.': 2_000 }), [], rules);
    expect(first).toMatchObject({ fromFrame: 15, endFrame: Math.floor((1_080 + 600) * 0.03) });
    expect(second?.fromFrame).toBe(93);
  });

  test('nothing is shown past the scene', () =>
    expect(chunkCaptions(speak('It rains'), [], { ...rules, frames: 30 })[0]?.endFrame).toBe(30));
});

test('every word is shown once, in order, whatever is said', () => {
  const texts = fc.array(
    fc.constantFrom('a', 'word', 'clause,', 'end.', '…', '「', '」', 'abcdefghij'.repeat(6)),
    {
      minLength: 1,
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(texts, (all) => {
      const words = speak(all.join(' '));
      const chunks = chunkCaptions(words, [], rules);
      expect(chunks.flatMap((chunk) => chunk.words.map(({ text }) => text))).toEqual(all);
      for (const [index, chunk] of chunks.entries()) {
        expect(chunk.words.length).toBeLessThanOrEqual(rules.mostWords);
        expect(chunk.endFrame).toBeLessThanOrEqual(chunks[index + 1]?.fromFrame ?? rules.frames);
      }
    }),
    { numRuns: 100 },
  );
});
