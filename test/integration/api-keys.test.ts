// API keys over HTTP, asked with real keys: nobody gets more, or for longer, than what they ask with.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiKeys } from '../../src/adapters/postgres/api-keys.ts';
import { createApiKeys } from '../../src/adapters/postgres/api-keys.ts';
import { listAuditLog } from '../../src/adapters/postgres/audit-verify.ts';
import { chooseLogin } from '../../src/compose/choose-login.ts';
import { readConfig } from '../../src/config/config.ts';
import type { Scope } from '../../src/domain/caller.ts';
import { openTestApi, type TestApi } from '../support/api.ts';

const readWrite: Scope[] = ['videos:read', 'videos:write'];
let on: TestApi;
let keys: ApiKeys;
let authenticate: Awaited<ReturnType<typeof chooseLogin>>;
beforeAll(async () => {
  on = await openTestApi({ authenticate: (request) => authenticate(request) });
  keys = createApiKeys({ pool: on.stores.pool, pepper: Buffer.alloc(32, 9) });
  authenticate = await chooseLogin(readConfig({}, { AIPROD_LOGIN: 'required' }).auth, keys);
});
afterAll(() => on.close());

/** A key made by the operator, as `aiprod keys create` does. */
const keyOf = async (userId: string, scopes = readWrite, expiresInDays?: number) =>
  keys.create({ userId, name: 'first', scopes, ...(expiresInDays !== undefined && { expiresInDays }) });

async function ask(key: string, method: 'GET' | 'POST' | 'DELETE', path = '', json?: unknown) {
  const headers = { authorization: `Bearer ${key}` };
  const answer = await on.ask(method, `/v1/api-keys${path}`, {
    headers,
    ...(json !== undefined && { json }),
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.body === '' ? {} : answer.json(),
  };
}

const endIn = async (days: number, keyId: string) =>
  on.stores.pool.query(`UPDATE api_keys SET expires_at = now() + $1 * interval '1 day' WHERE key_id = $2`, [
    days,
    keyId,
  ]);

test('a key makes, lists, rotates and revokes keys, which are shown once', async () => {
  const { key, apiKey } = await keyOf('ann');
  const made = await ask(key, 'POST', '', {
    name: 'Bau-Server 🏗',
    scopes: ['videos:read'],
    expires_in_days: 7,
  });
  expect(made.status).toBe(201);
  expect(made.headers).toMatchObject({
    location: `/v1/api-keys/${made.body.key_id}`,
    'cache-control': 'no-store',
  });
  expect(made.body.key).toMatch(new RegExp(`^${made.body.starts_with}_[\\w-]{43}$`));
  const days = (Date.parse(made.body.expires_at) - Date.parse(made.body.created_at)) / 86_400_000;
  expect(days).toBeCloseTo(7, 3);
  expect(await keys.verify(made.body.key)).toMatchObject({ userId: 'ann', scopes: ['videos:read'] });

  const listed = await ask(key, 'GET');
  expect(listed.body.api_keys.map(({ name }: { name: string }) => name)).toEqual(['Bau-Server 🏗', 'first']);
  for (const secret of [key, made.body.key])
    expect(JSON.stringify(listed.body)).not.toContain(secret.slice(16));
  expect((await ask(made.body.key, 'GET')).status).toBe(200);
  // It only reads.
  expect((await ask(made.body.key, 'POST', '', { name: 'x', scopes: ['videos:read'] })).status).toBe(403);
  expect((await ask(made.body.key, 'DELETE', `/${made.body.key_id}`)).status).toBe(403);

  const rotated = await ask(key, 'POST', `/${made.body.key_id}/rotate`, { grace_hours: 2 });
  expect(rotated.status).toBe(201);
  const { name, scopes, expires_at } = made.body;
  expect(rotated.body).toMatchObject({ name, scopes, expires_at, replaced_by: null });
  expect(await keys.verify(rotated.body.key)).toMatchObject({ credentialId: rotated.body.key_id });
  const inGrace = await keys.verify(made.body.key);
  expect((inGrace.credentialEnds!.getTime() - Date.now()) / 3_600_000).toBeCloseTo(2, 1);
  const again = await ask(key, 'POST', `/${made.body.key_id}/rotate`, {});
  expect([again.status, again.body.code]).toEqual([409, 'state_conflict']);

  expect((await ask(key, 'DELETE', `/${rotated.body.key_id}`)).status).toBe(204);
  expect((await ask(rotated.body.key, 'GET')).status).toBe(401);
  // Also itself, and then it is void.
  expect((await ask(key, 'DELETE', `/${apiKey.keyId}`)).status).toBe(204);
  expect((await ask(key, 'GET')).status).toBe(401);

  const entries = await listAuditLog(on.stores.pool, { userId: 'ann', limit: 100 });
  const did = entries.filter(({ outcome, action }) => outcome === 'done' && action.startsWith('api_key.'));
  expect(did.map(({ action, target }) => [action, target])).toEqual([
    ['api_key.revoke', apiKey.keyId],
    ['api_key.revoke', rotated.body.key_id],
    ['api_key.rotate', made.body.key_id],
    ['api_key.create', made.body.key_id],
  ]);
  expect(JSON.stringify(entries)).not.toContain('Bau-Server');
});

test('without grace the key before ends with the rotation, also the one that asks', async () => {
  const { key, apiKey } = await keyOf('gil');
  const rotated = await ask(key, 'POST', `/${apiKey.keyId}/rotate`, {});
  expect(rotated.status).toBe(201);
  expect((await ask(key, 'GET')).status).toBe(401);
  const { api_keys: listed } = (await ask(rotated.body.key, 'GET')).body;
  expect(listed).toMatchObject([
    { key_id: rotated.body.key_id, revoked_at: null },
    { key_id: apiKey.keyId, replaced_by: rotated.body.key_id, revoked_at: expect.any(String) },
  ]);
});

test('no key gets more scopes than its maker has, by creating or by rotating', async () => {
  const { key } = await keyOf('cat');
  const admin = await keyOf('cat', ['videos:write', 'admin']);
  const refused = await ask(key, 'POST', '', { name: 'x', scopes: ['videos:read', 'admin'] });
  expect(refused).toMatchObject({
    status: 403,
    body: { code: 'forbidden', detail: expect.stringContaining('admin') },
  });
  expect((await ask(key, 'POST', `/${admin.apiKey.keyId}/rotate`, {})).status).toBe(403);
  expect(await keys.verify(admin.key)).toMatchObject({ credentialId: admin.apiKey.keyId });
  // Taking away is no gain.
  expect((await ask(key, 'DELETE', `/${admin.apiKey.keyId}`)).status).toBe(204);
});

test('a key with an end makes and rotates none that lives longer', async () => {
  const short = await keyOf('dan', readWrite, 10);
  const long = await keyOf('dan', readWrite, 11);
  const endless = await keyOf('dan');
  const create = (expires_in_days?: number) =>
    ask(short.key, 'POST', '', { name: 'x', scopes: ['videos:read'], expires_in_days });
  expect((await create()).status).toBe(403);
  expect((await create(10)).status).toBe(403);
  const nine = await create(9);
  expect(nine.status).toBe(201);
  for (const { apiKey } of [long, endless]) {
    expect((await ask(short.key, 'POST', `/${apiKey.keyId}/rotate`, {})).status).toBe(403);
  }
  expect((await ask(short.key, 'POST', `/${nine.body.key_id}/rotate`, {})).status).toBe(201);
  // What rotates itself does not live longer for it.
  const rotated = await ask(short.key, 'POST', `/${short.apiKey.keyId}/rotate`, { grace_hours: 24 });
  expect(rotated.body.expires_at).toBe(short.apiKey.expiresAt!.toISOString());
  // A key in its grace is one with an end.
  expect(
    (await ask(short.key, 'POST', '', { name: 'x', scopes: readWrite, expires_in_days: 2 })).status,
  ).toBe(403);
  // Grace does not lengthen a life that ends before.
  const late = await keyOf('dan', readWrite, 1);
  await endIn(0.01, late.apiKey.keyId);
  expect((await ask(endless.key, 'POST', `/${late.apiKey.keyId}/rotate`, { grace_hours: 24 })).status).toBe(
    201,
  );
  expect((await keys.verify(late.key)).credentialEnds!.getTime()).toBeLessThan(Date.now() + 1_000_000);
});

test("somebody else's keys, unknown and void ones are not found", async () => {
  const { key } = await keyOf('eve');
  const other = await keyOf('fay');
  const gone = await keyOf('eve');
  await keys.revoke('eve', gone.apiKey.keyId);
  for (const id of [other.apiKey.keyId, '00000000-0000-4000-8000-000000000000']) {
    expect((await ask(key, 'DELETE', `/${id}`)).body.code).toBe('not_found');
    expect((await ask(key, 'POST', `/${id}/rotate`, {})).body.code).toBe('not_found');
  }
  expect((await ask(key, 'POST', `/${gone.apiKey.keyId}/rotate`, {})).status).toBe(404);
  expect((await ask(key, 'GET')).body.api_keys.map((each: { key_id: string }) => each.key_id)).not.toContain(
    other.apiKey.keyId,
  );
  expect(await keys.verify(other.key)).toMatchObject({ userId: 'fay' });
});

test('a user has at most 50 valid keys, however many are asked for at once', async () => {
  const { key } = await keyOf('hal');
  const asked = await Promise.all(
    Array.from({ length: 52 }, () => ask(key, 'POST', '', { name: 'x', scopes: ['videos:read'] })),
  );
  expect(asked.filter(({ status }) => status === 201)).toHaveLength(49);
  expect(asked.find(({ status }) => status !== 201)?.body.code).toBe('limit_reached');
  const [{ key_id: one }] = (await ask(key, 'GET')).body.api_keys;
  expect((await ask(key, 'POST', `/${one}/rotate`, { grace_hours: 1 })).status).toBe(429);
  expect((await ask(key, 'POST', `/${one}/rotate`, { grace_hours: 0 })).status).toBe(201);
});

test.each([
  [{ scopes: ['videos:read'] }, '/name'],
  [{ name: '  ', scopes: ['videos:read'] }, '/name'],
  [{ name: 'a\u0000b', scopes: ['videos:read'] }, '/name'],
  [{ name: 'x'.repeat(101), scopes: ['videos:read'] }, '/name'],
  [{ name: 'x', scopes: [] }, '/scopes'],
  [{ name: 'x', scopes: ['videos:read', 'videos:read'] }, '/scopes'],
  [{ name: 'x', scopes: ['root'] }, '/scopes/0'],
  [{ name: 'x', scopes: ['videos:read'], expires_in_days: 0 }, '/expires_in_days'],
  [{ name: 'x', scopes: ['videos:read'], user_id: 'bob' }, ''],
])('%j is refused at %s', async (json, pointer) => {
  const { key } = await keyOf(`i${JSON.stringify(json).length}`);
  const { status, body } = await ask(key, 'POST', '', json);
  expect(status).toBe(422);
  expect(body.errors[0].pointer).toContain(pointer);
});
