// The same request and seed give the same bytes on machines that know nothing of each other, however many processes
// they work with; the manifest says what went in; what cannot be made is refused before it is rendered.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createPool } from '../../src/adapters/postgres/pool.ts';
import { createStepStore } from '../../src/adapters/postgres/step-store.ts';
import { createApiClient } from '../../src/cli/api-client.ts';
import type { JobView } from '../../src/cli/views.ts';
import { type System, startSystem } from '../../src/compose/compose.ts';
import { readConfig } from '../../src/config/config.ts';
import type { Manifest } from '../../src/video/manifest.ts';
import { openTestDatabase } from '../support/database.ts';
import { finished, smallRequest } from '../support/small-job.ts';

interface Machine {
  folder: string;
  database: Awaited<ReturnType<typeof openTestDatabase>>;
  system: System;
}

const machines: Machine[] = [];
let jobs: JobView[];

beforeAll(async () => {
  for (const processes of [1, 2]) {
    const folder = await mkdtemp(join(tmpdir(), 'aiprod-same-'));
    const database = await openTestDatabase();
    const system = await startSystem(
      readConfig({
        AIPROD_PORT: '0',
        AIPROD_DATA: folder,
        AIPROD_MEDIA_PROCESSES: `${processes}`,
        DATABASE_URL: database.url,
        AIPROD_LOG_LEVEL: 'error',
      }),
    );
    machines.push({ folder, database, system });
  }
  jobs = await Promise.all(machines.map((machine) => make(machine, smallRequest)));
}, 200_000);

afterAll(async () => {
  for (const { folder, database, system } of machines) {
    await system.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
});

async function make({ system }: Machine, request: Record<string, unknown>): Promise<JobView> {
  const { job_id: id } = await createApiClient(system.url!).create(request);
  return finished(system.url!, id);
}

/** Files are named by the digest of their bytes. */
const digests = ({ files }: JobView) =>
  Object.fromEntries(Object.entries(files).map(([name, { digest }]) => [name, digest]));

async function read<T>({ system }: Machine, job: JobView, path: string): Promise<T> {
  const response = await fetch(`${system.url}/v1/videos/${job.job_id}/${path}`);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

test('one process or two, here or there: every file has the same bytes', () => {
  const [one, two] = jobs as [JobView, JobView];
  for (const job of jobs) expect(job).toMatchObject({ status: 'completed', degradations: [] });
  expect(Object.keys(one.files).sort()).toEqual([
    'captions.srt',
    'captions.vtt',
    'description.txt',
    'effects.wav',
    'manifest.json',
    'music.wav',
    'narration.wav',
    'report.json',
    'storyboard.json',
    'thumbnail.jpg',
    'video.mp4',
    'words.json',
  ]);
  expect(digests(two)).toEqual(digests(one));
});

test('another seed gives another video of the same words', async () => {
  const other = await make(machines[1]!, { ...smallRequest, seed: 8 });
  const [before, after] = [digests(jobs[1]!), digests(other)];
  for (const name of ['video.mp4', 'music.wav', 'thumbnail.jpg']) expect(after[name]).not.toBe(before[name]);
  expect(after['narration.wav']).toBeDefined();
}, 120_000);

describe('the manifest', () => {
  test('names steps that the store holds, and the digests that they gave', async () => {
    const [machine, job] = [machines[0]!, jobs[0]!];
    const manifest = await read<Manifest>(machine, job, 'files/manifest.json');
    const pool = createPool({
      url: machine.database.url,
      max: 1,
      applicationName: 'test',
      onError: console.error,
    });
    try {
      const store = createStepStore({ pool });
      const runs = await store.runs(job.user_id, job.job_id);
      const ran = Object.fromEntries(runs.map(({ stepId, stepKey }) => [stepId, stepKey]));
      expect({ ...ran, ...manifest.steps }).toEqual(ran);
      // Publishing writes the manifest; nothing else is left out.
      expect(Object.keys(ran).filter((id) => manifest.steps[id] === undefined)).toEqual(['publish']);
      const stored = await Promise.all(
        Object.values(manifest.steps).map((key) => store.find(job.user_id, key)),
      );
      expect(stored.every((step) => step !== undefined)).toBe(true);
      const made = new Set(stored.flatMap((step) => step!.blobs));
      const { supplied, ...media } = manifest.media;
      expect(supplied).toBeUndefined();
      for (const digest of Object.values(media).flat(2)) expect(made).toContain(digest);
    } finally {
      await pool.end();
    }
    expect(manifest.media.video).toBe(job.files['video.mp4']!.digest);
    expect(manifest.media.thumbnail).toBe(job.files['thumbnail.jpg']!.digest);
  });

  test('names seeds, versions, fonts and rights', async () => {
    const manifest = await read<Manifest>(machines[0]!, jobs[0]!, 'files/manifest.json');
    expect(manifest.request).toMatchObject(smallRequest);
    expect(manifest.seeds).toMatchObject({ request: 7, scenes: { s01: expect.any(Number) } });
    expect(manifest.seeds.effects.length).toBeGreaterThan(0);
    expect(manifest.versions).toMatchObject({ node: process.versions.node, ffmpeg: expect.any(String) });
    expect(Object.keys(manifest.makers)).toHaveLength(6);
    expect(manifest.fonts.map(({ family }) => family)).toEqual(['montserrat', 'playfair']);
    for (const { item, licence } of manifest.rights) expect([item, licence]).not.toContain('unknown');
    expect(manifest.rights.map(({ item }) => item)).toContain('font @fontsource-variable/montserrat');
  });
});

describe('what cannot be made', () => {
  const stepsOf = async (job: JobView) => {
    const { steps } = await read<{ steps: { step: string }[] }>(machines[1]!, job, 'steps');
    return new Set(steps.map(({ step }) => step));
  };

  test('an impossible length: refused before rendering, with the lengths that are possible', async () => {
    const job = await make(machines[1]!, {
      ...smallRequest,
      script: 'Wait here.',
      duration: 90,
      strict: true,
    });
    expect(job).toMatchObject({ status: 'failed', error: { code: 'duration_impossible' } });
    expect(job.error!.hint).toMatch(/^Ask for 5 to \d+ s/);
    expect([...(await stepsOf(job))]).not.toContain('render-scene');
  }, 60_000);

  test('or the nearest possible one, named', async () => {
    const job = await make(machines[1]!, { ...smallRequest, script: 'Wait here.', duration: 90 });
    expect(job).toMatchObject({ status: 'completed', degradations: [{ capability: 'duration' }] });
    expect(job.report!.duration).toBeLessThan(12);
    expect(job.report!.duration_error).toBeCloseTo(job.report!.duration - 90, 3);
  }, 60_000);

  test('a character that no font draws: refused before rendering, or named', async () => {
    const script = 'The bird 𓀀 sings.';
    const strict = await make(machines[1]!, { ...smallRequest, script, strict: true });
    expect(strict).toMatchObject({ status: 'failed', error: { code: 'glyph_missing' } });
    expect(strict.error!.detail).toContain('𓀀');
    expect([...(await stepsOf(strict))]).not.toContain('render-scene');
    const lenient = await make(machines[1]!, { ...smallRequest, script });
    expect(lenient.status).toBe('completed');
    expect(lenient.degradations).toContainEqual(expect.objectContaining({ capability: 'captions' }));
    expect(lenient.report!.captions.glyph_coverage).toBeLessThan(1);
  }, 60_000);
});
