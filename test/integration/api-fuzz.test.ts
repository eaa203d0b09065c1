// Nothing that a caller sends makes the server fail: whatever comes to any route, the answer is documented, a refusal is a
// problem, and neither tells of anybody else or of the server's insides. What is sent comes from the OpenAPI document, with
// every part of it spoiled in turn.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Scope } from '../../src/domain/caller.ts';
import { AppError, type ErrorCode, errorCodes } from '../../src/domain/errors.ts';
import { openTestApi, type TestApi } from '../support/api.ts';
import { claimOne } from '../support/claim-one.ts';
import { runOf } from '../support/step-runs.ts';
import { twoColours } from '../support/user-media.ts';

let on: TestApi;
/** Ids of things, by the name that the parameter has in paths. */
let own: Record<string, string>;
let others: Record<string, string>;
/** What of another user must be nowhere in an answer. */
let secrets: string[];

beforeAll(async () => {
  on = await openTestApi({ authenticate });
  own = await oneOfEach('mallory', 'What I wrote.');
  await letEdit(own.job_id!);
  others = await oneOfEach('canary-user', 'Words of a canary.');
  const secret = await on.ask('GET', `/v1/webhooks/${others.webhook_id}/secret`, { user: 'canary-user' });
  secrets = ['canary', 'Canary', secret.json().secret, ...Object.values(others)];
});
afterAll(() => on.close());

/** As the test API does, but nobody is let in without a word. */
function authenticate({ headers }: { headers: Record<string, unknown> }) {
  const user = headers['x-test-user'];
  if (user === undefined) throw new AppError('unauthenticated', 'Who is there?');
  const scopes = `${headers['x-test-scopes'] ?? 'videos:read,videos:write,admin'}`.split(',') as Scope[];
  return { userId: `${user}`, scopes, via: 'token' as const };
}

async function oneOfEach(user: string, script: string): Promise<Record<string, string>> {
  const job_id = await on.create({ script }, user);
  const asset = await on.ask('POST', '/v1/assets', {
    user,
    headers: { 'content-type': 'image/png' },
    payload: twoColours(16, user === 'mallory' ? 16 : 32),
  });
  const webhook = await on.ask('POST', '/v1/webhooks', {
    user,
    json: { url: 'http://127.0.0.1:5678/hook', description: script },
  });
  const { webhook_id } = webhook.json();
  const tested = await on.ask('POST', `/v1/webhooks/${webhook_id}/test`, { user });
  const key = await on.ask('POST', '/v1/api-keys', { user, json: { name: script, scopes: ['admin'] } });
  return {
    job_id,
    asset_id: asset.json().asset_id,
    webhook_id,
    message_id: tested.json().message_id,
    key_id: key.json().key_id,
  };
}

/** The job awaits approval, so that its storyboard may be edited as often as one likes. */
async function letEdit(jobId: string): Promise<void> {
  const { lease } = (await claimOne(on.stores, jobId))!;
  const stepKey = 'a plan';
  const storyboard = { title: 'T', language: 'en', scenes: [] };
  await on.stores.stepStore.putIfAbsent(lease, { stepKey, step: 'plan', result: storyboard, blobs: [] });
  await on.stores.stepStore.recordRun(lease, runOf({ stepKey }));
  await on.stores.leases.awaitApproval(lease);
}

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
}

interface Operation {
  path: string;
  method: string;
  scope: Scope | undefined;
  parameters: { in: string; name: string }[];
  body: Record<string, { schema: Schema }>;
}

interface Described {
  security?: { bearer?: Scope[] }[];
  parameters?: Operation['parameters'];
  requestBody?: { content: Operation['body'] };
}

function operations(): Operation[] {
  const { paths } = on.api.swagger() as unknown as { paths: Record<string, Record<string, Described>> };
  return Object.entries(paths).flatMap(([path, ofPath]) =>
    Object.entries(ofPath).map(([method, { security, parameters = [], requestBody }]) => ({
      path,
      method: method.toUpperCase(),
      scope: security?.[0]?.bearer?.[0],
      parameters,
      body: requestBody?.content ?? {},
    })),
  );
}

/** The same ones every time. */
const sampled = (numRuns: number) => ({ numRuns, seed: 20_261_124 });

type Answer = Awaited<ReturnType<TestApi['ask']>>;

/** `ask` has held the answer to the document; `sent` is what it may repeat. */
function expectHarmless({ statusCode, headers, body }: Answer, sent: string): void {
  expect(statusCode).toBeLessThan(500);
  const told = `${JSON.stringify(headers)}${body}`;
  expect(told).not.toMatch(
    /node_modules|file:\/\/|\bat [^"]{1,80}:\d+:\d+|\/(work|tmp|home|usr)\/|(SELECT|INSERT|UPDATE) \w|relation \\"|SQLSTATE|postgres(ql)?:\/\//,
  );
  expect(told).not.toContain(on.stores.folder);
  for (const secret of secrets) if (!sent.includes(secret)) expect(told).not.toContain(secret);
  if (statusCode < 400 || body === '') return;
  const problem = JSON.parse(body);
  const { kind, title, status } = errorCodes[problem.code as ErrorCode];
  expect(problem).toMatchObject({
    type: `urn:aiprod:error:${problem.code}`,
    title,
    status,
    retryable: kind === 'transient',
  });
  // The validator's own words.
  if (statusCode === 422) expect(body).not.toMatch(/"(Invalid (input|option|key)|Too (big|small))/);
}

/** Fields whose values the schema alone does not tell. */
const named: Record<string, fc.Arbitrary<unknown>> = {
  language: fc.constant('en'),
  voice: fc.constant('slt'),
  url: fc.constantFrom(
    'http://127.0.0.1:5678/',
    'https://127.0.0.1/',
    'file:///etc/passwd',
    'https://\u0000',
    'x',
  ),
};

const oddText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('\u0000', '\ud83d', '\u202e', '\\u0000', "'; --", '\uffff', '\r\n'),
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(''));

/** Values that fit the schema; texts do not always. */
function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.$ref) return valuesOf(schemaNamed(schema.$ref));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valuesOf));
  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.maxSafeInteger().map((value) => {
        const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema;
        return minimum + (Math.abs(value) % (maximum - minimum + 1));
      });
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 100, noNaN: true });
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), { minLength: 1, maxLength: 4 });
    case 'object':
      return schema.properties
        ? fc.record(
            Object.fromEntries(
              Object.entries(schema.properties).map(([name, each]) => [name, named[name] ?? valuesOf(each)]),
            ),
            { requiredKeys: schema.required ?? [] },
          )
        : fc.dictionary(fc.oneof(fc.lorem({ maxCount: 1 }), oddText), fc.oneof(fc.lorem(), oddText), {
            maxKeys: 2,
          });
    default:
      return fc.oneof({ weight: 2, arbitrary: fc.lorem() }, { weight: 1, arbitrary: oddText });
  }
}

function schemaNamed(reference: string): Schema {
  const { components } = on.api.swagger() as unknown as { components: { schemas: Record<string, Schema> } };
  return components.schemas[reference.split('/').at(-1)!]!;
}

/** The value, or with one of its members, however deep, replaced by anything at all. */
const spoiled = (value: fc.Arbitrary<unknown>) =>
  fc.oneof(
    value,
    fc
      .tuple(value, fc.nat(), fc.anything({ withNullPrototype: false, maxDepth: 2 }))
      .map(([whole, at, junk]) => {
        const copy = structuredClone(whole);
        const places: [Record<string, unknown>, string][] = [];
        const collect = (part: unknown) => {
          if (part === null || typeof part !== 'object') return;
          for (const [name, member] of Object.entries(part)) {
            places.push([part as Record<string, unknown>, name]);
            collect(member);
          }
        };
        collect(copy);
        const place = places[at % Math.max(1, places.length)];
        if (place === undefined) return junk;
        Object.defineProperty(place[0], place[1], { value: junk, enumerable: true });
        return copy;
      }),
  );

const toJson = (value: unknown) =>
  JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? `${member}` : member)) ?? '';

const encode = (part: string) => encodeURIComponent(part.toWellFormed());

test('any JSON body, to every route that takes one', async () => {
  const routes = operations().filter(({ body }) => body['application/json'] !== undefined);
  expect(routes.length).toBeGreaterThanOrEqual(6);
  const statuses = new Set<number>();
  let asked = 0;
  for (const { method, path, body } of routes) {
    const schema = schemaNamed(body['application/json']!.schema.$ref!);
    const { script, scenes, ...rest } = schema.properties!;
    // Of these a request has one.
    const fits =
      script === undefined
        ? valuesOf(schema)
        : fc.oneof(
            ...[{ script }, { scenes: scenes! }].map((either) =>
              valuesOf({ properties: { ...either, ...rest }, type: 'object' }),
            ),
          );
    const url = path.replaceAll(/\{(\w+)\}/g, (_, name) => own[name]!);
    await fc.assert(
      fc.asyncProperty(spoiled(fits), async (json) => {
        // A new user now and then: what one may have is limited.
        const user = [own.webhook_id!, own.key_id!, own.job_id!].some((id) => url.includes(id))
          ? 'mallory'
          : `m${asked++ >> 4}`;
        const answer = await on.ask(method as 'POST', url, { user, json: toJson(json) });
        statuses.add(answer.statusCode);
        expectHarmless(answer, `${url}${toJson(json)}`);
      }),
      sampled(script === undefined ? 150 : 400),
    );
  }
  // Each way was taken, or the property would have shown nothing.
  expect([...statuses]).toEqual(expect.arrayContaining([200, 201, 202, 422]));
});

test('bodies that are no JSON, or more than JSON, to every route that takes one', async () => {
  const deep = `${'{"a":['.repeat(5_000)}${']}'.repeat(5_000)}`;
  const bodies: [string, string | Buffer][] = [
    ['application/json', ''],
    ['application/json', '{'],
    ['application/json', '\ufeff{}'],
    ['application/json', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['application/json', deep],
    ['application/json', `{"a":1e${'9'.repeat(400)}}`],
    ['application/json', '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}'],
    [
      'application/json',
      '{"name":"a","name":"b","scopes":["videos:read"],"url":"x","script":"a","script":"b"}',
    ],
    ['application/json', '[]'],
    ['application/json; charset=utf-16', '{}'],
    ['application/x-www-form-urlencoded', 'script=a&__proto__[x]=y'],
    ['multipart/form-data; boundary=x', '--x\r\n\r\n--x--'],
    ['text/xml', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['image/png', '<script>'],
    ['video/mp4', Buffer.alloc(64)],
    ['x', 'x'],
  ];
  for (const { method, path } of operations().filter(({ body }) => Object.keys(body).length > 0)) {
    const url = path.replaceAll(/\{(\w+)\}/g, (_, name) => own[name]!);
    for (const [type, payload] of bodies) {
      const answer = await on.ask(method as 'POST', url, {
        user: 'mallory',
        headers: { 'content-type': type },
        payload,
      });
      expectHarmless(answer, `${url}${payload}`);
      if (!type.startsWith('application/json'))
        expect(answer.statusCode, `${url} ${type}`).toBeGreaterThan(399);
    }
  }
  expect(({} as Record<string, unknown>).admin).toBeUndefined();
});

test('any path, query and header, with every set of scopes and without a login, to every route', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '..',
      '../../etc/passwd',
      '%00',
      '%2e%2e%2f',
      "'",
      "' OR 1=1--",
      '1',
      '-1',
      '0',
      '__proto__',
    ),
  );
  const headerText = fc.string({ unit: fc.constantFrom(...'bytes=0-,"W/* a9') });
  const headerNames = [
    'range',
    'if-range',
    'if-none-match',
    'accept',
    'idempotency-key',
    'x-request-id',
  ].concat(['content-type', 'last-event-id', 'origin', 'x-forwarded-for', 'cookie']);
  const scopes = fc.constantFrom<(Scope[] | undefined)[]>(
    undefined,
    [],
    ['videos:read'],
    ['videos:write'],
    ['admin'],
    ['videos:read', 'videos:write'],
    ['videos:read', 'videos:write', 'admin'],
  );
  const all = operations();
  const statuses = new Set<number>();
  for (const { path, method, scope, parameters } of all) {
    // Streams of their own jobs do not end, and what is removed is there no more for what comes after.
    const mayOwn = !path.endsWith('/events') && method !== 'DELETE' && !path.endsWith('/rotate');
    const idOf = (name: string) =>
      fc.oneof(
        ...[own, others]
          .filter((ids) => mayOwn || ids === others)
          .map((ids) => fc.constant(ids[name] ?? 'x')),
        fc.uuid(),
        text,
      );
    const names = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
    const queries = parameters.filter((each) => each.in === 'query').map(({ name }) => name);
    await fc.assert(
      fc.asyncProperty(
        scopes,
        fc.record(Object.fromEntries(names.map((name) => [name, idOf(name)]))),
        fc.dictionary(fc.constantFrom(...queries, 'x', '__proto__'), text, { maxKeys: 3 }),
        fc.dictionary(fc.constantFrom(...headerNames), headerText, { maxKeys: 3 }),
        async (having, ids, query, headers) => {
          const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => encode(ids[name]!));
          const search = Object.entries(query).map(([key, value]) => `${key}=${encode(value)}`);
          const url = `${filled}${search.length > 0 ? `?${search.join('&')}` : ''}`;
          const answer = await on.ask(method as 'GET', url, {
            // Whoever erases themselves is nobody to those who come after.
            ...(having !== undefined && {
              user: method === 'DELETE' && path === '/v1/account' ? 'leaver' : 'mallory',
            }),
            headers: { ...headers, ...(having !== undefined && { 'x-test-scopes': having.join() }) },
          });
          statuses.add(answer.statusCode);
          // What they asked for stands in their own part of the audit log.
          const asked = path === '/v1/account/export' ? Object.values(others) : [];
          expectHarmless(answer, `${url}${JSON.stringify([ids, headers, asked])}`);
          if (scope !== undefined && !having?.includes(scope)) expect(answer.statusCode).toBeGreaterThan(399);
          if (Object.values(ids).some((id) => Object.values(others).includes(id)))
            expect(answer.statusCode).toBeGreaterThan(399);
        },
      ),
      sampled(30),
    );
  }
  expect([...statuses]).toEqual(expect.arrayContaining([200, 401, 403, 404, 422]));
});
