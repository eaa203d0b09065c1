// The archive of an account: all that is kept of a user and nothing of others, in plain words and bytes, whatever has gone
// meanwhile and however slowly it is read.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { unpackTar } from 'modern-tar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createAccountReader, exportOfTables } from '../../src/adapters/postgres/read-account.ts';
import { createSealedAccountReader } from '../../src/adapters/sealing/sealed-account.ts';
import { createAccountArchive } from '../../src/adapters/tar/account-archive.ts';
import { exportUser } from '../../src/compose/export-tasks.ts';
import { readConfig } from '../../src/config/config.ts';
import { AppError } from '../../src/domain/errors.ts';
import type { AccountReader, JsonObjects } from '../../src/ports/account-archive.ts';
import type { BlobRef } from '../../src/ports/blob-store.ts';
import { openTestApi, type TestApi } from '../support/api.ts';
import { reportOf } from '../support/reports.ts';
import { requestOf } from '../support/requests.ts';
import { openSealedParts } from '../support/sealed-parts.ts';
import { runOf } from '../support/step-runs.ts';
import { storeBytes } from '../support/store-bytes.ts';

let on: TestApi;
let parts: Awaited<ReturnType<typeof openParts>>;
beforeAll(async () => {
  on = await openTestApi({ accountArchive: { open: (userId) => parts.archive.open(userId) } });
  parts = await openParts();
});
afterAll(async () => {
  await parts.close();
  await on.close();
});

async function openParts() {
  const sealed = await openSealedParts(on.stores);
  const reader = createSealedAccountReader(createAccountReader({ pool: on.stores.pool }), sealed.sealer);
  return { ...sealed, reader, archive: createAccountArchive({ reader, blobStore: sealed.sealedBlobs }) };
}

/** A finished job of the user with this one file. */
async function finishJob(userId: string, file: BlobRef, words: string): Promise<string> {
  const { job } = await parts.jobStore.create({
    userId,
    request: requestOf({ script: words }),
    maxRetries: 3,
    estimatedMicroUsd: 0,
    videoMs: 5_000,
  });
  const { lease } = (await parts.leases.claimNext(job.jobId, 'test', 30_000))!;
  await on.stores.stepStore.recordRun(lease, runOf({ stepKey: `plan ${words}` }));
  await parts.leases.complete(lease, {
    files: { 'video.mp4': file },
    report: reportOf(),
    video: { title: `title ${words}`, width: 1280, height: 720, fps: 30, duration: 5, bytes: 1 },
    degradations: [{ capability: 'captions', cause: `cause ${words}`, remedy: 'r' }],
    reuse: { steps_total: 1, steps_reused: 0 },
  });
  return job.jobId;
}

const bytesOf = (words: string, length = 100) => Buffer.alloc(length, words);

/** A row in everything that is exported. */
async function liveAs(userId: string) {
  const words = `words of ${userId}`;
  const { key } = await parts.apiKeys.create({ userId, name: `key ${words}`, scopes: ['videos:read'] });
  const endpoint = await parts.webhooks.add(userId, {
    url: `https://hooks.example.org/${userId}`,
    description: `hook ${words}`,
    types: null,
    onlyNamedJobs: false,
  });
  const file = await storeBytes(parts.sealedBlobs, userId, bytesOf(words, 3_000_000), 'video/mp4');
  const jobId = await finishJob(userId, file, words);
  for (const message of await parts.outbox.take(16, 30_000)) {
    const outcome = { status: 200, error: null, durationMs: 5, answer: `answer words of ${message.userId}` };
    await parts.outbox.record(message, outcome, { retryMs: undefined });
  }
  const upload = await storeBytes(parts.sealedBlobs, userId, bytesOf(`upload ${words}`), 'image/png');
  const asset = await on.stores.assetStore.add({
    userId,
    digest: upload.digest,
    bytes: upload.bytes,
    kind: 'image',
    mediaType: 'image/png',
    width: 1,
    height: 1,
    durationSeconds: null,
  });
  const { job } = await parts.jobStore.create({
    userId,
    request: requestOf({ script: `second ${words}` }),
    maxRetries: 3,
    estimatedMicroUsd: 0,
  });
  const { lease } = (await parts.leases.claimNext(job.jobId, 'test', 30_000))!;
  const call = { callKey: `call ${words}`, step: 'narrate', provider: 'acme', estimateMicroUsd: 70 };
  await on.stores.receipts.open(lease, call, {});
  await parts.leases.awaitApproval(lease);
  const storyboard = { title: `plan ${words}`, language: 'en', scenes: [] };
  await parts.jobStore.revise(userId, job.jobId, {
    from: 1,
    storyboard,
    editDigest: 'edit',
    estimatedMicroUsd: 0,
    videoMs: 0,
  });
  const secret = await parts.webhooks.secret(userId, endpoint.endpointId);
  return {
    words,
    jobId,
    secondJobId: job.jobId,
    assetId: asset.assetId,
    upload,
    file,
    secrets: [key, secret],
  };
}

async function unpack(archive: Uint8Array): Promise<Map<string, Buffer>> {
  const entries = await unpackTar(archive, { strict: true });
  return new Map(entries.map(({ header, data }) => [header.name, Buffer.from(data ?? [])]));
}

async function exportOf(userId: string) {
  const answer = await on.ask('GET', '/v1/account/export', { user: userId });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({
    'content-type': 'application/x-tar',
    'content-disposition': 'attachment; filename="aiprod-account.tar"',
    'cache-control': 'no-store',
  });
  const files = await unpack(answer.rawPayload);
  const json = (name: string) => JSON.parse(files.get(name)!.toString());
  const lines = (name: string) =>
    files
      .get(name)!
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return { files, json, lines, text: Buffer.from(answer.rawPayload).toString('latin1') };
}

test('every table with users is exported, or named with a reason', async () => {
  const { rows } = await on.stores.pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE column_name = 'user_id' AND table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const { exported, leftOut } = exportOfTables;
  expect(rows.map(({ name }) => name).sort()).toEqual(
    [...Object.keys(exported), ...Object.keys(leftOut)].sort(),
  );
});

describe('an archive', () => {
  test('holds all of its user in plain words and bytes, nothing of others and no secret', async () => {
    const ann = await liveAs('ann');
    const bob = await liveAs('bob');
    await on.ask('GET', `/v1/videos/${bob.jobId}`, { user: 'ann' });
    await on.ask('GET', '/v1/admin/users/ann/export', { user: 'zanzibar' });
    const { files, json, lines, text } = await exportOf('ann');

    const folder = `jobs/${ann.jobId}`;
    expect([...files.keys()].sort()).toEqual(
      [
        'account.json',
        'api_keys.json',
        `assets/${ann.assetId}.png`,
        'assets/assets.json',
        'audit.ndjson',
        `${folder}/events.ndjson`,
        `${folder}/files/video.mp4`,
        `${folder}/job.json`,
        `${folder}/steps.json`,
        `jobs/${ann.secondJobId}/events.ndjson`,
        `jobs/${ann.secondJobId}/job.json`,
        `jobs/${ann.secondJobId}/steps.json`,
        'missing.json',
        'receipts.json',
        'video_minutes.json',
        'webhook_deliveries.ndjson',
        'webhooks.json',
      ].sort(),
    );
    const { counts, ...account } = json('account.json');
    expect(account).toMatchObject({
      format: 'aiprod-account-1',
      user_id: 'ann',
      left_out: exportOfTables.leftOut,
    });
    expect(Date.now() - Date.parse(account.exported_at)).toBeLessThan(60_000);
    for (const table of Object.keys(exportOfTables.exported)) expect(counts[table], table).toBeGreaterThan(0);
    expect(json(`${folder}/job.json`)).toMatchObject({
      job_id: ann.jobId,
      status: 'completed',
      request: { script: ann.words },
      video: { title: `title ${ann.words}` },
      degradations: [{ cause: `cause ${ann.words}` }],
    });
    expect(json(`${folder}/job.json`).created_at).toMatch(/^\d{4}-.*Z$/);
    expect(files.get(`${folder}/files/video.mp4`)!.equals(bytesOf(ann.words, 3_000_000))).toBe(true);
    expect(files.get(`assets/${ann.assetId}.png`)!.equals(bytesOf(`upload ${ann.words}`))).toBe(true);
    expect(lines(`${folder}/events.ndjson`).at(-1)).toMatchObject({
      type: 'state',
      data: { status: 'completed' },
    });
    expect(json(`${folder}/steps.json`)).toMatchObject([{ step_id: 'plan', outcome: 'ran' }]);
    expect(json(`jobs/${ann.secondJobId}/job.json`)).toMatchObject({
      revision: 2,
      storyboard: { title: `plan ${ann.words}` },
    });
    expect(json('api_keys.json')).toMatchObject([{ name: `key ${ann.words}`, scopes: ['videos:read'] }]);
    expect(json('webhooks.json')).toMatchObject([{ description: `hook ${ann.words}` }]);
    expect(lines('webhook_deliveries.ndjson')[0]).toMatchObject({ log: [{ answer: `answer ${ann.words}` }] });
    expect(json('receipts.json')).toMatchObject([{ provider: 'acme', estimate_micro_usd: 70 }]);
    expect(json('video_minutes.json')[0]).toMatchObject({ job_id: ann.jobId, video_ms: 5_000 });
    expect(json('assets/assets.json')).toMatchObject([{ asset_id: ann.assetId, digest: ann.upload.digest }]);
    expect(json('missing.json')).toEqual([]);

    const audit = lines('audit.ndjson');
    expect(audit.find(({ action }) => action === 'api.request')).toMatchObject({
      outcome: 'refused',
      actor: { userId: 'ann' },
      from_ip: '127.0.0.1',
    });
    // Who looked is somebody else's.
    expect(audit.find(({ action }) => action === 'user.export')).toMatchObject({
      actor: { via: 'token' },
      from_ip: null,
    });
    expect(text).not.toContain('zanzibar');
    expect(text).not.toContain('words of bob');
    for (const secret of ann.secrets) expect(text).not.toContain(secret.slice(-30));
    expect(text).not.toMatch(/whsec_|"hash"|"wrapped"/);
  });

  test('is as things were when it began, and many pages come whole', async () => {
    const { pool } = on.stores;
    const file = await storeBytes(parts.sealedBlobs, 'pam', bytesOf('pam'), 'video/mp4');
    for (let i = 0; i < 25; i++) await finishJob('pam', file, `job ${i}`);
    await pool.query(
      `INSERT INTO audit_log (seq, at, action, outcome, user_id, facts, hash)
       SELECT 1000000 + n, now(), 'video.create', 'done', 'pam', '{"é": "€"}', '' FROM generate_series(1, 450) n`,
    );
    const snapshot = await parts.archive.open('pam');
    await finishJob('pam', file, 'too late');
    await parts.jobStore.remove('pam', (await parts.jobStore.list('pam', { limit: 1 })).jobs[0]!.jobId);
    const files = await unpack(await buffer(snapshot.stream));
    const jobs = [...files.keys()].filter((name) => name.endsWith('job.json'));
    const scripts = jobs.map((name) => JSON.parse(files.get(name)!.toString()).request.script);
    expect(scripts).toEqual(Array.from({ length: 25 }, (_, i) => `job ${i}`));
    expect([...files.keys()].filter((name) => name.endsWith('video.mp4'))).toHaveLength(25);
    expect(files.get('audit.ndjson')!.toString().trimEnd().split('\n')).toHaveLength(450);
    await pool.query(
      `ALTER TABLE audit_log DISABLE TRIGGER USER; DELETE FROM audit_log WHERE seq > 1000000; ALTER TABLE audit_log ENABLE TRIGGER USER`,
    );
  });

  test('names what is gone, and what cannot be decrypted any more', async () => {
    const cyd = await liveAs('cyd');
    await parts.sealedBlobs.remove('cyd', cyd.file.digest);
    const first = await exportOf('cyd');
    const name = `jobs/${cyd.jobId}/files/video.mp4`;
    expect(first.json('missing.json')).toEqual([{ name, digest: cyd.file.digest, reason: 'blob_missing' }]);
    expect(first.files.has(name)).toBe(false);
    expect(first.files.has(`assets/${cyd.assetId}.png`)).toBe(true);

    await parts.dataKeys.destroy('cyd');
    const second = await exportOf('cyd');
    expect(second.json(`jobs/${cyd.jobId}/job.json`)).toMatchObject({
      status: 'completed',
      request: null,
      degradations: null,
      video: { title: null, width: 1280 },
      unreadable: ['request', 'degradations', 'title'],
    });
    expect(second.json('missing.json')).toContainEqual({
      name: `assets/${cyd.assetId}.png`,
      digest: cyd.upload.digest,
      reason: 'sealed_unreadable',
    });
  });

  test('of a user of whom nothing is kept is there for that user, and not for the operator', async () => {
    expect((await exportOf('nobody')).json('account.json').counts.jobs).toBe(0);
    expect((await on.ask('GET', '/v1/admin/users/stranger/export')).json().code).toBe('not_found');
    const headers = { 'x-test-scopes': 'videos:read,videos:write' };
    expect((await on.ask('GET', '/v1/admin/users/ann/export', { headers })).statusCode).toBe(403);
  });

  test('is made once at a time for a user, and twice for all', async () => {
    const { archive } = parts;
    // More than is written ahead, so that they stay under way.
    const large = await storeBytes(parts.sealedBlobs, 'dot', bytesOf('dot', 12_000_000), 'video/mp4');
    await finishJob('dot', large, 'large');
    await finishJob(
      'ed',
      await storeBytes(parts.sealedBlobs, 'ed', bytesOf('ed', 12_000_000), 'video/mp4'),
      'large',
    );
    const first = await archive.open('dot');
    await expect(archive.open('dot')).rejects.toMatchObject({ code: 'limit_reached' });
    expect((await on.ask('GET', '/v1/account/export', { user: 'dot' })).statusCode).toBe(429);
    const second = await archive.open('ed');
    await expect(archive.open('flo')).rejects.toMatchObject({ code: 'rate_limited' });
    await buffer(second.stream);
    first.stream.destroy();
    // Its connection is gone a moment later.
    await expect
      .poll(() =>
        archive.open('dot').then(
          ({ stream }) => stream.destroy() && true,
          () => false,
        ),
      )
      .toBe(true);
  });
});

test('the command writes a new file that only its account may read, and is in the audit log', async () => {
  const { connectionString } = on.stores.pool.options;
  const file = join(parts.keyFolder, 'ivy.tar');
  const config = readConfig(
    {
      DATABASE_URL: connectionString!,
      AIPROD_DATA: parts.keyFolder,
      AIPROD_KEYS: parts.keyFolder,
      AIPROD_LOG_LEVEL: 'silent',
    },
    {},
  );
  const withKey = { ...config, auditKey: Buffer.alloc(32, 7) };
  await on.create({ script: 'The ivy grows.' }, 'ivy');
  expect(await exportUser(withKey, 'ivy', file)).toBe((await stat(file)).size);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const files = await unpack(await readFile(file));
  const [job] = [...files.keys()].filter((name) => name.endsWith('/job.json'));
  expect(JSON.parse(files.get(job!)!.toString()).request.script).toBe('The ivy grows.');
  const { rows } = await on.stores.pool.query(
    `SELECT user_id, actor->>'via' AS via FROM audit_log WHERE action = 'user.export' ORDER BY seq DESC LIMIT 1`,
  );
  expect(rows).toEqual([{ user_id: 'ivy', via: 'command_line' }]);

  await expect(exportUser(withKey, 'ivy', file)).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('exists already'),
  });
  await expect(exportUser(withKey, 'ivy', join(parts.keyFolder, 'no', 'x.tar'))).rejects.toMatchObject({
    code: 'config_invalid',
  });
  await expect(exportUser(withKey, 'stranger', join(parts.keyFolder, 'x.tar'))).rejects.toMatchObject({
    code: 'not_found',
  });
  expect((await readdir(parts.keyFolder)).filter((name) => name.includes('.tar'))).toEqual(['ivy.tar']);
});

/** An account of one upload of this size, without a database. */
function readerOf(bytes: number, onClose: () => void = () => {}): AccountReader {
  const none: JsonObjects = { count: 0, bytes: 0, async *texts() {} };
  return {
    open: async () => ({
      at: new Date(0),
      counts: { assets: 1 },
      leftOut: {},
      list: async () => none,
      async *jobs() {},
      async *assets() {
        yield { assetId: 'a', digest: 'd', bytes, mediaType: 'video/mp4' };
      },
      close: async () => onClose(),
    }),
  };
}

describe('bytes', () => {
  test('are fetched no faster than the archive is read, and no more once nobody reads', async () => {
    const part = Buffer.alloc(1 << 20);
    let fetched = 0;
    let ended = false;
    async function* endless() {
      try {
        for (;;) {
          fetched += part.length;
          yield part;
        }
      } finally {
        ended = true;
      }
    }
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const archive = createAccountArchive({
      reader: readerOf(2 ** 40, resolve),
      blobStore: { read: async () => Readable.from(endless()) },
    });
    const { stream } = await archive.open('ann');
    let read = 0;
    for await (const chunk of stream) {
      read += chunk.length;
      expect(fetched - read).toBeLessThan(32 * part.length);
      if (read > 100 * part.length) break;
    }
    await closed;
    expect(ended).toBe(true);
  });

  const failing = async function* () {
    yield Buffer.alloc(1_000, 1);
    throw new AppError('storage_unavailable', 'Away.');
  };
  test.each([
    [
      'end too early',
      Readable.from([Buffer.alloc(1_000, 1)]),
      { reason: 'other_size', whole_until_byte: 1_000 },
    ],
    [
      'fail in the middle',
      Readable.from(failing()),
      { reason: 'storage_unavailable', whole_until_byte: 1_000 },
    ],
    [
      'are more than was said',
      Readable.from([Buffer.alloc(90_000, 1)]),
      { reason: 'other_size', whole_until_byte: 70_000 },
    ],
  ])('that %s leave a whole archive, and are named', async (_, source, fault) => {
    const archive = createAccountArchive({
      reader: readerOf(70_000),
      blobStore: { read: async () => source },
    });
    const files = await unpack(await buffer((await archive.open('ann')).stream));
    const content = files.get('assets/a.mp4')!;
    expect(content.length).toBe(70_000);
    expect(content.lastIndexOf(1) + 1).toBe(fault.whole_until_byte);
    expect(JSON.parse(files.get('missing.json')!.toString())).toEqual([
      { name: 'assets/a.mp4', digest: 'd', ...fault },
    ]);
  });

  test('are not begun when it has taken too long', async () => {
    const archive = createAccountArchive({
      reader: readerOf(10),
      blobStore: { read: () => Promise.reject(new Error('must not be asked')) },
      longestMs: -1,
    });
    const files = await unpack(await buffer((await archive.open('ann')).stream));
    expect(JSON.parse(files.get('missing.json')!.toString())).toEqual([
      { name: 'assets/a.mp4', digest: 'd', reason: 'took_too_long' },
    ]);
  });

  test('are cut off when somebody reads too slowly to end, so that the snapshot is let go', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const { stream } = await createAccountArchive({
      reader: readerOf(2 ** 40, resolve),
      blobStore: { read: async () => Readable.from([Buffer.alloc(1 << 20)]) },
      wholeMs: 50,
    }).open('ann');
    await closed;
    await expect(buffer(stream)).rejects.toMatchObject({ code: 'step_timed_out' });
  });

  test('that end with the connection to the database fail the archive', async () => {
    const reader = readerOf(10);
    const broken: AccountReader = {
      open: async (userId) => ({
        ...(await reader.open(userId)),
        list: () => Promise.reject(new AppError('database_unavailable', 'Away.')),
      }),
    };
    const { stream } = await createAccountArchive({
      reader: broken,
      blobStore: { read: async () => Readable.from([]) },
    }).open('ann');
    await expect(buffer(stream)).rejects.toMatchObject({ code: 'database_unavailable' });
  });
});
