import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { AppError } from '../../domain/errors.ts';
import { effectKinds, motifs } from '../../domain/storyboard.ts';
import { tokenise } from '../../domain/tokens.ts';
import { limits, moods, styles } from '../../domain/video-request.ts';
import type { PlanInput } from '../../ports/providers.ts';
import { plan } from './plan.ts';

const context = { scratch: '', signal: new AbortController().signal };
const planned = (input: Partial<PlanInput>) =>
  plan({ script: '', style: 'cinematic', mood: 'dramatic', seed: 7, ...input }, context);

const story = `# The Lighthouse

Every night for forty years, Dr. Amara Cole climbed the 217 steps of the lighthouse. She carried no lamp.
The ships far out at sea could see her light through rain, through fog, through the darkest storm.

Then, one night, thunder broke the tower. The lamp went out! And for the first time the sea was truly dark.
She took a box of matches, and she lit a fire on the rocks that burned until the morning came.`;

const failure = (input: Partial<PlanInput>) =>
  planned(input).then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error : undefined),
  );

describe('plan', () => {
  it('is whole and within its words for any script, style and mood', async () => {
    const word = fc.constantFrom(
      'sea ',
      'rain, ',
      'FIRE! ',
      'thunder. ',
      '42 ',
      'night ',
      'the ',
      '海。',
      '…',
      '\n\n',
      '🎉 ',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { minLength: 1, maxLength: 200 }).map((words) => `Once ${words.join('')}`),
        fc.constantFrom(...styles),
        fc.constantFrom(...moods),
        async (script, style, mood) => {
          const { scenes, title, language } = await planned({ script, style, mood });
          expect(title.length).toBeGreaterThan(0);
          expect(title.length).toBeLessThanOrEqual(60);
          scenes.forEach((scene, index) => {
            const words = tokenise(scene.text, language).length;
            expect(scene.id).toBe(`s${String(index + 1).padStart(2, '0')}`);
            expect(motifs).toContain(scene.motif);
            expect(scene.keywords.length).toBeLessThanOrEqual(3);
            expect(scene.emphasis.length).toBeLessThanOrEqual(Math.max(1, words / 5));
            expect(scene.emphasis.every((at) => at >= 0 && at < words)).toBe(true);
            expect(scene.effects.length).toBeLessThanOrEqual(2);
            for (const { kind, at_word, intensity } of scene.effects) {
              expect(effectKinds).toContain(kind);
              expect(at_word >= -1 && at_word < words).toBe(true);
              expect(intensity > 0 && intensity <= 1).toBe(true);
            }
            expect(scene.energy > 0 && scene.energy <= 1).toBe(true);
            expect(Number.isSafeInteger(scene.seed) && scene.seed >= 0).toBe(true);
          });
        },
      ),
    );
  });

  it('plans the same script the same way', async () => {
    expect(await planned({ script: story })).toEqual(await planned({ script: story }));
  });

  it('leaves the seeds of scenes whose words did not change, also when a scene is added before them', async () => {
    const scenes = ['The sea is calm.', 'The storm comes.', 'The sea is calm.'].map((text) => ({ text }));
    const before = await planned({ scenes });
    const edited = await planned({ scenes: [scenes[0]!, { text: 'The snow comes.' }, scenes[2]!] });
    const added = await planned({ scenes: [{ text: 'Listen.' }, ...scenes] });
    const seeds = before.scenes.map(({ seed }) => seed);
    expect(new Set(seeds).size).toBe(3);
    expect(edited.scenes.map(({ seed }) => seed)).toEqual([
      seeds[0],
      expect.not.closeTo(seeds[1]!),
      seeds[2],
    ]);
    expect(added.scenes.slice(1).map(({ seed }) => seed)).toEqual(seeds);
    expect((await planned({ scenes, seed: 8 })).scenes[0]!.seed).not.toBe(seeds[0]);
  });

  it('directs a story: its title, pictures, props and sounds', async () => {
    const { title, language, scenes } = await planned({ script: story });
    expect(title).toBe('The Lighthouse');
    expect(language).toBe('en');
    expect(scenes[0]!.keywords[0]).toBe('lighthouse');
    const broken = scenes.find(({ text }) => text.includes('thunder'))!;
    const at = tokenise(broken.text, 'en').indexOf('thunder');
    expect(broken.effects).toContainEqual(
      expect.objectContaining({ kind: 'thunder', at_word: at, role: 'hit' }),
    );
    expect(scenes.find(({ text }) => text.includes('fire'))!.keywords).toContain('fire');
  });

  it('speaks the caller’s scenes as they are', async () => {
    const scenes = [{ text: '  One,\n two. ' }, { text: 'Three 🎉' }];
    expect((await planned({ scenes })).scenes.map(({ text }) => text)).toEqual([
      '  One,\n two. ',
      'Three 🎉',
    ]);
  });

  it('refuses what cannot be spoken, and says what to do', async () => {
    for (const script of ['🎉🎉🎉', '... !!! —', '\u200b']) {
      expect(await failure({ script })).toMatchObject({
        code: 'script_unspeakable',
        hint: expect.stringContaining('words'),
      });
    }
    expect(await failure({ scenes: [{ text: 'Yes.' }, { text: ' ' }] })).toMatchObject({
      code: 'script_unspeakable',
      errors: [{ pointer: '/scenes/1/text' }],
    });
    expect(await failure({ scenes: Array(201).fill({ text: 'Yes.' }) })).toMatchObject({
      code: 'request_invalid',
    });
  });

  it('plans the longest script in a blink', async () => {
    const longest = `${story}\n\n`.repeat(40).slice(0, limits.scriptChars);
    await planned({ script: longest });
    const before = process.threadCpuUsage();
    await planned({ script: longest });
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(300);
  });
});
