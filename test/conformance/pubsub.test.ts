// Pub/Sub as the job queue, against the double: always.
import { afterAll, beforeAll, describe } from 'vitest';

import { type PubsubDouble, startPubsubDouble } from '../support/pubsub-double.ts';
import { pubsubQueueConformance } from './pubsub-queue.ts';

describe('Pub/Sub (double)', () => {
  let double: PubsubDouble;
  beforeAll(async () => {
    double = await startPubsubDouble();
  });
  afterAll(() => double.close());

  pubsubQueueConformance(() => double);
});
