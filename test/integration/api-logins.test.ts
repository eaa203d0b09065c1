// Who is let in: scopes, API keys, other sites' pages, and the metrics.
import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createApiKeys } from '../../src/adapters/postgres/api-keys.ts';
import { chooseLogin } from '../../src/compose/choose-login.ts';
import { readConfig } from '../../src/config/config.ts';
import { localCaller } from '../../src/domain/caller.ts';
import { openTestApi, type TestApi } from '../support/api.ts';

let on: TestApi;
let local: TestApi;
beforeAll(async () => {
  on = await openTestApi({ login: { metricsToken: 'm'.repeat(32) } });
  local = await openTestApi({ login: undefined as never, authenticate: () => localCaller });
});
afterAll(async () => {
  await on.close();
  await local.close();
});

test('a caller without the scope is told which one it takes', async () => {
  const headers = { 'x-test-scopes': 'videos:read' };
  expect((await on.ask('GET', '/v1/videos', { headers })).statusCode).toBe(200);
  const refused = await on.ask('POST', '/v1/videos', { headers, json: { script: 'Hello.' } });
  expect(refused.statusCode).toBe(403);
  expect(refused.json()).toMatchObject({
    code: 'forbidden',
    detail: expect.stringContaining('videos:write'),
  });
  expect((await on.ask('GET', '/v1/admin/dead-letters', { headers })).statusCode).toBe(403);
});

describe('API keys', () => {
  test('let in whom they were made for, until they are revoked', async () => {
    const { pool } = on.stores;
    const keys = createApiKeys({ pool, pepper: randomBytes(32) });
    const authenticate = await chooseLogin(readConfig({}, { AIPROD_LOGIN: 'required' }).auth, keys);
    const asked = (authorization?: string) =>
      Promise.resolve().then(() => authenticate({ headers: authorization ? { authorization } : {} }));
    expect(await keys.anyLive()).toBe(false);
    const { key, apiKey } = await keys.create({ userId: 'ann', name: 'n', scopes: ['videos:read'] });
    expect(key).toMatch(/^aiprod_[0-9a-f]{8}_[\w-]{43}$/);
    expect(await asked(`Bearer ${key}`)).toEqual({
      userId: 'ann',
      scopes: ['videos:read'],
      via: 'api_key',
      credentialId: apiKey.keyId,
    });
    const [listed] = await keys.listAll();
    expect(listed?.lastUsedAt).toBeInstanceOf(Date);
    const { rows } = await pool.query('SELECT k::text AS text FROM api_keys k');
    expect(rows[0].text).not.toContain(key.slice(16));

    const otherPepper = createApiKeys({ pool, pepper: randomBytes(32) });
    const last = key.at(-3) === 'A' ? 'B' : 'A';
    const wrong = [`${key.slice(0, -3)}${last}${key.slice(-2)}`, key.slice(0, -1), 'aiprod_', `${key}x`];
    for (const each of wrong)
      await expect(keys.verify(each)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(otherPepper.verify(key)).rejects.toMatchObject({ code: 'unauthenticated' });
    for (const each of [undefined, key, `Basic ${key}`, 'Bearer x.y.z'])
      await expect(asked(each)).rejects.toMatchObject({ code: 'unauthenticated' });

    await keys.revokeAny(apiKey.keyId);
    await expect(asked(`Bearer ${key}`)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(keys.revokeAny(apiKey.keyId)).rejects.toMatchObject({ code: 'not_found' });
    const expired = await keys.create({ userId: 'ann', name: 'n', scopes: ['admin'], expiresInDays: 1 });
    await pool.query('UPDATE api_keys SET expires_at = now() WHERE key_id = $1', [expired.apiKey.keyId]);
    await expect(asked(`Bearer ${expired.key}`)).rejects.toMatchObject({ code: 'unauthenticated' });

    const open = readConfig({}, { AIPROD_HOST: '0.0.0.0' }).auth;
    await expect(chooseLogin(open, keys)).rejects.toMatchObject({ code: 'config_invalid' });
    await keys.create({ userId: 'ann', name: 'n', scopes: ['admin'] });
    await chooseLogin(open, keys);
  });
});

test.each([
  [{ host: 'rebound.example:8787' }, 403],
  [{ host: '127.0.0.1.example' }, 403],
  [{ origin: 'https://other.example' }, 403],
  [{ origin: 'null' }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  // As tunnels such as ngrok can: the name is this machine's, whoever asks.
  [{ host: 'localhost:8787', 'x-forwarded-for': '203.0.113.7' }, 403],
  [{ forwarded: 'for=203.0.113.7' }, 403],
  [{ host: '[::1]:8787' }, 200],
  [{ origin: 'http://localhost:8787', 'sec-fetch-site': 'same-origin' }, 200],
])('without a login %j is answered %i', async (headers, status) => {
  for (const url of ['/v1/styles', '/metrics'])
    expect((await local.api.inject({ url, headers: headers as never })).statusCode).toBe(status);
});

test('where a login is asked for, metrics are for this machine and for who has the token', async () => {
  const ask = async (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
    (await on.api.inject({ url: '/metrics', headers, remoteAddress })).statusCode;
  expect(await ask({})).toBe(200);
  expect(await ask({ 'x-forwarded-for': '127.0.0.1' })).toBe(401);
  expect(await ask({}, '10.0.0.1')).toBe(401);
  expect(await ask({ authorization: `Bearer ${'m'.repeat(32)}` }, '10.0.0.1')).toBe(200);
  expect(await ask({ authorization: 'Bearer m' }, '10.0.0.1')).toBe(401);
});
