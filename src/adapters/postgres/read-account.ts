// Reads all that is kept of one user in one snapshot, page by page. Secrets, and what belongs to others, are not selected.
import type pg from 'pg';

import { AppError } from '../../domain/errors.ts';
import type { JobFiles } from '../../domain/job.ts';
import type {
  AccountAsset,
  AccountJob,
  AccountList,
  AccountReader,
  AccountSnapshot,
  JsonObjects,
} from '../../ports/account-archive.ts';
import { toDatabaseError } from './database-errors.ts';
import { rowsOf } from './statements.ts';

/** Every table with a column user_id: where its rows are in the archive, or why they are not. A test holds this to the schema. */
export const exportOfTables = {
  exported: {
    jobs: 'jobs/<job_id>/job.json and files/',
    job_events: 'jobs/<job_id>/events.ndjson',
    step_runs: 'jobs/<job_id>/steps.json',
    assets: 'assets/assets.json and the files beside it',
    api_keys: 'api_keys.json',
    webhook_endpoints: 'webhooks.json',
    webhook_messages: 'webhook_deliveries.ndjson',
    webhook_attempts: 'webhook_deliveries.ndjson',
    receipts: 'receipts.json',
    video_minutes: 'video_minutes.json',
    audit_log: 'audit.ndjson',
  },
  leftOut: {
    idempotency_keys: 'names that callers gave to requests of the last day; the jobs are in the archive',
    dead_letters: 'the operator’s list of failed jobs; the same error is in job.json',
    step_results:
      'intermediate results, which are made again from the request; finished files are in the archive',
    step_blobs: 'which intermediate result names which bytes',
    job_blobs: 'which job names which bytes; they are in the archive',
    blobs: 'digests of bytes; those of jobs and uploads are in the archive',
    user_keys: 'the encrypted key of what is stored; a secret',
    erased_users: 'of users who are being erased, of whom nothing is kept',
  },
} as const;

const pageSize = 200;
const jobsPerPage = 20;
/** Each holds a connection for as long as somebody reads. */
const mostAtOnce = 2;

interface ListSource {
  from: string;
  columns: string;
  /** Unique for the user (or the job), of this type. */
  key: string;
  keyType: 'uuid' | 'bigint' | 'text';
  where?: string;
}

const log = `(SELECT coalesce(json_agg(json_build_object('at', at, 'attempt', attempt, 'status', status, 'error', error,
  'duration_ms', duration_ms, 'answer', answer) ORDER BY at), '[]') FROM webhook_attempts a
  WHERE a.message_id = webhook_messages.message_id) AS log`;

const lists: Record<AccountList, ListSource> = {
  api_keys: {
    from: 'api_keys',
    columns: `key_id, name, 'aiprod_' || prefix AS starts_with, scopes, created_at, expires_at, last_used_at, revoked_at, replaced_by`,
    key: 'key_id',
    keyType: 'uuid',
  },
  assets: {
    from: 'assets',
    columns: 'asset_id, kind, media_type, width, height, duration, bytes, digest, created_at',
    key: 'asset_id',
    keyType: 'uuid',
  },
  // Whoever else acted is not named: neither by their id nor by their address.
  audit: {
    from: 'audit_log',
    columns: `seq, at, action, outcome, target, facts, request_id,
      CASE WHEN actor->>'userId' = $1 THEN actor ELSE actor - 'userId' - 'credentialId' END AS actor,
      CASE WHEN actor->>'userId' = $1 THEN from_ip END AS from_ip`,
    key: 'seq',
    keyType: 'bigint',
  },
  receipts: {
    from: 'receipts',
    columns: `receipt_id, job_id, step, provider, state, remote_id, answer, estimate_micro_usd, cost_micro_usd, error_code,
      opened_at, changed_at`,
    key: 'receipt_id',
    keyType: 'uuid',
  },
  video_minutes: { from: 'video_minutes', columns: 'job_id, day, video_ms', key: 'job_id', keyType: 'uuid' },
  webhooks: {
    from: 'webhook_endpoints',
    columns: `endpoint_id, url, description, types, only_named_jobs, enabled, disabled_reason, failing_since, created_at`,
    key: 'endpoint_id',
    keyType: 'uuid',
  },
  webhook_deliveries: {
    from: 'webhook_messages',
    columns: `message_id, endpoint_id, job_id, type, payload, state, attempts, due_at, created_at, ${log}`,
    key: 'message_id',
    keyType: 'uuid',
  },
};

// The job is the user's: row security has seen to it.
const events: ListSource = {
  from: 'job_events',
  columns: 'event_id, type, at, data',
  key: 'event_id',
  keyType: 'bigint',
  where: 'job_id = $1',
};
const steps: ListSource = {
  from: 'step_runs',
  columns: 'step_id, step, outcome, reason, changed, duration_ms, at',
  key: 'step_id',
  keyType: 'text',
  where: 'job_id = $1',
};

const jobPage = {
  name: 'account_jobs',
  text: `
    SELECT job_id, status, stage, progress, request, approved, created_at, started_at, completed_at, attempts, max_retries,
      error, degradations, cost, reuse, report, video, files, webhook_id, video_ms, revision, storyboard
    FROM jobs WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (created_at, job_id) > ($2, $3::uuid))
    ORDER BY created_at, job_id LIMIT ${jobsPerPage}`,
};
const assetPage = {
  name: 'account_assets',
  text: `
    SELECT asset_id AS "assetId", digest, bytes::float8 AS bytes, media_type AS "mediaType"
    FROM assets WHERE user_id = $1 AND ($2::uuid IS NULL OR asset_id > $2) ORDER BY asset_id LIMIT ${pageSize}`,
};
const begin = {
  name: 'account_begin',
  text: `
    SELECT pg_try_advisory_xact_lock(hashtext('aiprod export'), hashtext($1)) AS ours, now() AS at,
      set_config('TimeZone', 'UTC', true),
      -- Readers may be slow; the server gives them up long before.
      set_config('idle_in_transaction_session_timeout', '10min', true)`,
};
const becomeTenant = {
  name: 'account_tenant',
  text: `SELECT set_config('role', 'aiprod_tenant', true), set_config('aiprod.user_id', $1, true)`,
};
// Users may not read the audit log themselves.
const becomeLogin = { name: 'account_login', text: `SELECT set_config('role', 'none', true)` };

export function createAccountReader({ pool }: { pool: pg.Pool }): AccountReader {
  let open = 0;
  return {
    async open(userId) {
      if (open === mostAtOnce) {
        throw new AppError('rate_limited', 'Others are being exported right now.', {
          hint: 'Ask again in some minutes.',
        });
      }
      open++;
      try {
        const snapshot = await openSnapshot(pool, userId);
        return {
          ...snapshot,
          async close() {
            open--;
            await snapshot.close();
          },
        };
      } catch (error) {
        open--;
        throw error;
      }
    },
  };
}

async function openSnapshot(pool: pg.Pool, userId: string): Promise<AccountSnapshot> {
  const client = await pool.connect().catch((error) => {
    throw toDatabaseError(error);
  });
  // When this resolves, the same account can be opened again. The connection goes with the transaction, however it ended.
  const close = async () => {
    await client.query('ROLLBACK').catch(() => {});
    client.release(true);
  };
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const [begun] = await rowsOf<{ ours: boolean; at: Date }>(client, begin, [userId]);
    if (!begun!.ours) {
      throw new AppError('limit_reached', 'This account is being exported already.', {
        hint: 'Wait until that is done, or end it.',
      });
    }
    await rowsOf(client, becomeTenant, [userId]);
    const counts: Record<string, number> = {};
    for (const table of Object.keys(exportOfTables.exported))
      counts[table] = await countOf(client, userId, table);
    return {
      at: begun!.at,
      counts,
      leftOut: exportOfTables.leftOut,
      list: (name) => listOf(client, lists[name], userId, name === 'audit' ? userId : undefined),
      jobs: () => jobsOf(client, userId),
      assets: () => assetsOf(client, userId),
      close,
    };
  } catch (error) {
    await close();
    throw toDatabaseError(error);
  }
}

/** `asLogin`: the user's tenant may not read it; its user. */
async function asLogin<T>(
  client: pg.PoolClient,
  userId: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (userId === undefined) return work();
  await rowsOf(client, becomeLogin);
  const result = await work();
  await rowsOf(client, becomeTenant, [userId]);
  return result;
}

async function countOf(client: pg.PoolClient, userId: string, table: string): Promise<number> {
  const counting = {
    name: `account_count_${table}`,
    text:
      table === 'job_events'
        ? 'SELECT count(*)::float8 AS count FROM job_events e JOIN jobs j USING (job_id) WHERE j.user_id = $1'
        : `SELECT count(*)::float8 AS count FROM ${table} WHERE user_id = $1`,
  };
  const [row] = await asLogin(client, table === 'audit_log' ? userId : undefined, () =>
    rowsOf<{ count: number }>(client, counting, [userId]),
  );
  return row!.count;
}

/** `of` is the user's id, or the job's. */
async function listOf(
  client: pg.PoolClient,
  { from, columns, key, keyType, where = 'user_id = $1' }: ListSource,
  of: string,
  login?: string,
): Promise<JsonObjects> {
  const sizing = {
    name: `account_size_${from}`,
    text: `
      SELECT count(*)::float8 AS count, coalesce(sum(octet_length(row_to_json(r)::text)), 0)::float8 AS bytes
      FROM (SELECT ${columns} FROM ${from} WHERE ${where}) r`,
  };
  const paging = {
    name: `account_page_${from}`,
    text: `
      SELECT ${key}::text AS key, row_to_json(r)::text AS text FROM (
        SELECT ${columns} FROM ${from} WHERE ${where} AND ($2::${keyType} IS NULL OR ${key} > $2::${keyType})
        ORDER BY ${key} LIMIT ${pageSize}
      ) r`,
  };
  const [size] = await asLogin(client, login, () =>
    rowsOf<{ count: number; bytes: number }>(client, sizing, [of]),
  );
  return {
    ...size!,
    async *texts() {
      for (let after: string | null = null; ; ) {
        const page: { key: string; text: string }[] = await asLogin(client, login, () =>
          rowsOf(client, paging, [of, after]),
        );
        for (const { text } of page) yield text;
        if (page.length < pageSize) return;
        after = page.at(-1)!.key;
      }
    },
  };
}

async function* jobsOf(client: pg.PoolClient, userId: string): AsyncGenerator<AccountJob> {
  type JobRow = { job_id: string; created_at: Date; files: JobFiles };
  for (let after: JobRow | undefined; ; ) {
    const position: unknown[] = [after?.created_at.toISOString() ?? null, after?.job_id ?? null];
    const page: JobRow[] = await rowsOf<JobRow>(client, jobPage, [userId, ...position]);
    for (const row of page) {
      const { job_id: jobId, files } = row;
      yield {
        jobId,
        record: { ...row },
        files,
        events: await listOf(client, events, jobId),
        steps: await listOf(client, steps, jobId),
      };
    }
    if (page.length < jobsPerPage) return;
    after = page.at(-1)!;
  }
}

async function* assetsOf(client: pg.PoolClient, userId: string): AsyncGenerator<AccountAsset> {
  for (let after: string | null = null; ; ) {
    const page: AccountAsset[] = await rowsOf<AccountAsset>(client, assetPage, [userId, after]);
    yield* page;
    if (page.length < pageSize) return;
    after = page.at(-1)!.assetId;
  }
}
