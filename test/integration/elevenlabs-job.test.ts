// Whole small jobs whose voice, music and effects come from the double of ElevenLabs: captions in time, paid once, and
// what happens when it says no.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { type ElevenlabsDouble, elevenlabsKey, startElevenlabsDouble } from '../support/elevenlabs-double.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { finished, smallRequest } from '../support/small-job.ts';

let folder: string;
let database: TestDatabase;
let double: ElevenlabsDouble;
let server: ServerProcess;
let log = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-eleven-job-'));
  database = await openTestDatabase();
  double = await startElevenlabsDouble();
  server = await startServerProcess(
    {
      AIPROD_DATA: join(folder, 'data'),
      DATABASE_URL: database.url,
      AIPROD_MAX_RETRIES: '0',
      AIPROD_LOG_LEVEL: 'trace',
      AIPROD_VOICE: 'elevenlabs,offline',
      AIPROD_MUSIC: 'elevenlabs,offline',
      AIPROD_EFFECTS: 'elevenlabs,offline',
      AIPROD_ELEVENLABS_URL: double.url,
      ELEVENLABS_API_KEY: elevenlabsKey,
    },
    (line) => {
      log += `${line}\n`;
    },
  );
});
afterAll(async () => {
  await server.stop();
  await double.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  double.failing = {};
});

const make = async (change: object = {}) => {
  const created = await createApiClient(server.url).create({ ...smallRequest, ...change });
  return finished(server.url, created.job_id);
};
const fileOf = async <T>(jobId: string, name: string): Promise<T> =>
  (await fetch(`${server.url}/v1/videos/${jobId}/files/${name}`)).json() as Promise<T>;

test('a job with its voice, music and sounds passes every gate and is paid once', async () => {
  const job = await make();
  expect(job).toMatchObject({ status: 'completed', degradations: [], error: null });
  expect(job.report!.gates.filter(({ passed }) => !passed)).toEqual([]);
  expect(job.report!.captions.offset_p95_ms).toBeLessThanOrEqual(80);
  expect(double.charged).toMatchObject({ characters: smallRequest.script.replace('\n\n', '').length });
  const paths = double.asked.map(({ path }) => path.split('/')[2]);
  expect(paths.filter((path) => path === 'text-to-speech')).toHaveLength(2);
  expect(paths.filter((path) => path === 'music')).toHaveLength(1);
  expect(paths).toContain('sound-generation');

  const { characters, effectSeconds, musicSeconds } = double.charged;
  const due = characters * 100 + effectSeconds * 2_000 + musicSeconds * 10_000;
  expect(Math.abs(job.cost.actual_micro_usd - due)).toBeLessThanOrEqual(double.charged.requests);

  const words = await fileOf<{ words: { text: string }[] }>(job.job_id, 'words.json');
  expect(words.words.map(({ text }) => text)).toEqual(smallRequest.script.split(/\s+/));
  const manifest = await fileOf<object>(job.job_id, 'manifest.json');
  expect(JSON.stringify(manifest)).toContain('elevenlabs/speech@eleven_multilingual_v2');

  const before = double.charged.requests;
  const again = await make();
  expect(again).toMatchObject({ status: 'completed', degradations: [] });
  expect(double.charged.requests).toBe(before);
}, 120_000);

test('when it says no, the offline voice speaks every scene, and the job says so', async () => {
  double.failing = { speech: 'quota' };
  const job = await make({ seed: 8, script: 'A quiet morning.\n\nBirds sing over the fields.' });
  expect(job).toMatchObject({ status: 'completed', error: null });
  expect(job.degradations).toEqual([
    {
      capability: 'voice',
      cause: expect.stringMatching(/^offline\/speaker stands in for elevenlabs\/speech: .*too few credits/),
      remedy: expect.stringContaining('Ask the operator to add credits'),
    },
  ]);
}, 120_000);

test('a language that it does not speak is spoken offline, and the job says so', async () => {
  const sent = double.asked.filter(({ path }) => path.startsWith('/v1/text-to-speech/')).length;
  const job = await make({ script: 'Audra atėjo naktį.', language: 'lt' });
  expect(job).toMatchObject({ status: 'completed', degradations: [{ capability: 'voice' }] });
  expect(double.asked.filter(({ path }) => path.startsWith('/v1/text-to-speech/'))).toHaveLength(sent);
}, 120_000);

test('strict fails instead', async () => {
  double.failing = { speech: 'quota' };
  const job = await make({ seed: 9, script: 'Strictly no other voice.', strict: true });
  expect(job).toMatchObject({ status: 'failed', error: { code: 'degraded' } });
}, 60_000);

test('the key is in no line of the log', () => {
  expect(log).toMatch(/"code":"provider_quota".*"a fallback was taken"/);
  expect(log).not.toContain(elevenlabsKey);
});
