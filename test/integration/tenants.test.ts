// Row security: beneath the queries, which name the user, the database lets a user's work meet that user's rows only. With the
// users of docs/operations/postgresql.md, who neither own the tables nor are superusers.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createJobEvents } from '../../src/adapters/postgres/job-events.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import { inTenant, inTransaction, tenantRows } from '../../src/adapters/postgres/statements.ts';
import { problem } from '../conformance/stores-under-test.ts';
import { type LeastRightsServer, runSql, startLeastRightsServer } from '../support/least-rights-server.ts';
import { requestOf } from '../support/requests.ts';
import { openUserStores, storeOneOfEach } from '../support/user-rows.ts';

/** Tables with a column user_id of which a tenant may see nothing, not even what is about the user. */
const keptFromTenants: Record<string, string> = {
  audit_log: 'who is audited must not reach the log; operators read it',
  user_keys: 'wrapped data keys are for the sealer alone',
  erased_users: 'concerns users who are no more',
};

interface Table {
  name: string;
  hasUser: boolean;
  secured: boolean;
  policies: { name: string; roles: string; command: string; sees: string; writes: string }[] | null;
  rights: string[] | null;
}

let server: LeastRightsServer;
let pool: pg.Pool;
let tables: Table[];
let ann: Awaited<ReturnType<typeof storeOneOfEach>>;
const errors: Error[] = [];
const open = (user: string) =>
  createPool({
    url: server.urlOf(user),
    max: 3,
    applicationName: 'test',
    onError: (error) => errors.push(error),
  });

beforeAll(async () => {
  server = await startLeastRightsServer();
  pool = open('aiprod_app');
  ({ rows: tables } = await pool.query<Table>(`
    SELECT relname AS name, relrowsecurity AS secured,
      EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'user_id') AS "hasUser",
      (SELECT json_agg(json_build_object('name', policyname, 'roles', roles::text, 'command', cmd, 'sees', qual,
        'writes', with_check) ORDER BY policyname) FROM pg_policies WHERE tablename = relname) AS policies,
      (SELECT array_agg(privilege_type::text ORDER BY privilege_type)
       FROM aclexplode(relacl) WHERE grantee = 'aiprod_tenant'::regrole) AS rights
    FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S') ORDER BY relname`));
  const stores = openUserStores(pool);
  ann = await storeOneOfEach(stores, 'ann');
  await storeOneOfEach(stores, 'bob');
});
afterAll(async () => {
  await pool?.end();
  await server?.close();
  expect(errors).toEqual([]);
});

const ofUsers = () => tables.filter(({ policies }) => policies?.some(({ name }) => name === 'own'));

describe('every table', () => {
  const others = {
    name: 'others',
    roles: '{public}',
    command: 'ALL',
    sees: "(CURRENT_USER <> 'aiprod_tenant'::name)",
    writes: "(CURRENT_USER <> 'aiprod_tenant'::name)",
  };
  const isOwn = "(user_id = current_setting('aiprod.user_id'::text, true))";

  test('with rows of users shows a tenant its own and takes no others', () => {
    expect(ofUsers().length).toBeGreaterThan(15);
    for (const { name, hasUser, secured, policies, rights } of tables) {
      if (!hasUser || keptFromTenants[name] !== undefined) continue;
      expect(secured, name).toBe(true);
      expect(policies, name).toEqual([
        others,
        {
          name: 'own',
          roles: '{aiprod_tenant}',
          command: 'ALL',
          sees: name === 'job_events' ? expect.stringContaining(`${isOwn} OR ((user_id IS NULL) AND`) : isOwn,
          writes: isOwn,
        },
      ]);
      expect(rights, name).toEqual(['DELETE', 'INSERT', 'SELECT', 'UPDATE']);
    }
  });

  test('without is kept from tenants, but for the time in the queue', () => {
    for (const { name, hasUser, rights } of tables) {
      if (hasUser && keptFromTenants[name] === undefined) continue;
      expect(rights, name).toEqual(name === 'queue_clock' ? ['SELECT'] : null);
    }
    expect(
      Object.keys(keptFromTenants).filter((name) => !tables.some((table) => table.name === name)),
    ).toEqual([]);
  });

  test('is out of reach by any other way: no function of the owner, no schema of the queue, no other role', async () => {
    const { rows } = await pool.query(`
      SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole,
        (SELECT count(*)::int FROM pg_auth_members WHERE member = r.oid) AS roles,
        (SELECT array_agg(proname) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
          AND prorettype <> 'trigger'::regtype AND has_function_privilege(r.oid, pg_proc.oid, 'EXECUTE')) AS functions,
        has_schema_privilege(r.oid, 'public', 'CREATE') AS "inSchema"
      FROM pg_roles r WHERE rolname = 'aiprod_tenant'`);
    expect(rows).toEqual([
      {
        rolcanlogin: false,
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        roles: 0,
        functions: null,
        inSchema: false,
      },
    ]);
  });
});

describe('a statement that forgets the user', () => {
  /** Runs it as the tenant and takes it back. */
  async function tried(userId: string, sql: string, values: unknown[] = []): Promise<pg.QueryResult> {
    const taken = new Error('taken back');
    let result: pg.QueryResult | undefined;
    await inTenant(pool, userId, async (client) => {
      result = await client.query(sql, values);
      throw taken;
    }).catch((error) => {
      if (error !== taken) throw error.cause ?? error;
    });
    return result!;
  }
  const rowsOfUser = async (table: string, userId: string) =>
    (await pool.query(`SELECT to_jsonb(t) AS row FROM ${table} t WHERE user_id = $1`, [userId])).rows.map(
      ({ row }) => row,
    );

  test('sees, changes and deletes only what is the user’s, in each table', async () => {
    for (const { name } of ofUsers()) {
      const [own, all] = [await rowsOfUser(name, 'ann'), (await pool.query(`SELECT FROM ${name}`)).rowCount!];
      expect(own.length, `${name} has rows of ann; see test/support/user-rows.ts`).toBeGreaterThan(0);
      expect(all, `${name} has rows of both`).toBe(own.length + (await rowsOfUser(name, 'bob')).length);
      expect(
        (await tried('ann', `SELECT to_jsonb(t) AS row FROM ${name} t`)).rows.map(({ row }) => row),
        name,
      ).toEqual(expect.arrayContaining(own));
      expect((await tried('ann', `SELECT FROM ${name}`)).rowCount, name).toBe(own.length);
      expect((await tried('ann', `UPDATE ${name} SET user_id = user_id`)).rowCount, name).toBe(own.length);
      expect((await tried('ann', `DELETE FROM ${name}`)).rowCount, name).toBe(own.length);
      expect((await tried('eve', `SELECT FROM ${name}`)).rowCount, name).toBe(0);
      expect((await tried('', `DELETE FROM ${name}`)).rowCount, name).toBe(0);
    }
  });

  test('stores nothing for another, and gives nothing away, in any table', async () => {
    const refusal = { code: '42501', message: expect.stringContaining('row-level security') };
    for (const { name } of ofUsers()) {
      const [bobs] = await rowsOfUser(name, 'bob');
      const copy = `INSERT INTO ${name} SELECT (jsonb_populate_record(NULL::${name}, $1)).*`;
      await expect(tried('ann', copy, [bobs]), name).rejects.toMatchObject(refusal);
      await expect(tried('ann', `UPDATE ${name} SET user_id = 'bob'`), name).rejects.toMatchObject(refusal);
      await expect(tried('ann', `TRUNCATE ${name} CASCADE`), name).rejects.toMatchObject({ code: '42501' });
    }
  });

  test('meets events that the version before wrote through their job', async () => {
    const events = (await rowsOfUser('job_events', 'ann')).length;
    await inTransaction(pool, async (client) => {
      await client.query('UPDATE job_events SET user_id = NULL');
      await client.query(
        "SELECT set_config('role', 'aiprod_tenant', true), set_config('aiprod.user_id', 'ann', true)",
      );
      expect((await client.query('SELECT FROM job_events')).rowCount).toBe(events);
      await client.query('ROLLBACK');
    });
  });
});

test('all that is done for one user is done as the tenant: a login without any right of its own can do it', async () => {
  await runSql(
    server.urlOf('aiprod'),
    'CREATE ROLE without_rights LOGIN NOINHERIT; GRANT aiprod_tenant TO without_rights',
  );
  const bare = open('without_rights');
  const stores = openUserStores(bare);
  const { jobStore, leases, stepStore, assetStore, apiKeys, webhooks, receipts } = stores;
  const events = createJobEvents({ pool: bare });
  const { running, failed, completed, assetId, endpointId, keyId } = ann;
  try {
    await expect(bare.query('SELECT FROM jobs')).rejects.toMatchObject({ code: '42501' });
    await expect(tenantRows(bare, 'bob', { name: 'all', text: 'SELECT FROM jobs' })).resolves.toHaveLength(3);

    expect((await jobStore.list('ann', { limit: 5 })).jobs).toHaveLength(3);
    expect(await jobStore.find('ann', running.jobId)).toMatchObject({ status: 'processing' });
    expect(await jobStore.find('bob', running.jobId)).toBeUndefined();
    expect(await events.read('ann', running.jobId, 0, 5)).not.toHaveLength(0);
    await leases.heartbeat(running, 30_000);
    await leases.setProgress(running, { stage: 'render', progress: 0.5 });
    expect(await stepStore.find('ann', 'key')).toMatchObject({ step: 'narrate' });
    expect(await stepStore.runs('ann', running.jobId)).toHaveLength(1);
    await stepStore.touchBlob('ann', 'b'.repeat(64));
    await stepStore.forget(running, 'key');
    await expect(receipts.sending(running, running.jobId)).rejects.toMatchObject({ code: 'lease_lost' });
    await leases.retryLater(running, { error: problem, delayMs: 0 });
    expect(await jobStore.cancel('ann', running.jobId)).toMatchObject({ status: 'canceled' });
    expect(await jobStore.retry('ann', failed.jobId)).toMatchObject({ status: 'pending' });
    await jobStore.remove('ann', completed.jobId);
    await jobStore.create({ userId: 'ann', request: requestOf(), maxRetries: 3, estimatedMicroUsd: 0 });

    expect((await assetStore.list('ann', { limit: 5 })).assets).toHaveLength(1);
    await expect(assetStore.remove('bob', assetId)).rejects.toMatchObject({ code: 'not_found' });
    await assetStore.remove('ann', assetId);
    expect(await apiKeys.list('ann')).toHaveLength(1);
    const rotated = await apiKeys.rotate('ann', keyId, { graceHours: 0, scopes: ['videos:read'] });
    await apiKeys.revoke('ann', rotated.apiKey.keyId);
    expect(await webhooks.list('ann')).toHaveLength(1);
    await webhooks.test('ann', endpointId);
    await webhooks.change('ann', endpointId, { description: 'mine' });
    expect((await webhooks.deliveries('ann', endpointId, { limit: 5 })).messages).not.toHaveLength(0);
    await webhooks.rotate('ann', endpointId);
    await webhooks.remove('ann', endpointId);
  } finally {
    await events.close();
    await bare.end();
  }
});
