import { expect, test } from 'vitest';

import type { TimedScene } from '../domain/timeline.ts';
import { spokenSentences } from './spoken-sentences.ts';

const sceneOf = (text: string, wordMs = 300): TimedScene => ({
  id: 's01',
  startFrame: 0,
  endFrame: 300,
  speechStartMs: 0,
  speechEndMs: 9_000,
  words: text
    .split(' ')
    .map((word, i) => ({ text: word, startMs: i * wordMs, endMs: (i + 1) * wordMs - 20 })),
  emphasis: [],
  energy: 0.5,
});
const texts = (scene: TimedScene) =>
  spokenSentences([scene]).map(({ words }) => words.map(({ text }) => text).join(' '));

test('sentences of a scene, with their times', () => {
  const sentences = spokenSentences([sceneOf('The sea sleeps. Dr. Gray does not! “Why?” nobody asks')]);
  expect(sentences.map(({ words, ...rest }) => ({ ...rest, count: words.length }))).toEqual([
    { scene: 's01', sentence: 1, startMs: 0, endMs: 880, count: 3 },
    { scene: 's01', sentence: 2, startMs: 900, endMs: 2_380, count: 5 },
    { scene: 's01', sentence: 3, startMs: 2_400, endMs: 2_980, count: 2 },
  ]);
});

test('very short ones go with a neighbour', () => {
  expect(texts(sceneOf('So. The sea sleeps. Yes.'))).toEqual(['So. The sea sleeps. Yes.']);
  expect(texts(sceneOf('The sea sleeps. Yes. And wakes again.'))).toEqual([
    'The sea sleeps. Yes.',
    'And wakes again.',
  ]);
});

test('without marks a scene is one sentence', () => {
  expect(texts(sceneOf('the sea sleeps'))).toEqual(['the sea sleeps']);
  expect(spokenSentences([{ ...sceneOf('a'), words: [] }])).toEqual([]);
});
