// How often a voice is asked, and what becomes of its times.
import { expect, test } from 'vitest';

import { requestOf } from '../../test/support/requests.ts';
import type { Storyboard } from '../domain/storyboard.ts';
import type { StepContext } from '../engine/define-step.ts';
import type { Makers } from '../ports/makers.ts';
import type { SpeechInput } from '../ports/providers.ts';
import type { Kitchen } from './kitchen.ts';
import { createMakersUsed } from './makers-used.ts';
import { narrateScenes } from './narrate-scenes.ts';

/** Three scenes of four seconds each, for a video of so many seconds. */
async function narrate(duration: number | undefined, strict = false) {
  const asked: SpeechInput[] = [];
  const context = {
    keep: async () => ({ digest: 'spoken', bytes: 1, media_type: 'audio/wav' }),
  } as Partial<StepContext> as StepContext;
  const kitchen = {
    makers: {
      speech: [
        {
          ...{ id: 'paid', version: '1', voices: () => [] },
          async speak(input) {
            asked.push(input);
            const words = [{ text: 'One.', startMs: 10, endMs: 3_990 }];
            const audio = { path: 'spoken.wav', mediaType: 'audio/wav' };
            return { audio, durationMs: 4_000, words, voice: 'any', unspoken: [] };
          },
        },
      ],
    } as Partial<Makers> as Makers,
    run: (step, input) => step.run(input, context),
    used: createMakersUsed(),
    progress: { expect: () => {}, update: () => {} },
    degrade: () => {},
  } as Partial<Kitchen> as Kitchen;
  const scenes = ['s01', 's02', 's03'].map((id) => ({ id, text: 'One.', energy: 0.4, emphasis: [0] }));
  const storyboard = { language: 'en', scenes } as Storyboard;
  const request = requestOf({ strict, mood: 'epic', ...(duration !== undefined && { duration }) });
  return { narrations: await narrateScenes(request, storyboard, kitchen), asked };
}

test.each([undefined, 14, 15.52, 18, 600])('for %s s, each scene is spoken once', async (duration) => {
  const { asked, narrations } = await narrate(duration);
  const delivery = { mood: 'epic', energy: 0.4, emphasis: [0] };
  expect(asked).toEqual(Array(3).fill({ text: 'One.', language: 'en', delivery }));
  expect(narrations).toHaveLength(3);
});

test('length and words have the times of the pace; the sound is still as it was spoken', async () => {
  const { narrations } = await narrate(14);
  const [first] = narrations;
  // 14 s less the usual silences hold 12 s of speech at 1.19.
  expect(first).toMatchObject({
    pace: 1.19,
    audio: { digest: 'spoken' },
    words: [{ text: 'One.', startMs: 8, endMs: 3_353 }],
  });
  expect(first!.durationMs).toBeCloseTo(4_000 / 1.19, 1);
  expect(first!.durationMs * 48).toBe(Math.round((4_000 * 48) / 1.19));
});

test('without a duration nothing is paced', async () => {
  const { narrations } = await narrate(undefined);
  expect(narrations[0]).toMatchObject({ pace: 1, durationMs: 4_000, words: [{ startMs: 10, endMs: 3_990 }] });
});

test('strictly asked for what no pace can do, says what can be done', async () => {
  await expect(narrate(10, true)).rejects.toMatchObject({
    code: 'duration_impossible',
    hint: expect.stringContaining('Ask for 12 to'),
  });
});
