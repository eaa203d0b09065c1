// Who may do what: every route of the OpenAPI document, asked by the owner of a thing, by another user and by nobody, with each
// scope and with none. A route that is missing in the matrix, or gone, fails.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Scope } from '../../src/domain/caller.ts';
import { AppError } from '../../src/domain/errors.ts';
import { problem, resultWith } from '../conformance/stores-under-test.ts';
import { openTestApi, type TestApi } from '../support/api.ts';
import { runOf } from '../support/step-runs.ts';
import { storeBytes } from '../support/store-bytes.ts';
import { twoColours } from '../support/user-media.ts';

type Method = Parameters<TestApi['ask']>[0];
type Body = { json: unknown } | { payload: Buffer; headers: Record<string, string> };

interface Row {
  /** Left out: the route is open to everybody. */
  scope?: Scope;
  /** Makes a thing of the owner; its ids by the names that they have in paths, or in answers. */
  thing?: (owner: string) => Promise<Record<string, string>>;
  body?: (user: string) => Body;
  /** What who may do it is answered. */
  status: number;
}

const read = 'videos:read';
const write = 'videos:write';

let on: TestApi;
let document: { paths: Record<string, Record<string, { security?: { bearer: string[] }[] }>> };

async function addWebhook(owner: string) {
  const answer = await on.ask('POST', '/v1/webhooks', { user: owner, json: hook });
  return { webhook_id: answer.json().webhook_id as string };
}

async function planNew(owner: string) {
  const { stepStore } = on.stores;
  const lease = await on.stores.claimNew(owner);
  const stepKey = randomUUID();
  const storyboard = { title: 'T', language: 'en', scenes: [] };
  await stepStore.putIfAbsent(lease, { stepKey, step: 'plan', result: storyboard, blobs: [] });
  await stepStore.recordRun(lease, runOf({ stepKey }));
  return lease;
}

const things = {
  async job(owner: string) {
    return { job_id: await on.create({}, owner) };
  },
  async jobToApprove(owner: string) {
    const lease = await on.stores.claimNew(owner);
    await on.stores.leases.awaitApproval(lease);
    return { job_id: lease.jobId };
  },
  async plannedJob(owner: string) {
    const lease = await planNew(owner);
    await on.stores.leases.awaitApproval(lease);
    return { job_id: lease.jobId };
  },
  async failedJob(owner: string) {
    const lease = await on.stores.claimNew(owner);
    await on.stores.leases.fail(lease, { error: problem, degradations: [], deadLetter: true });
    const letters = await on.stores.deadLetters.list(100);
    const { deadLetterId } = letters.find(({ jobId }) => jobId === lease.jobId)!;
    return { job_id: lease.jobId, dead_letter_id: deadLetterId };
  },
  async finishedJob(owner: string) {
    const { blobStore, leases } = on.stores;
    const lease = await planNew(owner);
    const video = await storeBytes(blobStore, owner, Buffer.from('video'), 'video/mp4');
    await leases.complete(lease, resultWith({ 'video.mp4': video }));
    return { job_id: lease.jobId, name: 'video.mp4' };
  },
  async asset(owner: string) {
    const answer = await on.ask('POST', '/v1/assets', { user: owner, ...png });
    return { asset_id: answer.json().asset_id };
  },
  webhook: addWebhook,
  async message(owner: string) {
    const webhook = await addWebhook(owner);
    const answer = await on.ask('POST', `/v1/webhooks/${webhook.webhook_id}/test`, { user: owner });
    await on.stores.pool.query("UPDATE webhook_messages SET state = 'delivered' WHERE user_id = $1", [owner]);
    return { ...webhook, message_id: answer.json().message_id };
  },
  async apiKey(owner: string) {
    const answer = await on.ask('POST', '/v1/api-keys', { user: owner, json: key });
    return { key_id: answer.json().key_id };
  },
  user: async (owner: string) => ({ user_id: owner }),
  async userWithJob(owner: string) {
    await on.create({}, owner);
    return { user_id: owner };
  },
} satisfies Record<string, Row['thing']>;

const script = { script: 'A lighthouse stands alone.' };
const hook = { url: 'https://example.com/hook' };
const key = { name: 'a machine', scopes: [write] };
const png = { payload: twoColours(16, 16), headers: { 'content-type': 'image/png' } };
const json = (value: unknown) => () => ({ json: value });

const matrix: Record<string, Row> = {
  'GET /health': { status: 200 },
  'GET /ready': { status: 200 },
  'GET /status': { status: 200 },
  'GET /metrics': { status: 200 },
  'GET /openapi.json': { status: 200 },

  'POST /v1/videos': { scope: write, body: json(script), status: 202 },
  'GET /v1/videos': { scope: read, thing: things.job, status: 200 },
  'GET /v1/videos/{job_id}': { scope: read, thing: things.job, status: 200 },
  'DELETE /v1/videos/{job_id}': { scope: write, thing: things.job, status: 204 },
  'POST /v1/videos/{job_id}/cancel': { scope: write, thing: things.job, status: 200 },
  'POST /v1/videos/{job_id}/retry': { scope: write, thing: things.failedJob, status: 200 },
  'POST /v1/videos/{job_id}/approve': { scope: write, thing: things.jobToApprove, status: 200 },
  'GET /v1/videos/{job_id}/steps': { scope: read, thing: things.finishedJob, status: 200 },
  'GET /v1/videos/{job_id}/storyboard': { scope: read, thing: things.finishedJob, status: 200 },
  'PUT /v1/videos/{job_id}/storyboard': {
    scope: write,
    thing: things.plannedJob,
    body: json({ scenes: [{ text: 'A lighthouse stands alone.' }] }),
    status: 200,
  },
  'GET /v1/videos/{job_id}/events': { scope: read, thing: things.finishedJob, status: 200 },
  'GET /v1/videos/{job_id}/files/{name}': { scope: read, thing: things.finishedJob, status: 200 },

  'GET /v1/assets': { scope: read, thing: things.asset, status: 200 },
  'POST /v1/assets': { scope: write, body: () => png, status: 201 },
  'GET /v1/assets/{asset_id}': { scope: read, thing: things.asset, status: 200 },
  'DELETE /v1/assets/{asset_id}': { scope: write, thing: things.asset, status: 204 },

  'POST /v1/webhooks': { scope: write, body: json(hook), status: 201 },
  'GET /v1/webhooks': { scope: read, thing: things.webhook, status: 200 },
  'GET /v1/webhooks/{webhook_id}': { scope: read, thing: things.webhook, status: 200 },
  'PATCH /v1/webhooks/{webhook_id}': {
    scope: write,
    thing: things.webhook,
    body: json({ description: 'mine' }),
    status: 200,
  },
  'DELETE /v1/webhooks/{webhook_id}': { scope: write, thing: things.webhook, status: 204 },
  'GET /v1/webhooks/{webhook_id}/secret': { scope: write, thing: things.webhook, status: 200 },
  'POST /v1/webhooks/{webhook_id}/rotate': { scope: write, thing: things.webhook, status: 200 },
  'POST /v1/webhooks/{webhook_id}/test': { scope: write, thing: things.webhook, status: 202 },
  'GET /v1/webhooks/{webhook_id}/deliveries': { scope: read, thing: things.message, status: 200 },
  'POST /v1/webhooks/{webhook_id}/deliveries/{message_id}/redeliver': {
    scope: write,
    thing: things.message,
    status: 202,
  },

  'POST /v1/api-keys': { scope: write, body: json(key), status: 201 },
  'GET /v1/api-keys': { scope: read, thing: things.apiKey, status: 200 },
  'POST /v1/api-keys/{key_id}/rotate': { scope: write, thing: things.apiKey, body: json({}), status: 201 },
  'DELETE /v1/api-keys/{key_id}': { scope: write, thing: things.apiKey, status: 204 },

  'GET /v1/styles': { scope: read, status: 200 },
  'GET /v1/presets': { scope: read, status: 200 },
  'GET /v1/voices': { scope: read, status: 200 },
  'POST /v1/estimates': { scope: read, body: json(script), status: 200 },

  'GET /v1/account/export': { scope: read, thing: things.job, status: 200 },
  'DELETE /v1/account': { scope: write, body: (user) => ({ json: { confirm: user } }), status: 202 },

  'GET /v1/admin/users/{user_id}/export': { scope: 'admin', thing: things.userWithJob, status: 200 },
  'DELETE /v1/admin/users/{user_id}': { scope: 'admin', thing: things.user, status: 202 },
  'GET /v1/admin/dead-letters': { scope: 'admin', thing: things.failedJob, status: 200 },
  'POST /v1/admin/dead-letters/{dead_letter_id}/redrive': {
    scope: 'admin',
    thing: things.failedJob,
    status: 204,
  },
  'DELETE /v1/admin/dead-letters/{dead_letter_id}': {
    scope: 'admin',
    thing: things.failedJob,
    status: 204,
  },
};

beforeAll(async () => {
  on = await openTestApi({
    authenticate({ headers }) {
      const userId = headers['x-test-user'];
      if (typeof userId !== 'string') throw new AppError('unauthenticated', 'Nobody asks.');
      const scopes = `${headers['x-test-scopes'] ?? `${read},${write},admin`}`.split(',');
      return { userId, scopes: scopes as Scope[], via: 'token' };
    },
  });
  document = on.api.swagger() as unknown as typeof document;
});
afterAll(() => on.close());

test('has every route of the document, with the scope that the document says, and no other', () => {
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { security }]) => [
      `${method.toUpperCase()} ${path}`,
      security?.map(({ bearer }) => bearer),
    ]),
  );
  const expected = Object.entries(matrix).map(([route, { scope }]) => [route, scope && [[scope]]]);
  expect(Object.fromEntries(described)).toEqual(Object.fromEntries(expected));
});

const routes = Object.entries(matrix).map(([route, row]) => {
  const [method, path] = route.split(' ') as [Method, string];
  const owner = `ann of ${route}`;
  return { route, method, path, row, owner, other: `bob of ${route}` };
});

/** `undefined` asks as nobody, '' without a scope. */
function ask(
  method: Method,
  url: string,
  { user, scopes, body }: { user?: string; scopes?: string; body?: Body } = {},
) {
  const headers = {
    ...(user !== undefined && { 'x-test-user': user }),
    ...(scopes !== undefined && { 'x-test-scopes': scopes }),
    ...(body !== undefined && 'payload' in body && body.headers),
  };
  return on.ask(method, url, { ...body, headers });
}

const urlOf = (path: string, ids: Record<string, string> = {}) =>
  path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(ids[name]!));

describe.each(routes.filter(({ row }) => row.scope !== undefined))('$route', ({
  method,
  path,
  row,
  owner,
  other,
}) => {
  const scope = row.scope!;
  const lacking = [read, write, 'admin', ''].filter((each) => each !== scope);
  const hasHead = method === 'GET' && !/\/(events|export)$/.test(path);
  const methods: Method[] = hasHead ? ['GET', 'HEAD'] : [method];
  const isOperators = scope === 'admin';
  const isThing = path.includes('{') && !isOperators;
  let ids: Record<string, string> = {};
  beforeAll(async () => {
    ids = (await row.thing?.(owner)) ?? {};
  });
  /** Ids that are well-formed and of nothing. */
  const noIds = () =>
    Object.fromEntries(
      Object.entries(ids).map(([name, id]) => [
        name,
        /^msg_/.test(id) ? `msg_${'0'.repeat(32)}` : /-/.test(id) ? randomUUID() : id,
      ]),
    );

  test('401 for nobody', async () => {
    const body = row.body?.(owner);
    for (const each of methods)
      expect((await ask(each, urlOf(path, ids), { ...(body && { body }) })).statusCode).toBe(401);
  });

  test.each([
    ['owner', owner],
    ['other user', other],
  ])('403 for the %s without the scope', async (_, user) => {
    const body = row.body?.(user);
    for (const each of methods) {
      for (const scopes of lacking) {
        const answer = await ask(each, urlOf(path, ids), { user, scopes, ...(body && { body }) });
        expect(answer.statusCode, `${each} with "${scopes}"`).toBe(403);
      }
    }
  });

  test(isThing ? '404 for the other user, as if there were no such thing' : 'the other user', async () => {
    const body = row.body?.(other);
    const asOther = { user: other, scopes: scope, ...(body && { body }) };
    if (!isThing) {
      const found = (isOperators && (await row.thing?.(owner))) || ids;
      const answer = await ask(method, urlOf(path, found), asOther);
      expect(answer.statusCode).toBe(row.status);
      if (method === 'GET')
        for (const id of Object.values(found)) {
          // Lists of users' things are of their own.
          if (isOperators) expect(answer.body).toContain(id);
          else expect(answer.body).not.toContain(id);
        }
      return;
    }
    for (const each of methods) {
      const answer = await ask(each, urlOf(path, ids), asOther);
      expect(answer.statusCode, each).toBe(404);
      if (each === 'HEAD') continue;
      const nothing = await ask(each, urlOf(path, noIds()), asOther);
      const said = ({ code, detail, hint }: Record<string, unknown>) => ({ code, detail, hint });
      expect(said(answer.json())).toEqual(said(nothing.json()));
    }
  });

  test(`${row.status} for the owner, whose thing is as it was`, async () => {
    const body = row.body?.(owner);
    const answer = await ask(method, urlOf(path, ids), { user: owner, scopes: scope, ...(body && { body }) });
    expect(answer.statusCode, answer.body).toBe(row.status);
    if (method === 'GET' && !path.includes('{'))
      for (const id of Object.values(ids)) expect(answer.body).toContain(id);
  });
});

test.each(routes.filter(({ row }) => row.scope === undefined))('$route is open to all', async ({
  method,
  path,
  row,
  owner,
}) => {
  for (const asked of [{}, { user: owner, scopes: '' }, { user: owner, scopes: read }])
    expect((await ask(method, path, asked)).statusCode).toBe(row.status);
});
