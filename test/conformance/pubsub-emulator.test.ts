// Pub/Sub as the job queue, against the emulator of the gcloud SDK: wherever that is installed.
import { afterAll, beforeAll, describe, test } from 'vitest';

import { findPubsubEmulator, startPubsubEmulator } from '../support/pubsub-emulator.ts';
import { pubsubQueueConformance } from './pubsub-queue.ts';

const script = findPubsubEmulator();

if (script === undefined) {
  test.skip('NOT RUN: the Pub/Sub emulator of the gcloud SDK (and Java) is not installed here');
} else {
  describe('Pub/Sub (emulator)', () => {
    let emulator: Awaited<ReturnType<typeof startPubsubEmulator>>;
    beforeAll(async () => {
      emulator = await startPubsubEmulator(script);
    });
    afterAll(() => emulator.close());

    pubsubQueueConformance(() => emulator, { flowControl: true, signedPushes: true });
  });
}
