import { describe, expect, it } from 'vitest';

import { motifs } from '../../domain/storyboard.ts';
import { chooseMotifs } from './motif.ts';
import { motifWords } from './motif-words.ts';
import { lines } from './word-forms.ts';

const choose = (texts: string[], language = 'en', mood: 'calm' | 'tense' = 'calm', seed = 1) =>
  chooseMotifs(
    texts.map((text) => text.split(' ')),
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
  ] as const)('%s: %s', (language, text, motif) => {
    expect(choose([text], language)).toEqual([motif]);
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
