// Whole small jobs with music from the double of a Suno broker and effects from the double of Freesound: paid once though
// the worker is killed while it waits, credited in the ledger, and replaced when they say no.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { type FreesoundDouble, openFreesoundDouble } from '../support/freesound-double.ts';
import { startServerProcess } from '../support/server-process.ts';
import { finished, smallRequest } from '../support/small-job.ts';
import { openSunoDouble, type SunoDouble } from '../support/suno-double.ts';

let folder: string;
let database: TestDatabase;
let suno: SunoDouble;
let freesound: FreesoundDouble;
let log = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-suno-job-'));
  database = await openTestDatabase();
  suno = await openSunoDouble();
  freesound = await openFreesoundDouble();
  suno.task.takes = [{ seconds: 20 }, { seconds: 12 }];
});
afterAll(async () => {
  await suno.close();
  await freesound.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const start = () =>
  startServerProcess(
    {
      AIPROD_DATA: join(folder, 'data'),
      DATABASE_URL: database.url,
      AIPROD_LEASE_SECONDS: '2',
      AIPROD_SWEEP_SECONDS: '0.5',
      AIPROD_LOG_LEVEL: 'trace',
      AIPROD_MUSIC: 'suno,offline',
      AIPROD_SUNO_URL: suno.url,
      SUNO_API_KEY: suno.apiKey,
      AIPROD_EFFECTS: 'freesound,offline',
      AIPROD_FREESOUND_URL: freesound.url,
      FREESOUND_API_KEY: freesound.apiKey,
      AIPROD_FREESOUND_LICENCES: 'Attribution',
    },
    (line) => {
      log += `${line}\n`;
    },
  );
const read = async (url: string, jobId: string, name: string): Promise<string> =>
  (await fetch(`${url}/v1/videos/${jobId}/files/${name}`)).text();

test('a killed wait goes on with the same task; music is paid once, sounds are credited', async () => {
  suno.task.polls = Number.POSITIVE_INFINITY;
  const polled = new Promise<void>((resolve) => {
    suno.onPoll = resolve;
  });
  const first = await start();
  const { job_id: jobId } = await createApiClient(first.url).create(smallRequest);
  await polled;
  await first.killGroup();
  suno.task.polls = 0;

  const second = await start();
  try {
    const job = await finished(second.url, jobId);
    expect(job).toMatchObject({ status: 'completed', degradations: [], error: null, retry_count: 1 });
    expect(job.report!.gates.filter(({ passed }) => !passed)).toEqual([]);
    expect(suno.billed).toBe(1);
    expect(new Set(suno.polled).size).toBe(1);
    expect(job.cost).toMatchObject({ actual_micro_usd: 60_000, by_provider: { suno: 60_000 } });

    const manifest = JSON.parse(await read(second.url, jobId, 'manifest.json'));
    expect(manifest.makers).toMatchObject({
      music: ['suno/music@V5+1'],
      sound_effects: ['freesound/sound-effects@apiv2+1+by'],
    });
    const thunder = {
      item: 'Distant thunder',
      licence: 'CC BY 4.0',
      licence_url: 'https://creativecommons.org/licenses/by/4.0/',
      author: 'bert',
      url: 'https://freesound.org/s/12/',
    };
    expect(manifest.rights.filter(({ author }: { author?: string }) => author === 'bert')).toEqual([thunder]);
    expect(job.files['description.txt']).toMatchObject({ media_type: 'text/plain; charset=utf-8' });
    const description = await read(second.url, jobId, 'description.txt');
    expect(description.split('\n')).toEqual([
      job.video!.title,
      '',
      'Credits (works were cut and mixed):',
      `- “Dramatic cinematic score” by Suno V5, ${suno.url}, terms of the Suno account`,
      '- “Distant thunder” by bert, https://freesound.org/s/12/, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)',
      '',
      'Made with AIPROD.',
      '',
    ]);
  } finally {
    await second.stop();
  }
}, 120_000);

test('when they say no the offline makers stand in, and the job says why and what to do', async () => {
  const before = suno.billed;
  suno.meet('generate', { code: 429 });
  freesound.meet('search', ...Array(9).fill(401));
  const server = await start();
  try {
    const { job_id: jobId } = await createApiClient(server.url).create({
      ...smallRequest,
      mood: 'calm',
      seed: 8,
    });
    const job = await finished(server.url, jobId);
    expect(job).toMatchObject({ status: 'completed', error: null, cost: { actual_micro_usd: 0 } });
    const told = job.degradations.map(({ capability, cause, remedy }) => `${capability}: ${cause} ${remedy}`);
    expect(told).toHaveLength(2);
    expect(told).toContainEqual(expect.stringMatching(/^music: .*credits are used up.* buy credits/));
    expect(told).toContainEqual(
      expect.stringMatching(/^sound_effects: .*does not accept the key.* FREESOUND_API_KEY/),
    );
    expect(suno.billed).toBe(before);
    expect(await read(server.url, jobId, 'description.txt')).toBe(
      `${job.video!.title}\n\nMade with AIPROD.\n`,
    );
  } finally {
    await server.stop();
  }
}, 120_000);

test('no key is in the log', () => {
  expect(log).toContain('Server listening');
  expect(log).not.toContain('suno-test-key');
  expect(log).not.toContain('freesound-test-key');
});
