// The API over a real PostgreSQL: creating, reading, changing and what is refused.
import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { createMetrics } from '../../src/adapters/observe/metrics.ts';
import { createJobStore } from '../../src/adapters/postgres/job-store.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import { AppError, toProblem } from '../../src/domain/errors.ts';
import { stepKeyOf } from '../../src/engine/step-key.ts';
import type { DeadLetter } from '../../src/ports/dead-letters.ts';
import { openTestApi, type TestApi } from '../support/api.ts';

let on: TestApi;
beforeAll(async () => {
  on = await openTestApi();
});
afterAll(() => on.close());

const script = 'A lighthouse stands alone.';
const post = (json: unknown, headers = {}) => on.ask('POST', '/v1/videos', { json, headers });

describe('creating', () => {
  test('answers 202 with the job, its place and every default', async () => {
    const answer = await post({ script, metadata: { order: 'A-1' } });
    expect(answer.statusCode).toBe(202);
    const job = answer.json();
    expect(answer.headers.location).toBe(`/v1/videos/${job.job_id}`);
    expect(job).toMatchObject({
      user_id: 'ann',
      type: 'video_generation',
      status: 'pending',
      stage: null,
      progress: 0,
      started_at: null,
      completed_at: null,
      retry_count: 0,
      max_retries: 3,
      metadata: { version: '1.0', pipeline: 'complete' },
      error: null,
      degradations: [],
      report: null,
      video: null,
      files: {},
    });
    expect(job.payload).toEqual({
      script,
      style: 'cinematic',
      mood: 'neutral',
      aspect_ratio: '16:9',
      resolution: '1080p',
      fps: 30,
      title_cards: true,
      captions: { enabled: true, position: 'bottom' },
      audio: { music: true, effects: true, loudness_lufs: -14 },
      rewrite: false,
      strict: false,
      approval: false,
      seed: 1,
      metadata: { order: 'A-1' },
    });
    expect((await on.ask('GET', answer.headers.location!)).json()).toEqual(job);
  });

  test('takes scenes, and keeps what was asked', async () => {
    const asked = {
      scenes: [{ text: 'One.' }, { text: 'Two.' }],
      style: 'noir',
      duration: 12.5,
      language: 'fr',
      voice: 'fr-1',
      captions: { enabled: false, style: 'boxed', position: 'top' },
      audio: { music: false, effects: false, loudness_lufs: -16 },
      budget_micro_usd: 0,
      seed: 4_294_967_295,
    };
    expect((await post(asked)).json().payload).toMatchObject({ ...asked, script: '' });
  });

  test('counts characters in code points', async () => {
    const emoji = `a${'😀'.repeat(19_999)}`;
    expect((await post({ script: emoji })).statusCode).toBe(202);
    const refused = await post({ script: `${emoji}b` });
    expect(refused.statusCode).toBe(422);
    expect(refused.json().errors[0].detail).toContain('20,001 characters (Unicode code points)');
  });

  const refusals: [
    name: string,
    body: unknown,
    status: number,
    pointer: string | undefined,
    detail: RegExp,
  ][] = [
    ['nothing', '', 400, undefined, /empty/],
    ['broken JSON', '{"script": "a",}', 400, undefined, /not valid JSON at line 1 column 16/],
    ['null', 'null', 400, undefined, /./],
    ['a list', [], 422, '', /must be an object/],
    ['a member that pollutes', '{"script":"a","__proto__":{"x":1}}', 400, undefined, /__proto__/],
    ['no script', {}, 422, '/script', /send script or scenes/],
    ['script and scenes', { script, scenes: [{ text: 'a' }] }, 422, '/scenes', /together/],
    ['an empty script', { script: '' }, 422, '/script', /empty/],
    ['white space', { script: ' \n\t ' }, 422, '/script', /white space/],
    ['20,001 characters', { script: 'a'.repeat(20_001) }, 422, '/script', /20,001 characters/],
    [
      '20,001 characters in scenes',
      { scenes: Array(3).fill({ text: 'a'.repeat(6_667) }) },
      422,
      '/scenes',
      /20,001/,
    ],
    ['NUL', { script: 'a\u0000b' }, 422, '/script', /NUL character/],
    ['half a surrogate pair', '{"script":"a \\ud83d b"}', 422, '/script', /surrogate/],
    ['NUL in metadata', { script, metadata: { a: '\u0000' } }, 422, '/metadata/a', /NUL/],
    ['a NUL key in metadata', { script, metadata: { '\u0000': 'a' } }, 422, '/metadata/\u0000', /NUL/],
    [
      'a long metadata value',
      { script, metadata: { a: 'x'.repeat(513) } },
      422,
      '/metadata/a',
      /at most 512/,
    ],
    [
      'many metadata keys',
      { script, metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [i, 'x'])) },
      422,
      '/metadata',
      /at most 16/,
    ],
    ['a number in metadata', { script, metadata: { a: 1 } }, 422, '/metadata/a', /string/],
    ['metadata that is a list', { script, metadata: ['a'] }, 422, '/metadata', /object of strings/],
    ['a script of lines', { script: ['One.', 'Two.'] }, 422, '/script', /must be text: the words to speak/],
    ['scenes as text', { scenes: 'One.' }, 422, '/scenes', /list of scenes, such as/],
    ['no scenes', { scenes: [] }, 422, '/scenes', /send at least one scene/],
    ['201 scenes', { scenes: Array(201).fill({ text: 'a' }) }, 422, '/scenes', /at most 200/],
    ['scenes as texts', { scenes: ['One.'] }, 422, '/scenes/0', /must be an object/],
    ['a scene without text', { scenes: [{}] }, 422, '/scenes/0/text', /is required and must be text/],
    ['media as a path', { scenes: [{ text: 'a', media: 'a.png' }] }, 422, '/scenes/0/media', /object/],
    [
      'media without a source',
      { scenes: [{ text: 'a', media: {} }] },
      422,
      '/scenes/0/media',
      /exactly one of asset_id and url/,
    ],
    [
      'an asset that is no id',
      { scenes: [{ text: 'a', media: { asset_id: 7 } }] },
      422,
      '/scenes/0/media/asset_id',
      /asset_id of an asset/,
    ],
    [
      'a URL that is a number',
      { scenes: [{ text: 'a', media: { url: 7 } }] },
      422,
      '/scenes/0/media/url',
      /must be an https:/,
    ],
    [
      'a focus in pixels',
      { scenes: [{ text: 'a', media: { url: 'https://a.example/b.png', focus: { x: 640, y: 0 } } }] },
      422,
      '/scenes/0/media/focus/x',
      /from 0 to 1/,
    ],
    ['a fit of none', { scenes: [{ text: 'a', media: { fit: null } }] }, 422, '/scenes/0/media/fit', /cover/],
    ['strict in words', { script, strict: 'yes' }, 422, '/strict', /must be true or false/],
    ['captions switched off', { script, captions: false }, 422, '/captions', /must be an object/],
    ['no music at all', { script, audio: { music: null } }, 422, '/audio/music', /true or false/],
    ['a seed in parts', { script, seed: 1.5 }, 422, '/seed', /whole number/],
    ['a language as a number', { script, language: 1 }, 422, '/language', /language tag such as en/],
    ['a voice as a list', { script, voice: ['slt'] }, 422, '/voice', /GET \/v1\/voices/],
    [
      'a Japanese script',
      { script: '海は静かで、月が出ています。' },
      422,
      '/script',
      /is in Japanese \("ja"\)/,
    ],
    ['Hebrew scenes', { scenes: [{ text: 'הים שקט' }] }, 422, '/scenes', /is in Hebrew/],
    ['a French voice for English words', { script, voice: 'fr-1' }, 422, '/voice', /speaks fr, not en/],
    ['an unknown style', { script, style: 'baroque' }, 422, '/style', /one of: cinematic, documentary/],
    ['an unknown mood', { script, mood: 'hungry' }, 422, '/mood', /one of: dramatic/],
    ['a negative duration', { script, duration: -5 }, 422, '/duration', /from 5 to 600/],
    ['a long duration', { script, duration: 601 }, 422, '/duration', /from 5 to 600/],
    ['a duration in words', { script, duration: '30' }, 422, '/duration', /number/],
    ['an odd frame rate', { script, fps: 29 }, 422, '/fps', /24, 25, 30, 60/],
    ['an unknown field', { script, stile: 'noir' }, 422, '/stile', /known are: script, scenes, style/],
    ['an unknown field inside', { script, audio: { volume: 1 } }, 422, '/audio/volume', /music, effects/],
    ['an unknown field with a slash', { script, 'a/b~c': 1 }, 422, '/a~1b~0c', /not a known field/],
    ['an unknown language', { script, language: 'tlh' }, 422, '/language', /en, fr/],
    ['a language tag with a region', { script, language: 'en-GB' }, 422, '/language', /primary language tag/],
    ['an unknown voice', { script, voice: 'hal' }, 422, '/voice', /one of: slt/],
    ['a voice of another language', { script, language: 'en', voice: 'fr-1' }, 422, '/voice', /speaks fr/],
    ['emoji only', { script: '🎉🎉 !' }, 422, '/script', /no letter/],
    [
      'an unspeakable scene',
      { scenes: [{ text: 'One.' }, { text: '…' }] },
      422,
      '/scenes/1/text',
      /no letter/,
    ],
    ['a field that there is not', { script, webhook: 'https://a.example' }, 422, '/webhook', /not a known/],
  ];
  test.each(refusals)('refuses %s', async (_, body, status, pointer, detail) => {
    for (const url of ['/v1/videos', '/v1/estimates']) {
      const answer = await on.ask('POST', url, { json: body });
      expect(answer.statusCode).toBe(status);
      const problem = answer.json();
      if (pointer === undefined) {
        expect(problem.detail).toMatch(detail);
      } else {
        const fault = problem.errors.find((each: { pointer: string }) => each.pointer === pointer);
        expect(fault?.detail, answer.body).toMatch(detail);
        expect(problem.hint).toMatch(/\w/);
        // The validator's own words.
        expect(answer.body).not.toMatch(/invalid (input|option|key|string)|expected|too (big|small)/i);
      }
    }
  });

  test('names all wrong fields at once', async () => {
    const { errors } = (
      await post({ script: '', style: 'x', duration: 1, what: 1, audio: { music: 'yes' } })
    ).json();
    expect(errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/audio/music',
      '/duration',
      '/script',
      '/style',
      '/what',
    ]);
  });

  test('says script_unspeakable for a script without letters', async () => {
    expect((await post({ script: '🎉' })).json().code).toBe('script_unspeakable');
  });

  test('refuses other content', async () => {
    const send = (payload: string | Buffer, headers: Record<string, string>) =>
      on.ask('POST', '/v1/videos', { payload, headers });
    const json = { 'content-type': 'application/json' };
    expect((await send('script=a', { 'content-type': 'application/x-www-form-urlencoded' })).statusCode).toBe(
      415,
    );
    expect((await send('{"script":"a"}', { 'content-type': 'text/plain' })).statusCode).toBe(415);
    expect((await send('x', { ...json, 'content-encoding': 'gzip' })).statusCode).toBe(415);
    expect((await send(Buffer.from([0x7b, 0xff, 0x7d]), json)).json().detail).toMatch(/UTF-8/);
    expect((await send(`{"script":"${'a'.repeat(1_048_576)}"}`, json)).statusCode).toBe(413);
    expect(
      (await send('{"script":"It works."}', { 'content-type': 'application/json; charset=utf-8' }))
        .statusCode,
    ).toBe(202);
  });
});

describe('an idempotency key', () => {
  test('gives the first job again for the same request, however it is written', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const first = await post({ script, metadata: { a: '1', b: '2' } }, key);
    const again = await post({ metadata: { b: '2', a: '1' }, style: 'cinematic', script }, key);
    expect([first.statusCode, again.statusCode]).toEqual([202, 202]);
    expect(again.json().job_id).toBe(first.json().job_id);
    expect(again.headers.location).toBe(first.headers.location);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  test('refuses another request, and is each user’s own', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const { job_id } = (await post({ script }, key)).json();
    const other = await post({ script: 'Another.' }, key);
    expect([other.statusCode, other.json().code]).toEqual([409, 'idempotency_conflict']);
    const bob = await on.ask('POST', '/v1/videos', {
      user: 'bob',
      json: { script: 'Another.' },
      headers: key,
    });
    expect(bob.statusCode).toBe(202);
    expect(bob.json().job_id).not.toBe(job_id);
  });

  test('makes one job of twelve requests at once', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 12 }, () => post({ script }, key)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(12).fill(202));
    expect(new Set(answers.map((answer) => answer.json().job_id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
  });

  test.each(['', 'two words', 'x'.repeat(256), 'é'])('%j is none', async (key) => {
    const answer = await post({ script }, { 'idempotency-key': key });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors[0].pointer).toBe('/headers/idempotency-key');
  });
});

describe('listing', () => {
  test('pages stay as they are while jobs are created', async () => {
    const user = `lister-${randomUUID()}`;
    const made: string[] = [];
    for (let index = 0; index < 7; index++) made.unshift(await on.create({ seed: index }, user));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await on.ask('GET', `/v1/videos?limit=3${query}`, { user })).json();
      seen.push(...page.jobs.map((job: { job_id: string }) => job.job_id));
      cursor = page.next_cursor;
      await on.create({}, user);
    }
    expect(seen).toEqual(made);
  });

  test('by status', async () => {
    const user = `lister-${randomUUID()}`;
    const canceled = await on.create({}, user);
    await on.create({}, user);
    await on.ask('POST', `/v1/videos/${canceled}/cancel`, { user });
    const page = (await on.ask('GET', '/v1/videos?status=canceled', { user })).json();
    expect(page.jobs.map((job: { job_id: string }) => job.job_id)).toEqual([canceled]);
    expect(page.next_cursor).toBeNull();
  });

  test.each([
    ['limit=0', '/limit'],
    ['limit=101', '/limit'],
    ['limit=ten', '/limit'],
    ['limit=5&limit=6', '/limit'],
    ['status=done', '/status'],
    ['cursor=nonsense', '/cursor'],
    ['cursor=', '/cursor'],
    ['page=2', '/page'],
  ])('refuses ?%s', async (query, pointer) => {
    const answer = await on.ask('GET', `/v1/videos?${query}`);
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors[0].pointer).toBe(pointer);
    expect(answer.body).not.toMatch(/invalid (input|option)|expected|too (big|small)/i);
  });
});

describe('changing', () => {
  const act = (jobId: string, action: string) => on.ask('POST', `/v1/videos/${jobId}/${action}`);
  const conflict = expect.objectContaining({ statusCode: 409 });

  test('a pending job can be canceled twice, and then retried once', async () => {
    const jobId = await on.create();
    expect(await act(jobId, 'retry')).toEqual(conflict);
    expect(await act(jobId, 'approve')).toEqual(conflict);
    expect((await act(jobId, 'cancel')).json().status).toBe('canceled');
    expect((await act(jobId, 'cancel')).json().status).toBe('canceled');
    expect((await act(jobId, 'retry')).json()).toMatchObject({ status: 'pending', retry_count: 0 });
    expect(await act(jobId, 'retry')).toEqual(conflict);
  });

  test('a job that awaits approval is approved once', async () => {
    const lease = await on.stores.claimNew('ann', { approval: true });
    await on.stores.leases.awaitApproval(lease);
    expect((await on.ask('GET', `/v1/videos/${lease.jobId}`)).json().status).toBe('awaiting_approval');
    expect((await act(lease.jobId, 'approve')).json().status).toBe('pending');
    const again = await act(lease.jobId, 'approve');
    expect([again.statusCode, again.json().code]).toEqual([409, 'state_conflict']);
  });

  test('actions take an empty JSON body, and no other kind', async () => {
    const jobId = await on.create();
    const json = { 'content-type': 'application/json' };
    expect(
      (await on.ask('POST', `/v1/videos/${jobId}/cancel`, { headers: json, payload: '' })).statusCode,
    ).toBe(200);
    const form = { 'content-type': 'multipart/form-data; boundary=x' };
    expect(
      (await on.ask('POST', `/v1/videos/${jobId}/cancel`, { headers: form, payload: 'x' })).statusCode,
    ).toBe(415);
  });

  test('a deleted job is gone', async () => {
    const lease = await on.stores.claimNew('ann');
    const url = `/v1/videos/${lease.jobId}`;
    const deleted = await on.ask('DELETE', url);
    expect([deleted.statusCode, deleted.body]).toEqual([204, '']);
    expect((await on.ask('DELETE', url)).statusCode).toBe(404);
    expect((await on.ask('GET', url)).statusCode).toBe(404);
  });
});

test('somebody else’s job is 404 on every route', async () => {
  const jobId = await on.create();
  const routes = [
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/events'],
    ['GET', '/files/video.mp4'],
    ['HEAD', '/files/video.mp4'],
    ['GET', '/steps'],
    ['GET', '/storyboard'],
    ['POST', '/cancel'],
    ['POST', '/retry'],
    ['POST', '/approve'],
  ] as const;
  const paths = Object.keys(on.api.swagger().paths ?? {}).filter((path) => path.includes('{job_id}'));
  expect(new Set(routes.map(([, path]) => path)).size).toBe(paths.length);
  for (const [method, path] of routes) {
    for (const id of [jobId, randomUUID(), 'no-uuid', '%00', '..']) {
      const answer = await on.ask(method, `/v1/videos/${id}${path}`, { user: 'mallory' });
      expect(answer.statusCode, `${method} ${id}${path}`).toBe(404);
    }
  }
  expect((await on.ask('GET', `/v1/videos/${jobId}`)).json().status).toBe('pending');
  expect((await on.ask('GET', '/v1/videos', { user: 'mallory' })).json().jobs).toEqual([]);
});

test('steps say why they ran, the storyboard is the plan', async () => {
  const lease = await on.stores.claimNew('ann');
  const url = `/v1/videos/${lease.jobId}`;
  expect((await on.ask('GET', `${url}/storyboard`)).json().code).toBe('state_conflict');
  const storyboard = {
    title: 'A lighthouse',
    language: 'en',
    scenes: [
      {
        id: 's01',
        text: 'A lighthouse stands alone.',
        motif: 'sea',
        keywords: ['lighthouse'],
        emphasis: [1],
        effects: [{ kind: 'waves', at_word: -1, role: 'bed', intensity: 0.5 }],
        energy: 0.4,
        seed: 7,
      },
    ],
  };
  const { stepKey, parts } = stepKeyOf({ name: 'plan', version: '1' }, { script: 'x' });
  await on.stores.stepStore.putIfAbsent(lease, { stepKey, step: 'plan', result: storyboard, blobs: [] });
  const at = new Date('2026-11-24T09:30:00Z');
  const run = {
    stepId: 'plan',
    step: 'plan',
    stepKey,
    outcome: 'ran',
    reason: 'first_time',
    changed: [],
  } as const;
  await on.stores.stepStore.recordRun(lease, { ...run, changed: [], durationMs: 12, parts, at });
  expect((await on.ask('GET', `${url}/storyboard`)).json()).toEqual(storyboard);
  expect((await on.ask('GET', `${url}/steps`)).json().steps).toEqual([
    {
      step_id: 'plan',
      step: 'plan',
      outcome: 'ran',
      reason: 'first_time',
      changed: [],
      duration_ms: 12,
      at: '2026-11-24T09:30:00.000Z',
      explanation: 'ran: this job had not asked for it before (12 ms)',
    },
  ]);
});

test('a dead letter is listed and redriven once', async () => {
  const lease = await on.stores.claimNew('ann');
  const error = {
    type: 'urn:aiprod:error:media_process_died',
    title: 'The media process died',
    status: 500,
    code: 'media_process_died',
    detail: 'It died.',
    retryable: true,
  } as const;
  await on.stores.leases.fail(lease, { error, degradations: [], deadLetter: true });
  expect((await on.ask('GET', `/v1/videos/${lease.jobId}`)).json()).toMatchObject({
    status: 'failed',
    error,
  });
  const { dead_letters } = (await on.ask('GET', '/v1/admin/dead-letters')).json();
  const letter = dead_letters.find((each: { job_id: string }) => each.job_id === lease.jobId);
  expect(letter).toMatchObject({ user_id: 'ann', error, redriven_at: null });
  const redrive = `/v1/admin/dead-letters/${letter.dead_letter_id}/redrive`;
  expect((await on.ask('POST', redrive)).statusCode).toBe(204);
  expect((await on.ask('POST', redrive)).statusCode).toBe(409);
  expect((await on.ask('GET', `/v1/videos/${lease.jobId}`)).json().status).toBe('pending');
  expect((await on.ask('POST', `/v1/admin/dead-letters/${randomUUID()}/redrive`)).statusCode).toBe(404);
  expect((await on.ask('POST', '/v1/admin/dead-letters/1/redrive')).statusCode).toBe(404);
});

test('a dead letter is given up once, and its job stays failed', async () => {
  const lease = await on.stores.claimNew('ann');
  const error = toProblem(new AppError('inspection_failed', 'The video is black.'));
  await on.stores.leases.fail(lease, { error, degradations: [], deadLetter: true });
  const [{ deadLetterId }] = (await on.stores.deadLetters.list(1)) as [DeadLetter];
  const letter = `/v1/admin/dead-letters/${deadLetterId}`;
  expect((await on.ask('DELETE', letter)).statusCode).toBe(204);
  expect((await on.ask('DELETE', letter)).statusCode).toBe(404);
  expect((await on.ask('DELETE', '/v1/admin/dead-letters/1')).statusCode).toBe(404);
  expect((await on.ask('GET', `/v1/videos/${lease.jobId}`)).json()).toMatchObject({
    status: 'failed',
    error,
  });
});

test('every preset is a request that is taken as it is, and no two ask for the same', async () => {
  const { presets } = (await on.ask('GET', '/v1/presets')).json();
  const asked = new Set<string>();
  for (const { preset, title, description, request } of presets) {
    expect(
      [preset, title, description].filter((text) => text.trim() === ''),
      preset,
    ).toEqual([]);
    const answer = await on.ask('POST', '/v1/videos', { user: 'preset', json: { script, ...request } });
    expect(answer.statusCode, answer.body).toBe(202);
    expect(answer.json().payload).toMatchObject(request);
    asked.add(JSON.stringify(request));
  }
  expect(presets.map(({ preset }: { preset: string }) => preset)).toEqual(
    expect.arrayContaining(['short', 'documentary', 'lesson', 'news', 'advertisement']),
  );
  expect(asked.size).toBe(presets.length);
});

test('the catalogue says what can be asked for, and each of it can', async () => {
  const { styles, moods, frame_sizes } = (await on.ask('GET', '/v1/styles')).json();
  expect(frame_sizes).toContainEqual({
    aspect_ratio: '9:16',
    resolution: '1080p',
    width: 1080,
    height: 1920,
  });
  for (const { style } of styles) expect((await post({ script, style })).statusCode).toBe(202);
  for (const { mood } of moods) expect((await post({ script, mood })).statusCode).toBe(202);
  const { voices } = (await on.ask('GET', '/v1/voices')).json();
  for (const { voice, languages } of voices) {
    expect((await post({ script, voice, language: languages[0] })).statusCode).toBe(202);
  }
});

test('an estimate runs nothing', async () => {
  const before = await on.stores.jobStore.countByStatus();
  const answer = await on.ask('POST', '/v1/estimates', {
    json: { script: 'word '.repeat(100), duration: 60 },
  });
  expect(answer.json()).toMatchObject({ words: 100, video_seconds: 60, frames: 1800, cost_micro_usd: 0 });
  expect(answer.json().work_seconds).toBeGreaterThan(1);
  const { min, max } = answer.json().possible_duration;
  expect([min < 40, max > 40]).toEqual([true, true]);
  expect(await on.stores.jobStore.countByStatus()).toEqual(before);
});

describe('around the routes', () => {
  test('unknown paths, wrong methods, malformed paths', async () => {
    expect((await on.ask('GET', '/v2/videos')).statusCode).toBe(404);
    const wrong = await on.ask('PUT', '/v1/videos');
    expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
    expect((await on.ask('DELETE', '/v1/videos')).headers.allow).toBe('GET, HEAD, POST');
    expect((await on.ask('GET', '/v1/%zz')).json().code).toBe('http_malformed');
    expect((await on.ask('GET', `/v1/videos/${'a'.repeat(300)}`)).statusCode).toBe(404);
  });

  test('every answer says what browsers may do with it', async () => {
    for (const url of ['/health', '/v1/videos', '/status', '/docs/', '/nowhere']) {
      const { headers } = await on.ask('GET', url);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['content-security-policy']).toMatch(/default-src 'none'/);
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  test('a request id is given, or taken when it is a decent one', async () => {
    const ask = async (id?: string) => {
      const { headers } = await on.ask('GET', '/health', {
        headers: id === undefined ? {} : { 'x-request-id': id },
      });
      return headers['x-request-id'];
    };
    expect(await ask()).toMatch(/^[0-9a-f-]{36}$/);
    expect(await ask('trace-1')).toBe('trace-1');
    expect(await ask('a b<script>')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('the status page works without scripts, and as JSON', async () => {
    const page = await on.ask('GET', '/status', { headers: { accept: 'text/html,*/*' } });
    expect(page.body).toContain('Ready for work.');
    expect(page.body).not.toContain('<script');
    const facts = (await on.ask('GET', '/status', { headers: { accept: 'application/json' } })).json();
    expect(facts).toMatchObject({ status: 'ready', checks: { database: { ok: true } } });
    expect(facts.jobs.pending).toBeGreaterThan(0);
  });

  test('no answer that a route is known to give is hidden from rates when it comes first', async () => {
    const fresh = await openTestApi();
    const { body } = await fresh.ask('GET', '/metrics');
    const { paths } = fresh.api.swagger() as unknown as {
      paths: Record<string, Record<string, { responses: object }>>;
    };
    const begun = Object.entries(paths).flatMap(([endpoint, methods]) =>
      Object.entries(methods).flatMap(([method, { responses }]) =>
        Object.keys(responses)
          .filter((status) => !status.startsWith('4'))
          .map((status) => `endpoint="${endpoint}",method="${method.toUpperCase()}",status="${status}"`),
      ),
    );
    expect(begun).toContain('endpoint="/v1/assets",method="POST",status="507"');
    const lines = body.split('\n');
    for (const labels of begun) expect(lines).toContain(`http_requests_total{${labels}} 0`);
    await fresh.close();
  });

  test('metrics count requests by route template, without ids', async () => {
    const jobId = await on.create();
    await on.ask('GET', `/v1/videos/${jobId}`);
    await on.ask('GET', '/nowhere');
    const { body } = await on.ask('GET', '/metrics');
    expect(body).toMatch(/http_requests_total\{[^}]*endpoint="\/v1\/videos\/\{job_id\}"[^}]*\} \d/);
    expect(body).toMatch(/http_requests_total\{[^}]*endpoint="unknown"[^}]*\} \d/);
    expect(body).not.toContain(jobId);
  });
});

test('without a database: alive, not ready, and problems instead of crashes', async () => {
  const pool = createPool({
    url: 'postgres://127.0.0.1:1/gone',
    max: 2,
    applicationName: 'test',
    onError: () => {},
  });
  const jobStore = createJobStore({ pool, queue: on.stores.queue });
  const down = await openTestApi({
    jobStore,
    readiness: { database: jobStore.ping, storage: on.stores.blobStore.ping },
  });
  try {
    expect((await down.ask('GET', '/health')).statusCode).toBe(200);
    const ready = await down.ask('GET', '/ready');
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toMatchObject({
      status: 'not_ready',
      failed: ['database'],
      checks: { storage: { ok: true } },
    });
    const answer = await down.ask('POST', '/v1/videos', { json: { script } });
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'database_unavailable']);
    expect(answer.headers['retry-after']).toBeDefined();
    expect((await down.ask('GET', '/status')).body).toContain('Not ready');
  } finally {
    await down.close();
    await pool.end();
  }
});

test('however many ask how the system is, it looks once at a time', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const looks = { queue: 0, part: 0, usage: 0 };
  const { jobStore, deadLetters, queue } = on.stores;
  const read = {
    countByStatus: jobStore.countByStatus,
    queueDepth: queue.depth,
    deadLetters: deadLetters.count,
  };
  const busy = await openTestApi({
    metrics: createMetrics({
      read,
      async usage() {
        looks.usage++;
        await held;
        return { memoryBytes: 1, memoryLimitBytes: 2, cpuSeconds: 3, cpuCores: 4 };
      },
    }),
    queue: {
      async depth() {
        looks.queue++;
        await held;
        return { length: 0, oldestAgeMs: 0 };
      },
    },
    readiness: {
      async part() {
        looks.part++;
        await held;
      },
    },
  });
  try {
    const asked = ['/status', '/ready', '/metrics'].flatMap((path) =>
      Array.from({ length: 10 }, () => busy.ask('GET', path)),
    );
    await vi.waitFor(() => expect(looks).toEqual({ queue: 1, part: 1, usage: 1 }));
    // Asked last: when it has its answer, all the others wait for theirs.
    await busy.ask('GET', '/health');
    release();
    expect((await Promise.all(asked)).map(({ statusCode }) => statusCode)).toEqual(Array(30).fill(200));
    expect(looks).toEqual({ queue: 1, part: 1, usage: 1 });
    await busy.ask('GET', '/status');
    await busy.ask('GET', '/metrics');
    expect(looks).toEqual({ queue: 2, part: 2, usage: 2 });
  } finally {
    release();
    await busy.close();
  }
});

test('an error that nobody classified says nothing', async () => {
  const { jobStore } = on.stores;
  const broken = await openTestApi({
    jobStore: {
      ...jobStore,
      list: async () => {
        throw new Error('SELECT secret FROM /work/main');
      },
    },
  });
  try {
    const answer = await broken.ask('GET', '/v1/videos');
    expect(answer.json()).toMatchObject({ status: 500, code: 'internal' });
    expect(answer.body).not.toContain('secret');
  } finally {
    await broken.close();
  }
});
