// Webhooks on a real database and over real HTTP, to a receiver that misbehaves on demand.
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { createWebhookSender } from '../../src/adapters/https/webhook-sender.ts';
import { createWebhookOutbox } from '../../src/adapters/postgres/webhook-outbox.ts';
import { createWebhookStore } from '../../src/adapters/postgres/webhook-store.ts';
import { type WebhookType, webhookLimits } from '../../src/domain/webhook.ts';
import type { Sealer } from '../../src/ports/sealer.ts';
import { deliverWebhooks } from '../../src/worker/deliver-webhooks.ts';
import { openStores, type Stores } from '../support/stores.ts';
import { createTestSealer } from '../support/test-sealer.ts';

interface Received {
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
  at: number;
}

let stores: Stores;
let sealer: Sealer;
let server: Server;
let received: Received[];
let answer: RequestListener;
let onReceived: () => void;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  stores = await openStores();
  sealer = createTestSealer();
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ path: request.url!, headers: request.headers, body, at: received.length });
      answer(request, response);
      onReceived();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await stores?.close();
});
beforeEach(async () => {
  received = [];
  onReceived = () => {};
  answer = (_, response) => response.end('thanks');
  await stores.pool.query('DELETE FROM webhook_endpoints');
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const store = () => createWebhookStore({ pool: stores.pool, sealer });

function addEndpoint(path = '/hook', types: WebhookType[] | null = null, onlyNamedJobs = false) {
  return store().add('ann', { url: `${origin()}${path}`, description: '', types, onlyNamedJobs });
}

/** Resolves when so many messages have arrived. */
function untilReceived(count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  onReceived = () => {
    if (received.length >= count) resolve();
  };
  onReceived();
  return promise;
}

/** A dispatcher; `noted` resolves when the outcomes of `count` attempts are stored. */
function startDispatcher({ timeoutMs = 15_000 } = {}) {
  const outbox = createWebhookOutbox({ pool: stores.pool, sealer });
  let notes = 0;
  const waiting: { count: number; resolve(): void }[] = [];
  const dispatcher = deliverWebhooks(
    {
      outbox: {
        ...outbox,
        async record(...args) {
          await outbox.record(...args);
          notes++;
          for (const { count, resolve } of waiting) if (notes >= count) resolve();
        },
      },
      sender: createWebhookSender({ privateHosts: [origin().replace('http://', '')], timeoutMs }),
      random: () => 0,
      logger: stores.logger,
    },
    { pollMs: 50 },
  );
  const stop = async () => {
    await dispatcher.stop();
    await outbox.close();
  };
  stops.push(stop);
  return {
    stop,
    noted: (count: number) =>
      new Promise<void>((resolve) => (notes >= count ? resolve() : void waiting.push({ count, resolve }))),
  };
}

async function finishJob(): Promise<string> {
  const lease = await stores.claimNew();
  await stores.leases.setProgress(lease, { stage: 'plan', progress: 0.1 });
  await stores.leases.setProgress(lease, { stage: 'plan', progress: 0.2 });
  await stores.leases.setProgress(lease, { stage: 'render', progress: 0.5 });
  await stores.leases.complete(lease, {
    files: {},
    report: {} as never,
    video: { title: 'A secret title', width: 16, height: 9, fps: 24, duration: 3, bytes: 10 },
    degradations: [],
    reuse: { steps_total: 1, steps_reused: 0 },
  });
  return lease.jobId;
}

const messages = async () => {
  const { rows } = await stores.pool.query(
    `SELECT type, state, attempts, due_at - now() AS wait, extract(epoch FROM due_at - now())::float8 AS seconds
     FROM webhook_messages ORDER BY job_id, job_order`,
  );
  return rows as { type: string; state: string; attempts: number; seconds: number }[];
};
const makeDue = () => stores.pool.query(`UPDATE webhook_messages SET due_at = now() WHERE state = 'pending'`);
const typesOf = () => received.map(({ body }) => JSON.parse(body).type);

test('a job is told of in order, signed, and without its words', async () => {
  const { endpointId } = await addEndpoint();
  const { noted } = startDispatcher();
  const jobId = await finishJob();
  await noted(3);
  expect(typesOf()).toEqual(['video.started', 'video.stage_completed', 'video.completed']);
  const verifier = new Webhook(await store().secret('ann', endpointId));
  const told = received.map(
    ({ body, headers }) => verifier.verify(body, headers as Record<string, string>) as { data: object },
  );
  expect(told[1]!.data).toMatchObject({ job_id: jobId, stage: 'render', completed_stage: 'plan' });
  expect(told[2]!.data).toMatchObject({
    status: 'completed',
    progress: 1,
    video: { width: 16, height: 9, fps: 24, duration: 3 },
  });
  expect(received.map(({ body }) => body).join()).not.toMatch(/lighthouse|secret title/);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  expect(() => verifier.verify(`${received[0]!.body} `, received[0]!.headers as never)).toThrow();
});

test('only what was asked for is told, and nobody hears of others', async () => {
  await addEndpoint('/failed', ['video.failed']);
  await addEndpoint('/named', null, true);
  await store().add('bob', { url: `${origin()}/bob`, description: '', types: null, onlyNamedJobs: false });
  await finishJob();
  expect(await messages()).toEqual([]);
});

test('what is rolled back is not told', async () => {
  await addEndpoint();
  const lease = await stores.claimNew();
  await stores.pool.query('DELETE FROM webhook_messages');
  const client = await stores.pool.connect();
  try {
    const statement = vetoedCancel(lease.jobId);
    await client.query('BEGIN');
    await client.query(statement);
    const { rows } = await client.query('SELECT type FROM webhook_messages');
    expect(rows).toEqual([{ type: 'video.canceled' }]);
    await client.query('ROLLBACK');
  } finally {
    client.release();
  }
  expect(await messages()).toEqual([]);
});

test('a failure is tried again later, holds up only its own job, and keeps its id', async () => {
  await addEndpoint();
  answer = (_, response) => response.writeHead(received.length === 1 ? 500 : 200).end('x'.repeat(50_000));
  const { noted } = startDispatcher();
  await finishJob();
  await noted(1);
  const [first, ...rest] = await messages();
  expect(first).toMatchObject({ type: 'video.started', state: 'pending', attempts: 1 });
  expect(first!.seconds).toBeGreaterThan(3);
  expect(first!.seconds).toBeLessThan(6);
  expect(rest.map(({ attempts }) => attempts)).toEqual([0, 0]);
  await makeDue();
  await noted(4);
  expect(typesOf()).toEqual(['video.started', 'video.started', 'video.stage_completed', 'video.completed']);
  expect(received[1]!.headers['webhook-id']).toBe(received[0]!.headers['webhook-id']);
  const { rows } = await stores.pool.query(
    'SELECT status, length(answer) AS kept FROM webhook_attempts ORDER BY at',
  );
  expect(rows.map(({ status }) => status)).toEqual([500, 200, 200, 200]);
  expect(rows[0]!.kept).toBe(1024);
});

test.each<[string, RequestListener, object]>([
  [
    'a redirect',
    (_, response) => response.writeHead(302, { location: '/else' }).end(),
    { status: 302, error: 'redirect' },
  ],
  ['a broken connection', (_, response) => response.destroy(), { status: null, error: 'econnreset' }],
  ['silence', () => {}, { status: null, error: 'timeout' }],
  [
    'an answer that never ends',
    (_, response) => void response.write('so'),
    { status: null, error: 'timeout' },
  ],
])('%s is a failure', async (_, behave, expected) => {
  await addEndpoint('/hook', ['video.started']);
  answer = behave;
  const { noted } = startDispatcher({ timeoutMs: 150 });
  await stores.claimNew();
  await noted(1);
  const { rows } = await stores.pool.query('SELECT status, error FROM webhook_attempts');
  expect(rows).toEqual([expected]);
  expect(received).toHaveLength(1);
});

test('who is gone is not asked again', async () => {
  const { endpointId } = await addEndpoint();
  answer = (_, response) => response.writeHead(410).end();
  await finishJob();
  const { noted } = startDispatcher();
  await noted(1);
  await expect
    .poll(() => messages().then((all) => all.map(({ state }) => state)))
    .toEqual(Array(3).fill('given_up'));
  expect(await store().find('ann', endpointId)).toMatchObject({
    enabled: false,
    disabledReason: 'The receiver answered 410 Gone.',
  });
});

test('a receiver may ask for time, up to a bound', async () => {
  await addEndpoint('/hook', ['video.started']);
  answer = (_, response) => response.writeHead(429, { 'retry-after': '999999' }).end();
  const { noted } = startDispatcher();
  await stores.claimNew();
  await noted(1);
  const [message] = await messages();
  expect(message!.seconds).toBeGreaterThan(6 * 3600 - 10);
  expect(message!.seconds).toBeLessThanOrEqual(6 * 3600);
});

test('after the last attempt it is given up, and an endpoint that failed for days is disabled', async () => {
  const { endpointId } = await addEndpoint('/hook', ['video.started']);
  answer = (_, response) => response.writeHead(500).end();
  await stores.claimNew();
  await stores.pool.query('UPDATE webhook_messages SET attempts = 7');
  await stores.pool.query(`UPDATE webhook_endpoints SET failing_since = now() - interval '6 days'`);
  const { noted } = startDispatcher();
  await noted(1);
  expect(await messages()).toMatchObject([{ state: 'given_up', attempts: 8 }]);
  expect(await store().find('ann', endpointId)).toMatchObject({
    enabled: false,
    disabledReason: expect.stringContaining('5 days'),
  });
});

test('what a dispatcher held that was killed comes again under the same id', async () => {
  await addEndpoint('/hook', ['video.started']);
  await stores.claimNew();
  const killed = createWebhookOutbox({ pool: stores.pool, sealer });
  const [taken] = await killed.take(10, 60_000);
  expect(await killed.take(10, 60_000)).toEqual([]);
  await stores.pool.query('UPDATE webhook_messages SET lease_until = now()');
  const { noted } = startDispatcher();
  await noted(1);
  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([taken!.messageId]);
  expect(await messages()).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  // Late news from the one before changes nothing.
  await killed.record(taken!, { status: 500, error: 'http_500', durationMs: 1, answer: '' }, { retryMs: 1 });
  expect(await messages()).toMatchObject([{ state: 'delivered' }]);
});

test('two dispatchers deliver each message once, and a slow receiver delays nobody else', async () => {
  await addEndpoint('/slow', ['video.started']);
  await addEndpoint('/quick', ['video.started']);
  const held: (() => void)[] = [];
  answer = (request, response) => {
    if (request.url === '/slow') held.push(() => response.end());
    else response.end();
  };
  for (let job = 0; job < 6; job++) await stores.claimNew();
  startDispatcher();
  startDispatcher();
  // Two of the slow one are under way, all of the quick one have arrived.
  await untilReceived(8);
  expect(received.filter(({ path }) => path === '/quick')).toHaveLength(6);
  expect(held).toHaveLength(2);
  answer = (_, response) => response.end();
  for (const release of held) release();
  await untilReceived(12);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(12);
});

test('during a rotation both secrets sign', async () => {
  const { endpointId } = await addEndpoint('/hook', ['video.started']);
  const before = await store().secret('ann', endpointId);
  const after = await store().rotate('ann', endpointId);
  expect(after).not.toBe(before);
  const { noted } = startDispatcher();
  await stores.claimNew();
  await noted(1);
  const { body, headers } = received[0]!;
  for (const secret of [before, after]) new Webhook(secret).verify(body, headers as Record<string, string>);
  const { rows } = await stores.pool.query('SELECT secret, previous_secret FROM webhook_endpoints');
  expect(Buffer.from(rows[0].secret).includes(after.slice(6))).toBe(false);
});

test('whoever has the least under way is next, however long others have waited', async () => {
  const store = createWebhookStore({ pool: stores.pool, sealer });
  const endpoint = (user: string, path: string) =>
    store.add(user, {
      url: `${origin()}${path}`,
      description: '',
      types: null,
      onlyNamedJobs: false,
    });
  for (let path = 0; path < 4; path++) {
    const { endpointId } = await endpoint('ann', `/${path}`);
    for (let test = 0; test < 2; test++) await store.test('ann', endpointId);
  }
  const outbox = createWebhookOutbox({ pool: stores.pool, sealer });
  stops.push(() => outbox.close());
  const usersOf = async (limit: number) => (await outbox.take(limit, 60_000)).map(({ userId }) => userId);
  expect(await usersOf(3)).toEqual(['ann', 'ann', 'ann']);
  const { endpointId } = await endpoint('bob', '/bob');
  await store.test('bob', endpointId);
  expect(await usersOf(1)).toEqual(['bob']);
});

test('what waits for one endpoint of a user keeps nothing from another', async () => {
  const slow = await addEndpoint('/slow');
  const quick = await addEndpoint('/quick');
  const addDue = (endpointId: string, count: number) =>
    stores.pool.query(
      `INSERT INTO webhook_messages (message_id, endpoint_id, user_id, job_order, type, payload)
       SELECT gen_random_uuid(), $1, 'ann', 0, 'video.started', '{}' FROM generate_series(1, $2::int)`,
      [endpointId, count],
    );
  await addDue(slow.endpointId, 40);
  await addDue(quick.endpointId, 1);
  const outbox = createWebhookOutbox({ pool: stores.pool, sealer });
  stops.push(() => outbox.close());
  const taken = (await outbox.take(64, 60_000)).map(({ endpointId }) => endpointId);
  expect(taken.toSorted()).toEqual([slow.endpointId, slow.endpointId, quick.endpointId].toSorted());
});

test('what is older than messages are kept goes, however much there is', async () => {
  const { endpointId } = await addEndpoint();
  await stores.pool.query(
    `INSERT INTO webhook_messages (message_id, endpoint_id, user_id, job_order, type, payload, state, created_at)
     SELECT gen_random_uuid(), $1, 'ann', 0, 'video.started', '{}', 'delivered',
       now() - CASE WHEN n > 0 THEN interval '31 days' ELSE interval '29 days' END FROM generate_series(0, 2100) n`,
    [endpointId],
  );
  const left = async () => (await stores.pool.query('SELECT FROM webhook_messages')).rowCount;
  startDispatcher();
  await vi.waitUntil(async () => (await left()) === 1, { timeout: 20_000 });
});

test('no more tests wait for a receiver than a few', async () => {
  const { endpointId } = await addEndpoint();
  for (let test = 0; test < webhookLimits.testsWaiting; test++) await store().test('ann', endpointId);
  await expect(store().test('ann', endpointId)).rejects.toMatchObject({ code: 'state_conflict' });
  const { noted } = startDispatcher();
  await noted(webhookLimits.testsWaiting);
  await store().test('ann', endpointId);
});

test('whoever listens is told at once of a test, and of a message to be delivered again', async () => {
  const { endpointId } = await addEndpoint();
  const outbox = createWebhookOutbox({ pool: stores.pool, sealer });
  stops.push(() => outbox.close());
  let told = Promise.withResolvers<void>();
  outbox.subscribe(() => told.resolve());
  await told.promise;
  const tells = async (work: () => Promise<unknown>) => {
    told = Promise.withResolvers();
    await work();
    await told.promise;
  };
  await tells(() => store().test('ann', endpointId));
  const [message] = await outbox.take(1, 30_000);
  const outcome = { status: 200, error: null, durationMs: 5, answer: '' };
  await outbox.record(message!, outcome, { retryMs: undefined });
  await tells(() => store().redeliver('ann', endpointId, message!.messageId));
});

test('of many that are added at once no more stay than there may be', async () => {
  for (let n = 1; n < webhookLimits.perUser; n++) await addEndpoint(`/${n}`);
  // Held up until all have begun.
  const holder = await stores.pool.connect();
  await holder.query('BEGIN; LOCK TABLE webhook_endpoints IN SHARE ROW EXCLUSIVE MODE');
  const adding = [20, 21, 22].map((n) => addEndpoint(`/${n}`));
  const settled = Promise.allSettled(adding);
  const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
  await vi.waitUntil(async () => (await stores.pool.query(waiting)).rowCount === adding.length);
  await holder.query('COMMIT');
  holder.release();
  const refused = (await settled).filter(({ status }) => status === 'rejected');
  expect(refused).toMatchObject([
    { reason: { code: 'limit_reached' } },
    { reason: { code: 'limit_reached' } },
  ]);
  expect(await store().list('ann')).toHaveLength(webhookLimits.perUser);
});

test('what a job is about to be created for makes no room', async () => {
  for (let n = 0; n < webhookLimits.perUser; n++) await addEndpoint(`/${n}`, null, true);
  await stores.pool.query(
    `UPDATE webhook_endpoints SET created_at = now() - interval '2 hours' + substring(url FROM '\\d+$')::int * interval '1 minute'`,
  );
  const named = await store().forUrl('ann', `${origin()}/0`);
  await store().forUrl('ann', `${origin()}/one-more`);
  const left = (await store().list('ann')).map(({ url }) => url);
  expect(left).toContain(named.url);
  expect(left).not.toContain(`${origin()}/1`);
  expect(left).toHaveLength(webhookLimits.perUser);
});

/** The statement of a cancellation, to be run by hand. */
function vetoedCancel(jobId: string): string {
  return cancelStatement.text.replace('$1', `'${jobId}'`).replace('$2', `'ann'`);
}
const cancelStatement = (await import('../../src/adapters/postgres/job-moves.ts')).movingStatement(
  'webhooks_test_cancel',
  `UPDATE jobs SET status = 'canceled', completed_at = now(), lease_until = NULL, worker_id = NULL,
     event_seq = event_seq + 1 WHERE job_id = $1 AND user_id = $2 RETURNING *`,
);
