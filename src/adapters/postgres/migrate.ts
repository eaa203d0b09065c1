// Brings the database's schema up to this version's. Many processes may start at once: one migrates, the others wait.
import { readdir, readFile } from 'node:fs/promises';

import pg from 'pg';

import { AppError } from '../../domain/errors.ts';
import { toDatabaseError } from './database-errors.ts';

const folder = new URL('./migrations/', import.meta.url);
const lockKey = 0x61_69_70_72; // "aipr"

interface Migration {
  version: number;
  name: string;
  sql: string;
}

/**
 * Applies the numbered files of migrations/ that are missing, all or none. Throws `config_invalid` for a server older
 * than 15, an encoding other than UTF-8 or a newer schema; `database_unavailable`.
 */
export async function migrate(pool: pg.Pool): Promise<void> {
  const migrations = await findMigrations();
  // Its own connection: the pool's time limits are meant for queries, and waiting for the lock may take long.
  const client = new pg.Client({ ...pool.options, statement_timeout: 0, query_timeout: 0 });
  client.on('error', () => {});
  try {
    await client.connect();
    await checkServer(client);
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
    await applyMissing(client, migrations);
    await client.query('COMMIT');
  } catch (error) {
    throw atStart(toDatabaseError(error));
  } finally {
    // Ends an open transaction with it.
    await client.end();
  }
}

/** Whoever starts the program can do more than wait. */
function atStart(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'database_unavailable') return error;
  return new AppError(error.code, 'The database does not answer.', {
    hint: 'Check that the server of DATABASE_URL runs and can be reached; aiprod doctor says more.',
    cause: error.cause,
  });
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding`,
  );
  const { version, encoding } = rows[0]!;
  if (version < 150_000) {
    throw new AppError('config_invalid', `PostgreSQL ${Math.floor(version / 10_000)} is too old.`, {
      hint: 'Point DATABASE_URL at PostgreSQL 15 or later.',
    });
  }
  if (encoding !== 'UTF8') {
    throw new AppError('config_invalid', `The database's encoding is ${encoding}; scripts need UTF-8.`, {
      hint: "Create the database with ENCODING 'UTF8'.",
    });
  }
}

async function applyMissing(client: pg.Client, migrations: Migration[]): Promise<void> {
  const { rows: tables } = await client.query<{ present: boolean }>(
    `SELECT to_regclass('aiprod_migrations') IS NOT NULL AS present`,
  );
  if (!tables[0]!.present) {
    await client.query(`
      CREATE TABLE aiprod_migrations (
        version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
      )`);
  }
  const { rows } = await client.query<{ version: number }>('SELECT version FROM aiprod_migrations');
  const applied = new Set(rows.map(({ version }) => version));
  const newest = Math.max(0, ...applied);
  const known = migrations.at(-1)?.version ?? 0;
  if (newest > known) {
    throw new AppError(
      'config_invalid',
      `The database's schema is version ${newest}; this program knows ${known}.`,
      { hint: 'Run the version of AIPROD that last used this database, or a later one.' },
    );
  }
  for (const { version, name, sql } of migrations) {
    if (applied.has(version)) continue;
    await client.query(sql);
    await client.query('INSERT INTO aiprod_migrations (version, name) VALUES ($1, $2)', [version, name]);
  }
}

async function findMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[\w-]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({
      version: Number(name.slice(0, 4)),
      name,
      sql: await readFile(new URL(name, folder), 'utf8'),
    })),
  );
}
