// The audit log on a real PostgreSQL: what is appended stays, and whatever is done to it behind our back is found.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { cutAuditLog } from '../../src/adapters/postgres/audit-cut.ts';
import { createAuditLog } from '../../src/adapters/postgres/audit-log.ts';
import { listAuditLog, verifyAuditLog } from '../../src/adapters/postgres/audit-verify.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import type { AuditEntry } from '../../src/ports/audit-log.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const key = randomBytes(32);
let database: TestDatabase;
let pools: pg.Pool[];
let pool: pg.Pool;

const entryOf = (changes: Partial<AuditEntry> = {}): AuditEntry => ({
  action: 'video.create',
  outcome: 'done',
  actor: { userId: 'ann', via: 'api_key', credentialId: 'k1' },
  from: '127.0.0.1',
  requestId: 'r1',
  userId: 'ann',
  target: 'job-1',
  facts: { status: 202, b: null, a: true },
  ...changes,
});

function openLog(onLine: (facts: object) => void = () => {}, withKey = key) {
  const own = createPool({ url: database.url, max: 2, applicationName: 'test', onError: () => {} });
  pools.push(own);
  return createAuditLog({ pool: own, key: withKey, logger: { info: onLine } });
}

/** As somebody who owns the table: the trigger is off. */
async function tamper(sql: string): Promise<void> {
  await pool.query(
    `ALTER TABLE audit_log DISABLE TRIGGER USER; ${sql}; ALTER TABLE audit_log ENABLE TRIGGER USER`,
  );
}

const faultAfter = async (sql: string) => {
  await tamper(sql);
  return (await verifyAuditLog({ pool, key })).fault;
};

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  pool = createPool({ url: database.url, max: 3, applicationName: 'test', onError: () => {} });
  pools = [pool];
  await tamper(`DELETE FROM audit_log; DELETE FROM audit_start; DELETE FROM audit_head;
    INSERT INTO audit_head (seq, hash) VALUES (0, decode(repeat('00', 32), 'hex'))`);
});
afterEach(() => Promise.all(pools.map((each) => each.end())));

test('a thousand at once are one chain, in few transactions, and each is logged once it is durable', async () => {
  const lines: object[] = [];
  const log = openLog((line) => lines.push(line));
  await Promise.all(Array.from({ length: 1_000 }, (_, i) => log.record(entryOf({ target: `job-${i}` }))));
  expect(await verifyAuditLog({ pool, key })).toMatchObject({ entries: 1_000, firstSeq: 1, lastSeq: 1_000 });
  expect(lines).toHaveLength(1_000);
  expect(lines[999]).toMatchObject({ audit: true, seq: 1_000, action: 'video.create', target: 'job-999' });
  const { rows } = await pool.query<{ groups: string }>(
    'SELECT count(DISTINCT xmin::text) AS groups FROM audit_log',
  );
  expect(Number(rows[0]!.groups)).toBeLessThanOrEqual(4);
});

test('two processes that append at once make one chain', async () => {
  const logs = [openLog(), openLog()];
  for (let round = 0; round < 10; round++) {
    await Promise.all(Array.from({ length: 20 }, (_, i) => logs[i % 2]!.record(entryOf())));
  }
  expect(await verifyAuditLog({ pool, key })).toMatchObject({ entries: 200, lastSeq: 200 });
});

test('what nobody could store is made storable, and keeps none out', async () => {
  const log = openLog();
  await Promise.all([
    log.record(entryOf({ target: 'a\0b\ud800', actor: null, from: null })),
    log.record(entryOf()),
  ]);
  expect(await verifyAuditLog({ pool, key })).toMatchObject({ entries: 2 });
  const [newest] = await listAuditLog(pool, { userId: 'ann', limit: 1 });
  expect(newest).toMatchObject({ ...entryOf(), seq: 2 });
  expect(await listAuditLog(pool, { userId: 'bob', limit: 1 })).toEqual([]);
});

test('another key neither appends nor verifies', async () => {
  await openLog().record(entryOf());
  const other = randomBytes(32);
  await expect(openLog(undefined, other).record(entryOf())).rejects.toMatchObject({ code: 'config_invalid' });
  await expect(verifyAuditLog({ pool, key: other })).rejects.toMatchObject({ code: 'config_invalid' });
});

describe('behind our back', () => {
  beforeEach(async () => {
    const log = openLog();
    await Promise.all(Array.from({ length: 6 }, (_, i) => log.record(entryOf({ target: `job-${i + 1}` }))));
  });
  const swap = (a: number, b: number) =>
    `UPDATE audit_log SET seq = -1 WHERE seq = ${a}; UPDATE audit_log SET seq = ${a} WHERE seq = ${b};
     UPDATE audit_log SET seq = ${b} WHERE seq = -1`;
  const columns = 'at, action, outcome, actor, from_ip, request_id, user_id, target, facts, hash';
  const zeros = "decode(repeat('00', 32), 'hex')";
  const pushOn = (by: number) =>
    `UPDATE audit_log SET seq = seq + 100 WHERE seq >= 3; UPDATE audit_log SET seq = seq - 100 + ${by} WHERE seq > 100`;

  test.each([
    ['an edited entry', "UPDATE audit_log SET target = 'job-9' WHERE seq = 3", { seq: 3, what: 'edited' }],
    [
      'an edited last entry',
      "UPDATE audit_log SET outcome = 'failed' WHERE seq = 6",
      { seq: 6, what: 'edited' },
    ],
    [
      'an edited time',
      "UPDATE audit_log SET at = at + interval '1 second' WHERE seq = 1",
      { seq: 1, what: 'edited' },
    ],
    ['a forged hash', `UPDATE audit_log SET hash = ${zeros} WHERE seq = 4`, { seq: 4, what: 'hash_forged' }],
    ['a deleted entry', 'DELETE FROM audit_log WHERE seq = 3', { seq: 3, what: 'deleted' }],
    ['neighbours exchanged', swap(3, 4), { seq: 3, what: 'reordered' }],
    ['entries exchanged', swap(2, 5), { seq: 2, what: 'reordered' }],
    [
      'an entry put between',
      `${pushOn(1)}; INSERT INTO audit_log (seq, ${columns}) SELECT 3, ${columns} FROM audit_log WHERE seq = 1`,
      { seq: 3, what: 'inserted' },
    ],
    [
      'an entry put at the end',
      `INSERT INTO audit_log (seq, ${columns}) SELECT 7, ${columns} FROM audit_log WHERE seq = 1`,
      { seq: 7, what: 'hash_forged' },
    ],
    ['the end cut off', 'DELETE FROM audit_log WHERE seq > 4', { seq: 5, what: 'end_cut' }],
    ['the beginning cut off', 'DELETE FROM audit_log WHERE seq <= 2', { seq: 1, what: 'beginning_cut' }],
    ['everything gone', 'DELETE FROM audit_log', { seq: 1, what: 'beginning_cut' }],
    ['the head gone', 'DELETE FROM audit_head', { seq: 6, what: 'head_forged' }],
    ['the head forged', `UPDATE audit_head SET hash = ${zeros}`, { seq: 6, what: 'head_forged' }],
    [
      'a forged anchor',
      `INSERT INTO audit_start SELECT true, seq, hash, now(), ${zeros} FROM audit_log WHERE seq = 2;
       DELETE FROM audit_log WHERE seq <= 2`,
      { seq: 2, what: 'beginning_forged' },
    ],
  ])('%s is found', async (_, sql, fault) => {
    expect(await faultAfter(sql)).toEqual(fault);
  });

  test('a log wound back together with its head is found by a saved log', async () => {
    const logged = new Map([[6, [{ canonical: '', hash: '' }]]]);
    await tamper(`DELETE FROM audit_log WHERE seq > 4;
      UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM audit_log WHERE seq = 4)`);
    expect((await verifyAuditLog({ pool, key })).fault).toBeUndefined();
    expect((await verifyAuditLog({ pool, key }, logged)).fault).toEqual({ seq: 6, what: 'not_in_chain' });
  });

  test('retention cuts the beginning off with an anchor, and the chain goes on', async () => {
    expect(await cutAuditLog({ pool, key }, new Date(0))).toBe(0);
    expect(await cutAuditLog({ pool, key }, new Date(Date.now() + 60_000))).toBe(6);
    expect(await verifyAuditLog({ pool, key })).toMatchObject({ entries: 0 });
    await openLog().record(entryOf());
    const verdict = await verifyAuditLog({ pool, key });
    expect(verdict).toMatchObject({ entries: 1, firstSeq: 7, lastSeq: 7 });
    expect(verdict.fault).toBeUndefined();
    // The trigger is back, and without the anchor the cut is one that nobody signed.
    await expect(pool.query('DELETE FROM audit_log')).rejects.toMatchObject({ code: '42501' });
    expect(await faultAfter('DELETE FROM audit_start')).toEqual({ seq: 1, what: 'beginning_cut' });
  });

  test.each([
    'UPDATE audit_log SET target = NULL',
    'DELETE FROM audit_log',
    'TRUNCATE audit_log',
  ])('%s is refused to the owner, the auditor and the tenant', async (sql) => {
    await expect(pool.query(sql)).rejects.toMatchObject({ code: '42501', message: /only be added to/ });
    for (const role of ['aiprod_auditor', 'aiprod_tenant']) {
      const client = await pool.connect();
      try {
        await client.query(`SET ROLE ${role}`);
        await expect(client.query(sql)).rejects.toMatchObject({
          code: '42501',
          message: /permission denied/,
        });
        await expect(client.query("SELECT audit_cut(1, '', now(), '')")).rejects.toMatchObject({
          code: '42501',
        });
        await expect(client.query('SELECT target FROM audit_log')).rejects.toMatchObject({ code: '42501' });
      } finally {
        client.release(true);
      }
    }
  });
});
