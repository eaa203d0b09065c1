// What users gave is nowhere to be read: neither in a dump of the database nor in the files of the blob store.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openKeyFile } from '../../src/adapters/disk/key-file.ts';
import { createUserKeys } from '../../src/adapters/postgres/user-keys.ts';
import { createDataKeys } from '../../src/adapters/sealing/data-keys.ts';
import { createSealedBlobStore } from '../../src/adapters/sealing/sealed-blob-store.ts';
import {
  createSealedJobLeases,
  createSealedJobStore,
  createSealedStepStore,
} from '../../src/adapters/sealing/sealed-columns.ts';
import { createSealer } from '../../src/adapters/sealing/sealer.ts';
import { createStreamSealer } from '../../src/adapters/sealing/stream-sealer.ts';
import { openSealing } from '../../src/compose/open-sealing.ts';
import { reportOf } from '../support/reports.ts';
import { requestOf } from '../support/requests.ts';
import { storeBytes } from '../support/store-bytes.ts';
import { openStores, type Stores } from '../support/stores.ts';

let stores: Stores;
let folder: string;
const closes: (() => Promise<void>)[] = [];
beforeAll(async () => {
  stores = await openStores();
  folder = await mkdtemp(join(tmpdir(), 'aiprod-sealing-'));
});
afterAll(async () => {
  for (const close of closes) await close();
  await stores.close();
  await rm(folder, { recursive: true, force: true });
});

/** As a process of its own would open them. */
async function openSealed() {
  const userKeys = createUserKeys({ pool: stores.pool });
  closes.push(() => userKeys.close());
  const heard = new Promise<void>((resolve) => userKeys.onRemoved(() => resolve()));
  const dataKeys = createDataKeys({ userKeys, kek: await openKeyFile({ folder: join(folder, 'keys') }) });
  await heard;
  const sealer = createSealer(dataKeys);
  return {
    dataKeys,
    userKeys,
    sealer,
    jobStore: createSealedJobStore(stores.jobStore, sealer),
    leases: createSealedJobLeases(stores.leases, sealer),
    stepStore: createSealedStepStore(stores.stepStore, sealer),
    blobStore: createSealedBlobStore({
      inner: stores.blobStore,
      sealer: createStreamSealer(dataKeys),
    }),
  };
}

/** Every row of every table, and what other forms the words could take. */
async function dump(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  );
  const parts = await Promise.all(
    rows.map(({ name }) => pool.query<{ line: string }>(`SELECT t::text AS line FROM ${name} t`)),
  );
  return parts.flatMap(({ rows: lines }) => lines.map(({ line }) => line)).join('\n');
}

test('no script, title, spoken word or uploaded byte can be found at rest, and all can be read', async () => {
  const sealed = await openSealed();
  const script = 'The canaryscript sings at dawn.';
  const upload = Buffer.concat([Buffer.from('canaryupload'), randomBytes(200_000)]);
  const { job } = await sealed.jobStore.create({
    userId: 'ann',
    request: requestOf({ script }),
    maxRetries: 3,
    estimatedMicroUsd: 0,
  });
  expect(job.request.script).toBe(script);
  const degradation = { capability: 'voice', cause: 'The voice cannot say: canarynoun', remedy: 'Spell it.' };
  const claimed = (await sealed.leases.claimNext(job.jobId, 'test', 30_000))!;
  expect(claimed.job.request.script).toBe(script);
  const blob = await storeBytes(sealed.blobStore, 'ann', upload, 'image/png');
  const result = { words: ['canaryword'], blob: { ...blob } };
  const step = { stepKey: 'key', step: 'narrate', result, blobs: [blob.digest] };
  expect((await sealed.stepStore.putIfAbsent(claimed.lease, step)).result).toEqual(result);
  await sealed.leases.complete(claimed.lease, {
    files: { 'video.mp4': blob },
    report: reportOf(),
    video: { title: 'Canarytitle', width: 1280, height: 720, fps: 30, duration: 5, bytes: 1 },
    degradations: [degradation],
    reuse: { steps_total: 1, steps_reused: 0 },
  });

  expect((await sealed.jobStore.find('ann', job.jobId))!.degradations).toEqual([degradation]);
  const storyboard = { title: 'Canaryplan', language: 'en', scenes: [] };
  const revision = { from: 1, storyboard, editDigest: 'edit', estimatedMicroUsd: 0, videoMs: 0 };
  expect((await sealed.jobStore.revise('ann', job.jobId, revision)).video?.title).toBe('Canarytitle');

  const rows = await dump(stores.pool);
  expect(rows).toContain(job.jobId);
  expect(rows).not.toMatch(/canary/i);
  expect(rows).not.toContain(Buffer.from(script).toString('base64').slice(4, -4));
  const entries = await readdir(stores.folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files).toHaveLength(1);
  const bytes = await readFile(files[0]!);
  expect(bytes.includes('canary')).toBe(false);
  expect(bytes.includes(upload.subarray(100_000, 100_016))).toBe(false);

  const other = await openSealed();
  const found = (await other.jobStore.find('ann', job.jobId))!;
  expect(await other.jobStore.findStoryboard('ann', job.jobId)).toEqual({
    job: found,
    storyboard,
    editDigest: 'edit',
  });
  expect([found.request.script, found.video?.title]).toEqual([script, 'Canarytitle']);
  expect((await other.jobStore.list('ann', { limit: 5 })).jobs[0]).toEqual(found);
  expect((await other.leases.claimNext(job.jobId, 'test', 30_000))?.storyboard).toEqual(storyboard);
  expect((await other.stepStore.find('ann', 'key'))?.result).toEqual(result);
  expect((await buffer(await other.blobStore.read('ann', blob.digest))).equals(upload)).toBe(true);
});

test('rows from before sealing go on being read', async () => {
  const { jobStore } = await openSealed();
  const request = requestOf({ script: 'Written before.' });
  const { job } = await stores.jobStore.create({
    userId: 'old',
    request,
    maxRetries: 3,
    estimatedMicroUsd: 0,
  });
  expect((await jobStore.find('old', job.jobId))?.request).toEqual(request);
});

test('a sealed value that was moved to another job does not open', async () => {
  const { jobStore } = await openSealed();
  const newJob = { userId: 'ann', request: requestOf({}), maxRetries: 3, estimatedMicroUsd: 0 };
  const one = await jobStore.create(newJob);
  const two = await jobStore.create(newJob);
  await stores.pool.query(
    'UPDATE jobs SET request = (SELECT request FROM jobs WHERE job_id = $1) WHERE job_id = $2',
    [one.job.jobId, two.job.jobId],
  );
  await expect(jobStore.find('ann', two.job.jobId)).rejects.toMatchObject({ code: 'sealed_unreadable' });
});

test.each(['a\u0000b', '\ud800'])('a text that cannot be stored is refused: %j', async (script) => {
  const { jobStore } = await openSealed();
  const newJob = { userId: 'ann', request: requestOf({ script }), maxRetries: 3, estimatedMicroUsd: 0 };
  await expect(jobStore.create(newJob)).rejects.toMatchObject({ code: 'request_invalid' });
});

test('two processes that need a new key at once agree on one', async () => {
  const [one, two] = await Promise.all([openSealed(), openSealed()]);
  const seals = await Promise.all([one, two].map(({ sealer }) => sealer.seal('both', 'c', Buffer.from('x'))));
  const versions = new Set(seals.map((sealed) => sealed.readUIntBE(1, 6)));
  expect(versions.size).toBe(1);
  expect((await two.sealer.open('both', 'c', seals[0]!)).toString()).toBe('x');
});

test('a destroyed key is forgotten by every process, and its version never comes again', async () => {
  const [one, two] = await Promise.all([openSealed(), openSealed()]);
  const old = await one.sealer.seal('gone', 'c', Buffer.from('x'));
  expect((await two.sealer.open('gone', 'c', old)).toString()).toBe('x');
  const heard = new Promise<void>((resolve) =>
    two.userKeys.onRemoved((userId) => userId === 'gone' && resolve()),
  );
  await one.dataKeys.destroy('gone');
  await heard;
  for (const { sealer } of [one, two]) {
    await expect(sealer.open('gone', 'c', old)).rejects.toMatchObject({ code: 'sealed_unreadable' });
  }
  const fresh = await two.sealer.seal('gone', 'c', Buffer.from('y'));
  expect(fresh.readUIntBE(1, 6)).toBeGreaterThan(old.readUIntBE(1, 6));
  expect((await one.sealer.open('gone', 'c', fresh)).toString()).toBe('y');
});

test('whatever the setting says, sealed bytes are opened', async () => {
  const { pool, blobStore: inner } = stores;
  const open = async (blobs: boolean) => {
    const { sealBlobs, close } = await openSealing(
      { keyFolder: join(folder, 'keys'), sealing: { blobs, kms: undefined } },
      { pool },
    );
    closes.push(close);
    return sealBlobs(inner);
  };
  const [sealing, unsealing] = [await open(true), await open(false)];
  const put = async (to: typeof sealing, content: string) => {
    const path = join(folder, 'to-store');
    await writeFile(path, content);
    return to.putFile('eve', path, 'text/plain');
  };
  const old = await put(sealing, 'from before');
  expect((await buffer(await inner.read('eve', old.digest))).toString()).not.toContain('before');
  expect((await buffer(await unsealing.read('eve', old.digest))).toString()).toBe('from before');
  const added = await put(unsealing, 'from now');
  expect((await buffer(await inner.read('eve', added.digest))).toString()).toBe('from now');
  expect((await buffer(await sealing.read('eve', added.digest))).toString()).toBe('from now');
});
