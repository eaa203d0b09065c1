// What `aiprod users` does to the database and the bytes that the configuration names. Written into the audit log.
import type { Config } from '../config/config.ts';
import type { Erasure } from '../ports/erasure.ts';
import { chooseBlobStore } from './choose-blobs.ts';
import type { OperatorAudit } from './open-audit-log.ts';
import { openErasure } from './open-erasure.ts';
import { openLog } from './open-log.ts';
import { withSealedData } from './with-database.ts';

/**
 * Marks the user and makes the first pass; a worker makes the last one. Safe while AIPROD works, and to repeat. Throws what
 * opening the keys and the storage throws, and what Erasure.advance throws.
 */
export function eraseUser(config: Config, userId: string): Promise<void> {
  return withErasure(config, async (erasure, audit) => {
    await erasure.begin(userId);
    await audit({ action: 'user.erase', userId, target: null, facts: {} });
    await erasure.advance({ userId });
  });
}

/** Throws what Erasure.readmit throws. */
export function readmitUser(config: Config, userId: string): Promise<void> {
  return withErasure(config, async (erasure, audit) => {
    await erasure.readmit(userId);
    await audit({ action: 'user.readmit', userId, target: null, facts: {} });
  });
}

function withErasure(
  config: Config,
  work: (erasure: Erasure, audit: OperatorAudit) => Promise<void>,
): Promise<void> {
  return withSealedData(config, 'users', async ({ pool, dataKeys, audit }) => {
    const { dataFolder } = config;
    const blobStore = await chooseBlobStore(config.blobs, {
      dataFolder,
      sign: false,
      logger: openLog(config),
    });
    await work(openErasure(config, { pool, blobStore, dataKeys }), audit);
  });
}
