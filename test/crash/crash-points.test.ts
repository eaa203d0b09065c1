// Kills a real worker at every crash point of a job. One job walks through a chain of points: killed at the first,
// started again, killed at the second, … and must end with the same video as a job that nobody disturbed.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import { type CrashPoint, jobCrashPoints, stepCrashPoints } from '../../src/engine/crash-points.ts';
import { openTestDatabase } from '../support/database.ts';
import { type MediaHost, openMediaHost } from '../support/media-host.ts';
import { childrenOf, gone } from '../support/processes.ts';
import { startServerProcess } from '../support/server-process.ts';
import { finished, smallRequest } from '../support/small-job.ts';
import { twoColours } from '../support/user-media.ts';

/** Steps without files never pass the point between making and storing one. */
const withoutFiles = new Set([
  'plan',
  'plan-beats',
  'check-glyphs',
  'take-asset',
  'describe-tools',
  'inspect',
]);
/** A step whose result was stored is reused afterwards, so its last point needs a chain in which it had not been. */
const last = (step: string): CrashPoint => `after-record:${step}`;
const early = (step: string): CrashPoint[] =>
  stepCrashPoints
    .filter((point) => point !== 'after-record' && !(point === 'after-make' && withoutFiles.has(step)))
    .map((point): CrashPoint => `${point}:${step}`);

/** Each chain is in order of time: steps that run beside each other stand in different ones. */
const chains: Record<string, CrashPoint[]> = {
  sound: ['plan', 'narrate', 'plan-beats', 'compose-music', 'mix-audio'].flatMap(early),
  pace: early('pace-narration'),
  picture: [
    'after-claim',
    ...['check-glyphs', 'illustrate', 'render-scene', 'describe-tools'].flatMap(early),
  ],
  file: ['find-effect', 'assemble', 'inspect', 'publish'].flatMap(early),
  end: [last('find-effect'), ...early('make-thumbnail'), 'before-complete', 'after-complete'],
  'recorded sound': [
    ...[
      'plan',
      'check-glyphs',
      'narrate',
      'plan-beats',
      'compose-music',
      'mix-audio',
      'assemble',
      'inspect',
    ].map(last),
    last('publish'),
  ],
  'recorded pace': [last('pace-narration')],
  'recorded picture': ['illustrate', 'render-scene', 'make-thumbnail'].map(last),
  'own media': ['take-asset', 'prepare-media'].flatMap(early),
  'recorded own media': ['take-asset', 'prepare-media', 'describe-tools'].map(last),
  'fetched media': early('fetch-media'),
  'recorded fetched media': [last('fetch-media')],
};
const ownMedia = new Set(Object.keys(chains).filter((chain) => chain.endsWith('media')));
/** How often a URL is asked: once more for each time that what came of it was lost. */
const askedFor: Record<string, number> = { 'fetched media': 3, 'recorded fetched media': 1 };

const environment = {
  AIPROD_LEASE_SECONDS: '1',
  AIPROD_SWEEP_SECONDS: '0.2',
  AIPROD_MAX_RETRIES: '20',
  AIPROD_LOG_LEVEL: 'info',
};

/** As long as it takes another pace to fill. */
const plainRequest = { ...smallRequest, duration: 8 };

/** Digests of the videos. */
let undisturbed: { plain: string; ownMedia: string };
const folders: string[] = [];
let host: MediaHost;
const start = (env: Record<string, string>) =>
  startServerProcess({ ...host.fetching.environment, ...env }, undefined, host.fetching.program);

async function newPlace() {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-crash-'));
  folders.push(folder);
  const database = await openTestDatabase();
  return { database, folder, env: { ...environment, AIPROD_DATA: folder, DATABASE_URL: database.url } };
}

beforeAll(async () => {
  host = await openMediaHost(
    Object.fromEntries(
      ['undisturbed', ...ownMedia].map((chain) => [
        pathOf(chain),
        (_, response) => response.end(twoColours(320, 180)),
      ]),
    ),
  );
  const { database, env } = await newPlace();
  const server = await start(env);
  const make = async (request: Record<string, unknown>) => {
    const { job_id: jobId } = await createApiClient(server.url).create(request);
    const job = await finished(server.url, jobId);
    expect(job).toMatchObject({ status: 'completed', degradations: [] });
    return job.files['video.mp4']!.digest;
  };
  undisturbed = {
    plain: await make(plainRequest),
    ownMedia: await make(await ownMediaRequest(server.url, 'undisturbed')),
  };
  await server.stop();
  await database.close();
});

afterAll(async () => {
  await host.close();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

test('the chains hold every crash point of every step', async () => {
  const folder = resolve(import.meta.dirname, '../../src/video/steps');
  const sources = await Promise.all(
    (await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')),
  );
  const steps = sources.flatMap((source) => /^ {2,4}name: '([\w-]+)'/m.exec(source)?.[1] ?? []);
  const all = [...jobCrashPoints, ...steps.flatMap((step) => [...early(step), last(step)])];
  expect(Object.values(chains).flat().sort()).toEqual(all.sort());
});

describe.concurrent.each(Object.entries(chains))('killed along the %s chain', (chain, points) => {
  test('the job ends with the same video, repeats no finished step, and leaves nothing behind', async () => {
    const { database, folder, env } = await newPlace();
    // By a server that does no work: another might die before it has answered.
    const counter = await start({ ...env, AIPROD_ROLE: 'api' });
    const request = ownMedia.has(chain) ? await ownMediaRequest(counter.url, chain) : plainRequest;
    const { job_id: jobId } = await createApiClient(counter.url).create(request);
    await counter.stop();
    for (const point of points) {
      const server = await start({ ...env, AIPROD_CRASH_AT: point });
      const children = new Set<number>();
      const watching = setInterval(() => {
        for (const pid of childrenOf(server.pid)) children.add(pid);
      }, 50);
      expect(await Promise.race([server.ended, endOf(server.url, jobId)]), `killed at ${point}`).toBe(
        'SIGKILL',
      );
      clearInterval(watching);
      await gone([...children]);
    }

    const server = await start(env);
    const job = await finished(server.url, jobId);
    expect(job).toMatchObject({ error: null, degradations: [] });
    expect(job.files['video.mp4']!.digest).toBe(undisturbed[ownMedia.has(chain) ? 'ownMedia' : 'plain']);
    const steps = await createApiClient(server.url).steps(jobId);
    const doneBefore = steps.filter(({ outcome }) => outcome === 'reused').map(({ step_id: id }) => id);
    for (const step of new Set(points.flatMap(finishedBy))) {
      expect(
        doneBefore.some((id) => id.split(':')[0] === step),
        `${step} reused`,
      ).toBe(true);
    }
    const asked = host.asked.filter((path) => path === pathOf(chain)).length;
    if (chain in askedFor) expect(asked).toBe(askedFor[chain]);
    expect(await server.stop()).toBe(0);
    expect(await leftovers(folder)).toEqual([]);
    await database.close();
  }, 240_000);
});

/** The small job with an image in its first scene, which is uploaded for it, and one of the media host in its second. */
async function ownMediaRequest(url: string, chain: string): Promise<Record<string, unknown>> {
  const body = new Uint8Array(twoColours(640, 360));
  const init = { method: 'POST', headers: { 'content-type': 'image/png' }, body };
  const { asset_id } = (await (await fetch(`${url}/v1/assets`, init)).json()) as { asset_id: string };
  const { script, ...rest } = smallRequest;
  const [first, second] = script.split('\n\n');
  const fetched = { url: `${host.origin}${pathOf(chain)}` };
  return {
    ...rest,
    scenes: [
      { text: first, media: { asset_id } },
      { text: second, media: fetched },
    ],
  };
}

function pathOf(chain: string): string {
  return `/${chain.replaceAll(' ', '-')}.png`;
}

/** Steps whose result was stored when the process died at the point, and that are asked for again afterwards. */
function finishedBy(point: CrashPoint): string[] {
  const [where, step] = point.split(':');
  return step !== undefined && (where === 'after-result' || where === 'after-record') ? [step] : [];
}

/** Never resolves while the job is under way; says how it ended when the crash point was not reached. */
async function endOf(url: string, jobId: string): Promise<string> {
  const { promise: never } = Promise.withResolvers<string>();
  const job = await finished(url, jobId).catch(() => undefined);
  return job === undefined ? never : `job ${job.status}: the crash point was not reached`;
}

async function leftovers(folder: string): Promise<string[]> {
  const scratch = await readdir(join(folder, 'scratch'), { recursive: true, withFileTypes: true });
  const blobs = await readdir(join(folder, 'blobs'), { recursive: true, withFileTypes: true });
  const half = blobs.filter((entry) => entry.isFile() && !/^[0-9a-f]{64}$/.test(entry.name));
  return [...scratch.filter((entry) => entry.isFile()), ...half].map((entry) =>
    join(entry.parentPath, entry.name),
  );
}
