// Who changed what through the API, and what was refused to them, is in the audit log when they have their answer.
import { randomUUID } from 'node:crypto';

import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { listAuditLog, verifyAuditLog } from '../../src/adapters/postgres/audit-verify.ts';
import { auditedRoutes, auditRequests } from '../../src/api/audit.ts';
import type { Api } from '../../src/api/deps.ts';
import { scopes } from '../../src/domain/caller.ts';
import { AppError } from '../../src/domain/errors.ts';
import type { AuditEntry, AuditLog } from '../../src/ports/audit-log.ts';
import { openTestApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const newest = async () => (await listAuditLog(api.stores.pool, { userId: undefined, limit: 1 }))[0];

test('a route that changes something cannot be added without a name for the log, and no name is without a route', () => {
  const server = Fastify() as unknown as Api;
  auditRequests(server, { auditLog: { record: async () => {} }, logger: { error: () => {} } });
  const handler = async () => ({});
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    expect(() => server.route({ method, url: '/v1/things', handler })).toThrow(
      `${method} /v1/things must stand in`,
    );
  }
  server.route({ method: 'GET', url: '/v1/things', handler });
  expect(Object.keys(auditedRoutes).filter((route) => !routesOf(api).has(route))).toEqual([]);
});

function routesOf({ api: { swagger } }: TestApi): Set<string> {
  return new Set(
    Object.entries(swagger().paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods as object).map(
        (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    ),
  );
}

test('a change, a refusal and an operator reading are written down without the words of the user', async () => {
  const jobId = await api.create({ script: 'Zanzibar sleeps.' });
  expect(await newest()).toMatchObject({
    action: 'video.create',
    outcome: 'done',
    actor: { userId: 'ann' },
    from: '127.0.0.1',
    userId: 'ann',
    target: jobId,
    facts: { route: 'POST /v1/videos', status: 202 },
  });
  await api.ask('GET', `/v1/videos/${jobId}`, { user: 'bob' });
  expect(await newest()).toMatchObject({
    action: 'api.request',
    outcome: 'refused',
    actor: { userId: 'bob' },
    target: jobId,
    facts: { code: 'not_found' },
  });
  await api.ask('DELETE', '/v1/videos/zanzibar-words');
  expect(await newest()).toMatchObject({ action: 'video.delete', outcome: 'refused', target: null });
  await api.ask('GET', '/v1/admin/dead-letters', { headers: { 'x-test-scopes': 'videos:read' } });
  expect(await newest()).toMatchObject({
    action: 'dead_letter.list',
    outcome: 'refused',
    facts: { code: 'forbidden' },
  });
  await api.ask('GET', '/v1/admin/dead-letters');
  expect(await newest()).toMatchObject({ action: 'dead_letter.list', outcome: 'done' });
  const before = (await newest())!.seq;
  await api.ask('GET', `/v1/videos/${jobId}`);
  await api.ask('POST', '/v1/videos', { json: { script: 7 } });
  expect((await newest())!.seq).toBe(before);
  const { rows } = await api.stores.pool.query('SELECT audit_log::text AS text FROM audit_log');
  expect(JSON.stringify(rows)).not.toMatch(/zanzibar/i);
  const verdict = await verifyAuditLog({ pool: api.stores.pool, key: Buffer.alloc(32, 7) });
  expect(verdict).toMatchObject({ entries: before });
  expect(verdict.fault).toBeUndefined();
});

test('while the log cannot be written no change is begun, and what is owed is written first', async () => {
  let down = true;
  const written: string[] = [];
  const auditLog: AuditLog = {
    async record({ action }) {
      if (down) throw new AppError('database_unavailable', 'Down.');
      written.push(action);
    },
  };
  const other = await openTestApi({ auditLog });
  try {
    const json = { script: 'A lighthouse stands alone.' };
    const jobs = async () => (await other.stores.pool.query('SELECT FROM jobs')).rowCount;
    const first = await other.ask('POST', '/v1/videos', { json });
    expect([first.statusCode, first.json().code]).toEqual([503, 'database_unavailable']);
    expect(await jobs()).toBe(1);
    expect((await other.ask('POST', '/v1/videos', { json })).statusCode).toBe(503);
    expect(await jobs()).toBe(1);
    down = false;
    expect((await other.ask('POST', '/v1/videos', { json })).statusCode).toBe(202);
    expect(written.length).toBeGreaterThanOrEqual(2);
  } finally {
    await other.close();
  }
});

test('who hangs up before the answer is named with their address all the same', async () => {
  const { promise: written, resolve } = Promise.withResolvers<AuditEntry>();
  const hasty = await openTestApi({
    auditLog: { record: async (entry) => resolve(entry) },
    authenticate: ({ socket }) => {
      socket.destroy();
      return { userId: 'ann', scopes, via: 'token' };
    },
  });
  try {
    const url = await hasty.api.listen({ host: '127.0.0.1', port: 0 });
    await expect(fetch(`${url}/v1/webhooks/${randomUUID()}`, { method: 'DELETE' })).rejects.toThrow();
    expect(await written).toMatchObject({ action: 'webhook.delete', from: '127.0.0.1' });
  } finally {
    await hasty.close();
  }
});
