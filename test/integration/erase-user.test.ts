// An erased user is nowhere to be found: neither in any table nor in any file, whatever was under way, and wherever the
// erasing was broken off.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createErasure, tablesOfUsers } from '../../src/adapters/postgres/erase-user.ts';
import { createJobEvents } from '../../src/adapters/postgres/job-events.ts';
import type { Lease } from '../../src/domain/job.ts';
import type { BlobStore } from '../../src/ports/blob-store.ts';
import { type ErasureStage, erasureStages } from '../../src/ports/erasure.ts';
import { claimOne } from '../support/claim-one.ts';
import { reportOf } from '../support/reports.ts';
import { requestOf } from '../support/requests.ts';
import { openSealedParts } from '../support/sealed-parts.ts';
import { runOf } from '../support/step-runs.ts';
import { storeBytes } from '../support/store-bytes.ts';
import { openStores, type Stores } from '../support/stores.ts';

const settleMs = 900_000;
const erased = { code: 'account_erased', kind: 'canceled' };

let stores: Stores;
let parts: Awaited<ReturnType<typeof openParts>>;
beforeAll(async () => {
  stores = await openStores();
  parts = await openParts();
});
afterAll(async () => {
  await parts.close();
  await stores.close();
});

async function openParts() {
  const { pool, blobStore } = stores;
  const sealed = await openSealedParts(stores);
  const { dataKeys } = sealed;
  return {
    ...sealed,
    open: (onStage?: (stage: ErasureStage) => void, bytes: Pick<BlobStore, 'removeAll'> = blobStore) =>
      createErasure({ pool, blobStore: bytes, dataKeys, settleMs, ...(onStage && { onStage }) }),
  };
}

/** Every row of every table but the audit log, as text. */
async function dump(): Promise<string> {
  const { rows } = await stores.pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'audit_log'`,
  );
  const parts: string[] = [];
  for (const { name } of rows) {
    const { rows: lines } = await stores.pool.query<{ line: string }>(
      `SELECT t::text AS line FROM ${name} t`,
    );
    parts.push(...lines.map(({ line }) => `${name} ${line}`));
  }
  return parts.join('\n');
}

async function files(): Promise<string[]> {
  const entries = await readdir(join(stores.folder, 'blobs'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** As if so much time had passed since the user was marked, and the pass were due. */
const letTimePass = (ms: number) =>
  stores.pool.query(
    `UPDATE erased_users SET due_at = now(), requested_at = requested_at - $1::float8 * interval '1 millisecond'
     WHERE due_at IS NOT NULL`,
    [ms],
  );

const problem = { type: 't', title: 't', status: 500, code: 'internal', retryable: false } as const;
let calls = 0;

/** Leaves a row in every table that has users, some with words of theirs; one job stays held, one waits. */
async function liveAs(userId: string): Promise<{ held: Lease; sentReceipt: string }> {
  const { leases, stepStore, assetStore, receipts, deadLetters, pool } = stores;
  const { jobStore, webhooks, outbox, apiKeys, sealedBlobs } = parts;
  const create = (key?: string) =>
    jobStore.create({
      userId,
      request: requestOf({ script: `canaryscript of ${userId}`, metadata: { note: 'canarynote' } }),
      maxRetries: 3,
      estimatedMicroUsd: 0,
      videoMs: 60_000,
      ...(key !== undefined && { idempotency: { key, bodyDigest: 'd' } }),
    });
  const begin = async (key?: string) => {
    const { job } = await create(key);
    return (await claimOne(stores, job.jobId))!.lease;
  };
  await webhooks.add(userId, {
    url: `https://example.org/${encodeURIComponent(userId)}`,
    description: 'canaryhook',
    types: null,
    onlyNamedJobs: false,
  });
  await apiKeys.create({ userId, name: 'canarykey', scopes: ['videos:read'] });
  const failing = await begin();
  await leases.fail(failing, {
    error: { ...problem, detail: 'canaryerror' },
    degradations: [],
    deadLetter: true,
  });
  expect((await deadLetters.list(1)).length).toBe(1);

  const done = await begin('canaryidempotency');
  const blob = await storeBytes(sealedBlobs, userId, Buffer.from(`canarybytes of ${userId}`), 'video/mp4');
  await stepStore.putIfAbsent(done, {
    stepKey: `step of ${userId}`,
    step: 'plan',
    result: { words: 'canaryresult' },
    blobs: [blob.digest],
  });
  await stepStore.recordRun(done, runOf({ stepKey: `step of ${userId}`, parts: { words: 'canarypart' } }));
  await leases.complete(done, {
    files: { 'video.mp4': blob },
    report: reportOf(),
    video: { title: 'canarytitle', width: 1280, height: 720, fps: 30, duration: 5, bytes: 1 },
    degradations: [],
    reuse: { steps_total: 1, steps_reused: 0 },
  });
  for (const message of await outbox.take(16, 30_000)) {
    const outcome = { status: 200, error: null, durationMs: 5, answer: 'canaryanswer' };
    await outbox.record(message, outcome, { retryMs: undefined });
  }

  const upload = await storeBytes(sealedBlobs, userId, Buffer.from(`canaryupload of ${userId}`), 'image/png');
  await assetStore.add({
    userId,
    digest: upload.digest,
    bytes: upload.bytes,
    kind: 'image',
    mediaType: 'image/png',
    width: 1,
    height: 1,
    durationSeconds: null,
  });
  // What no row names, and what was not sealed.
  await storeBytes(stores.blobStore, userId, Buffer.from(`canaryorphan of ${userId}`), 'image/png');

  const held = await begin();
  const open = async (lease: Lease) => {
    calls += 1;
    const call = { callKey: `canarycall ${calls}`, step: 'narrate', provider: 'acme', estimateMicroUsd: 70 };
    return (await receipts.open(lease, call, {})).receiptId;
  };
  const send = async () => {
    const receiptId = await open(held);
    await receipts.sending(held, receiptId);
    return receiptId;
  };
  await open(held);
  await receipts.refused(await send(), 'provider_busy');
  await receipts.ambiguous(await send());
  await receipts.accepted(await send(), 'canaryremote');
  await receipts.answered(await send(), { digest: upload.digest, bytes: 1, media_type: 'audio/mpeg' }, 55);
  const sentReceipt = await send();
  await create();
  const { rows } = await pool.query<{ table: string }>(
    `SELECT table_name AS table FROM information_schema.columns WHERE column_name = 'user_id' AND table_schema = 'public'`,
  );
  for (const { table } of rows) {
    if (['audit_log', 'erased_users'].includes(table)) continue;
    const { rowCount } = await pool.query(`SELECT FROM ${table} WHERE user_id = $1 LIMIT 1`, [userId]);
    expect(rowCount, `${table} has a row of ${userId}`).toBe(1);
  }
  return { held, sentReceipt };
}

const canaries = /canary/i;

beforeEach(async () => {
  await parts.open().advance();
  await stores.pool.query(`
    DELETE FROM jobs; DELETE FROM dead_letters; DELETE FROM webhook_endpoints; DELETE FROM api_keys; DELETE FROM assets;
    DELETE FROM step_results; DELETE FROM blobs; DELETE FROM receipts; DELETE FROM video_minutes; DELETE FROM erased_users`);
  await rm(join(stores.folder, 'blobs'), { recursive: true, force: true });
});

describe('what is kept of users', () => {
  test('stands in one list, table by table', async () => {
    const { rows } = await stores.pool.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE column_name = 'user_id' AND table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    const listed = [...tablesOfUsers.guarded, ...tablesOfUsers.erased, ...Object.keys(tablesOfUsers.kept)];
    expect(rows.map(({ name }) => name).sort()).toEqual(listed.sort());
  });

  test('comes in through guarded tables, or with a row or a lease of theirs', async () => {
    const { rows } = await stores.pool.query<{ name: string }>(
      `SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname = 'refuse_erased_user'`,
    );
    expect(rows.map(({ name }) => name).sort()).toEqual([...tablesOfUsers.guarded].sort());
  });
});

test('after both passes nothing of the user is left, and all of the others', async () => {
  const user = 'erin+canary@example.org';
  const bob = 'bob@example.org';
  const linesOfBob = (text: string) => text.split('\n').filter((line) => line.includes(bob));
  const { blobStore, pool } = stores;
  await liveAs(bob);
  const filesOfBob = await files();
  const { held, sentReceipt } = await liveAs(user);
  const before = await dump();
  expect(before).toContain(user);

  const erasure = parts.open();
  await erasure.begin(user);
  await erasure.begin(user);
  expect(await erasure.advance()).toBe(1);
  expect(await erasure.advance(), 'the last pass has to wait').toBe(0);

  // The worker that holds the job, and one that waits for a paid call, are told and write nothing.
  await expect(stores.leases.heartbeat(held, 30_000)).rejects.toMatchObject({ code: 'job_canceled' });
  await expect(
    stores.stepStore.putIfAbsent(held, { stepKey: 'late', step: 'plan', result: {}, blobs: [] }),
  ).rejects.toMatchObject({ code: 'job_canceled' });
  await expect(
    stores.receipts.answered(sentReceipt, { digest: 'a'.repeat(64), bytes: 1, media_type: 'audio/mpeg' }, 60),
  ).rejects.toMatchObject({ code: 'lease_lost' });
  await stores.receipts.accepted(sentReceipt, 'canaryremote');
  // Bytes have no fence: what was on its way goes with the last pass.
  await storeBytes(blobStore, user, Buffer.from('canarylate'), 'video/mp4');

  await letTimePass(settleMs);
  expect(await parts.open().advance()).toBe(1);
  const all = await dump();
  expect(all).not.toContain(user);
  expect(all.split('\n').filter((line) => canaries.test(line) && !line.includes(bob))).toEqual([]);
  expect(linesOfBob(all).sort()).toEqual(linesOfBob(before).sort());
  expect((await files()).sort()).toEqual(filesOfBob.sort());
  for (const file of await files()) expect((await readFile(file)).includes(user)).toBe(false);

  const { rows } = await pool.query<{ state: string; provider: string; sum: string }>(
    `SELECT state, provider, sum(coalesce(cost_micro_usd, estimate_micro_usd)) AS sum FROM receipts
     WHERE user_id LIKE 'erased:%' GROUP BY 1, 2 ORDER BY 1`,
  );
  expect(rows, 'what may have been paid, for the books').toEqual([
    { state: 'forgotten', provider: 'acme', sum: `${55 + 3 * 70}` },
    { state: 'refused', provider: 'acme', sum: `${2 * 70}` },
  ]);
});

describe('broken off', () => {
  test.each(erasureStages)('after %s, it goes on where it was', async (stage) => {
    const user = `broken+canary@example.org/${stage}`;
    await liveAs(user);
    const broken = parts.open((reached) => {
      if (reached === stage) throw new Error('killed');
    });
    await broken.begin(user);
    await expect(broken.advance()).rejects.toThrow('killed');
    // Another takes it up when the first has been silent for long.
    expect(await parts.open().advance()).toBe(0);
    await letTimePass(0);
    expect(await parts.open().advance()).toBe(1);
    await letTimePass(settleMs);
    await expect(broken.advance()).rejects.toThrow('killed');
    await letTimePass(0);
    expect(await parts.open().advance()).toBe(1);
    expect(await dump()).not.toMatch(canaries);
    expect(await files()).toEqual([]);
    expect(await parts.open().advance()).toBe(0);
  });

  test('by a stop, it is due at once and goes on where it was', async () => {
    const user = 'stopped+canary@example.org';
    await liveAs(user);
    for (const stage of erasureStages.slice(0, -1)) {
      const stopping = new AbortController();
      const reached: ErasureStage[] = [];
      const stopped = parts.open((each) => {
        reached.push(each);
        if (each === stage) stopping.abort();
      });
      await stopped.begin(user);
      expect(await stopped.advance({ signal: stopping.signal })).toBe(0);
      expect(reached.at(-1)).toBe(stage);
      expect(await stopped.advance({ signal: stopping.signal }), 'takes no other either').toBe(0);
    }
    expect(await parts.open().advance()).toBe(1);
    await letTimePass(settleMs);
    expect(await parts.open().advance()).toBe(1);
    expect(await dump()).not.toMatch(canaries);
    expect(await files()).toEqual([]);
  });

  test('by storage that is away, the key is destroyed later and not forgotten', async () => {
    const user = 'away@example.org';
    await liveAs(user);
    const away = parts.open(undefined, {
      removeAll: async () => {
        throw new Error('away');
      },
    });
    await away.begin(user);
    await expect(away.advance()).rejects.toThrow('away');
    expect(await parts.userKeys.findCurrent(user)).toBeDefined();
    await letTimePass(settleMs);
    expect(await parts.open().advance()).toBe(1);
    expect(await parts.userKeys.findCurrent(user)).toBeUndefined();
    expect(await dump()).not.toContain(user);
  });
});

describe('from the mark on', () => {
  test('nobody stores anything new for the user, neither before nor after it is done', async () => {
    const user = 'marked@example.org';
    const { pool, stepStore, assetStore, jobStore } = stores;
    const writers: Record<string, () => Promise<unknown>> = {
      job: () =>
        jobStore.create({ userId: user, request: requestOf({}), maxRetries: 3, estimatedMicroUsd: 0 }),
      jobWithKey: () =>
        jobStore.create({
          userId: user,
          request: requestOf({}),
          maxRetries: 3,
          estimatedMicroUsd: 0,
          idempotency: { key: 'k', bodyDigest: 'd' },
        }),
      blob: () => stepStore.touchBlob(user, 'a'.repeat(64)),
      asset: () =>
        assetStore.add({
          userId: user,
          digest: 'a'.repeat(64),
          bytes: 1,
          kind: 'image',
          mediaType: 'image/png',
          width: 1,
          height: 1,
          durationSeconds: null,
        }),
      apiKey: () => parts.apiKeys.create({ userId: user, name: '', scopes: ['videos:read'] }),
      webhook: () =>
        parts.webhooks.add(user, {
          url: 'https://example.org/hook',
          description: '',
          types: null,
          onlyNamedJobs: false,
        }),
      dataKey: () =>
        parts.userKeys.add({ userId: user, version: 1, wrapped: Buffer.alloc(1), kekId: 'k' }, undefined),
    };
    const erasure = parts.open();
    await erasure.begin(user);
    const refuseAll = async () => {
      for (const [what, write] of Object.entries(writers))
        await expect(write(), what).rejects.toMatchObject(erased);
    };
    await refuseAll();
    await letTimePass(settleMs);
    await erasure.advance();
    await refuseAll();
    expect(await dump()).not.toContain(user);
    // A worker whose job is not removed yet is stopped all the same.
    const { rows } = await pool.query(`SELECT FROM blobs WHERE user_id = $1`, [user]);
    expect(rows).toEqual([]);
  });

  test('what began before is waited for, and goes too', async () => {
    const user = 'racing@example.org';
    const client = await stores.pool.connect();
    await client.query('BEGIN');
    await client.query(`INSERT INTO blobs (user_id, digest) VALUES ($1, $2)`, [user, 'b'.repeat(64)]);
    const erasure = parts.open();
    let marked = false;
    const marking = erasure.begin(user).then(() => {
      marked = true;
    });
    // Whoever comes later waits behind the mark, and then sees it.
    await waitFor(async () => {
      const { rows } = await stores.pool.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return rows.length > 0;
    });
    expect(marked).toBe(false);
    const later = stores.stepStore.touchBlob(user, 'c'.repeat(64));
    later.catch(() => {});
    await client.query('COMMIT');
    client.release();
    await marking;
    await expect(later).rejects.toMatchObject(erased);
    await erasure.advance();
    const { rows } = await stores.pool.query(`SELECT FROM blobs WHERE user_id = $1`, [user]);
    expect(rows).toEqual([]);
  });

  test('a user may begin anew once the operator says so, and not before all is done', async () => {
    const user = 'back@example.org';
    const erasure = parts.open();
    await expect(erasure.readmit(user)).rejects.toMatchObject({ code: 'not_found' });
    await liveAs(user);
    await erasure.begin(user);
    await erasure.advance();
    await expect(erasure.readmit(user)).rejects.toMatchObject({ code: 'state_conflict' });
    await letTimePass(settleMs);
    await erasure.advance();
    await erasure.readmit(user);
    await liveAs(user);
    expect((await parts.jobStore.list(user, { limit: 10 })).jobs).toHaveLength(4);
  });
});

test('whoever listens to a job of the user is told that it is gone', async () => {
  const { jobId } = await stores.claimNew('heard@example.org');
  const jobEvents = createJobEvents({ pool: stores.pool });
  let told = Promise.withResolvers<void>();
  jobEvents.subscribe(jobId, () => told.resolve());
  // Listening has begun.
  await told.promise;
  told = Promise.withResolvers();
  await parts.open().begin('heard@example.org');
  await parts.open().advance();
  await told.promise;
  await jobEvents.close();
});

test('other users’ erasing is not touched by a pass for one, and many instances share the work', async () => {
  const users = ['one@example.org', 'two@example.org', 'three@example.org'];
  for (const user of users) await parts.open().begin(user);
  expect(await parts.open().advance({ userId: 'two@example.org' })).toBe(1);
  const passes = await Promise.all([1, 2, 3].map(() => parts.open().advance()));
  expect(passes.reduce((sum, each) => sum + each, 0)).toBe(2);
});

/** The database tells nobody that somebody waits for a lock. */
async function waitFor(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}
