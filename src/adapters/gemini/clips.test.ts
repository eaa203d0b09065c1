// Clips by Veo on its double: ordered once, waited for as long as it takes, over as many attempts as it takes.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  type GeminiDouble,
  type GeminiFault,
  openGeminiDouble,
} from '../../../test/support/gemini-double.ts';
import { createPurse, type Purse } from '../../../test/support/purse.ts';
import { listPrices } from '../../domain/prices.ts';
import { sniffMediaType } from '../../domain/user-media.ts';
import type { FoundPicture, VisualsInput } from '../../ports/providers.ts';
import { createProviderClient } from '../http-provider/provider-client.ts';
import { systemClock } from '../system/clock.ts';
import { createVeoClips } from './clips.ts';

let double: GeminiDouble;
let purse: Purse;
let scratch: string;
beforeEach(async () => {
  double = await openGeminiDouble();
  purse = createPurse();
  scratch = await mkdtemp(join(tmpdir(), 'aiprod-veo-'));
});
afterEach(async () => {
  await double.close();
  await rm(scratch, { recursive: true });
});

const scene = { motif: 'sea', keywords: [], energy: 0.5, seed: 1, text: 'The tide went out.' } as const;
const input = { scene, style: 'nature', mood: 'calm', width: 1920, height: 1080 } as unknown as VisualsInput;

async function film(
  change: Partial<VisualsInput> = {},
  { signal = new AbortController().signal, deadlineMs = 20_000, patienceMs = 30_000 } = {},
) {
  const clock = { now: () => new Date(), sleep: async () => {} };
  const visuals = createVeoClips({
    client: createProviderClient({
      provider: 'gemini',
      clock,
      concurrency: 4,
      breaker: { failures: 99, restMs: 1 },
    }),
    baseUrl: new URL(double.url),
    apiKey: double.apiKey,
    model: 'veo-x',
    prices: listPrices,
    clock: systemClock,
    deadlineMs,
    pollEveryMs: 2,
    patienceMs,
  });
  return (
    (await visuals.illustrate({ ...input, ...change }, { scratch, signal, pay: purse.pay })) as FoundPicture
  ).picture;
}

const orders = () => double.asked.filter(({ path }) => path.endsWith(':predictLongRunning'));
const polls = () => double.asked.filter(({ path }) => path.includes('/operations/'));

test('a clip is ordered, asked about until it is there, and fetched with the key', async () => {
  double.clip.pollsUntilDone = 3;
  const { path, mediaType } = await film();
  expect(mediaType).toBe('video/mp4');
  expect(sniffMediaType(await readFile(path))).toBe('video/mp4');
  expect(double.asked.map((request) => request.path)).toEqual([
    '/v1beta/models/veo-x:predictLongRunning',
    ...Array(3).fill('/v1beta/models/veo-x/operations/op1'),
    '/v1beta/files/clip1:download?alt=media',
  ]);
  expect(new Set(double.asked.map(({ key }) => key))).toEqual(new Set([double.apiKey]));
  expect(orders()[0]!.body.parameters).toEqual({
    aspectRatio: '16:9',
    resolution: '1080p',
    durationSeconds: 8,
  });
  expect(purse.paid).toEqual([{ name: 'clip', estimateMicroUsd: 3_200_000, costMicroUsd: 3_200_000 }]);
});

test('upright frames get upright clips', async () => {
  await film({ width: 720, height: 900 });
  expect(orders()[0]!.body.parameters).toMatchObject({ aspectRatio: '9:16', resolution: '720p' });
});

test('a clip that is not there yet lets the job go on later, and is ordered once', async () => {
  double.clip.outcome = 'never';
  const impatient = film({}, { patienceMs: 400 });
  await expect(impatient).rejects.toMatchObject({ code: 'paid_call_under_way', kind: 'transient' });
  double.clip.outcome = 'ready';
  await film();
  expect(orders()).toHaveLength(1);
  expect(double.billed.clips).toBe(1);
});

test('a stopped job stops waiting', async () => {
  double.clip.outcome = 'never';
  const stop = new AbortController();
  const filming = film({}, { signal: stop.signal });
  stop.abort(new Error('stopped'));
  await expect(filming).rejects.toThrow('stopped');
});

describe('a clip that moved', () => {
  test('within the host is followed', async () => {
    double.clip.outcome = 'moved';
    expect((await film()).mediaType).toBe('video/mp4');
    expect(double.asked.at(-1)!.path).toMatch(/^\/download\//);
  });

  test.each(['elsewhere', 'moved_elsewhere'] as const)('%s is not fetched', async (outcome) => {
    double.clip.outcome = outcome;
    await expect(film()).rejects.toMatchObject({ code: 'provider_answer_invalid' });
  });
});

test.each([
  ['filtered', 'provider_refused', /violence/],
  ['error', 'provider_unavailable', /failed/],
  ['nothing', 'provider_answer_invalid', /without a clip/],
  ['not_a_clip', 'provider_answer_invalid', /no clip/],
] as const)('%s is %s', async (outcome, code, message) => {
  double.clip.outcome = outcome;
  await expect(film()).rejects.toMatchObject({ code, publicMessage: expect.stringMatching(message) });
  // What cannot be used was filmed all the same.
  expect(purse.paid).toHaveLength(outcome === 'not_a_clip' ? 1 : 0);
});

test('a clip that failed may be ordered again', async () => {
  double.clip.outcome = 'error';
  await expect(film()).rejects.toMatchObject({ code: 'provider_unavailable' });
  double.clip.outcome = 'ready';
  await film();
  expect(orders()).toHaveLength(2);
  expect(purse.paid).toHaveLength(1);
});

test.each<[GeminiFault, string]>([
  ['quota', 'provider_quota'],
  ['html', 'payment_ambiguous'],
  ['unknown_model', 'provider_refused'],
])('an order that meets %s is %s', async (fault, code) => {
  double.meet(fault);
  await expect(film()).rejects.toMatchObject({ code });
  expect(polls()).toEqual([]);
});

test('an order that is not answered may have been taken, and is not repeated', async () => {
  double.meet('hang');
  await expect(film({}, { deadlineMs: 300 })).rejects.toMatchObject({ code: 'payment_ambiguous' });
  expect(orders()).toHaveLength(1);
});
