// Who may have whom erased over HTTP and by command, what is answered from then on, and what the audit log says of it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createErasure } from '../../src/adapters/postgres/erase-user.ts';
import { runCommandLine } from '../../src/cli/aiprod.ts';
import { eraseUser, readmitUser } from '../../src/compose/erasure-tasks.ts';
import { readConfig } from '../../src/config/config.ts';
import { finishErasures } from '../../src/worker/finish-erasures.ts';
import { openTestApi, type TestApi } from '../support/api.ts';
import { openTestDatabase } from '../support/database.ts';
import { requestOf } from '../support/requests.ts';
import { openStores } from '../support/stores.ts';
import { twoColours } from '../support/user-media.ts';

let on: TestApi;
beforeAll(async () => {
  on = await openTestApi();
});
afterAll(() => on.close());

const erase = (user: string, json: unknown, scopes = 'videos:write') =>
  on.ask('DELETE', '/v1/account', { user, json, headers: { 'x-test-scopes': scopes } });

async function audited(action: string) {
  const { rows } = await on.stores.pool.query(
    'SELECT outcome, actor, user_id, target FROM audit_log WHERE action = $1 ORDER BY seq',
    [action],
  );
  return rows;
}

test('a user erases the own account by naming it, and is gone when a worker has been there', async () => {
  const user = 'uma@example.org';
  const jobId = await on.create({}, user);
  const others = await on.create({}, 'vic');
  for (const [json, status] of [
    [{ confirm: 'vic' }, 422],
    [{ confirm: '' }, 422],
    [{}, 422],
    [{ confirm: user, more: 1 }, 422],
    ['{', 400],
    [undefined, 400],
  ] as const)
    expect((await erase(user, json)).statusCode).toBe(status);
  expect((await erase(user, { confirm: user }, 'videos:read')).statusCode).toBe(403);
  expect((await on.ask('GET', `/v1/videos/${jobId}`, { user })).statusCode).toBe(200);

  const answer = await erase(user, { confirm: user });
  expect([answer.statusCode, answer.json()]).toEqual([202, { user_id: user, status: 'erasing' }]);
  const again = await erase(user, { confirm: user });
  expect(again.statusCode).toBe(202);

  const refused = { status: 403, code: 'account_erased', retryable: false };
  const upload = { user, headers: { 'content-type': 'image/png' }, payload: twoColours(16, 16) };
  const url = 'http://127.0.0.1:5678/hook';
  expect((await on.ask('POST', '/v1/videos', { user, json: { script: 'Again.' } })).json()).toMatchObject(
    refused,
  );
  expect((await on.ask('POST', '/v1/assets', upload)).json()).toMatchObject(refused);
  expect((await on.ask('POST', '/v1/webhooks', { user, json: { url } })).json()).toMatchObject(refused);
  const key = { name: 'k', scopes: ['videos:read'] };
  expect((await on.ask('POST', '/v1/api-keys', { user, json: key })).json()).toMatchObject(refused);

  const { promise: done, resolve } = Promise.withResolvers<object>();
  const { pool, blobStore } = on.stores;
  const erasure = createErasure({ pool, blobStore, dataKeys: { destroy: async () => {} }, settleMs: 0 });
  const chore = finishErasures({ erasure, logger: { info: resolve, warn: console.error } });
  expect(await done).toEqual({ passes: 1 });
  await chore.stop();
  expect((await on.ask('GET', `/v1/videos/${jobId}`, { user })).statusCode).toBe(404);
  expect((await on.ask('GET', '/v1/videos', { user })).json().jobs).toEqual([]);
  expect((await on.ask('GET', `/v1/videos/${others}`, { user: 'vic' })).statusCode).toBe(200);
  const done202 = { outcome: 'done', actor: { userId: user, via: 'token' }, user_id: user, target: null };
  const entries = await audited('account.erase');
  expect(entries.filter(({ outcome }) => outcome === 'done')).toEqual([done202, done202]);
  expect(entries.filter(({ outcome }) => outcome === 'refused')).toHaveLength(1);
});

test('an operator erases anybody, and nobody else does', async () => {
  const user = 'auth0|wim/1';
  const jobId = await on.create({}, user);
  const path = `/v1/admin/users/${encodeURIComponent(user)}`;
  const as = (scopes: string) =>
    on.ask('DELETE', path, { user: 'root', headers: { 'x-test-scopes': scopes } });
  expect((await as('videos:read,videos:write')).statusCode).toBe(403);
  expect((await on.ask('GET', `/v1/videos/${jobId}`, { user })).statusCode).toBe(200);
  const answer = await as('admin');
  expect([answer.statusCode, answer.json()]).toEqual([202, { user_id: user, status: 'erasing' }]);
  expect((await on.ask('DELETE', '/v1/admin/users/a%00b', { user: 'root' })).statusCode).toBe(404);
  const [refused, done] = await audited('user.erase');
  expect(refused).toMatchObject({ outcome: 'refused', user_id: 'root' });
  expect(done).toMatchObject({ outcome: 'done', actor: { userId: 'root' }, user_id: user });
});

test('the command erases with the files, and is in the audit log', async () => {
  const database = await openTestDatabase();
  const stores = await openStores({ url: database.url, close: async () => {} });
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-erase-command-'));
  const config = readConfig(
    { DATABASE_URL: database.url, AIPROD_DATA: folder, AIPROD_LOG_LEVEL: 'silent' },
    {},
  );
  try {
    const create = () =>
      stores.jobStore.create({
        userId: 'xena',
        request: requestOf({}),
        maxRetries: 3,
        estimatedMicroUsd: 0,
      });
    await create();
    await eraseUser(config, 'xena');
    await eraseUser(config, 'xena');
    expect((await stores.jobStore.list('xena', { limit: 1 })).jobs).toEqual([]);
    await expect(create()).rejects.toMatchObject({ code: 'account_erased' });
    await expect(readmitUser(config, 'xena')).rejects.toMatchObject({ code: 'state_conflict' });
    await stores.pool.query(
      `UPDATE erased_users SET due_at = now(), requested_at = now() - interval '16 minutes'`,
    );
    await eraseUser(config, 'xena');
    await readmitUser(config, 'xena');
    await create();
    const { rows } = await stores.pool.query(
      `SELECT action, user_id, actor->>'via' AS via FROM audit_log ORDER BY seq`,
    );
    const entry = { action: 'user.erase', user_id: 'xena', via: 'command_line' };
    expect(rows).toEqual([entry, entry, entry, { ...entry, action: 'user.readmit' }]);
  } finally {
    await stores.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('the command wants to be told that it is meant', async () => {
  for (const args of [
    ['erase'],
    ['erase', 'ann'],
    ['erase', ''],
    ['readmit', 'ann', '--yes'],
    ['forget', 'ann'],
  ])
    expect(await runCommandLine(['users', ...args])).toBe(2);
});
