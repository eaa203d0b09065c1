import { expect, test } from 'vitest';

import { requestOf } from '../../test/support/requests.ts';
import type { Makers } from '../ports/makers.ts';
import type { Maker, PlannedWork } from '../ports/providers.ts';
import { expectedCost } from './expected-cost.ts';

const free = (id: string): Maker => ({ id, version: '1' });
const paid = (id: string, expectedMicroUsd: (work: PlannedWork) => number): Maker => ({
  ...free(id),
  expectedMicroUsd,
});

/** A second maker that would cost is asked only when the first one cannot. */
const makers = {
  language: [free('offline/planner'), paid('gemini/language', () => 9_999)],
  speech: [paid('elevenlabs/speech', ({ characters }) => characters * 100)],
  visuals: [paid('gemini/pictures', ({ scenes }) => scenes * 1_000.2)],
  music: [paid('elevenlabs/music', ({ videoSeconds }) => videoSeconds * 10)],
  soundEffects: [paid('freesound/sound-effects', () => 0)],
} as Partial<Record<keyof Makers, unknown>> as Makers;

test('adds up what the makers that are asked first expect, by provider', () => {
  const request = requestOf({
    script: 'x'.repeat(50),
    scenes: [{ text: 'One.' }, { text: 'Two.' }],
    duration: 30,
  });
  expect(expectedCost(makers, request)).toEqual({
    totalMicroUsd: 800 + 2_001 + 300,
    byProvider: { elevenlabs: 800 + 300, gemini: 2_001 },
  });
});

test('leaves out what the request does without, and the pictures that the user brings', () => {
  const media = {
    asset_id: '01890000-0000-7000-8000-000000000000',
    fit: 'cover',
    focus: { x: 0.5, y: 0.5 },
  } as const;
  const audio = { music: false, effects: false, loudness_lufs: -14 };
  const request = requestOf({ scenes: [{ text: 'One.', media }, { text: 'Two.' }], audio });
  expect(expectedCost(makers, request).byProvider).toEqual({ elevenlabs: 800, gemini: 1_001 });
});
