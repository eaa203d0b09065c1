// Pub/Sub as the job queue, against the double: always.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type PubsubDouble, startPubsubDouble } from '../support/pubsub-double.ts';
import { GrpcError, grpcStatus } from '../support/pubsub-double-grpc.ts';
import { startTokenIssuer, type TokenIssuer } from '../support/pubsub-double-issuer.ts';
import { holdDeliveries } from './job-queue.ts';
import { openTopic, pubsubQueueConformance } from './pubsub-queue.ts';

describe('Pub/Sub (double)', () => {
  let issuer: TokenIssuer;
  let double: PubsubDouble;
  beforeAll(async () => {
    issuer = await startTokenIssuer();
    double = await startPubsubDouble({ issuer });
  });
  afterAll(async () => {
    await double.close();
    await issuer.close();
  });

  pubsubQueueConformance(() => double);

  test('streams that the service ends are opened again, for whatever reason', async () => {
    const { open, close } = await openTopic(double.host);
    const queue = open({ reopenAfterMs: 20 });
    const deliveries = holdDeliveries();
    await queue.consume(deliveries.handler, { concurrency: 1 });
    const { unavailable, failedPrecondition } = grpcStatus;
    for (const status of [unavailable, failedPrecondition, unavailable]) {
      const jobId = randomUUID();
      await queue.send(jobId);
      const delivery = await deliveries.next();
      expect(delivery.jobId).toBe(jobId);
      delivery.acknowledge();
      double.endStreams(new GrpcError(status, 'asked to end'));
    }
    await queue.close();
    await close();
  });

  test('says whether we may publish, before anybody needs it', async () => {
    const own = await startPubsubDouble();
    const { open, close } = await openTopic(own.host);
    const queue = open();
    await queue.ping();
    own.deny('pubsub.topics.publish');
    await expect(queue.ping()).rejects.toMatchObject({
      code: 'config_invalid',
      hint: expect.stringContaining('gcp setup'),
    });
    await queue.close();
    await close();
    await own.close();
  });

  test('publishing fails for a reason that says what to do', async () => {
    const { open, close } = await openTopic(double.host);
    const queue = open();
    double.refuse(new GrpcError(grpcStatus.permissionDenied, 'not you'));
    await expect(queue.send(randomUUID())).rejects.toMatchObject({ code: 'config_invalid' });
    // Tried again by the library for longer than anybody waits.
    double.refuse(new GrpcError(grpcStatus.unavailable, 'not now'));
    await expect(queue.send(randomUUID())).rejects.toMatchObject({ code: 'queue_unavailable' });
    double.refuse(undefined);
    await queue.close();
    await close();
  });
});
