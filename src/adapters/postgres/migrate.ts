// Brings the database's schema up to this version's. Many processes may start at once: one migrates, the others wait.
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { AppError } from '../../domain/errors.ts';
import { toDatabaseError } from './database-errors.ts';
import { makeRoles } from './database-roles.ts';

const folder = new URL('./migrations/', import.meta.url);
const lockKey = 0x61_69_70_72; // "aipr"

/** Longest wait for a lock that others' work holds: they wait behind us meanwhile. Then we step aside and try again. */
const lockTimeoutMs = 3_000;
const lockAttempts = 5;
const pauseMs = 1_000;
const turnPollMs = 50;

interface Migration {
  version: number;
  name: string;
  sql: string;
  /** Programs that know the schema only up to this version can still work with the one that this makes. */
  worksWith: number;
  /** Builds one index beside others' work, which no transaction can. */
  concurrent: boolean;
}

/**
 * Applies the numbered files of `from` that are missing: those between two `.concurrent.sql` all or none. Tables that
 * others work with are not locked for long, see docs/operations/postgresql.md. Throws `config_invalid` for a server older
 * than 15, an encoding other than UTF-8, a newer schema that this program cannot work with, or what makeRoles says;
 * `database_unavailable`.
 */
export async function migrate(pool: pg.Pool, from: URL = folder): Promise<void> {
  const migrations = await findMigrations(from);
  // Its own connection: the pool's time limits are meant for queries, and building an index may take long.
  const client = new pg.Client({
    ...pool.options,
    statement_timeout: 0,
    query_timeout: 0,
    lock_timeout: lockTimeoutMs,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await checkServer(client);
    await takeTurn(client);
    await makeRoles(client);
    await applyMissing(client, migrations);
  } catch (error) {
    throw atStart(toDatabaseError(error));
  } finally {
    // Ends an open transaction and our turn with it.
    await client.end();
  }
}

/** The newest version of the schema that this program brings. */
export async function knownVersion(): Promise<number> {
  return (await findMigrations(folder)).at(-1)?.version ?? 0;
}

/** Asked again and again instead of waited for: a statement that waits would hold up an index that is being built. */
async function takeTurn(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ ours: boolean }>('SELECT pg_try_advisory_lock($1) AS ours', [
      lockKey,
    ]);
    if (rows[0]!.ours) return;
    await sleep(turnPollMs);
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
  const applied = await findApplied(client);
  const known = migrations.at(-1)?.version ?? 0;
  const newer = applied.filter(({ version }) => version > known);
  if (newer.some(({ version, worksWith }) => (worksWith ?? version) > known)) {
    throw new AppError(
      'config_invalid',
      `The database's schema is version ${newer.at(-1)!.version}; this program knows ${known}.`,
      { hint: 'Run the version of AIPROD that last used this database, or a later one.' },
    );
  }
  const done = new Set(applied.map(({ version }) => version));
  let together: Migration[] = [];
  for (const migration of migrations.filter(({ version }) => !done.has(version))) {
    if (!migration.concurrent) {
      together.push(migration);
      continue;
    }
    await applyTogether(client, together);
    together = [];
    await buildIndex(client, migration);
  }
  await applyTogether(client, together);
}

async function findApplied(client: pg.Client): Promise<{ version: number; worksWith: number | null }[]> {
  const { rows: tables } = await client.query<{ present: boolean }>(
    `SELECT to_regclass('aiprod_migrations') IS NOT NULL AS present`,
  );
  if (!tables[0]!.present) return [];
  // The first versions of the table had no column works_with.
  const { rows } = await client.query<{ version: number; worksWith: number | null }>(
    `SELECT version, (to_jsonb(m)->>'works_with')::int AS "worksWith" FROM aiprod_migrations m ORDER BY version`,
  );
  return rows;
}

async function applyTogether(client: pg.Client, migrations: Migration[]): Promise<void> {
  if (migrations.length === 0) return;
  await steppingAside(async () => {
    await client.query('BEGIN');
    try {
      for (const migration of migrations) {
        await client.query(migration.sql);
        await note(client, migration);
      }
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  });
}

/** Such a file holds one statement; a test says so. */
async function buildIndex(client: pg.Client, migration: Migration): Promise<void> {
  const index = /INDEX CONCURRENTLY IF NOT EXISTS (\w+)/i.exec(migration.sql)?.[1];
  await steppingAside(async () => {
    // What an attempt leaves that was broken off is kept up to date and never used.
    const { rowCount } = await client.query(
      'SELECT FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid',
      [index],
    );
    if (rowCount !== 0) await client.query(`DROP INDEX CONCURRENTLY "${index}"`);
    await client.query(migration.sql);
  });
  await note(client, migration);
}

async function note(client: pg.Client, { version, name, worksWith }: Migration): Promise<void> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS aiprod_migrations (
      version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
    )`);
  await client.query('ALTER TABLE aiprod_migrations ADD COLUMN IF NOT EXISTS works_with integer');
  await client.query('INSERT INTO aiprod_migrations (version, name, works_with) VALUES ($1, $2, $3)', [
    version,
    name,
    worksWith,
  ]);
}

/** Whoever waits for a lock makes all others wait that come after: so not for long, and again later. */
async function steppingAside(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if ((error as { code?: unknown }).code !== '55P03') throw error;
      if (attempt === lockAttempts) {
        throw new AppError('machine_unfit', 'The schema cannot be changed: somebody holds a lock on it.', {
          hint: 'Look for long transactions in pg_stat_activity, end them, and start again.',
          cause: error,
        });
      }
      await sleep(pauseMs);
    }
  }
}

async function findMigrations(from: URL): Promise<Migration[]> {
  const names = (await readdir(from))
    .filter((name) => /^\d{4}-[\w-]+(\.concurrent)?\.sql$/.test(name))
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, from), 'utf8');
      const version = Number(name.slice(0, 4));
      const worksWith = Number(/^-- Works with: (\d{4})$/m.exec(sql)?.[1] ?? version);
      return { version, name, sql, worksWith, concurrent: name.endsWith('.concurrent.sql') };
    }),
  );
}
