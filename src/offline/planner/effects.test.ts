import { describe, expect, it } from 'vitest';
import { tokenise } from '../../domain/tokens.ts';
import type { MoodName, StyleName } from '../../domain/video-request.ts';
import { placeEffects } from './effects.ts';

const plainScenes = Array<string>(12).fill('Nobody said a word about it.');
const place = (texts: string[], { style = 'cinematic', mood = 'dramatic', language = 'en' } = {}) =>
  placeEffects(
    texts.map((text) => ({ tokens: tokenise(text, language), emphasis: [1], energy: 0.6 })),
    language,
    style as StyleName,
    mood as MoodName,
  );
const kindsOf = (placed: ReturnType<typeof place>) => placed.flatMap((cues) => cues.map(({ kind }) => kind));

describe('placeEffects', () => {
  it('puts a named sound on its word and a place under its scene', () => {
    const [cues] = place(['Rain fell, then thunder came.'], { mood: 'neutral' });
    expect(cues).toEqual([
      expect.objectContaining({ kind: 'thunder', at_word: 3, role: 'hit' }),
      expect.objectContaining({ kind: 'rain', at_word: -1, role: 'bed' }),
    ]);
    expect(kindsOf(place(["L'océan et ses vagues"], { language: 'fr', mood: 'neutral' }))).toEqual(['waves']);
  });

  it.each([
    ['ru', 'Вдруг над морем загремел гром.', ['whoosh', 'waves']],
    ['ar', 'فجأة هبت العاصفة.', ['whoosh', 'wind']],
    ['hi', 'जंगल में बारिश की आवाज़।', ['birds']],
    ['zh', '雨中传来雷声。', ['thunder', 'rain']],
    ['ko', '도시에 종소리가 울렸다.', ['chime', 'city']],
    ['pl', 'W lesie nagle zapadła cisza.', ['whoosh', 'birds']],
  ])('%s: %s', (language, text, kinds) => {
    expect(kindsOf(place([text], { language, mood: 'neutral' }))).toEqual(kinds);
  });

  it('does not take a word of another language for its own', () => {
    expect(place(['A vague vent in the chat.'], { mood: 'neutral' })).toEqual([[]]);
  });

  it('rises into the climax and strikes there, in grave and driving moods only', () => {
    const climax = (mood: string) =>
      place(plainScenes, { mood, style: 'minimal' })[9]!.map(({ kind }) => kind);
    expect(climax('dramatic')).toEqual(['riser', 'impact']);
    expect(climax('uplifting')).toEqual(['riser']);
    expect(climax('calm')).toEqual([]);
  });

  it('whooshes at cuts of quick styles, more in driving moods, never in still ones', () => {
    const whooshes = (style: string, mood: string) =>
      kindsOf(place(plainScenes, { style, mood })).filter((kind) => kind === 'whoosh').length;
    expect(whooshes('social', 'playful')).toBeGreaterThan(whooshes('cinematic', 'playful'));
    expect(whooshes('social', 'playful')).toBeGreaterThan(whooshes('social', 'neutral'));
    expect(whooshes('minimal', 'epic')).toBe(0);
    expect(whooshes('social', 'calm')).toBe(0);
  });

  it('stays sparing where every word could sound', () => {
    const noisy = Array<string>(12).fill('Rain and waves and wind and city and thunder and bell and clock.');
    for (const mood of ['dramatic', 'calm'] as const) {
      const placed = place(noisy, { mood });
      expect(Math.max(...placed.map((cues) => cues.length))).toBeLessThanOrEqual(mood === 'calm' ? 1 : 2);
      expect(placed.some((cues) => cues.length === 0)).toBe(true);
    }
  });
});
