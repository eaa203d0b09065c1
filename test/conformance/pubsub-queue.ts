// What our Pub/Sub queue does, and what it counts on Pub/Sub to do. Run against the double and against the emulator, so
// that the double is held to the emulator's behaviour.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { PubSub } from '@google-cloud/pubsub';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import {
  createPubsubQueue,
  type DeadMessage,
  type PubsubQueue,
} from '../../src/adapters/pubsub/job-queue.ts';
import { pushEnvelopeSchema } from '../../src/api/schemas/index.ts';
import type { Transaction } from '../../src/ports/transaction.ts';
import { pushAccount, pushAudience } from '../support/pubsub-double-issuer.ts';
import { holdDeliveries, jobQueueConformance } from './job-queue.ts';

const projectId = 'aiprod-test';

interface PubsubService {
  /** Host and port, as PUBSUB_EMULATOR_HOST takes it. */
  host: string;
}

/** What a service does not do; the rest must be alike. */
interface Lacks {
  flowControl?: boolean;
  /** Pushes carry no token, and do not tell how often they were tried. */
  signedPushes?: boolean;
}

/** A topic with a pull and a dead-letter subscription of its own, and clients of them. */
export async function openTopic(host: string) {
  vi.stubEnv('PUBSUB_EMULATOR_HOST', host);
  // The library asks Google's metadata server who it is, also for an emulator.
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
  const id = randomUUID().slice(0, 8);
  const names = {
    topic: `jobs-${id}`,
    deadLetterTopic: `dead-${id}`,
    subscription: `worker-${id}`,
    deadLetterSubscription: `dead-letters-${id}`,
  };
  const admin = new PubSub({ projectId });
  await admin.createTopic(names.topic);
  await admin.createTopic(names.deadLetterTopic);
  await admin.createSubscription(names.topic, names.subscription, {
    ackDeadlineSeconds: 10,
    deadLetterPolicy: {
      deadLetterTopic: `projects/${projectId}/topics/${names.deadLetterTopic}`,
      maxDeliveryAttempts: 5,
    },
  });
  await admin.createSubscription(names.deadLetterTopic, names.deadLetterSubscription);
  const quarantined: string[] = [];
  return {
    admin,
    names,
    quarantined,
    open: (change: { subscription?: string; reopenAfterMs?: number } = {}): PubsubQueue =>
      createPubsubQueue({
        projectId,
        ...names,
        depth: () => expect.unreachable('the queue does not count what waits'),
        metrics: { messageQuarantined: (via) => void quarantined.push(via) },
        logger: { warn() {} },
        ...change,
      }),
    close: () => admin.close(),
  };
}

/** As inTransaction of the stores does it, without a database. */
async function transact(work: (transaction: Transaction) => Promise<void>): Promise<void> {
  const actions: (() => Promise<void>)[] = [];
  await work({
    executeSql: () => expect.unreachable('Pub/Sub takes no part in the database'),
    afterCommit: (action) => void actions.push(action),
  });
  for (const action of actions) await action();
}

export function pubsubQueueConformance(service: () => PubsubService, lacks: Lacks = {}): void {
  afterEach(() => void vi.unstubAllEnvs());

  describe('as the job queue', () => {
    jobQueueConformance(
      async () => {
        const { open, close } = await openTopic(service().host);
        return { open: async () => open(), transact, close, countsWhatWaits: false };
      },
      { sharesByRoom: lacks.flowControl !== true },
    );
  });

  describe('beyond the contract', () => {
    let on: Awaited<ReturnType<typeof openTopic>>;
    let queue: PubsubQueue;
    beforeEach(async () => {
      on = await openTopic(service().host);
      queue = on.open();
    });
    afterEach(async () => {
      await queue.close();
      await on.close();
    });

    test('all messages of a transaction are published when it commits', async () => {
      const sent = Array.from({ length: 30 }, () => randomUUID());
      const arrived = new Set<string>();
      const { promise: all, resolve } = Promise.withResolvers<void>();
      await queue.consume(
        async ({ jobId }) => {
          arrived.add(jobId);
          if (arrived.size === sent.length) resolve();
        },
        { concurrency: 8 },
      );
      await transact(async (transaction) => {
        for (const jobId of sent) await queue.send(jobId, { transaction });
      });
      await all;
      expect(arrived).toEqual(new Set(sent));
    });

    test('a message that names no job is put aside, counted and not delivered again', async () => {
      const topic = on.admin.topic(on.names.topic);
      await topic.publishMessage({ data: Buffer.from('{"job_id":"../secret"}') });
      await topic.publishMessage({ data: Buffer.from([0xff, 0xfe]) });
      const deliveries = holdDeliveries();
      await queue.consume(deliveries.handler, { concurrency: 1 });
      const jobId = randomUUID();
      await queue.send(jobId);
      const delivery = await deliveries.next();
      delivery.acknowledge();
      expect(delivery.jobId).toBe(jobId);
      await vi.waitFor(() => expect(on.quarantined).toEqual(['pull', 'pull']));
    });

    test('a message that fails time and again goes to the dead letters, with its history', async () => {
      const jobId = randomUUID();
      const before = Date.now();
      let deliveries = 0;
      await queue.consume(
        async () => {
          deliveries += 1;
          throw new Error('asked to fail');
        },
        { concurrency: 1 },
      );
      const dead = new Promise<DeadMessage>((resolve) => {
        queue.consumeDeadLetters(async (message) => resolve(message));
      });
      await queue.send(jobId);
      const message = await dead;
      expect(message.jobId).toBe(jobId);
      expect(message.sentAt.getTime()).toBeGreaterThanOrEqual(before - 1_000);
      expect(message.sentAt.getTime()).toBeLessThanOrEqual(Date.now());
      expect(deliveries).toBe(5);
    });

    test('a dead letter whose handler fails comes again', async () => {
      const jobId = randomUUID();
      await on.admin
        .topic(on.names.deadLetterTopic)
        .publishMessage({ data: Buffer.from(JSON.stringify({ job_id: jobId })) });
      let asked = 0;
      await new Promise<void>((resolve) => {
        queue.consumeDeadLetters(async (message) => {
          asked += 1;
          if (asked === 1) throw new Error('asked to fail');
          expect(message.jobId).toBe(jobId);
          resolve();
        });
      });
      expect(asked).toBe(2);
    });

    test('a subscription that is made later is found', async () => {
      const late = on.open({ subscription: `${on.names.subscription}-late`, reopenAfterMs: 50 });
      const deliveries = holdDeliveries();
      await late.consume(deliveries.handler, { concurrency: 1 });
      await on.admin.createSubscription(on.names.topic, `${on.names.subscription}-late`);
      const jobId = randomUUID();
      await queue.send(jobId);
      const delivery = await deliveries.next();
      expect(delivery.jobId).toBe(jobId);
      delivery.acknowledge();
      await late.close();
    });

    test('pushes come in the envelope that we read, again until they are acknowledged', async () => {
      const pushed: { authorization: string | undefined; body: unknown }[] = [];
      const acknowledged = Promise.withResolvers<void>();
      const server = createServer(async (request, reply) => {
        pushed.push({ authorization: request.headers.authorization, body: await json(request) });
        reply.writeHead(pushed.length < 3 ? 503 : 204).end();
        if (pushed.length === 3) acknowledged.resolve();
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      await on.admin.createSubscription(on.names.topic, `${on.names.subscription}-pushed`, {
        pushConfig: {
          pushEndpoint: `http://127.0.0.1:${port}/process-job`,
          oidcToken: { serviceAccountEmail: pushAccount, audience: pushAudience },
        },
        deadLetterPolicy: {
          deadLetterTopic: `projects/${projectId}/topics/${on.names.deadLetterTopic}`,
          maxDeliveryAttempts: 5,
        },
      });
      const jobId = randomUUID();
      await queue.send(jobId);
      await acknowledged.promise;
      const envelopes = pushed.map(({ body }) => pushEnvelopeSchema.parse(body));
      for (const { message, subscription } of envelopes) {
        expect(JSON.parse(Buffer.from(message.data, 'base64').toString())).toEqual({ job_id: jobId });
        expect(subscription).toBe(`projects/${projectId}/subscriptions/${on.names.subscription}-pushed`);
        expect(message).toEqual(envelopes[0]!.message);
      }
      const signed = lacks.signedPushes !== true;
      expect(envelopes.map(({ deliveryAttempt }) => deliveryAttempt)).toEqual(
        signed ? [1, 2, 3] : [undefined, undefined, undefined],
      );
      for (const { authorization } of pushed)
        expect(authorization?.startsWith('Bearer ')).toBe(signed || undefined);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });

    test('can be asked whether it takes messages', async () => {
      await expect(queue.ping()).resolves.toBeUndefined();
    });
  });
}
