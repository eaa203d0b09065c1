// Backs the database up into one file and brings it back: everything that is in rows. Bytes are kept elsewhere, see
// docs/operations/postgresql.md.
import { open, rename, rm, stat } from 'node:fs/promises';
import type pg from 'pg';

import { AppError } from '../../domain/errors.ts';
import { findProgram, programFailure, runProgram, withConnectionString } from './client-programs.ts';
import { databaseAddress } from './database-address.ts';
import { toDatabaseError } from './database-errors.ts';
import { makeRoles } from './database-roles.ts';
import { knownVersion, migrate } from './migrate.ts';
import { createPool } from './pool.ts';

export interface BackupOptions {
  url: string;
  caFile?: string | undefined;
  file: string;
  /** Where to look for pg_dump and pg_restore; left out: where Debian keeps them, and on PATH. */
  folders?: readonly string[];
}

export interface BackupFacts {
  bytes: number;
  jobs: number;
  receipts: number;
  /** Version of the schema. */
  schema: number;
}

/**
 * Writes the whole database as it is at one moment, while others work, in pg_dump's custom format; readable by this account
 * only. The file is whole or absent. Throws `config_invalid` when it exists or there is nothing to back up,
 * `machine_unfit` (no fit pg_dump, or what it said), `database_unavailable`.
 */
export async function backUp({ url, caFile, file, folders }: BackupOptions): Promise<BackupFacts> {
  if (await exists(file)) {
    throw new AppError('config_invalid', `${file} exists already.`, {
      hint: 'Name a new file: backups are kept.',
    });
  }
  return withPool(url, caFile, async (pool) => {
    const server = await describe(pool);
    if (server.schema === 0) {
      throw new AppError('config_invalid', 'There is nothing of AIPROD in this database.', {
        hint: 'Check DATABASE_URL.',
      });
    }
    const program = await findProgram('pg_dump', server.major, folders);
    const partial = `${file}.partial`;
    try {
      await withConnectionString(databaseAddress(url, caFile), (connection) =>
        dump(program, connection, partial),
      );
      await rename(partial, file);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    return { bytes: (await stat(file)).size, ...(await count(pool)), schema: server.schema };
  });
}

async function dump(program: string, connection: string, partial: string): Promise<void> {
  const handle = await open(partial, 'w', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new AppError('config_invalid', `${partial} cannot be written (${error.code}).`, {
      hint: 'Name a file in a folder that you may write to.',
      cause: error,
    });
  });
  try {
    const plain = ['--format=custom', '--no-owner', '--no-privileges', '--no-password'];
    await runProgram(program, [...plain, '--lock-wait-timeout=30s', `--dbname=${connection}`], handle.fd);
    await handle.sync();
  } catch (error) {
    throw programFailure('pg_dump failed:', error);
  } finally {
    await handle.close();
  }
}

/**
 * Brings a backup back, all or nothing, and then migrates it to this version. Without `replace` the database must be
 * empty; with it, the backup takes the place of everything in the schemas public and pgboss, which is kept as
 * `aiprod_replaced_…` until that is done. Throws `config_invalid` for a file that is no
 * backup, or one of a newer AIPROD or PostgreSQL; `state_conflict` when the database is not empty or somebody works with
 * it; `machine_unfit`; `database_unavailable`.
 */
export async function restore({
  url,
  caFile,
  file,
  folders,
  replace,
}: BackupOptions & { replace: boolean }): Promise<BackupFacts> {
  return withPool(url, caFile, async (pool) => {
    const server = await describe(pool);
    const program = await findProgram('pg_restore', server.major, folders);
    await checkBackup(program, file, server.major);
    await checkTarget(pool, replace);
    await makeRoles(pool);
    const wholly = [
      '--single-transaction',
      '--exit-on-error',
      '--no-owner',
      '--no-privileges',
      '--no-password',
    ];
    const load = () =>
      withConnectionString(databaseAddress(url, caFile), async (connection) => {
        try {
          await runProgram(program, [...wholly, `--dbname=${connection}`, file]);
        } catch (error) {
          throw programFailure('Nothing was restored; pg_restore failed:', error);
        }
      });
    await (replace ? inPlaceOf(pool, load) : load());
    await migrate(pool);
    // Backups hold no rights.
    await pool.query('SELECT audit_grant(), tenant_grant()');
    return { bytes: (await stat(file)).size, ...(await count(pool)), schema: (await describe(pool)).schema };
  });
}

/** Where what is replaced waits until the backup has been loaded. */
const aside = 'aiprod_replaced_';
const schemas = ['public', 'pgboss'] as const;

/** Puts what is there aside, and back when `load` fails: pg_restore cannot drop partitioned tables by itself. */
async function inPlaceOf(pool: pg.Pool, load: () => Promise<void>): Promise<void> {
  const { rows } = await pool.query<{ schema: string }>(
    'SELECT nspname AS schema FROM pg_namespace WHERE nspname = ANY($1)',
    [schemas],
  );
  const present = rows.map(({ schema }) => schema);
  const each = (sql: (schema: string) => string) => present.map(sql).join(';');
  // Several statements in one query are one transaction. As every new database has it: only so is it left out of backups.
  await pool.query(`
    ${each((schema) => `ALTER SCHEMA ${schema} RENAME TO ${aside}${schema}`)};
    CREATE SCHEMA public; ALTER SCHEMA public OWNER TO pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC`);
  try {
    await load();
  } catch (error) {
    await pool.query(`
      DROP SCHEMA public CASCADE;
      ${each((schema) => `ALTER SCHEMA ${aside}${schema} RENAME TO ${schema}`)}`);
    throw error;
  }
  await pool.query(each((schema) => `DROP SCHEMA ${aside}${schema} CASCADE`));
}

/** That it is a backup of AIPROD which this program and this server can take. */
async function checkBackup(program: string, file: string, serverMajor: number): Promise<void> {
  let list: string;
  let rows: string;
  try {
    list = (await runProgram(program, ['--list', file])).stdout;
    rows = (await runProgram(program, ['--data-only', '--table=aiprod_migrations', '--file=-', file])).stdout;
  } catch (error) {
    throw programFailure(`${file} cannot be read as a backup:`, error);
  }
  const madeBy = Number(/Dumped from database version: (\d+)/.exec(list)?.[1] ?? Number.NaN);
  const copied = /COPY \S*aiprod_migrations \(.*\n([\s\S]*?)\\\.\n/.exec(rows)?.[1] ?? '';
  const versions = copied.split('\n').flatMap((line) => (line === '' ? [] : [Number.parseInt(line, 10)]));
  if (versions.length === 0) {
    throw new AppError('config_invalid', `${file} is no backup of AIPROD.`, {
      hint: 'Take a file that aiprod db backup has made.',
    });
  }
  const [schema, known] = [Math.max(...versions), await knownVersion()];
  if (schema > known) {
    throw new AppError(
      'config_invalid',
      `${file} was made by a newer AIPROD: its schema is version ${schema}, this program knows ${known}.`,
      { hint: 'Restore it with the version of AIPROD that made it, or a later one.' },
    );
  }
  if (madeBy > serverMajor) {
    throw new AppError(
      'config_invalid',
      `${file} was made from PostgreSQL ${madeBy}; this server is ${serverMajor}.`,
      { hint: `Restore it into PostgreSQL ${madeBy} or newer.` },
    );
  }
}

async function checkTarget(pool: pg.Pool, replace: boolean): Promise<void> {
  const { rows: others } = await pool.query<{ name: string }>(
    `SELECT DISTINCT application_name AS name FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'aiprod%'`,
  );
  if (others.length > 0) {
    throw new AppError('state_conflict', 'AIPROD works with this database.', {
      hint: 'Stop its API and its workers before you restore.',
    });
  }
  if (replace) return;
  const { rowCount } = await pool.query(
    `SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' LIMIT 1`,
  );
  if (rowCount !== 0) {
    throw new AppError('state_conflict', 'The database is not empty.', {
      hint: 'Restore into a new database, or with --replace, which loses what is there.',
    });
  }
}

async function describe(pool: pg.Pool): Promise<{ major: number; schema: number }> {
  const { rows } = await pool.query<{ major: number; present: boolean }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS major,
       to_regclass('aiprod_migrations') IS NOT NULL AS present`,
  );
  const { major, present } = rows[0]!;
  if (!present) return { major, schema: 0 };
  const { rows: versions } = await pool.query<{ schema: number | null }>(
    'SELECT max(version) AS schema FROM aiprod_migrations',
  );
  return { major, schema: versions[0]!.schema ?? 0 };
}

async function count(pool: pg.Pool): Promise<{ jobs: number; receipts: number }> {
  const { rows } = await pool.query<{ jobs: number; receipts: number }>(
    'SELECT (SELECT count(*)::int FROM jobs) AS jobs, (SELECT count(*)::int FROM receipts) AS receipts',
  );
  return rows[0]!;
}

async function withPool<T>(
  url: string,
  caFile: string | undefined,
  work: (pool: pg.Pool) => Promise<T>,
): Promise<T> {
  const pool = createPool({ url, caFile, max: 1, applicationName: 'backup', onError: () => {} });
  try {
    return await work(pool);
  } catch (error) {
    throw toDatabaseError(error);
  } finally {
    await pool.end();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
