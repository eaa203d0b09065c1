// Backup and restore with PostgreSQL's own programs: what comes back is what was there, row by row. Needs a server and
// pg_dump of the same version, as Debian brings them; what is refused without any is tested everywhere.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { backUp, restore } from '../../src/adapters/postgres/backup.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import { makeCertificate } from '../support/certificate.ts';
import { openTestDatabase } from '../support/database.ts';
import { type PostgresServer, startPostgresServer } from '../support/postgres-server.ts';
import { runOf } from '../support/step-runs.ts';
import { openStores, type Stores } from '../support/stores.ts';

const debian = '/usr/lib/postgresql';
const versions = (await readdir(debian).catch(() => []))
  .filter((version) => existsSync(join(debian, version, 'bin/postgres')))
  .filter((version) => existsSync(join(debian, version, 'bin/pg_dump')))
  .sort((a, b) => Number(b) - Number(a));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-backups-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('without fit programs', () => {
  test('says which Debian package to install', async () => {
    const database = await openTestDatabase();
    const file = join(folder, 'none.backup');
    try {
      await expect(backUp({ url: database.url, file, folders: [folder] })).rejects.toMatchObject({
        code: 'machine_unfit',
        publicMessage: 'pg_dump is not installed.',
        hint: expect.stringContaining('postgresql-client-17'),
      });
      const old = await mkdtemp(join(folder, 'old-'));
      await script(join(old, 'pg_dump'), 'echo "pg_dump (PostgreSQL) 9.6.1"');
      await expect(backUp({ url: database.url, file, folders: [old] })).rejects.toMatchObject({
        publicMessage: 'pg_dump 9 is too old for a server of version 17.',
      });
      expect(existsSync(file)).toBe(false);
    } finally {
      await database.close();
    }
  });
});

async function script(path: string, body: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
}

if (versions.length === 0) {
  test.skip('NOT RUN: no PostgreSQL server with pg_dump in /usr/lib/postgresql');
} else {
  const programs = join(debian, versions[0]!, 'bin');

  describe(`with PostgreSQL ${versions[0]}`, () => {
    const password = `p:a\\s's "w%d`;
    let server: PostgresServer;
    let caFile: string;
    let recorder: string;
    let stores: Stores;
    const urlOf = (database: string) =>
      `postgresql://keeper:${encodeURIComponent(password)}@localhost:${server.port}/${database}`;

    beforeAll(async () => {
      const { key, cert } = makeCertificate('localhost');
      caFile = join(folder, 'ca.pem');
      await writeFile(caFile, cert);
      server = await startPostgresServer({
        programs,
        settings: { ssl: 'on', ssl_cert_file: 'own.crt', ssl_key_file: 'own.key' },
        files: { 'own.crt': cert, 'own.key': key },
        access: 'hostssl all keeper 127.0.0.1/32 scram-sha-256\nhost all aiprod 127.0.0.1/32 trust\n',
      });
      await asAdmin('postgres', async (admin) => {
        await admin.query(`CREATE ROLE keeper LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
        await admin.query('CREATE ROLE aiprod_tenant; CREATE ROLE aiprod_auditor');
        await admin.query('GRANT aiprod_tenant, aiprod_auditor TO keeper');
        await admin.query('CREATE DATABASE kept OWNER keeper');
        await admin.query('CREATE DATABASE restored OWNER keeper');
        await admin.query('CREATE DATABASE bare OWNER keeper');
      });
      recorder = await mkdtemp(join(folder, 'programs-'));
      for (const program of ['pg_dump', 'pg_restore']) {
        await script(
          join(recorder, program),
          `printf '%s\\n' "$@" >> ${join(folder, 'arguments')}\nexec ${join(programs, program)} "$@"`,
        );
      }
      await fill();
    });
    afterAll(async () => {
      await stores?.close();
      await server?.close();
    });

    async function asAdmin<T>(database: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
      const admin = new pg.Client(`postgresql://aiprod@127.0.0.1:${server.port}/${database}`);
      await admin.connect();
      try {
        return await work(admin);
      } finally {
        await admin.end();
      }
    }

    /** Jobs in every kind of state, with steps, bytes, receipts, a dead letter, an asset and deliveries. */
    async function fill(): Promise<void> {
      const pool = createPool({
        url: urlOf('kept'),
        caFile,
        max: 1,
        applicationName: 'test',
        onError: () => {},
      });
      await migrate(pool);
      await pool.end();
      const url = `${urlOf('kept')}?sslmode=verify-full&sslrootcert=${caFile}`;
      stores = await openStores({ url, close: async () => {} });
      const [held, failed] = [await stores.claimNew(), await stores.claimNew('bob')];
      await stores.jobStore.create({
        userId: 'ann',
        request: (await stores.jobStore.find('ann', held.jobId))!.request,
        maxRetries: 3,
        estimatedMicroUsd: 0,
        idempotency: { key: 'k', bodyDigest: 'd' },
      });
      const digest = 'a'.repeat(64);
      await stores.stepStore.touchBlob('ann', digest);
      await stores.stepStore.putIfAbsent(held, {
        stepKey: 'key',
        step: 'narrate',
        result: { words: ['été', '🎬', 'a\\b\tc'] },
        blobs: [digest],
      });
      await stores.stepStore.recordRun(
        held,
        runOf({ stepId: 'narrate:s01', step: 'narrate', stepKey: 'key' }),
      );
      const call = { callKey: 'c', step: 'narrate', provider: 'acme', estimateMicroUsd: 100 };
      const { receiptId } = await stores.receipts.open(held, call, {});
      await stores.receipts.sending(held, receiptId);
      await stores.receipts.answered(receiptId, { digest, bytes: 3, media_type: 'audio/mpeg' }, 60);
      await stores.leases.fail(failed, {
        error: { type: 't', title: 't', status: 500, code: 'internal', detail: 'd', retryable: false },
        degradations: [],
        deadLetter: true,
      });
    }

    /** Every row of every table. */
    const everything = (database: string) =>
      asAdmin(database, async (admin) => {
        const { rows: tables } = await admin.query<{ name: string }>(
          `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
           WHERE schemaname IN ('public', 'pgboss') ORDER BY name`,
        );
        const content: Record<string, unknown[]> = {};
        for (const { name } of tables) {
          const { rows } = await admin.query(`SELECT t::text AS row FROM ${name} t ORDER BY 1`);
          content[name] = rows.map(({ row }) => row);
        }
        return content;
      });

    const options = (database: string, file: string) => ({
      url: urlOf(database),
      caFile,
      file: join(folder, file),
      folders: [recorder],
    });

    test('brings back jobs, steps, receipts, dead letters and deliveries, row by row', async () => {
      // Deliveries are looked at all the time: nobody may change them between the backup and the comparison.
      await stores.queue.close();
      const facts = await backUp(options('kept', 'all.backup'));
      expect(facts).toMatchObject({ jobs: 3, receipts: 1 });
      const before = await everything('kept');
      for (const table of ['jobs', 'job_events', 'step_results', 'step_runs', 'receipts', 'dead_letters']) {
        expect(before[`public.${table}`], table).not.toHaveLength(0);
      }
      expect(before['pgboss.job']).not.toHaveLength(0);

      expect(await restore({ ...options('restored', 'all.backup'), replace: false })).toEqual(facts);
      expect(await everything('restored')).toEqual(before);
      await asAdmin('restored', async (admin) => {
        // Rights, which no backup has, and row security.
        await admin.query("SET ROLE aiprod_tenant; SET aiprod.user_id = 'bob'");
        expect((await admin.query('SELECT DISTINCT user_id FROM jobs')).rows).toEqual([{ user_id: 'bob' }]);
        await admin.query('SET ROLE aiprod_auditor; SELECT FROM audit_head FOR UPDATE');
      });
    });

    test('the file is for this account alone, and the password is no argument', async () => {
      expect((await stat(join(folder, 'all.backup'))).mode & 0o777).toBe(0o600);
      const given = await readFile(join(folder, 'arguments'), 'utf8');
      expect(given).toContain("sslmode='verify-full'");
      expect(given).toContain('passfile=');
      expect(given).not.toContain(password.slice(0, 3));
      expect((await readdir(tmpdir())).filter((name) => name.startsWith('aiprod-backup-'))).toEqual([]);
    });

    test('is not restored over rows, nor under a running AIPROD, unless asked and stopped', async () => {
      const again = { ...options('restored', 'all.backup'), replace: false };
      await expect(restore(again)).rejects.toMatchObject({
        code: 'state_conflict',
        hint: expect.stringContaining('--replace'),
      });
      await asAdmin('restored', (admin) => admin.query('DELETE FROM jobs; DROP TABLE receipts'));
      const running = createPool({
        url: urlOf('restored'),
        caFile,
        max: 1,
        applicationName: 'aiprod',
        onError: () => {},
      });
      await running.query('SELECT');
      await expect(restore({ ...again, replace: true })).rejects.toMatchObject({
        publicMessage: 'AIPROD works with this database.',
      });
      await running.end();
      await restore({ ...again, replace: true });
      expect(await everything('restored')).toEqual(await everything('kept'));
      await backUp(options('restored', 'again.backup'));
      await restore({ ...options('restored', 'again.backup'), replace: true });
      expect(await everything('restored')).toEqual(await everything('kept'));
    });

    test('is made and restored from the command line too', async () => {
      const file = join(folder, 'line.backup');
      const aiprod = async (...args: string[]) => {
        const program = join(import.meta.dirname, '../../src/cli/aiprod.ts');
        const env = { PATH: process.env.PATH, DATABASE_URL: urlOf('kept'), AIPROD_DATABASE_CA: caFile };
        return (await promisify(execFile)(process.execPath, [program, 'db', ...args], { env })).stdout;
      };
      expect(await aiprod('backup', file)).toMatch(/3 jobs, 1 receipts, schema \d+, .* MB\n.*\/blobs after/);
      expect(await aiprod('restore', file, '--replace')).toContain('Restored 3 jobs and 1 receipts');
      expect(await everything('kept')).toEqual(await everything('restored'));
    });

    test('that cannot be loaded leaves what was there', async () => {
      const whole = await readFile(join(folder, 'all.backup'));
      await writeFile(join(folder, 'cut.backup'), whole.subarray(0, whole.length - 100));
      const before = await everything('restored');
      await expect(restore({ ...options('restored', 'cut.backup'), replace: true })).rejects.toMatchObject({
        publicMessage: expect.stringContaining('Nothing was restored'),
      });
      expect(await everything('restored')).toEqual(before);
    });

    test('of a newer AIPROD, of something else, or of nothing is refused, and changes nothing', async () => {
      await writeFile(join(folder, 'text.backup'), 'not a backup');
      const refused = async (file: string, words: string) =>
        expect(restore({ ...options('bare', file), replace: false })).rejects.toMatchObject({
          publicMessage: expect.stringContaining(words),
        });
      await refused('text.backup', 'cannot be read as a backup');
      await refused('absent.backup', 'cannot be read as a backup');
      await asAdmin('restored', (admin) =>
        admin.query("INSERT INTO aiprod_migrations (version, name) VALUES (9999, 'next.sql')"),
      );
      await backUp(options('restored', 'newer.backup'));
      await refused('newer.backup', 'newer AIPROD');
      expect(await everything('bare')).toEqual({});
      await expect(backUp(options('bare', 'bare.backup'))).rejects.toMatchObject({ code: 'config_invalid' });
      await expect(backUp(options('kept', 'all.backup'))).rejects.toMatchObject({
        publicMessage: expect.stringContaining('exists already'),
      });
      expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([]);
    });
  });
}
