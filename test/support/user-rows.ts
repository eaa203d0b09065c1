// Rows of one user in every table that has users' rows, made as the program makes them.
import type pg from 'pg';

import { createApiKeys } from '../../src/adapters/postgres/api-keys.ts';
import { createAssetStore } from '../../src/adapters/postgres/asset-store.ts';
import { createJobLeases } from '../../src/adapters/postgres/job-leases.ts';
import { createJobStore } from '../../src/adapters/postgres/job-store.ts';
import { createReceipts } from '../../src/adapters/postgres/receipts.ts';
import { createStepStore } from '../../src/adapters/postgres/step-store.ts';
import { createWebhookOutbox } from '../../src/adapters/postgres/webhook-outbox.ts';
import { createWebhookStore } from '../../src/adapters/postgres/webhook-store.ts';
import { createRecordingQueue, newDigest, problem, resultWith } from '../conformance/stores-under-test.ts';
import { claimOne } from './claim-one.ts';
import { requestOf } from './requests.ts';
import { runOf } from './step-runs.ts';
import { createTestSealer } from './test-sealer.ts';

export type UserStores = ReturnType<typeof openUserStores>;

/** Delivery is only noted. */
export function openUserStores(pool: pg.Pool) {
  const [queue, sealer] = [createRecordingQueue(), createTestSealer()];
  return {
    pool,
    jobStore: createJobStore({ pool, queue }),
    leases: createJobLeases({ pool, queue }),
    stepStore: createStepStore({ pool }),
    assetStore: createAssetStore({ pool }),
    receipts: createReceipts({ pool }),
    apiKeys: createApiKeys({ pool, pepper: Buffer.alloc(32, 1) }),
    webhooks: createWebhookStore({ pool, sealer }),
    outbox: createWebhookOutbox({ pool, sealer }),
  };
}

/** A running job, a completed one and a failed one, with all that goes with them. */
export async function storeOneOfEach(stores: UserStores, userId: string) {
  const { jobStore, leases, stepStore, assetStore, receipts, apiKeys, webhooks, outbox } = stores;
  const digest = newDigest();
  const { endpointId } = await webhooks.add(userId, {
    url: 'https://example.com/hook',
    description: '',
    types: null,
    onlyNamedJobs: false,
  });
  await webhooks.test(userId, endpointId);
  const claimNew = async (key: string) => {
    const { job } = await jobStore.create({
      userId,
      request: requestOf(),
      maxRetries: 3,
      estimatedMicroUsd: 0,
      idempotency: { key, bodyDigest: 'd' },
      videoMs: 30_000,
    });
    return (await claimOne(stores, job.jobId))!.lease;
  };
  const [running, completed, failed] = [await claimNew('a'), await claimNew('b'), await claimNew('c')];
  const call = { callKey: 'c', step: 'narrate', provider: 'acme', estimateMicroUsd: 100 };
  await receipts.sending(running, (await receipts.open(running, call, {})).receiptId);
  await stepStore.touchBlob(userId, digest);
  await stepStore.putIfAbsent(running, { stepKey: 'key', step: 'narrate', result: {}, blobs: [digest] });
  await stepStore.recordRun(running, runOf({ stepId: 'narrate', step: 'narrate', stepKey: 'key' }));
  const file = { digest, bytes: 3, media_type: 'video/mp4' };
  await leases.complete(completed, resultWith({ 'video.mp4': file }));
  await leases.fail(failed, { error: problem, degradations: [], deadLetter: true });
  const { assetId } = await assetStore.add({
    userId,
    digest,
    bytes: 3,
    kind: 'image',
    mediaType: 'image/png',
    width: 1,
    height: 1,
    durationSeconds: null,
  });
  const { apiKey } = await apiKeys.create({ userId, name: 'key', scopes: ['videos:read'] });
  for (const message of await outbox.take(10, 1_000))
    await outbox.record(
      message,
      { status: 500, error: 'failed', durationMs: 1, answer: '' },
      { retryMs: 1_000_000 },
    );
  return { running, completed, failed, assetId, endpointId, keyId: apiKey.keyId };
}
