// Editing a storyboard over HTTP on real stores: what is taken, what is refused, and what the job is afterwards.
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { listAuditLog } from '../../src/adapters/postgres/audit-verify.ts';
import { createJobStore } from '../../src/adapters/postgres/job-store.ts';
import { editStoryboardSchema } from '../../src/api/schemas/index.ts';
import { runCommandLine } from '../../src/cli/aiprod.ts';
import {
  editStoryboard,
  hasNewWords,
  type StoryboardEdit,
  sameStoryboard,
  withVisibleText,
} from '../../src/domain/edit-storyboard.ts';
import type { Lease } from '../../src/domain/job.ts';
import type { Storyboard } from '../../src/domain/storyboard.ts';
import { visibleText } from '../../src/domain/visible-text.ts';
import { plan } from '../../src/offline/planner/plan.ts';
import { problem, resultWith } from '../conformance/stores-under-test.ts';
import { openTestApi, type TestApi } from '../support/api.ts';
import { captureOutput } from '../support/captured-output.ts';
import { claimOne } from '../support/claim-one.ts';
import { reportOf } from '../support/reports.ts';
import { runOf } from '../support/step-runs.ts';
import { storeBytes } from '../support/store-bytes.ts';
import { twoColours } from '../support/user-media.ts';

let on: TestApi;
beforeAll(async () => {
  on = await openTestApi({
    expectCost: ({ scenes = [] }) => ({ totalMicroUsd: 100 * scenes.length, byProvider: {} }),
  });
});
afterAll(() => on.close());

const script = 'The storm came at night.\n\nThunder rolled over the sea.\n\n71% of the boats were gone.';

/** A claimed job that was planned by the rules. */
async function planned(user: string, change: object = {}): Promise<{ lease: Lease; storyboard: Storyboard }> {
  const lease = await on.stores.claimNew(user, { script, ...change });
  const context = { scratch: on.stores.folder, signal: new AbortController().signal };
  const storyboard = await plan({ script, style: 'cinematic', mood: 'neutral', seed: 1 }, context);
  const stepKey = randomUUID();
  await on.stores.stepStore.putIfAbsent(lease, {
    stepKey,
    step: 'plan',
    result: storyboard as never,
    blobs: [],
  });
  await on.stores.stepStore.recordRun(lease, runOf({ stepKey }));
  return { lease, storyboard };
}

async function ended(user: string, as: 'completed' | 'failed' | 'canceled' | 'awaiting_approval') {
  const { leases, jobStore } = on.stores;
  const { lease, storyboard } = await planned(user);
  const file = { digest: 'a'.repeat(64), bytes: 3, media_type: 'video/mp4' };
  if (as === 'completed')
    await leases.complete(lease, { ...resultWith({ 'video.mp4': file }), report: reportOf() });
  if (as === 'failed') await leases.fail(lease, { error: problem, degradations: [], deadLetter: true });
  if (as === 'canceled') await jobStore.cancel(user, lease.jobId);
  if (as === 'awaiting_approval') await leases.awaitApproval(lease);
  return { jobId: lease.jobId, url: `/v1/videos/${lease.jobId}/storyboard`, storyboard };
}

const newUser = () => `user-${randomUUID()}`;
const get = (url: string, user: string) => on.ask('GET', url, { user });
const put = (url: string, user: string, json: unknown, headers = {}) =>
  on.ask('PUT', url, { user, json, headers });

describe.each([
  'completed',
  'failed',
  'canceled',
  'awaiting_approval',
] as const)('of a job that is %s', (status) => {
  const next = status === 'awaiting_approval' ? status : 'pending';

  test('what was read and is sent back changes nothing', async () => {
    const user = newUser();
    const { jobId, url, storyboard } = await ended(user, status);
    const read = await get(url, user);
    expect(read.json()).toEqual(storyboard);
    const events = async () =>
      (await on.stores.pool.query('SELECT event_seq FROM jobs WHERE job_id = $1', [jobId])).rows;
    const before = await events();
    const answer = await put(url, user, read.json(), { 'if-match': read.headers.etag });
    expect(answer.json()).toEqual((await get(`/v1/videos/${jobId}`, user)).json());
    expect(answer.json()).toMatchObject({ status, revision: 1 });
    expect(answer.headers.etag).toBe(read.headers.etag);
    expect(await events()).toEqual(before);
  });

  test('an edit is a new revision', async () => {
    const user = newUser();
    const { jobId, url, storyboard } = await ended(user, status);
    const { etag } = (await get(url, user)).headers;
    const [one, two, three] = storyboard.scenes;
    const scenes = [three!, { ...one!, text: 'The wind came at noon.' }, two!, { text: 'All were lost.' }];
    const answer = await put(url, user, { ...storyboard, title: 'Wind', scenes }, { 'if-match': etag });
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.json()).toMatchObject({
      job_id: jobId,
      status: next,
      revision: 2,
      retry_count: 0,
      error: null,
      cost: { estimated_micro_usd: 400 },
    });
    expect(Object.keys(answer.json().files)).toEqual(status === 'completed' ? ['video.mp4'] : []);
    const read = await get(url, user);
    expect(read.headers.etag).toBe(answer.headers.etag);
    expect(read.headers.etag).not.toBe(etag);
    expect(read.json()).toMatchObject({ title: 'Wind', language: 'en' });
    expect(read.json().scenes.map(({ id, text }: Storyboard['scenes'][number]) => [id, text])).toEqual([
      ['s03', three!.text],
      ['s01', 'The wind came at noon.'],
      ['s02', two!.text],
      ['s04', 'All were lost.'],
    ]);
    expect(read.json().scenes[0]).toEqual(three);
    expect(read.json().scenes[2]).toEqual(two);
    // The answer was lost: the same is sent once more.
    const again = await put(url, user, { ...storyboard, title: 'Wind', scenes }, { 'if-match': etag });
    expect(again.json()).toEqual(answer.json());
    expect(again.headers.etag).toBe(answer.headers.etag);
    const stale = await put(url, user, storyboard, { 'if-match': etag });
    expect(stale.json().code).toBe(status === 'awaiting_approval' ? 'storyboard_changed' : 'state_conflict');
  });
});

test('the command line prints it, and sends it back edited', async () => {
  const { jobId, storyboard } = await ended('ann', 'completed');
  const server = await on.api.listen({ port: 0, host: '127.0.0.1' });
  const run = async (...args: string[]) => {
    const printed = captureOutput();
    await runCommandLine(['storyboard', jobId, '--server', server, ...args]);
    vi.restoreAllMocks();
    return printed;
  };
  const printed = await run();
  expect(JSON.parse(printed.out)).toEqual(storyboard);
  const file = join(on.stores.folder, 'edited.json');
  await writeFile(file, JSON.stringify({ ...storyboard, title: 'Edited' }));
  expect((await run('--edit', file)).out).toBe('revision 2, pending\n');
  await writeFile(file, '{');
  expect((await run('--edit', file)).err).toContain('is not JSON');
});

test('an edit is in the audit log, and starts a video for webhooks once more', async () => {
  const user = newUser();
  const json = { url: 'http://127.0.0.1:5678/hook', types: ['video.started'] };
  await on.ask('POST', '/v1/webhooks', { user, json });
  const { jobId, url, storyboard } = await ended(user, 'failed');
  const started = async () =>
    (
      await on.stores.pool.query<{ type: string }>('SELECT type FROM webhook_messages WHERE job_id = $1', [
        jobId,
      ])
    ).rows.map(({ type }) => type);
  expect(await started()).toEqual(['video.started']);
  await put(url, user, { ...storyboard, title: 'Edited' });
  await claimOne(on.stores, jobId);
  expect(await started()).toEqual(['video.started', 'video.started']);
  const entries = await listAuditLog(on.stores.pool, { userId: user, limit: 1 });
  expect(entries).toMatchObject([{ action: 'video.revise', outcome: 'done', target: jobId }]);
  expect(await on.stores.deadLetters.list(100)).toEqual(
    expect.arrayContaining([expect.objectContaining({ jobId, redrivenAt: expect.any(Date) })]),
  );
});

test('whatever is planned can be sent back', async () => {
  const words = fc.constantFrom(
    ...'The storm came. 71% of 1,200 boats! Thunder, thunder… à la mer; 海は静かだった。 ٪٧١ «Nie» a\u202eb 20 to 60 🚢'.split(
      ' ',
    ),
    'a'.repeat(300),
    `${'1'.repeat(99)}%`,
    '\n\n',
  );
  const scripts = fc.oneof(
    fc.array(words, { minLength: 1, maxLength: 60 }).map((list) => list.join(' ')),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }),
  );
  const context = { scratch: on.stores.folder, signal: new AbortController().signal };
  await fc.assert(
    fc.asyncProperty(scripts, fc.constantFrom('en', 'ja', 'fr'), async (text, language) => {
      const given = visibleText(text);
      fc.pre(/[\p{L}\p{N}]/u.test(given));
      const storyboard = await plan(
        { script: given, style: 'noir', mood: 'calm', seed: 5, language },
        context,
      );
      const read = JSON.parse(JSON.stringify(storyboard));
      const edit = withVisibleText(editStoryboardSchema.parse(read) as StoryboardEdit);
      expect(hasNewWords(storyboard, edit)).toBe(false);
      expect(sameStoryboard(editStoryboard(storyboard, edit, undefined), storyboard)).toBe(true);
    }),
    { numRuns: 300, seed: 20_261_125 },
  );
});

test('an edit of what somebody else edited answers 412', async () => {
  const user = newUser();
  const { url, storyboard } = await ended(user, 'completed');
  const changed = { ...storyboard, title: 'Another' };
  const answer = await put(url, user, changed, { 'if-match': '"0123"' });
  expect(answer.statusCode).toBe(412);
  expect(answer.json()).toMatchObject({ code: 'storyboard_changed', hint: expect.stringContaining('GET') });
  for (const match of ['*', `"0", W/${(await get(url, user)).headers.etag}`])
    expect((await put(url, user, storyboard, { 'if-match': match })).statusCode).toBe(200);
});

test.each(['pending', 'processing'] as const)('a job that is %s is not edited', async (status) => {
  const user = newUser();
  const { lease, storyboard } = await planned(user);
  if (status === 'pending') await on.stores.leases.release(lease);
  const answer = await put(`/v1/videos/${lease.jobId}/storyboard`, user, storyboard);
  expect(answer.statusCode).toBe(409);
  expect(answer.json()).toMatchObject({ code: 'state_conflict', hint: expect.stringContaining('cancel') });
});

test('a job that was never planned has nothing to edit', async () => {
  const user = newUser();
  const jobId = await on.create({}, user);
  await on.stores.jobStore.cancel(user, jobId);
  const answer = await put(`/v1/videos/${jobId}/storyboard`, user, { scenes: [{ text: 'A.' }] });
  expect(answer.json()).toMatchObject({ code: 'state_conflict', detail: expect.stringContaining('no plan') });
});

test('the plan of an old video is read from its file', async () => {
  const user = newUser();
  const { lease, storyboard } = await planned(user);
  const file = await storeBytes(
    on.stores.blobStore,
    user,
    Buffer.from(JSON.stringify(storyboard)),
    'application/json',
  );
  await on.stores.leases.complete(lease, {
    ...resultWith({ 'storyboard.json': file }),
    report: reportOf(),
  });
  await on.stores.pool.query('DELETE FROM step_runs WHERE job_id = $1', [lease.jobId]);
  expect((await get(`/v1/videos/${lease.jobId}/storyboard`, user)).json()).toEqual(storyboard);
});

describe('refuses', () => {
  const user = newUser();
  let url: string;
  let storyboard: Storyboard;
  beforeAll(async () => {
    ({ url, storyboard } = await ended(user, 'completed'));
  });
  const withScene = (change: object) => ({ scenes: [{ ...storyboard.scenes[0], ...change }] });
  const cases: [what: string, body: () => unknown, code: string, pointer: string | undefined][] = [
    ['nothing', () => '', 'body_malformed', undefined],
    ['a list', () => [], 'request_invalid', ''],
    ['no scenes', () => ({ title: 'A' }), 'request_invalid', '/scenes'],
    ['an empty list', () => ({ scenes: [] }), 'request_invalid', '/scenes'],
    ['201 scenes', () => ({ scenes: Array(201).fill({ text: 'a' }) }), 'request_invalid', '/scenes'],
    [
      '20,001 characters',
      () => ({ scenes: Array(3).fill({ text: 'a'.repeat(6_667) }) }),
      'request_invalid',
      '/scenes',
    ],
    ['an unknown field', () => ({ ...storyboard, revision: 1 }), 'request_invalid', '/revision'],
    ['an unknown field of a scene', () => withScene({ music: true }), 'request_invalid', '/scenes/0/music'],
    ['an unknown motif', () => withScene({ motif: 'cheese' }), 'request_invalid', '/scenes/0/motif'],
    ['a NUL', () => withScene({ text: 'a\u0000' }), 'request_invalid', '/scenes/0/text'],
    [
      'a NUL in a keyword',
      () => withScene({ keywords: ['\u0000'] }),
      'request_invalid',
      '/scenes/0/keywords/0',
    ],
    ['a long title', () => ({ ...storyboard, title: 'a'.repeat(61) }), 'request_invalid', '/title'],
    ['a title of marks', () => ({ ...storyboard, title: '…' }), 'request_invalid', '/title'],
    ['silence', () => withScene({ text: '…' }), 'script_unspeakable', '/scenes/0/text'],
    [
      'a language without a voice',
      () => ({ ...storyboard, language: 'fi' }),
      'language_unsupported',
      '/language',
    ],
    ['an id of no scene', () => withScene({ id: 's99' }), 'request_invalid', '/scenes/0/id'],
    ['stress on no word', () => withScene({ emphasis: [99] }), 'request_invalid', '/scenes/0/emphasis/0'],
    ['media of nowhere', () => withScene({ media: {} }), 'request_invalid', '/scenes/0/media'],
    [
      'media of a private host',
      () => withScene({ media: { url: 'https://127.0.0.1/a.png' } }),
      'request_invalid',
      '/scenes/0/media/url',
    ],
    [
      'an asset of nobody',
      () => withScene({ media: { asset_id: randomUUID() } }),
      'request_invalid',
      '/scenes/0/media/asset_id',
    ],
  ];
  test.each(cases)('%s', async (_, body, code, pointer) => {
    const answer = await put(url, user, body());
    expect(answer.json()).toMatchObject({ code });
    if (pointer !== undefined) expect(answer.json().errors[0].pointer).toBe(pointer);
    expect((await get(url, user)).json()).toEqual(storyboard);
  });
});

test("another user's asset is not to be had, one's own is", async () => {
  const [user, other] = [newUser(), newUser()];
  const upload = async (as: string) => {
    const headers = { 'content-type': 'image/png' };
    return (await on.ask('POST', '/v1/assets', { user: as, payload: twoColours(16, 16), headers })).json()
      .asset_id;
  };
  const { url, storyboard } = await ended(user, 'completed');
  const showing = (assetId: string) => ({
    scenes: storyboard.scenes.map((scene, n) =>
      n === 0 ? { ...scene, media: { asset_id: assetId } } : scene,
    ),
  });
  expect((await put(url, user, showing(await upload(other)))).json().code).toBe('request_invalid');
  const own = await upload(user);
  expect((await put(url, user, showing(own))).statusCode).toBe(200);
  expect((await get(url, user)).json().scenes[0].media).toMatchObject({ asset_id: own, fit: 'cover' });
});

test('the voice of the job must speak the language of the edit', async () => {
  const user = newUser();
  const { lease, storyboard } = await planned(user, { voice: 'slt' });
  await on.stores.leases.awaitApproval(lease);
  const answer = await put(`/v1/videos/${lease.jobId}/storyboard`, user, { ...storyboard, language: 'fr' });
  expect(answer.json().errors).toEqual([{ pointer: '/language', detail: expect.stringContaining('slt') }]);
});

test('a revision counts for the day as what it makes, and is given back when it makes nothing', async () => {
  const { pool, queue, leases } = on.stores;
  const user = newUser();
  const { lease } = await planned(user);
  await leases.complete(lease, resultWith());
  const { jobId } = lease;
  const minutes = async () =>
    (await pool.query('SELECT video_ms, earlier_ms FROM video_minutes WHERE job_id = $1', [jobId])).rows;
  const revision = (from: number) => ({
    from,
    storyboard: { title: 'T', language: 'en', scenes: [] },
    editDigest: 'edit',
    estimatedMicroUsd: 0,
    videoMs: 20_000,
  });
  expect(await minutes()).toEqual([{ video_ms: 12_500, earlier_ms: 0 }]);
  const limited = createJobStore({ pool, queue, limits: { dailyVideoMs: 30_000 } });
  await expect(limited.revise(user, jobId, revision(1))).rejects.toMatchObject({ code: 'limit_reached' });
  await on.stores.jobStore.revise(user, jobId, revision(1));
  expect(await minutes()).toEqual([{ video_ms: 32_500, earlier_ms: 12_500 }]);
  await on.stores.jobStore.cancel(user, jobId);
  expect(await minutes()).toEqual([{ video_ms: 12_500, earlier_ms: 12_500 }]);
  await on.stores.jobStore.retry(user, jobId);
  expect(await minutes()).toEqual([{ video_ms: 32_500, earlier_ms: 12_500 }]);
  await pool.query('UPDATE video_minutes SET day = day - 1 WHERE job_id = $1', [jobId]);
  await on.stores.jobStore.cancel(user, jobId);
  await on.stores.jobStore.revise(user, jobId, revision(2));
  expect(await minutes()).toEqual([{ video_ms: 20_000, earlier_ms: 0 }]);
});

test('what was made stays counted, whatever becomes of a later revision and of the job', async () => {
  const { pool, leases, jobStore } = on.stores;
  const user = newUser();
  const { lease } = await planned(user);
  await leases.complete(lease, resultWith());
  const storyboard = { title: 'T', language: 'en', scenes: [] };
  await jobStore.revise(user, lease.jobId, {
    from: 1,
    storyboard,
    editDigest: 'edit',
    estimatedMicroUsd: 0,
    videoMs: 20_000,
  });
  await jobStore.remove(user, lease.jobId);
  const { rows } = await pool.query('SELECT video_ms FROM video_minutes WHERE user_id = $1', [user]);
  expect(rows).toEqual([{ video_ms: 12_500 }]);
});

test('what waits for approval counts only by how much longer it becomes', async () => {
  const { pool, queue, leases } = on.stores;
  const user = newUser();
  const { lease } = await planned(user);
  await leases.awaitApproval(lease);
  const limited = createJobStore({ pool, queue, limits: { jobsWaiting: 1, dailyVideoMs: 30_000 } });
  const storyboard = { title: 'T', language: 'en', scenes: [] };
  const revise = (from: number, videoMs: number) =>
    limited.revise(user, lease.jobId, {
      from,
      storyboard,
      editDigest: 'edit',
      estimatedMicroUsd: 5,
      videoMs,
    });
  expect(await revise(1, 25_000)).toMatchObject({ status: 'awaiting_approval', revision: 2 });
  expect(await revise(2, 29_000)).toMatchObject({ revision: 3, cost: { estimated_micro_usd: 5 } });
  await expect(revise(3, 31_000)).rejects.toMatchObject({ code: 'limit_reached' });
});
