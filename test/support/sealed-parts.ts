// Stores that seal, under a key file of their own, with what else holds users' data.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openKeyFile } from '../../src/adapters/disk/key-file.ts';
import { createApiKeys } from '../../src/adapters/postgres/api-keys.ts';
import { createUserKeys } from '../../src/adapters/postgres/user-keys.ts';
import { createWebhookOutbox } from '../../src/adapters/postgres/webhook-outbox.ts';
import { createWebhookStore } from '../../src/adapters/postgres/webhook-store.ts';
import { createDataKeys } from '../../src/adapters/sealing/data-keys.ts';
import { createSealedBlobStore } from '../../src/adapters/sealing/sealed-blob-store.ts';
import { createSealedJobLeases, createSealedJobStore } from '../../src/adapters/sealing/sealed-columns.ts';
import { createSealer } from '../../src/adapters/sealing/sealer.ts';
import { createStreamSealer } from '../../src/adapters/sealing/stream-sealer.ts';
import type { Stores } from './stores.ts';

/** The caller closes them before the stores. */
export async function openSealedParts({
  pool,
  jobStore,
  leases,
  blobStore,
}: Pick<Stores, 'pool' | 'jobStore' | 'leases' | 'blobStore'>) {
  const keyFolder = await mkdtemp(join(tmpdir(), 'aiprod-sealed-'));
  const userKeys = createUserKeys({ pool });
  const dataKeys = createDataKeys({ userKeys, kek: await openKeyFile({ folder: keyFolder }) });
  const sealer = createSealer(dataKeys);
  const outbox = createWebhookOutbox({ pool, sealer });
  return {
    keyFolder,
    userKeys,
    dataKeys,
    sealer,
    outbox,
    jobStore: createSealedJobStore(jobStore, sealer),
    leases: createSealedJobLeases(leases, sealer),
    sealedBlobs: createSealedBlobStore({ inner: blobStore, sealer: createStreamSealer(dataKeys) }),
    webhooks: createWebhookStore({ pool, sealer }),
    apiKeys: createApiKeys({ pool, pepper: Buffer.alloc(32, 1) }),
    async close() {
      await outbox.close();
      await userKeys.close();
      await rm(keyFolder, { recursive: true, force: true });
    },
  };
}
