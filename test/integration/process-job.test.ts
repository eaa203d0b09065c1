// POST /process-job: who may push, what is put aside, and which answers bring a message back.
import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { exportSPKI, generateKeyPair } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createPushInbox } from '../../src/adapters/pubsub/push-inbox.ts';
import { createPushTokenVerifier } from '../../src/adapters/pubsub/push-token.ts';
import { AppError } from '../../src/domain/errors.ts';
import { createAnswerCheck } from '../support/answer-check.ts';
import { openTestApi, type TestApi } from '../support/api.ts';
import {
  pushAccount,
  pushAudience,
  startTokenIssuer,
  type TokenIssuer,
} from '../support/pubsub-double-issuer.ts';

let issuer: TokenIssuer;
let on: TestApi;
let url: string;
let check: ReturnType<typeof createAnswerCheck>;
let jobId: string;
/** What the worker does with a delivery; tests put something else in its place. */
let work: (jobId: string) => Promise<void>;
const delivered: string[] = [];
const inbox = createPushInbox({ waitForPlaceMs: 0 });

beforeAll(async () => {
  issuer = await startTokenIssuer();
  let knows = async (_: string) => false;
  on = await openTestApi({
    push: {
      verify: createPushTokenVerifier({
        audience: pushAudience,
        account: pushAccount,
        keysUrl: issuer.keysUrl,
      }),
      knowsJob: (id) => knows(id),
      deliver: inbox.deliver,
    },
  });
  knows = on.stores.leases.isKnown;
  await inbox.consume(
    async (delivery) => {
      delivered.push(delivery.jobId);
      await work(delivery.jobId);
    },
    { concurrency: 2 },
  );
  jobId = await on.create();
  check = createAnswerCheck(on.api.swagger());
  url = await on.api.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await on.close();
  await issuer.close();
});
beforeEach(() => {
  delivered.length = 0;
  work = async () => {};
});

const encode = (message: unknown) =>
  Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)).toString('base64');

const envelopeOf = (data: string, change: Record<string, unknown> = {}) => ({
  message: {
    data,
    attributes: {},
    messageId: '136969346945',
    message_id: '136969346945',
    publishTime: '2026-11-25T02:00:00.123Z',
    publish_time: '2026-11-25T02:00:00.123Z',
  },
  subscription: 'projects/p/subscriptions/aiprod-worker',
  ...change,
});

/** Over a real connection, as Pub/Sub does it; the answer is held to the OpenAPI document. */
async function push(body: unknown, authorization?: string, contentType = 'application/json') {
  const answer = await fetch(`${url}/process-job`, {
    method: 'POST',
    headers: { 'content-type': contentType, ...(authorization !== undefined && { authorization }) },
    body: typeof body === 'string' || Buffer.isBuffer(body) ? (body as string) : JSON.stringify(body),
  });
  const { status: statusCode } = answer;
  const headers = Object.fromEntries(answer.headers);
  const answered = await answer.text();
  check('POST', '/process-job', { statusCode, headers, body: answered });
  return {
    statusCode,
    headers,
    body: answered,
    code: answered === '' ? undefined : JSON.parse(answered).code,
  };
}

const bearer = async (...token: Parameters<TokenIssuer['sign']>) => `Bearer ${await issuer.sign(...token)}`;
const pushJob = async (id = jobId) => push(envelopeOf(encode({ job_id: id })), await bearer());

const quarantined = async () => {
  const { body } = await on.ask('GET', '/metrics');
  return Number(/^queue_messages_quarantined_total\{via="push"\} (\d+)$/m.exec(body)?.[1] ?? 0);
};

describe('a push', () => {
  test('of a job is handed to the worker and acknowledged when that is done', async () => {
    const working = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    work = () => {
      started.resolve();
      return working.promise;
    };
    let answered = false;
    const answer = pushJob().finally(() => {
      answered = true;
    });
    await started.promise;
    expect(answered).toBe(false);
    working.resolve();
    expect((await answer).statusCode).toBe(204);
    expect((await answer).body).toBe('');
    expect(delivered).toEqual([jobId]);
  });

  test('may come twice, with or without a count of attempts, and with members that are new', async () => {
    for (const change of [{}, { deliveryAttempt: 3 }, { ingestedBy: 'somebody' }]) {
      const answer = await push(envelopeOf(encode({ job_id: jobId }), change), await bearer());
      expect(answer.statusCode).toBe(204);
    }
    expect(delivered).toEqual([jobId, jobId, jobId]);
  });

  test.each([
    ['the database is away', new AppError('database_unavailable', 'Away.'), 503],
    ['something unexpected happens', new TypeError('secret detail'), 500],
  ])('comes again when %s', async (_, error, status) => {
    work = async () => {
      throw error;
    };
    const answer = await pushJob();
    expect(answer.statusCode).toBe(status);
    expect(answer.body).not.toContain('secret');
  });

  test('beyond the places of the worker comes again, and takes nothing from those that run', async () => {
    const working = Promise.withResolvers<void>();
    const started: PromiseWithResolvers<void>[] = [Promise.withResolvers(), Promise.withResolvers()];
    work = () => {
      started[delivered.length - 1]?.resolve();
      return working.promise;
    };
    const running = [pushJob(), pushJob()];
    await Promise.all(started.map(({ promise }) => promise));
    const third = await pushJob();
    expect([third.statusCode, third.code]).toEqual([429, 'worker_busy']);
    working.resolve();
    expect((await Promise.all(running)).map(({ statusCode }) => statusCode)).toEqual([204, 204]);
    expect((await pushJob()).statusCode).toBe(204);
    expect(delivered).toHaveLength(3);
  });

  test('may work for longer than a silent connection may live', async () => {
    const sockets: { timeout?: number }[] = [];
    on.api.server.on('connection', (socket) => void sockets.push(socket));
    const timeouts: (number | undefined)[] = [];
    work = async () => void timeouts.push(sockets[0]!.timeout);
    const other = createConnection({ host: '127.0.0.1', port: Number(new URL(url).port) });
    const body = JSON.stringify(envelopeOf(encode({ job_id: jobId })));
    other.write(
      `POST /process-job HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: ${await bearer()}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(await text(other)).toMatch(/^HTTP\/1\.1 204 /);
    expect(timeouts).toEqual([0]);
  });
});

describe('a message that names no job that is known is put aside, counted and acknowledged', () => {
  const data = encode({ job_id: randomUUID() });
  const { message } = envelopeOf(data);
  test.each<[string, unknown]>([
    ['no JSON', '{"message":'],
    ['nothing at all', ''],
    ['bytes that are no text', Buffer.from([0x22, 0xff, 0x22])],
    ['a list', []],
    ['no message', { subscription: 'projects/p/subscriptions/s' }],
    ['no subscription', { message }],
    ['a message without an id', envelopeOf(data, { message: { ...message, messageId: undefined } })],
    ['a message without a time', envelopeOf(data, { message: { ...message, publishTime: 'yesterday' } })],
    ['data that is no base64', envelopeOf('{"job_id"}')],
    ['data that is no text', envelopeOf(data, { message: { ...message, data: 7 } })],
    ['data that is no JSON', envelopeOf(encode('job'))],
    ['a job id that is a path', envelopeOf(encode({ job_id: '../../etc/passwd' }))],
    ['more than a job id', envelopeOf(encode({ job_id: randomUUID(), user_id: 'ann' }))],
    ['an attempt that is no number', envelopeOf(data, { deliveryAttempt: 'first' })],
    ['a job that does not exist', envelopeOf(data)],
    ['two megabytes', envelopeOf('A'.repeat(2_000_000))],
  ])('%s', async (_, json) => {
    const before = await quarantined();
    expect((await push(json, await bearer())).statusCode).toBe(204);
    expect(await quarantined()).toBe(before + 1);
    expect(delivered).toEqual([]);
  });

  test('whatever its content type says', async () => {
    const before = await quarantined();
    const answer = await push('<job/>', await bearer(), 'text/xml');
    expect(answer.statusCode).toBe(204);
    expect(await quarantined()).toBe(before + 1);
  });
});

describe('a push that Pub/Sub did not sign for us does nothing', () => {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'https://accounts.google.com',
    aud: pushAudience,
    sub: '1',
    email: pushAccount,
    email_verified: true,
    iat: now,
    exp: now + 3_600,
  };
  const hmac = (key: string | Buffer, header: object) => {
    const signed = `${part({ alg: 'HS256', typ: 'JWT', ...header })}.${part(claims)}`;
    return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
  };
  const strangersKey = generateKeyPair('RS256', { extractable: true });
  const strangersJwk = async () => {
    const { publicKey } = await strangersKey;
    const { exportJWK } = await import('jose');
    return { ...(await exportJWK(publicKey)), alg: 'RS256', use: 'sig' };
  };
  const byStranger = async (header: Record<string, unknown> = {}) =>
    issuer.sign({}, header, (await strangersKey).privateKey);

  const forged: [string, number, () => string | Promise<string | undefined> | undefined][] = [
    ['no header', 401, () => undefined],
    ['an empty header', 401, () => ''],
    ['another scheme', 401, () => `Basic ${Buffer.from('a:b').toString('base64')}`],
    ['a bearer without a token', 401, () => 'Bearer '],
    ['a token that is none', 401, () => 'Bearer abc.def'],
    ['two tokens', 401, async () => `${await bearer()}, ${await bearer()}`],
    ['no signature (alg none)', 401, () => `Bearer ${part({ alg: 'none' })}.${part(claims)}.`],
    ['no signature, alg in capitals', 401, () => `Bearer ${part({ alg: 'NONE' })}.${part(claims)}.AA`],
    ['a key of somebody else', 401, async () => `Bearer ${await byStranger()}`],
    ['a key id that nobody has', 401, async () => bearer({}, { kid: 'k2' })],
    ['an embedded key', 401, async () => `Bearer ${await byStranger({ jwk: await strangersJwk() })}`],
    [
      'a URL of its own keys (jku)',
      401,
      async () => `Bearer ${await byStranger({ jku: `${issuer.keysUrl}/own` })}`,
    ],
    [
      'a URL of its own certificate (x5u)',
      401,
      async () => `Bearer ${await byStranger({ x5u: issuer.keysUrl })}`,
    ],
    [
      'an extension that must be understood',
      401,
      async () => bearer({}, { crit: ['urn:new'], 'urn:new': true }),
    ],
    [
      'the public key as an HMAC secret',
      401,
      async () => `Bearer ${hmac(await exportSPKI(issuer.publicKey), { kid: 'k1' })}`,
    ],
    [
      'the modulus as an HMAC secret',
      401,
      () => `Bearer ${hmac(Buffer.from(issuer.publicJwk.n!, 'base64url'), { kid: 'k1' })}`,
    ],
    [
      'a signature of another algorithm',
      401,
      async () => {
        const [header, payload, signature] = (await issuer.sign()).split('.');
        return `Bearer ${part({ ...JSON.parse(Buffer.from(header!, 'base64url').toString()), alg: 'PS256' })}.${payload}.${signature}`;
      },
    ],
    [
      'claims that were changed',
      401,
      async () => {
        const [header, , signature] = (await issuer.sign()).split('.');
        return `Bearer ${header}.${part({ ...claims, sub: '2' })}.${signature}`;
      },
    ],
    ['an end in the past', 401, () => bearer({ iat: now - 7_200, exp: now - 3_600 })],
    ['no end', 401, () => bearer({ exp: undefined })],
    ['a life of many years', 401, () => bearer({ iat: now - 86_400, exp: now + 10 ** 8 })],
    ['no time of issue', 401, () => bearer({ iat: undefined })],
    ['a time of issue in the future', 401, () => bearer({ iat: now + 3_600, exp: now + 7_200 })],
    ['a beginning in the future', 401, () => bearer({ nbf: now + 3_600 })],
    ['another audience', 401, () => bearer({ aud: 'https://worker.example/' })],
    ['no audience', 401, () => bearer({ aud: undefined })],
    ['another issuer', 401, () => bearer({ iss: 'https://accounts.google.com.evil.example' })],
    ['the issuer without https', 401, () => bearer({ iss: 'accounts.google.com' })],
    ['no issuer', 401, () => bearer({ iss: undefined })],
    ['another account', 403, () => bearer({ email: 'other@project.iam.gserviceaccount.com' })],
    ['no account', 401, () => bearer({ email: undefined })],
    ['an account in a list', 403, () => bearer({ email: [pushAccount] })],
    ['an account that is not verified', 403, () => bearer({ email_verified: false })],
    ['an account that is verified in words', 403, () => bearer({ email_verified: 'true' })],
  ];

  test.each(forged)('%s', async (_, status, make) => {
    const authorization = await make();
    const before = await quarantined();
    const answer = await push(envelopeOf(encode({ job_id: jobId })), authorization);
    expect(answer.statusCode).toBe(status);
    expect(answer.code).toBe(status === 401 ? 'unauthenticated' : 'forbidden');
    if (status === 401) expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(delivered).toEqual([]);
    expect(await quarantined()).toBe(before);
  });

  test('a signature that the platform took off is told apart, with what to do', async () => {
    const [header, payload] = (await issuer.sign()).split('.');
    const answer = await push(
      envelopeOf(encode({ job_id: jobId })),
      `Bearer ${header}.${payload}.SIGNATURE_REMOVED_BY_GOOGLE`,
    );
    expect(answer.statusCode).toBe(401);
    expect(answer.body).toContain('--no-invoker-iam-check');
    expect(delivered).toEqual([]);
  });

  test('what a user of the API may send in its place neither', async () => {
    const answer = await on.ask('POST', '/process-job', { user: 'ann', json: {} });
    expect(answer.statusCode).toBe(401);
  });

  test('keys are fetched once for many pushes, and never from where a token says', () => {
    expect(issuer.asked()).toBe(1);
  });
});

test('a push whose token cannot be verified because the keys cannot be had comes again', async () => {
  const other = await startTokenIssuer();
  const verify = createPushTokenVerifier({
    audience: pushAudience,
    account: pushAccount,
    keysUrl: other.keysUrl,
  });
  const authorization = `Bearer ${await other.sign()}`;
  for (const [status, body] of [
    [503, ''],
    [200, '<html>'],
    [200, '{"keys":7}'],
  ] as const) {
    other.answerKeysWith(status, body);
    await expect(verify(authorization)).rejects.toMatchObject({ code: 'provider_unavailable' });
  }
  other.answerKeysWith(200, JSON.stringify({ keys: [other.publicJwk] }));
  await expect(verify(authorization)).resolves.toBeUndefined();
  await other.close();
  // Known keys are used on while their URL is away.
  await expect(verify(authorization)).resolves.toBeUndefined();
});

test('a key that is too short is no key', async () => {
  const other = await startTokenIssuer();
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1_024 });
  other.answerKeysWith(
    200,
    JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256' }] }),
  );
  const verify = createPushTokenVerifier({
    audience: pushAudience,
    account: pushAccount,
    keysUrl: other.keysUrl,
  });
  await expect(verify(`Bearer ${await other.sign()}`)).rejects.toBeInstanceOf(AppError);
  await other.close();
});

test('where no pushes are configured there is no such route', async () => {
  const plain = await openTestApi();
  const answer = await plain.ask('POST', '/process-job', {
    json: envelopeOf(encode({ job_id: jobId })),
    headers: { authorization: await bearer() },
  });
  expect([answer.statusCode, answer.json().code]).toEqual([404, 'not_found']);
  await plain.close();
});

test('the document of an API that takes pushes says so, and lints', async () => {
  const { body } = await on.ask('GET', '/openapi.json');
  const operation = JSON.parse(body).paths['/process-job'].post;
  expect(operation.security).toEqual([{ pushToken: [] }]);
  expect(JSON.stringify(operation.requestBody)).toContain('PushEnvelope');
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: body, absoluteRef: '/openapi.json', config });
  const here = problems.filter(({ location }) => location[0]?.pointer?.includes('process-job'));
  expect(here.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
});
