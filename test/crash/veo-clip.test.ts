// A clip takes minutes: a worker that is killed right after ordering it, and one that is stopped while it waits, leave it to the
// next, and it is ordered and paid once.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import { openTestDatabase } from '../support/database.ts';
import { type GeminiDouble, openGeminiDouble } from '../support/gemini-double.ts';
import { startServerProcess } from '../support/server-process.ts';
import { finished, smallRequest } from '../support/small-job.ts';

let folder: string;
let double: GeminiDouble;
let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-veo-crash-'));
  double = await openGeminiDouble();
  database = await openTestDatabase();
});
afterAll(async () => {
  await double.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

test('a clip that was ordered is collected by whoever comes next, and paid once', async () => {
  const env = {
    AIPROD_DATA: folder,
    DATABASE_URL: database.url,
    AIPROD_LEASE_SECONDS: '1',
    AIPROD_SWEEP_SECONDS: '0.2',
    AIPROD_PICTURES: 'veo,offline',
    AIPROD_VEO_MODEL: 'veo-x',
    GEMINI_API_KEY: double.apiKey,
    AIPROD_GEMINI_URL: double.url,
  };
  double.clip = { outcome: 'never', pollsUntilDone: 1 };

  const killed = await startServerProcess({ ...env, AIPROD_CRASH_AT: 'after-accept:illustrate' });
  const request = { ...smallRequest, script: 'Thunder rolled over the quiet sea.' };
  const { job_id: jobId } = await createApiClient(killed.url).create(request);
  expect(await killed.ended).toBe('SIGKILL');

  const polled = double.nextAsked('/operations/op1');
  const stopped = await startServerProcess(env);
  await polled;
  expect(await stopped.stop()).toBe(0);

  double.clip.outcome = 'ready';
  const server = await startServerProcess(env);
  const job = await finished(server.url, jobId);
  expect(job).toMatchObject({ status: 'completed', degradations: [], retry_count: 1 });
  expect(job.cost).toMatchObject({ actual_micro_usd: 3_200_000 });
  expect(double.billed.clips).toBe(1);
  const answer = await fetch(new URL(`/v1/videos/${jobId}/files/manifest.json`, server.url));
  const { makers } = (await answer.json()) as { makers: Record<string, string[]> };
  expect(makers.pictures).toEqual([expect.stringMatching(/^veo\/clips@veo-x/)]);
  expect(await server.stop()).toBe(0);
}, 120_000);
