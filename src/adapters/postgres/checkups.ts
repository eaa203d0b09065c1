// What production needs of the database: that it is the right one, may be used, has room, and has a replica that follows.
import type pg from 'pg';

import { AppError } from '../../domain/errors.ts';
import type { Checkup } from '../../ports/checkup.ts';
import { databaseAddress } from './database-address.ts';
import { toDatabaseError } from './database-errors.ts';
import { statementsForRoles } from './database-roles.ts';
import { knownVersion } from './migrate.ts';
import { createPool } from './pool.ts';

export interface DatabaseCheckupOptions {
  url: string;
  caFile: string | undefined;
  replicaUrl: string | undefined;
  /** Connections that one process opens on the primary. */
  perProcess: number;
  /** Whether deliveries are kept in the database too. */
  withQueue: boolean;
}

/** This machine's clock may differ by as much: tokens and signed URLs are believed for longer. */
const mostSkewMs = 5_000;
const tooFarBehindSeconds = 30;

/** Nothing is connected to before a checkup is asked. */
export function createDatabaseCheckups(options: DatabaseCheckupOptions): Checkup[] {
  const { url, caFile, replicaUrl, perProcess, withQueue } = options;
  const onPrimary = (name: string, ask: (pool: pg.Pool) => Promise<string>): Checkup => ({
    name,
    check: () => withPool(url, caFile, 'DATABASE_URL', ask),
  });
  return [
    onPrimary('database', (pool) => checkServer(pool, databaseAddress(url, caFile).description)),
    onPrimary('database schema', checkSchema),
    onPrimary('database rights', (pool) => checkRights(pool, withQueue)),
    onPrimary('database connections', (pool) => checkRoom(pool, perProcess)),
    ...(replicaUrl === undefined
      ? []
      : [
          onPrimary('database replica', (primary) =>
            withPool(replicaUrl, caFile, 'AIPROD_DATABASE_REPLICA_URL', (replica) =>
              checkReplica(primary, replica),
            ),
          ),
        ]),
    onPrimary('clock', checkClock),
  ];
}

async function withPool(
  url: string,
  caFile: string | undefined,
  setting: string,
  ask: (pool: pg.Pool) => Promise<string>,
): Promise<string> {
  databaseAddress(url, caFile, setting);
  const pool = createPool({
    url,
    caFile,
    max: 1,
    connectMs: 5_000,
    applicationName: 'aiprod-doctor',
    onError: () => {},
  });
  try {
    return await ask(pool);
  } catch (error) {
    throw toDatabaseError(error);
  } finally {
    await pool.end();
  }
}

async function row<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  sql: string,
  values?: unknown[],
): Promise<Row> {
  const { rows } = await pool.query<Row>(sql, values);
  return rows[0]!;
}

const wrong = (what: string, hint: string) => new AppError('config_invalid', what, { hint });

async function checkServer(pool: pg.Pool, description: string): Promise<string> {
  const { version, major, readOnly, tls } = await row<{
    version: string;
    major: number;
    readOnly: boolean;
    tls: string | null;
  }>(
    pool,
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int / 10000 AS major,
       current_setting('transaction_read_only') = 'on' AS "readOnly",
       (SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS tls`,
  );
  if (major < 15) throw wrong(`PostgreSQL ${version} is too old.`, 'Use PostgreSQL 15 or newer.');
  if (readOnly) {
    throw wrong(
      'The server only reads.',
      'Point DATABASE_URL at the primary; a replica has a setting of its own.',
    );
  }
  return `PostgreSQL ${version.split(' ')[0]} at ${description}${tls === null ? '' : ` (${tls})`}`;
}

async function checkSchema(pool: pg.Pool): Promise<string> {
  const known = await knownVersion();
  const { present } = await row<{ present: boolean }>(
    pool,
    `SELECT to_regclass('aiprod_migrations') IS NOT NULL AS present`,
  );
  const { applied } = present
    ? await row<{ applied: number }>(pool, 'SELECT max(version) AS applied FROM aiprod_migrations')
    : { applied: 0 };
  if (applied < known) {
    throw new AppError('not_found', `The schema is version ${applied}; this program needs ${known}.`, {
      hint: 'Run aiprod db migrate, or start AIPROD as a user who may change the schema.',
    });
  }
  return `version ${applied}${applied > known ? ` (this program knows ${known})` : ''}`;
}

async function checkRights(pool: pg.Pool, withQueue: boolean): Promise<string> {
  const { lacking, queue } = await row<{ lacking: string[]; queue: boolean }>(
    pool,
    `SELECT
       coalesce((
         SELECT array_agg(right_name || ' on ' || tablename ORDER BY tablename, right_name)
         FROM pg_tables, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS right_name
         WHERE schemaname = 'public' AND tablename <> 'aiprod_migrations'
           -- Written by a role of its own.
           AND (right_name = 'SELECT' OR tablename NOT LIKE 'audit\\_%')
           AND NOT has_table_privilege(format('%I.%I', schemaname, tablename), right_name)
       ), '{}') AS lacking,
       CASE WHEN to_regnamespace('pgboss') IS NULL THEN has_database_privilege(current_database(), 'CREATE')
         ELSE pg_has_role((SELECT nspowner FROM pg_namespace WHERE nspname = 'pgboss'), 'USAGE') END AS queue`,
  );
  if (lacking.length > 0) {
    const more = lacking.length > 3 ? ` and ${lacking.length - 3} more` : '';
    throw new AppError('forbidden', `The user has no ${lacking.slice(0, 3).join(', ')}${more}.`, {
      hint: 'Grant them: docs/operations/postgresql.md, "Users with least rights".',
    });
  }
  const statements = await statementsForRoles(pool);
  if (statements.length > 0) {
    throw new AppError('forbidden', 'The user may not take on the roles that keep users apart.', {
      hint: `Let an administrator of the server run: ${statements.join('; ')};`,
    });
  }
  if (withQueue && !queue) {
    throw new AppError('forbidden', 'The user may not keep the schema of the queue.', {
      hint: 'GRANT CREATE ON DATABASE …, or give that user the schema pgboss.',
    });
  }
  return 'reads and writes every table, takes on both roles';
}

async function checkRoom(pool: pg.Pool, perProcess: number): Promise<string> {
  const { most, used } = await row<{ most: number; used: number }>(
    pool,
    `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most,
       (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS used`,
  );
  const processes = Math.floor((most - 10) / perProcess);
  const detail = `${used} of ${most} in use; room for ${Math.max(0, processes)} processes of ${perProcess}`;
  if (processes >= 2) return detail;
  throw wrong(`${detail}.`, 'Raise max_connections, or lower AIPROD_DATABASE_POOL.');
}

async function checkReplica(primary: pg.Pool, replica: pg.Pool): Promise<string> {
  const systemOf = async (pool: pg.Pool) =>
    (await row<{ id: string }>(pool, 'SELECT system_identifier::text AS id FROM pg_control_system()')).id;
  const { follows, behind } = await row<{ follows: boolean; behind: number | null }>(
    replica,
    `SELECT pg_is_in_recovery() AS follows, CASE
       WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
       ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float8 END AS behind`,
  );
  if (!follows)
    throw wrong('It follows no primary.', 'Point AIPROD_DATABASE_REPLICA_URL at a streaming replica.');
  if ((await systemOf(primary)) !== (await systemOf(replica))) {
    throw wrong(
      'It follows another primary than DATABASE_URL.',
      'Point AIPROD_DATABASE_REPLICA_URL at a replica of that database: jobs of strangers would be shown.',
    );
  }
  const seconds = (behind ?? 0).toFixed(1);
  if ((behind ?? 0) <= tooFarBehindSeconds) return `follows, ${seconds} s behind`;
  throw wrong(
    `It is ${seconds} s behind.`,
    'Look at the load and the log of the replica; until then it is not read.',
  );
}

async function checkClock(pool: pg.Pool): Promise<string> {
  // The first question opens the connection, which takes longest.
  await pool.query('SELECT 1');
  const asked = Date.now();
  const { theirs } = await row<{ theirs: number }>(
    pool,
    'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS theirs',
  );
  const skewMs = Math.round((asked + Date.now()) / 2 - theirs);
  const detail = `${Math.abs(skewMs)} ms ${skewMs < 0 ? 'behind' : 'ahead of'} the database's`;
  if (Math.abs(skewMs) <= mostSkewMs) return detail;
  throw wrong(
    `This machine's clock is ${detail}.`,
    'Turn on time synchronisation: tokens and signed URLs depend on it.',
  );
}
