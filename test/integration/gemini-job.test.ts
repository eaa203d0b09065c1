// Whole small jobs that Gemini plans and paints, on its double: what it painted is what is seen, and what it refuses is
// painted here and named, or fails the job when that was asked for.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import type { JobView } from '../../src/cli/views.ts';
import { type System, startSystem } from '../../src/compose/compose.ts';
import { readConfig } from '../../src/config/config.ts';
import { decodeVideo } from '../support/decode-video.ts';
import { type GeminiDouble, openGeminiDouble } from '../support/gemini-double.ts';
import { finished, smallRequest } from '../support/small-job.ts';

let folder: string;
let double: GeminiDouble;
let system: System;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-gemini-job-'));
  double = await openGeminiDouble();
  system = await startSystem(
    readConfig({
      AIPROD_PORT: '0',
      AIPROD_DATA: join(folder, 'data'),
      AIPROD_LOG_LEVEL: 'silent',
      AIPROD_PLAN: 'gemini,offline',
      AIPROD_PICTURES: 'gemini,offline',
      GEMINI_API_KEY: double.apiKey,
      AIPROD_GEMINI_URL: double.url,
    }),
  );
}, 60_000);
afterAll(async () => {
  await system.close();
  await double.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  double.refusesPicturesOf = undefined;
  double.billed = { inputTokens: 0, outputTokens: 0, pictures: 0, clips: 0 };
});

async function make(change: Record<string, unknown>): Promise<JobView> {
  const asked = { ...smallRequest, title_cards: false, captions: { enabled: false }, ...change };
  const { job_id: jobId } = await createApiClient(system.url!).create(asked);
  return finished(system.url!, jobId);
}

const manifestOf = async ({ job_id }: JobView) => {
  const answer = await fetch(new URL(`/v1/videos/${job_id}/files/manifest.json`, system.url!));
  return (await answer.json()) as {
    makers: Record<string, string[]>;
    rights: { item: string; licence: string }[];
  };
};

/** Mean blue- and red-difference of the picture's middle, one second into each half. */
async function coloursOf(job: JobView): Promise<{ cb: number; cr: number }[]> {
  const file = join(folder, `${job.job_id}.mp4`);
  await createApiClient(system.url!).download(job.job_id, 'video.mp4', file);
  const total = Math.round(job.video!.duration * 24);
  const looked = [Math.round(total * 0.25), Math.round(total * 0.72)];
  const colours: { cb: number; cr: number }[] = [];
  await decodeVideo(
    file,
    (index) => looked.includes(index),
    (_, { width, height, u, v }) => {
      const at = (height / 4) * (width / 2) + width / 4;
      const mean = (plane: Uint8Array) =>
        plane.subarray(at - 20, at + 20).reduce((sum, value) => sum + value, 0) / 40;
      colours.push({ cb: mean(u), cr: mean(v) });
    },
  );
  return colours;
}

describe('a job that Gemini plans and paints', () => {
  test('shows its pictures in the user’s words, paid once each', async () => {
    const job = await make({ seed: 101 });
    expect(job).toMatchObject({ status: 'completed', degradations: [], error: null });
    for (const { cb, cr } of await coloursOf(job)) {
      // The double's red, whatever the style makes of it.
      expect(cr).toBeGreaterThan(160);
      expect(cb).toBeLessThan(125);
    }
    expect(double.billed).toMatchObject({ pictures: 2, inputTokens: 2_700 });
    expect(job.cost).toMatchObject({ actual_micro_usd: 2 * 67_200 + 2_175 });
    const { makers } = await manifestOf(job);
    expect(makers).toMatchObject({
      plan: [expect.stringMatching(/^gemini\/planner@gemini-3\.8-flash/)],
      pictures: [expect.stringMatching(/^gemini\/pictures@/)],
    });
  }, 120_000);

  test('has the scene painted here that its filter stops, and says so', async () => {
    double.refusesPicturesOf = 'Thunder rolled';
    const job = await make({ seed: 102 });
    expect(job).toMatchObject({
      status: 'completed',
      degradations: [
        { capability: 'pictures', cause: expect.stringMatching(/^offline\/.* stands in for gemini/) },
      ],
    });
    const [first, second] = await coloursOf(job);
    expect(first!.cr).toBeGreaterThan(160);
    expect(second!.cr).toBeLessThan(150);
    const { makers } = await manifestOf(job);
    expect(makers.pictures).toHaveLength(2);
    expect(double.billed.pictures).toBe(1);
  }, 120_000);

  test('fails instead when it is strict', async () => {
    double.refusesPicturesOf = 'Thunder rolled';
    const job = await make({ seed: 103, strict: true });
    expect(job).toMatchObject({ status: 'failed', error: { code: 'degraded' } });
  }, 120_000);
});
