// Effects from a double of Freesound: only allowed licences, credited, of exact length, and few requests.
import { mkdtempSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import {
  type FreesoundDouble,
  type FreesoundFault,
  openFreesoundDouble,
} from '../../../test/support/freesound-double.ts';
import { effectKinds } from '../../domain/storyboard.ts';
import { prepareSound } from '../../render/media/prepare-sound.ts';
import { readWav } from '../../sound/wav.ts';
import { createProviderClient } from '../http-provider/provider-client.ts';
import { createPinnedDownload } from '../https/pinned-download.ts';
import type { FreesoundLicence } from './licences.ts';
import { createFreesoundEffects, type FreesoundDeps } from './sound-effects.ts';

let double: FreesoundDouble;
let folder: string;
let now: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-freesound-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  double = await openFreesoundDouble();
  now = Date.UTC(2026, 10, 25);
});
afterEach(() => double.close());

const all: FreesoundLicence[] = ['Creative Commons 0', 'Attribution', 'Attribution NonCommercial'];

/** Long enough for a busy machine to answer what is not held back. */
const shortDeadlineMs = 1_000;

function effects(change: Partial<FreesoundDeps> = {}) {
  const clock = { now: () => new Date(now), sleep: async () => {} };
  const baseUrl = new URL(double.url);
  let made = 0;
  return createFreesoundEffects({
    client: createProviderClient({
      provider: 'freesound',
      clock,
      concurrency: 2,
      attempts: 2,
      breaker: { failures: 100, restMs: 1 },
    }),
    baseUrl,
    apiKey: double.apiKey,
    licences: ['Creative Commons 0'],
    budget: { take: async (_, most) => made++ < most },
    dailyRequests: 100,
    clock,
    tools: { prepareSound },
    wayTo: createPinnedDownload({ baseUrl }),
    ...change,
  });
}
/** Every call has a folder of its own. */
const context = (signal = AbortSignal.timeout(20_000)) => ({
  scratch: mkdtempSync(join(folder, 'call-')),
  signal,
});
const thunder = { kind: 'thunder', durationMs: 4_000, seed: 7 } as const;

test('gives a sound of exact length, its hit at the start, with its credit', async () => {
  const { audio, credits } = await effects().make(thunder, context());
  const { sampleRate, channels } = await readWav(audio.path);
  expect([sampleRate, channels.length, channels[0]!.length]).toEqual([48_000, 2, 4 * 48_000]);
  const loudest = (from: number, to: number) =>
    channels[0]!
      .subarray(from * 48_000, to * 48_000)
      .reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  expect(loudest(0, 0.2)).toBeGreaterThan(0.2);
  expect(loudest(3.2, 4)).toBeLessThan(0.01);
  expect(credits).toEqual([
    {
      title: 'Thunder, close',
      author: 'anna',
      licence: 'CC0 1.0',
      licenceUrl: 'https://creativecommons.org/publicdomain/zero/1.0/',
      url: 'https://freesound.org/s/11/',
    },
  ]);
  expect(double.searches).toEqual([
    {
      query: 'thunder -music -voice',
      filter: 'license:("Creative Commons 0") duration:[1.2 TO 12.0]',
      fields: 'id,name,username,license,previews,duration',
    },
  ]);
  expect(double.previews).toEqual([{ id: 11, authorization: undefined }]);
});

test('a bed that is too short begins again', async () => {
  const { audio } = await effects().make({ kind: 'rain', durationMs: 20_000, seed: 0 }, context());
  const { channels } = await readWav(audio.path);
  expect(channels[0]!.length).toBe(20 * 48_000);
  expect(channels[0]!.subarray(18 * 48_000, 18.1 * 48_000).some((each) => Math.abs(each) > 0.1)).toBe(true);
});

test('the seed chooses, the same the same', async () => {
  const maker = effects({ licences: all });
  const authorOf = async (seed: number) => {
    const { credits } = await maker.make({ ...thunder, seed }, context());
    return credits![0]!.author;
  };
  const authors = await Promise.all([0, 1, 2, 3, -1].map(authorOf));
  expect(new Set(authors)).toEqual(new Set(['anna', 'bert', 'cleo']));
  expect(await Promise.all([0, 1, 2, 3, -1].map(authorOf))).toEqual(authors);
});

test('names from elsewhere stay on a line', async () => {
  double.sounds[0]!.name = `  Boom\u2028\n${'x'.repeat(500)}`;
  const { credits } = await effects().make(thunder, context());
  expect(credits![0]!.title).toMatch(/^Boom x{100,}$/);
  expect(credits![0]!.title.length).toBe(120);
});

describe('licences', () => {
  test.each<[FreesoundLicence[], string[]]>([
    [['Creative Commons 0'], ['CC0 1.0']],
    [['Attribution'], ['CC BY 4.0']],
    [
      ['Creative Commons 0', 'Attribution'],
      ['CC0 1.0', 'CC BY 4.0'],
    ],
    [all, ['CC0 1.0', 'CC BY 4.0', 'CC BY-NC 3.0']],
  ])('%j: only those, even when the filter is not heeded', async (licences, titles) => {
    double.ignoresFilter = true;
    const maker = effects({ licences });
    const found = new Set<string>();
    for (let seed = 0; seed < 6; seed++)
      found.add((await maker.make({ ...thunder, seed }, context())).credits![0]!.licence);
    expect([...found].sort()).toEqual(titles.toSorted());
  });

  test('others are other makers to the steps', () => {
    expect(effects().version).toBe('apiv2+1+cc0');
    expect(effects({ licences: all }).version).toBe('apiv2+1+by+by-nc+cc0');
  });
});

describe('requests', () => {
  test('are made once a day for a kind, however many ask at once', async () => {
    const maker = effects();
    await Promise.all([1, 2, 3].map((seed) => maker.make({ ...thunder, seed }, context())));
    await maker.make(thunder, context());
    expect(double.searches).toHaveLength(1);
    now += 86_400_001;
    await maker.make(thunder, context());
    expect(double.searches).toHaveLength(2);
  });

  test('beyond the daily budget are not made', async () => {
    const maker = effects({ dailyRequests: 1 });
    await maker.make(thunder, context());
    await expect(maker.make({ ...thunder, kind: 'impact' }, context())).rejects.toMatchObject({
      code: 'provider_quota',
      hint: expect.stringContaining('AIPROD_FREESOUND_DAILY'),
    });
    expect(double.searches).toHaveLength(1);
  });

  /** How often it is asked before it is given up. */
  test.each<[FreesoundFault, string, number]>([
    [401, 'provider_credentials', 1],
    ['day', 'provider_quota', 1],
    [429, 'provider_busy', 1],
    [500, 'provider_unavailable', 2],
    ['hang', 'provider_unavailable', 2],
    ['slow', 'provider_unavailable', 2],
    ['reset', 'provider_unavailable', 2],
    ['html', 'provider_answer_invalid', 1],
    ['cut', 'provider_answer_invalid', 1],
    ['empty', 'provider_answer_invalid', 1],
  ])('that meet %j end in %s, and are made anew later', async (fault, code, times) => {
    const maker = effects({ deadlineMs: shortDeadlineMs });
    double.meet('search', ...Array(times).fill(fault));
    await expect(maker.make(thunder, context())).rejects.toMatchObject({ code, provider: 'freesound' });
    await expect(maker.make(thunder, context())).resolves.toBeDefined();
  });

  test('are not waited for by who has stopped', async () => {
    const stop = new AbortController();
    double.meet('search', 'hang', 'hang');
    const made = effects().make(thunder, context(stop.signal));
    stop.abort(new Error('canceled'));
    await expect(made).rejects.toThrow('canceled');
  });

  test('that find nothing end in a hint', async () => {
    double.sounds = [];
    await expect(effects().make(thunder, context())).rejects.toMatchObject({
      code: 'provider_answer_invalid',
      hint: expect.stringContaining('AIPROD_FREESOUND_LICENCES'),
    });
  });
});

describe('a preview', () => {
  test.each<FreesoundFault>([
    'hang',
    'html',
    'empty',
    404,
    500,
  ])('that meets %j is passed over for the next sound', async (fault) => {
    double.meet('preview', fault, ...(fault === 500 || fault === 'hang' ? [fault] : []));
    const { credits } = await effects({ licences: all, deadlineMs: shortDeadlineMs }).make(
      { ...thunder, seed: 0 },
      context(),
    );
    expect(credits![0]!.author).toBe('bert');
  });

  test.each(['picture', 'silence'] as const)('that is a %s is passed over too', async (content) => {
    double.sounds[0]!.content = content;
    const { credits } = await effects({ licences: all }).make({ ...thunder, seed: 0 }, context());
    expect(credits![0]!.author).toBe('bert');
  });

  test('that is no sound, like all others', async () => {
    for (const sound of double.sounds) sound.content = 'picture';
    await expect(effects({ licences: all }).make(thunder, context())).rejects.toMatchObject({
      code: 'provider_answer_invalid',
    });
    expect(double.previews).toHaveLength(3);
  });

  test.each([
    'http://169.254.169.254',
    'https://localhost',
    'nonsense',
  ])('at %s is not fetched', async (where) => {
    double.previewsAt = where;
    await expect(effects().make(thunder, context())).rejects.toMatchObject({
      code: 'provider_answer_invalid',
    });
    expect(double.previews).toEqual([]);
  });
});

test('every kind is searched for in words of its own', async () => {
  const maker = effects();
  for (const kind of effectKinds) await maker.make({ kind, durationMs: 2_000, seed: 1 }, context());
  expect(new Set(double.searches.map(({ query }) => query)).size).toBe(effectKinds.length);
});
