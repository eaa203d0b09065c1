// Puts together what erases users, for the system and for operators' commands.
import type pg from 'pg';

import { createErasure } from '../adapters/postgres/erase-user.ts';
import type { Config } from '../config/config.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Erasure } from '../ports/erasure.ts';

/** No request and no upload takes longer. */
const longestRequestMs = 15 * 60_000;

export function openErasure(
  { leaseMs }: Pick<Config, 'leaseMs'>,
  parts: {
    pool: pg.Pool;
    blobStore: Pick<BlobStore, 'removeAll'>;
    dataKeys: { destroy(userId: string): Promise<void> };
  },
): Erasure {
  return createErasure({ ...parts, settleMs: Math.max(longestRequestMs, 2 * leaseMs) });
}
