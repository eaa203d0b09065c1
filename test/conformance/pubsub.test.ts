// Pub/Sub as the job queue, against the double: always.
import { afterAll, beforeAll, describe } from 'vitest';

import { type PubsubDouble, startPubsubDouble } from '../support/pubsub-double.ts';
import { startTokenIssuer, type TokenIssuer } from '../support/pubsub-double-issuer.ts';
import { pubsubQueueConformance } from './pubsub-queue.ts';

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
});
