// What an edit makes of a storyboard: what stays, what follows from new words, and what is refused.
import { expect, test } from 'vitest';

import {
  editStoryboard,
  hasNewWords,
  type SceneEdit,
  type StoryboardEdit,
  sameStoryboard,
  withVisibleText,
} from './edit-storyboard.ts';
import type { Scene, Storyboard } from './storyboard.ts';

function sceneOf(id: string, text: string, change: Partial<Scene> = {}): Scene {
  return {
    id,
    text,
    motif: 'sea',
    keywords: ['ship'],
    emphasis: [1],
    effects: [{ kind: 'waves', at_word: 2, role: 'hit', intensity: 0.5 }],
    energy: 0.4,
    variant: 0,
    seed: 7,
    ...change,
  };
}

const figure = { kind: 'share', value: 0.71, label: '71%', unit: '', at_word: 0 } as const;
const before: Storyboard = {
  title: 'The ship',
  language: 'en',
  scenes: [
    sceneOf('s01', 'A ship sails out.'),
    sceneOf('s02', '71% of it was rust.', { figure, variant: 1, seed: 8 }),
    sceneOf('s03', 'It came back again.', { motif: 'city', variant: 2, seed: 9 }),
  ],
};

/** As a planner would direct the edit's words. */
function direct({ scenes }: StoryboardEdit): Storyboard {
  return {
    title: 'Directed',
    language: 'en',
    scenes: scenes.map(({ text }, index) =>
      sceneOf(`s0${index + 1}`, text, {
        motif: 'forest',
        keywords: ['tree'],
        emphasis: [0],
        effects: [],
        energy: 0.9,
        variant: 4,
        seed: 100 + index,
      }),
    ),
  };
}

function edit(scenes: SceneEdit[], change: Partial<StoryboardEdit> = {}): Storyboard {
  const seen = withVisibleText({ ...change, scenes });
  return editStoryboard(before, seen, hasNewWords(before, seen) ? direct(seen) : undefined);
}

const [first, second, third] = before.scenes as [Scene, Scene, Scene];

test('what was read is the same when it is sent back, whatever the order of its members', () => {
  const sent = JSON.parse(JSON.stringify(before)) as StoryboardEdit;
  expect(hasNewWords(before, sent)).toBe(false);
  expect(sameStoryboard(before, edit(sent.scenes, sent))).toBe(true);
  const turned = sent.scenes.map((scene) => Object.fromEntries(Object.entries(scene).reverse()) as never);
  expect(sameStoryboard(before, edit(turned, sent))).toBe(true);
});

test('ids and words are enough to leave scenes as they are', () => {
  const scenes = before.scenes.map(({ id, text }) => ({ id, text }));
  expect(edit([scenes[0]!, { ...scenes[1]!, figure }, scenes[2]!])).toEqual(before);
});

test('what hangs on single words follows new ones, the picture that was sent along stays', () => {
  const [, changed] = edit([first, { ...second, text: 'Rust was all over it.' }, third]).scenes;
  expect(changed).toEqual({
    ...sceneOf('s02', 'Rust was all over it.', { variant: 1, seed: 8 }),
    emphasis: [0],
    effects: [],
  });
});

test('what the edit says of new words itself is kept', () => {
  const own = { ...second, text: '80% of it was rust.', emphasis: [3], figure: { ...figure, label: '80%' } };
  expect(edit([first, own, third]).scenes[1]).toMatchObject({ emphasis: [3], figure: { label: '80%' } });
});

test('what is left out of new words is chosen from them', () => {
  const { scenes } = edit([first, { id: 's02', text: 'A forest.' }, third]);
  expect(scenes[1]).toMatchObject({ motif: 'forest', keywords: ['tree'], energy: 0.9, seed: 8, variant: 0 });
  expect(scenes[1]).not.toHaveProperty('figure');
});

test('scenes come, go and change places; new ones get ids that none had', () => {
  const { scenes } = edit([third, { text: 'New.' }, first, { text: 'Newer.' }]);
  expect(scenes.map(({ id }) => id)).toEqual(['s03', 's04', 's01', 's05']);
  expect([scenes[0], scenes[2]]).toEqual([third, first]);
  expect(scenes[1]).toMatchObject({ text: 'New.', motif: 'forest', seed: 101, variant: 0 });
  expect(scenes[3]).toMatchObject({ motif: 'forest', seed: 103, variant: 1 });
});

test('a scene of another motif is composed in a way that no scene of that motif has', () => {
  expect(edit([first, second, { ...third, motif: 'sea' }]).scenes[2]!.variant).toBe(2);
  expect(edit([first, second, { ...third, motif: 'sea', variant: 4 }]).scenes[2]!.variant).toBe(4);
});

test('another language directs all words anew', () => {
  const { language, scenes } = edit(before.scenes, { language: 'fr' });
  expect(language).toBe('fr');
  expect(scenes.map(({ emphasis }) => emphasis)).toEqual([[0], [0], [0]]);
  expect(scenes.map(({ motif }) => motif)).toEqual(['sea', 'sea', 'city']);
});

test('words are kept as people see them', () => {
  const { title, scenes } = edit([{ ...first, text: 'A\u202e ship\r\nsails.', keywords: [' Ship '] }], {
    title: ' A\n ship ',
  });
  expect([title, scenes[0]!.text, scenes[0]!.keywords]).toEqual(['A ship', 'A ship\nsails.', ['ship']]);
});

const refused: [string, SceneEdit, string][] = [
  ['an id of no scene', { ...first, id: 's07' }, '/scenes/0/id'],
  ['stress on no word', { ...first, emphasis: [4] }, '/scenes/0/emphasis/0'],
  ['stress on a word twice', { ...first, emphasis: [1, 1] }, '/scenes/0/emphasis/1'],
  [
    'a sound at no word',
    { ...first, effects: [{ ...first.effects[0]!, at_word: 4 }] },
    '/scenes/0/effects/0/at_word',
  ],
  ['four keywords', { ...first, keywords: ['a', 'b', 'c', 'd'] }, '/scenes/0/keywords'],
  ['a keyword of nothing', { ...first, keywords: [' '] }, '/scenes/0/keywords/0'],
  ['a long keyword', { ...first, keywords: ['a'.repeat(41)] }, '/scenes/0/keywords/0'],
  ['a figure at no word', { ...first, figure: { ...figure, at_word: 4 } }, '/scenes/0/figure/at_word'],
  ['a share above all', { ...first, figure: { ...figure, value: 1.1 } }, '/scenes/0/figure/value'],
  ['half a comparison', { ...first, figure: { ...figure, kind: 'compare' } }, '/scenes/0/figure/from'],
  ['a figure without a number', { ...first, figure: { ...figure, label: ' ' } }, '/scenes/0/figure/label'],
  ['a long unit', { ...first, figure: { ...figure, unit: 'a'.repeat(41) } }, '/scenes/0/figure/unit'],
];
test.each(refused)('refuses %s', (_, scene, pointer) => {
  expect(() => edit([scene])).toThrow(
    expect.objectContaining({
      code: 'request_invalid',
      errors: [expect.objectContaining({ pointer })],
    }),
  );
});

test('refuses a scene that stands there twice', () => {
  expect(() => edit([first, first])).toThrow(
    expect.objectContaining({ errors: [expect.objectContaining({ pointer: '/scenes/1/id' })] }),
  );
});

test('what was planned is not measured by what may be edited', () => {
  const long = sceneOf('s01', 'A ship.', { keywords: ['a'.repeat(99)], emphasis: [5] });
  const old = { ...before, scenes: [long] };
  expect(editStoryboard(old, { scenes: [{ ...long, motif: 'city' }] }, undefined).scenes[0]).toMatchObject({
    motif: 'city',
    keywords: long.keywords,
  });
});
