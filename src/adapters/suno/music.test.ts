// Music from a broker's double: one song paid, whatever the broker does, and cut to the video.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createPurse, type Purse } from '../../../test/support/purse.ts';
import { openSunoDouble, type SunoDouble, type SunoFault } from '../../../test/support/suno-double.ts';
import { moods, styles } from '../../domain/video-request.ts';
import type { MusicInput } from '../../ports/providers.ts';
import { prepareSound } from '../../render/media/prepare-sound.ts';
import { readWav } from '../../sound/wav.ts';
import { createProviderClient } from '../http-provider/provider-client.ts';
import { createPinnedDownload } from '../https/pinned-download.ts';
import { describeSong } from './describe-song.ts';
import { createSunoMusic } from './music.ts';

let double: SunoDouble;
let folder: string;
let purse: Purse;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-suno-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  double = await openSunoDouble();
  purse = createPurse();
});
afterEach(() => double.close());

const input: MusicInput = {
  mood: 'tense',
  style: 'noir',
  durationMs: 2_500,
  sections: [
    { startMs: 0, energy: 0.2 },
    { startMs: 1_800, energy: 0.9 },
  ],
  seed: 7,
};

const slept: number[] = [];
/** Long enough for a busy machine to answer what is not held back. */
const shortDeadlineMs = 1_000;

function compose(
  change: { signal?: AbortSignal; apiKey?: string; input?: Partial<MusicInput>; deadlineMs?: number } = {},
) {
  slept.length = 0;
  const clock = { now: () => new Date(), sleep: async (ms: number) => void slept.push(ms) };
  const baseUrl = new URL(double.url);
  const music = createSunoMusic({
    client: createProviderClient({
      provider: 'suno',
      clock,
      concurrency: 2,
      attempts: 2,
      breaker: { failures: 100, restMs: 1 },
    }),
    baseUrl,
    apiKey: change.apiKey ?? double.apiKey,
    ...(change.deadlineMs !== undefined && { deadlineMs: change.deadlineMs }),
    model: 'V5',
    callbackUrl: 'https://callback.invalid/suno',
    prices: { suno_song: 60_000 },
    clock,
    tools: { prepareSound },
    wayTo: createPinnedDownload({ baseUrl }),
  });
  const signal = change.signal ?? AbortSignal.timeout(20_000);
  return music.compose({ ...input, ...change.input }, { scratch: folder, signal, pay: purse.pay });
}

test('asks for an instrumental, waits, takes the shortest that is long enough, and cuts it to the video', async () => {
  double.task = { polls: 3, status: 'SUCCESS', takes: [{ seconds: 4 }, { seconds: 3 }, { seconds: 2 }] };
  const { audio, tempoBpm, key, credits } = await compose();
  const { sampleRate, channels } = await readWav(audio.path);
  expect([sampleRate, channels.length, channels[0]!.length]).toEqual([48_000, 2, 2.5 * 48_000]);
  const loudest = (samples: Float32Array) =>
    samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  expect(loudest(channels[0]!.subarray(48_000, 49_000))).toBeGreaterThan(0.2);
  expect(loudest(channels[0]!.subarray(-20))).toBeLessThan(0.02);
  expect({ tempoBpm, key }).toEqual({ tempoBpm: null, key: null });
  expect(credits).toEqual([
    { title: 'Tense noir score', author: 'Suno V5', licence: 'terms of the Suno account', url: double.url },
  ]);
  expect(double.songs).toEqual([
    expect.objectContaining({
      customMode: true,
      instrumental: true,
      model: 'V5',
      callBackUrl: 'https://callback.invalid/suno',
      style: expect.stringContaining('builds to the end'),
    }),
  ]);
  expect(double.polled).toEqual(Array(4).fill('5c79be8e1'));
  expect(slept).toEqual([3_000, 4_000, 5_000]);
  expect(purse.paid).toEqual([{ name: 'song', estimateMicroUsd: 60_000, costMicroUsd: 60_000 }]);
});

test('does not show its key to whoever keeps the files', async () => {
  await compose();
  expect(double.downloads).toHaveLength(1);
  expect(double.downloads[0]!.authorization).toBeUndefined();
});

test('one that is too short begins again', async () => {
  double.task.takes = [{ seconds: 1 }];
  const { channels } = await readWav((await compose()).audio.path);
  const late = channels[0]!.subarray(1.9 * 48_000, 2.1 * 48_000);
  expect(late.some((sample) => Math.abs(sample) > 0.2)).toBe(true);
});

describe('a request', () => {
  test.each<[SunoFault, string]>([
    [{ code: 401 }, 'provider_credentials'],
    [{ code: 429 }, 'provider_quota'],
    [429, 'provider_quota'],
    [401, 'provider_credentials'],
    [{ code: 413 }, 'provider_refused'],
    [{ code: 430 }, 'provider_busy'],
    [{ code: 455 }, 'provider_unavailable'],
    [455, 'provider_unavailable'],
    [500, 'provider_unavailable'],
    [{ code: 999 }, 'payment_ambiguous'],
    [504, 'payment_ambiguous'],
    ['hang', 'payment_ambiguous'],
    ['slow', 'payment_ambiguous'],
    ['html', 'payment_ambiguous'],
    ['cut', 'payment_ambiguous'],
    ['empty', 'payment_ambiguous'],
    ['reset', 'payment_ambiguous'],
  ])('that meets %j ends in %s', async (fault, code) => {
    double.meet('generate', fault, fault);
    const error = await compose({ deadlineMs: shortDeadlineMs }).catch((error) => error);
    expect(error).toMatchObject({ code, provider: 'suno' });
    expect(purse.failed).toEqual([code]);
    expect(double.billed).toBe(0);
  });

  test('that was surely not taken is sent again', async () => {
    double.meet('generate', { code: 430 });
    await compose();
    expect(double.billed).toBe(1);
  });

  test('with a wrong key', async () => {
    await expect(compose({ apiKey: 'old' })).rejects.toMatchObject({
      code: 'provider_credentials',
      hint: expect.stringContaining('SUNO_API_KEY'),
    });
  });
});

describe('a task', () => {
  test.each([
    ['SENSITIVE_WORD_ERROR', 'provider_refused'],
    ['GENERATE_AUDIO_FAILED', 'provider_unavailable'],
    ['CREATE_TASK_FAILED', 'provider_unavailable'],
  ])('that ends in %s was not paid: %s', async (status, code) => {
    double.task.status = status;
    await expect(compose()).rejects.toMatchObject({ code });
    expect(purse.paid).toEqual([]);
  });

  test('is asked about again while the broker has faults', async () => {
    double.meet(
      'record-info',
      500,
      'html',
      'hang',
      'slow',
      'reset',
      'cut',
      'empty',
      { code: 430 },
      { code: 455 },
      504,
    );
    await compose({ deadlineMs: shortDeadlineMs });
    expect(double.billed).toBe(1);
  });

  test('is left for later when the broker stays away, for it was ordered', async () => {
    double.meet('record-info', ...Array(26).fill(500));
    await expect(compose()).rejects.toMatchObject({ code: 'paid_call_under_way' });
    await compose();
    expect(double.billed).toBe(1);
    expect(new Set(double.polled)).toEqual(new Set(['5c79be8e1']));
  });

  test('that nobody waits for any more is gone on with by the next attempt', async () => {
    const stop = new AbortController();
    double.onPoll = () => stop.abort(new Error('killed'));
    await expect(compose({ signal: stop.signal })).rejects.toThrow('killed');
    double.onPoll = () => {};
    await compose();
    expect(double.billed).toBe(1);
    expect(new Set(double.polled)).toEqual(new Set(['5c79be8e1']));
  });

  test('whose callback found nobody is as good as another', async () => {
    double.task.status = 'CALLBACK_EXCEPTION';
    await compose();
    expect(purse.paid).toHaveLength(1);
  });

  test('without takes is an answer of no use, and not paid again', async () => {
    double.task.takes = [];
    await expect(compose()).rejects.toMatchObject({ code: 'provider_answer_invalid' });
    await expect(compose()).rejects.toMatchObject({ code: 'provider_answer_invalid' });
    expect(double.billed).toBe(1);
  });
});

describe('a file', () => {
  test.each([
    'picture',
    'adpcm',
    'silence',
  ] as const)('of %s is passed over for the other take', async (content) => {
    double.task.takes = [{ seconds: 3, content }, { seconds: 4 }];
    await compose();
    expect(double.downloads).toHaveLength(2);
  });

  test.each<[SunoFault]>([
    ['empty'],
    ['html'],
    [404],
    [500],
    ['cut'],
  ])('that meets %j is passed over too', async (fault) => {
    double.meet('file', fault, ...(fault === 500 ? [fault] : []));
    await compose();
    expect(purse.paid).toHaveLength(1);
  });

  test('when none is sound, it was paid for all the same, once', async () => {
    double.task.takes = [
      { seconds: 3, content: 'picture' },
      { seconds: 4, content: 'picture' },
    ];
    await expect(compose()).rejects.toMatchObject({ code: 'provider_answer_invalid' });
    await expect(compose()).rejects.toMatchObject({ code: 'provider_answer_invalid' });
    expect(double.billed).toBe(1);
    expect(purse.paid).toHaveLength(1);
  });

  test.each([
    'http://169.254.169.254',
    'https://localhost',
    'file:///etc',
    'nonsense',
  ])('at %s is not fetched', async (where) => {
    double.filesAt = where;
    await expect(compose()).rejects.toMatchObject({ code: 'provider_answer_invalid' });
    expect(double.downloads).toEqual([]);
  });
});

test('every mood and style has words, within what the oldest models take', () => {
  const words = moods.flatMap((mood) => styles.map((style) => describeSong({ ...input, mood, style })));
  expect(new Set(words.map(({ style }) => style)).size).toBe(moods.length * styles.length);
  for (const { style, title } of words) {
    expect(style).toMatch(/builds to the end$/);
    expect(title.length).toBeLessThanOrEqual(80);
  }
});
