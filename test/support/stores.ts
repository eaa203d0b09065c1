// Real stores on a database and a folder of the test's own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createDiskBlobStore } from '../../src/adapters/disk/blob-store.ts';
import { createLogger } from '../../src/adapters/observe/logger.ts';
import { createPgBossQueue } from '../../src/adapters/pg-boss/job-queue.ts';
import { createAssetStore } from '../../src/adapters/postgres/asset-store.ts';
import { databaseAddress } from '../../src/adapters/postgres/database-address.ts';
import { createDeadLetters } from '../../src/adapters/postgres/dead-letters.ts';
import { createJobLeases } from '../../src/adapters/postgres/job-leases.ts';
import { createJobStore } from '../../src/adapters/postgres/job-store.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import { createReceipts } from '../../src/adapters/postgres/receipts.ts';
import { createStepStore } from '../../src/adapters/postgres/step-store.ts';
import type { Lease } from '../../src/domain/job.ts';
import { claimOne } from './claim-one.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';
import { requestOf } from './requests.ts';

export type Stores = Awaited<ReturnType<typeof openStores>>;

/** `database` is migrated; left out: one of its own. Closed with the stores. */
export async function openStores(given?: TestDatabase) {
  const database = given ?? (await openTestDatabase());
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-stores-'));
  const logger = createLogger({ level: 'silent', format: 'json' });
  const pool = createPool({ url: database.url, max: 5, applicationName: 'test', onError: () => {} });
  const queue = await createPgBossQueue({ ...databaseAddress(database.url), logger });
  const jobStore = createJobStore({ pool, queue });
  const leases = createJobLeases({ pool, queue });
  const stepStore = createStepStore({ pool });
  const blobStore = createDiskBlobStore({ folder: join(folder, 'blobs') });
  return {
    folder,
    logger,
    pool,
    queue,
    jobStore,
    leases,
    deadLetters: createDeadLetters({ pool, queue }),
    stepStore,
    receipts: createReceipts({ pool }),
    blobStore,
    assetStore: createAssetStore({ pool }),
    /** A new job of the user, claimed. */
    async claimNew(userId = 'ann', overrides: Parameters<typeof requestOf>[0] = {}): Promise<Lease> {
      const request = requestOf(overrides);
      const { job } = await jobStore.create({ userId, request, maxRetries: 3, estimatedMicroUsd: 0 });
      return (await claimOne({ pool, leases }, job.jobId))!.lease;
    },
    /** Lets the lease run out, as if its worker had been silent for long. */
    async expire({ jobId }: Lease): Promise<void> {
      await pool.query("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE job_id = $1", [
        jobId,
      ]);
    },
    async close(): Promise<void> {
      await queue.close();
      await pool.end();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
