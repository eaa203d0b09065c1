// The users that docs/operations/postgresql.md makes have the rights that they need, and few more.
import { afterAll, beforeAll, expect, test } from 'vitest';

import { cutAuditLog } from '../../src/adapters/postgres/audit-cut.ts';
import { createAuditLog } from '../../src/adapters/postgres/audit-log.ts';
import { verifyAuditLog } from '../../src/adapters/postgres/audit-verify.ts';
import { createDatabaseCheckups } from '../../src/adapters/postgres/checkups.ts';
import { createErasure } from '../../src/adapters/postgres/erase-user.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import { createRetention } from '../../src/adapters/postgres/retention.ts';
import { tenantRows } from '../../src/adapters/postgres/statements.ts';
import {
  type LeastRightsServer,
  migrateAs,
  runSql,
  startLeastRightsServer,
} from '../support/least-rights-server.ts';
import { startPostgresServer } from '../support/postgres-server.ts';
import { openStores } from '../support/stores.ts';

let server: LeastRightsServer;
let urlOf: LeastRightsServer['urlOf'];
beforeAll(async () => {
  server = await startLeastRightsServer();
  ({ urlOf } = server);
});
afterAll(() => server?.close());

test('the API and the workers do their work as a user who may change no schema', async () => {
  const stores = await openStores({ url: urlOf('aiprod_app'), close: async () => {} });
  try {
    await migrate(stores.pool);
    const { promise: delivered, resolve } = Promise.withResolvers<string>();
    const consumer = await stores.queue.consume(async ({ jobId }) => resolve(jobId), { concurrency: 1 });
    const lease = await stores.claimNew();
    await stores.leases.setProgress(lease, { stage: 'plan', progress: 0.5 });
    await stores.leases.release(lease);
    expect(await delivered).toBe(lease.jobId);
    await consumer.stop();
    await stores.jobStore.remove('ann', lease.jobId);
    await stores.stepStore.collectGarbage(0, async () => {});
    const { rows } = await stores.pool.query<{ schema: string; owner: string }>(
      `SELECT DISTINCT schemaname AS schema, tableowner AS owner FROM pg_tables
       WHERE schemaname IN ('public', 'pgboss') ORDER BY 1`,
    );
    expect(rows).toEqual([
      { schema: 'pgboss', owner: 'aiprod_app' },
      { schema: 'public', owner: 'aiprod_owner' },
    ]);
    const checkups = createDatabaseCheckups({
      url: urlOf('aiprod_app'),
      caFile: undefined,
      replicaUrl: urlOf('aiprod_app'),
      perProcess: 17,
      withQueue: true,
    });
    const told = await Promise.allSettled(checkups.map(({ check }) => check(AbortSignal.timeout(10_000))));
    // The replica is the primary itself: that alone is wrong.
    expect(checkups.filter((_, index) => told[index]!.status === 'rejected').map(({ name }) => name)).toEqual(
      ['database replica'],
    );
    await stores.pool.query('SELECT system_identifier FROM pg_control_system()');
    await expect(stores.pool.query('DROP TABLE jobs')).rejects.toMatchObject({ code: '42501' });
    await expect(stores.pool.query('CREATE TABLE more (a int)')).rejects.toMatchObject({ code: '42501' });
  } finally {
    await stores.close();
  }
});

test('retention and the erasing of users work with least rights, and nobody takes a mark away as a tenant', async () => {
  const stores = await openStores({ url: urlOf('aiprod_app'), close: async () => {} });
  const { pool, blobStore, jobStore, leases } = stores;
  try {
    const canceled = await stores.claimNew('ann');
    await jobStore.cancel('ann', canceled.jobId);
    const keep = { videosMs: 1, assetsMs: 1, logsMs: 1, auditMs: undefined };
    const purged = await createRetention({ pool, auditKey: Buffer.alloc(32, 1) }).purge(keep);
    expect(purged).toMatchObject({ jobs: 1 });

    const held = await stores.claimNew('eve');
    const dataKeys = { destroy: async () => {} };
    const erasure = createErasure({ pool, blobStore, dataKeys, settleMs: 0 });
    await erasure.begin('eve');
    await expect(stores.stepStore.touchBlob('eve', 'a'.repeat(64))).rejects.toMatchObject({
      code: 'account_erased',
    });
    expect(await erasure.advance()).toBe(1);
    await expect(leases.heartbeat(held, 30_000)).rejects.toMatchObject({ code: 'job_canceled' });
    for (const sql of ['SELECT FROM erased_users', 'DELETE FROM erased_users', 'SELECT FROM erasure_key']) {
      const attempt = tenantRows(pool, 'eve', { name: sql, text: sql });
      await expect(attempt, sql).rejects.toMatchObject({ code: 'config_invalid' });
    }
  } finally {
    await stores.close();
  }
});

test('the audit log is written, read, verified and cut by a user who cannot change it', async () => {
  const pool = createPool({ url: urlOf('aiprod_app'), max: 2, applicationName: 'test', onError: () => {} });
  const key = Buffer.alloc(32, 1);
  const entry = {
    action: 'video.create',
    outcome: 'done',
    actor: { userId: 'ann', via: 'token', credentialId: 'c' },
    from: '127.0.0.1',
    requestId: 'r',
    userId: 'ann',
    target: '1',
    facts: {},
  } as const;
  try {
    const auditLog = createAuditLog({ pool, key, logger: { info: () => {} } });
    await Promise.all([auditLog.record(entry), auditLog.record(entry)]);
    expect(await verifyAuditLog({ pool, key })).toMatchObject({ entries: 2, lastSeq: 2 });
    for (const table of ['audit_log', 'audit_head', 'audit_start']) {
      for (const sql of [
        `DELETE FROM ${table}`,
        `UPDATE ${table} SET seq = 9`,
        `INSERT INTO ${table} DEFAULT VALUES`,
      ]) {
        await expect(pool.query(sql), sql).rejects.toMatchObject({
          code: '42501',
          message: /permission denied/,
        });
      }
    }
    expect(await cutAuditLog({ pool, key }, new Date(Date.now() + 60_000))).toBe(2);
    await auditLog.record(entry);
    const verdict = await verifyAuditLog({ pool, key });
    expect(verdict).toMatchObject({ entries: 1, firstSeq: 3 });
    expect(verdict).not.toHaveProperty('fault');
  } finally {
    await pool.end();
  }
});

test('a user who may make roles makes them at the first start, whoever else starts; any other is told what to ask for', async () => {
  const bare = await startPostgresServer();
  const on = (user: string, database: string) => `postgresql://${user}@127.0.0.1:${bare.port}/${database}`;
  try {
    await runSql(bare.url, 'CREATE ROLE maker LOGIN CREATEROLE; CREATE ROLE "o""neil" LOGIN');
    for (const name of ['one', 'two']) await runSql(bare.url, `CREATE DATABASE ${name} OWNER maker`);
    await runSql(bare.url, 'CREATE DATABASE three OWNER "o""neil"');
    const refused = await migrateAs(on(encodeURIComponent('o"neil'), 'three')).catch((error) => error);
    expect(refused).toMatchObject({
      code: 'config_invalid',
      hint: expect.stringMatching(
        /: CREATE ROLE aiprod_tenant NOLOGIN; GRANT .*CREATE ROLE aiprod_auditor NOLOGIN; GRANT/,
      ),
    });
    await Promise.all([
      migrateAs(on('maker', 'one')),
      migrateAs(on('maker', 'two')),
      migrateAs(on('maker', 'two')),
    ]);
    const again = await migrateAs(on(encodeURIComponent('o"neil'), 'three')).catch((error) => error);
    expect(again.hint).toBe(
      'Let an administrator of the server run: GRANT aiprod_tenant TO "o""neil"; GRANT aiprod_auditor TO "o""neil";',
    );
    await runSql(bare.url, again.hint.split('run: ')[1]);
    await migrateAs(on(encodeURIComponent('o"neil'), 'three'));
    await runSql(on('maker', 'one'), 'SET ROLE aiprod_tenant; SELECT FROM api_keys');
  } finally {
    await bare.close();
  }
});
