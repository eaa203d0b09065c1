// What browsers are told: which sites' pages may ask, that answers are not for others, and that there are no cookies.
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createRateLimiter } from '../../src/adapters/postgres/rate-limiter.ts';
import { localCaller } from '../../src/domain/caller.ts';
import { AppError } from '../../src/domain/errors.ts';
import type { RateLimiter } from '../../src/ports/rate-limiter.ts';
import { openTestApi, type TestApi } from '../support/api.ts';

const friend = 'https://app.example.com';
const foreign = 'https://evil.example.com';

let on: TestApi;
let local: TestApi;
beforeAll(async () => {
  const limiter: RateLimiter = {
    take: (...asked) => counting().take(...asked),
    charge: (...asked) => counting().charge(...asked),
    look: (...asked) => counting().look(...asked),
  };
  on = await openTestApi({
    corsOrigins: [friend, 'http://localhost:5173'],
    requestLimits: { limiter, perMinute: 100 },
    authenticate({ headers }) {
      if (headers.authorization === undefined) throw new AppError('unauthenticated', 'Who?');
      return { ...localCaller, userId: 'ann' };
    },
  });
  const counting = () => createRateLimiter({ pool: on.stores.pool });
  local = await openTestApi({
    corsOrigins: [friend],
    login: undefined as never,
    authenticate: () => localCaller,
  });
});
afterAll(async () => {
  await on.close();
  await local.close();
});

const preflight = (origin: string, method: string): InjectOptions => ({
  method: 'OPTIONS',
  url: '/v1/videos',
  headers: {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': 'authorization,content-type,idempotency-key',
  },
});
const corsHeaders = (headers: object) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

describe('a preflight', () => {
  test.each(['PUT', 'PATCH', 'DELETE', 'POST'])('of a named site for %s is answered', async (method) => {
    const { statusCode, headers, body } = await on.api.inject(preflight(friend, method));
    expect([statusCode, body]).toEqual([204, '']);
    expect(headers['access-control-allow-origin']).toBe(friend);
    expect(headers['access-control-allow-methods']).toContain(method);
    expect(headers['access-control-allow-headers']).toMatch(
      /Authorization.*Content-Type.*Idempotency-Key.*Traceparent/,
    );
    expect(headers['access-control-max-age']).toBe('600');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
    expect(headers.vary).toContain('Origin');
  });

  test('is asked for no proof, counted for nobody and written down nowhere', async () => {
    const rows = async () => {
      const { rows } = await on.stores.pool.query(
        'SELECT (SELECT count(*) FROM rate_limits) AS counted, (SELECT count(*) FROM audit_log) AS written',
      );
      return rows[0];
    };
    const before = await rows();
    for (let n = 0; n < 5; n++)
      expect((await on.api.inject(preflight(friend, 'DELETE'))).statusCode).toBe(204);
    expect(await rows()).toEqual(before);
  });

  test.each([
    foreign,
    'null',
    `${friend}.evil.com`,
    `${friend}:444`,
    'http://app.example.com',
  ])('of %s is told nothing', async (origin) => {
    const answer = await on.api.inject(preflight(origin, 'PUT'));
    expect(answer.statusCode).toBe(405);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(corsHeaders(answer.headers)).toEqual([]);
  });

  test('that lacks what makes it one fails nobody', async () => {
    for (const headers of [{ origin: friend }, {}]) {
      const { statusCode } = await on.api.inject({ method: 'OPTIONS', url: '/v1/videos', headers });
      expect([204, 405]).toContain(statusCode);
    }
  });
});

describe('an answer', () => {
  const ask = (origin: string | undefined, proof = true) =>
    on.ask('GET', '/v1/styles', {
      headers: { ...(origin && { origin }), ...(proof && { authorization: 'Bearer x' }) },
    });

  test('to a named site may be read there, with the headers that matter', async () => {
    for (const proof of [true, false]) {
      const { statusCode, headers } = await ask(friend, proof);
      expect(statusCode).toBe(proof ? 200 : 401);
      expect(headers['access-control-allow-origin']).toBe(friend);
      expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
      const exposed = `${headers['access-control-expose-headers']}`.split(', ');
      expect(exposed).toEqual(
        expect.arrayContaining([
          'Location',
          'RateLimit',
          'RateLimit-Policy',
          'Retry-After',
          'Idempotent-Replayed',
          'ETag',
          'Content-Range',
        ]),
      );
    }
  });

  test.each([foreign, 'null', undefined])('to %s has no CORS header', async (origin) => {
    const { headers } = await ask(origin);
    expect(corsHeaders(headers)).toEqual([]);
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers.vary).toBe('Origin');
  });

  test('that varies for another reason says both', async () => {
    expect((await on.ask('GET', '/status')).headers.vary).toBe('Origin, accept');
    expect((await on.ask('GET', '/status', { headers: { origin: friend } })).headers.vary).toBe(
      'Origin, accept',
    );
  });
});

test('without a login a named site is let in, and no other', async () => {
  const ask = (origin: string) =>
    local.api.inject({ url: '/v1/styles', headers: { origin, 'sec-fetch-site': 'cross-site' } });
  expect((await ask(friend)).statusCode).toBe(200);
  expect((await ask(foreign)).statusCode).toBe(403);
  expect((await local.api.inject(preflight(friend, 'POST'))).statusCode).toBe(204);
  expect((await local.api.inject(preflight(foreign, 'POST'))).statusCode).toBe(403);
});

test('what a foreign page asks for without a login does not fill the audit log', async () => {
  const entries = async () =>
    (await local.stores.pool.query('SELECT count(*)::int AS count FROM audit_log')).rows[0].count;
  const before = await entries();
  const headers = { origin: foreign };
  expect((await local.api.inject({ method: 'DELETE', url: '/v1/account', headers })).statusCode).toBe(403);
  expect(await entries()).toBe(before);
});

test('browsers are told to come by https where a login is asked for', async () => {
  const policy = async ({ api }: TestApi) =>
    (await api.inject('/health')).headers['strict-transport-security'];
  expect(await policy(on)).toBe('max-age=31536000');
  expect(await policy(local)).toBeUndefined();
});

test('no route sets a cookie', async () => {
  const operations = Object.entries(on.api.swagger().paths ?? {}).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => [method.toUpperCase(), path] as const),
  );
  expect(operations.length).toBeGreaterThan(20);
  const asked: (readonly [string, string])[] = [
    ...operations,
    ['GET', '/docs/'],
    ['GET', '/docs/js/scalar.js'],
    ['GET', '/no/such/path'],
    ['OPTIONS', '/v1/videos'],
  ];
  for (const [method, path] of asked) {
    const url = path.replaceAll(/\{\w+\}/g, '00000000-0000-7000-8000-000000000000');
    for (const headers of [{ authorization: 'Bearer x', cookie: 'a=b', origin: friend }, { cookie: 'a=b' }]) {
      const answer = await on.api.inject({ method, url, headers } as InjectOptions);
      expect(answer.headers, `${method} ${path}`).not.toHaveProperty('set-cookie');
    }
  }
});
