// How often callers may ask: shared by instances, closed when it cannot be counted, and who counts as whom behind proxies.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAuditLog } from '../../src/adapters/postgres/audit-verify.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import { createRateLimiter } from '../../src/adapters/postgres/rate-limiter.ts';
import { localCaller } from '../../src/domain/caller.ts';
import { AppError } from '../../src/domain/errors.ts';
import { openTestApi, type TestApi } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const perMinute = 100;
const refillMs = 600;

let database: TestDatabase;
let pools: pg.Pool[];
let instances: TestApi[];
beforeAll(async () => {
  database = await openTestDatabase();
  pools = [1, 2].map(() =>
    createPool({ url: database.url, max: 10, applicationName: 'test', onError: () => {} }),
  );
  instances = await Promise.all(
    pools.map((pool) =>
      openTestApi({
        requestLimits: { limiter: createRateLimiter({ pool }), perMinute },
        authenticate({ headers: { authorization, 'x-test-user': user } }) {
          if (authorization !== undefined && authorization !== 'Bearer right')
            throw new AppError('unauthenticated', 'Wrong.');
          return { ...localCaller, userId: `${user ?? 'ann'}` };
        },
      }),
    ),
  );
});
afterAll(async () => {
  await Promise.all(instances.map((each) => each.close()));
  await Promise.all(pools.map((pool) => pool.end()));
  await database.close();
});

describe('the limiter', () => {
  const limiter = () => createRateLimiter({ pool: pools[0]! });

  test.each([1, 7, 100, 300])('lets %i in at once, and no more', async (most) => {
    const caller = `at once ${most}`;
    const startedMs = performance.now();
    const states = await Promise.all(Array.from({ length: most + 5 }, () => limiter().take(caller, most)));
    const refilled = Math.floor((performance.now() - startedMs) / (60_000 / most));
    const letIn = states.filter((state) => state.letIn).length;
    expect(letIn).toBeGreaterThanOrEqual(most);
    expect(letIn).toBeLessThanOrEqual(most + refilled);
  });

  test('says what is left and when there is more, and gives it back as time passes', async () => {
    const one = limiter();
    expect(await one.look('clock', 2)).toEqual({ letIn: true, remaining: 2, waitMs: 0, wholeInMs: 0 });
    expect(await one.take('clock', 2)).toMatchObject({ letIn: true, remaining: 1, waitMs: 0 });
    const last = await one.take('clock', 2);
    expect(last).toMatchObject({ letIn: true, remaining: 0 });
    expect(last.wholeInMs / 1000).toBeCloseTo(60, 0);
    const refused = await one.take('clock', 2);
    expect(refused).toMatchObject({ letIn: false, remaining: 0 });
    expect(refused.waitMs / 1000).toBeCloseTo(30, 0);
    expect((await one.look('clock', 2)).letIn).toBe(false);
    // The clock is the database's: half a minute passes there.
    await pools[0]!.query("UPDATE rate_limits SET whole_at = whole_at - interval '30 seconds'");
    expect(await one.take('clock', 2)).toMatchObject({ letIn: true, remaining: 0 });
    expect((await one.take('clock', 2)).letIn).toBe(false);
  });

  test('what is charged beyond the allowance has to be waited for', async () => {
    const one = limiter();
    await Promise.all(Array.from({ length: 5 }, () => one.charge('debt', 2)));
    const { letIn, waitMs } = await one.look('debt', 2);
    expect(letIn).toBe(false);
    expect(waitMs / 1000).toBeCloseTo(5 * 30 - 30, 0);
  });

  test('keeps nothing of who has not asked for a while', async () => {
    await limiter().take('gone', 1);
    await pools[0]!.query("UPDATE rate_limits SET whole_at = now() - interval '1 second'");
    await limiter().take('new', 1);
    expect((await pools[0]!.query('SELECT FROM rate_limits')).rowCount).toBe(1);
  });
});

test('of 500 requests at once to two instances as many are let in as a minute has, and each is told', async () => {
  const startedMs = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 500 }, (_, n) => instances[n % 2]!.ask('GET', '/v1/styles', { user: 'bob' })),
  );
  const refilled = Math.floor((performance.now() - startedMs) / refillMs);
  const good = answers.filter(({ statusCode }) => statusCode === 200);
  expect(good.length).toBeGreaterThanOrEqual(perMinute);
  expect(good.length).toBeLessThanOrEqual(perMinute + refilled);
  for (const { headers } of answers) {
    expect(headers['ratelimit-policy']).toBe('"default";q=100;w=60');
    expect(headers.ratelimit).toMatch(/^"default";r=\d+;t=\d+$/);
  }
  const refused = answers.filter(({ statusCode }) => statusCode !== 200);
  for (const answer of refused) {
    expect(answer.statusCode).toBe(429);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toMatchObject({
      code: 'rate_limited',
      retryable: true,
      hint: expect.stringContaining('Ask again in 1 s'),
    });
  }
  const others = await Promise.all(instances.map((each) => each.ask('GET', '/v1/styles', { user: 'eve' })));
  expect(others.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  const left = others.map(({ headers }) => /r=(\d+)/.exec(`${headers.ratelimit}`)?.[1]);
  expect(left.sort()).toEqual(['98', '99']);
});

test('the limit comes before the scope: who may not do it cannot ask for ever either', async () => {
  const headers = { 'x-test-user': 'carl' };
  await Promise.all(
    Array.from({ length: perMinute }, () => instances[0]!.ask('GET', '/v1/voices', { headers })),
  );
  expect((await instances[1]!.ask('GET', '/v1/admin/dead-letters', { headers })).statusCode).toBe(429);
});

test('keys cannot be tried out: an address that failed too often is not heard, even with the right one', async () => {
  const [one, other] = instances as [TestApi, TestApi];
  const ask = (api: TestApi, remoteAddress: string, proof: string) =>
    api.ask('GET', '/v1/styles', {
      user: 'dora',
      remoteAddress,
      headers: { authorization: `Bearer ${proof}` },
    });
  const tries = await Promise.all(
    Array.from({ length: 110 }, (_, n) => ask(instances[n % 2]!, `2001:db8:0:7::${n}`, `wrong-${n}`)),
  );
  expect(tries.filter(({ statusCode }) => statusCode === 401).length).toBeGreaterThanOrEqual(100);
  const refused = await ask(other, '2001:DB8::7:ffff:0:0:1', 'right');
  expect(refused.statusCode).toBe(429);
  expect(refused.headers['ratelimit-policy']).toBe('"failed-logins";q=100;w=60');
  expect(refused.headers.ratelimit).toMatch(/^"failed-logins";r=0;t=[5-7]\d$/);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  expect((await ask(one, '2001:db8:0:8::1', 'right')).statusCode).toBe(200);
  expect((await ask(one, '10.0.0.1', 'right')).statusCode).toBe(200);
  const failed = await ask(one, '10.0.0.1', 'wrong');
  expect([failed.statusCode, failed.headers.ratelimit]).toEqual([401, '"failed-logins";r=99;t=1']);
});

test('who never failed is not looked up, and beyond the limit each instance tries one proof', async () => {
  const looked: string[] = [];
  const limiter = createRateLimiter({ pool: pools[0]! });
  const fresh = await openTestApi({
    requestLimits: {
      limiter: {
        ...limiter,
        look(caller, most) {
          looked.push(caller);
          return limiter.look(caller, most);
        },
      },
      perMinute,
    },
    authenticate({ headers: { authorization } }) {
      tried.push(`${authorization}`);
      if (authorization === 'Bearer right') return { ...localCaller, userId: 'fred' };
      throw new AppError('unauthenticated', 'Wrong.');
    },
  });
  const tried: string[] = [];
  const ask = (api: TestApi, proof: string) =>
    api.ask('GET', '/v1/styles', {
      remoteAddress: '10.0.0.2',
      headers: { authorization: `Bearer ${proof}` },
    });
  try {
    for (let times = 0; times < 3; times += 1) expect((await ask(fresh, 'right')).statusCode).toBe(200);
    expect(looked).toEqual([]);
    await Promise.all(Array.from({ length: 120 }, (_, n) => ask(instances[0]!, `wrong-${n}`)));
    // The limit was reached elsewhere: the first here is tried, and counted.
    const answers = [await ask(fresh, 'wrong'), await ask(fresh, 'right'), await ask(fresh, 'wrong')];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([429, 429, 429]);
    expect(tried).toEqual([...Array(3).fill('Bearer right'), 'Bearer wrong']);
    expect(looked).toEqual(Array(2).fill('address 10.0.0.2'));
    expect(answers[0]!.headers['ratelimit-policy']).toBe('"failed-logins";q=100;w=60');
    expect(Number(answers[0]!.headers['retry-after'])).toBeGreaterThanOrEqual(10);
  } finally {
    await fresh.close();
  }
});

test('the document lists the refusal beside those of the route itself', () => {
  const { paths } = instances[0]!.api.swagger() as unknown as {
    paths: Record<
      string,
      Record<string, { responses: Record<string, { description: string; headers?: object }> }>
    >;
  };
  for (const [path, operations] of Object.entries(paths).filter(([each]) => each.startsWith('/v1/')))
    for (const { responses } of Object.values(operations)) {
      expect(responses[429]?.description, path).toContain('`rate_limited`');
      expect(Object.keys(responses[429]?.headers ?? {})).toContain('retry-after');
    }
  expect(paths['/v1/videos']!.post!.responses[429]!.description).toContain('`limit_reached`');
  expect(paths['/v1/videos']!.post!.responses[503]!.description.match(/database_unavailable/g)).toHaveLength(
    1,
  );
});

test('who cannot be counted is not let in', async () => {
  const pool = createPool({
    url: 'postgres://nobody@127.0.0.1:1/none',
    max: 1,
    applicationName: 'test',
    onError: () => {},
  });
  const closed = await openTestApi({
    requestLimits: { limiter: createRateLimiter({ pool }), perMinute },
  });
  try {
    const answer = await closed.ask('GET', '/v1/styles');
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'database_unavailable']);
    expect((await closed.ask('GET', '/health')).statusCode).toBe(200);
  } finally {
    await closed.close();
    await pool.end();
  }
});

describe('whom a request comes from', () => {
  const seenBy = async (trustedProxies: number, forwarded: string) => {
    const api = await openTestApi({ trustedProxies });
    try {
      await api.ask('GET', '/v1/videos/00000000-0000-7000-8000-000000000000', {
        remoteAddress: '10.9.9.9',
        headers: { 'x-forwarded-for': forwarded },
      });
      const [entry] = await listAuditLog(api.stores.pool, { userId: undefined, limit: 1 });
      return entry?.from;
    } finally {
      await api.close();
    }
  };

  test.each([
    [0, '203.0.113.5', '10.9.9.9'],
    [1, '203.0.113.5', '203.0.113.5'],
    [1, '198.51.100.1, 203.0.113.5', '203.0.113.5'],
    [1, '127.0.0.1, nonsense, 203.0.113.5', '203.0.113.5'],
    [2, '198.51.100.1, 203.0.113.5, 10.0.0.2', '203.0.113.5'],
  ])('behind %i proxies, X-Forwarded-For %s is %s', async (proxies, forwarded, from) => {
    expect(await seenBy(proxies, forwarded)).toBe(from);
  });
});
