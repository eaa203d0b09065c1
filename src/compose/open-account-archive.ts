// Puts together what exports users, for the system and for operators' commands.
import type pg from 'pg';

import { createAccountReader } from '../adapters/postgres/read-account.ts';
import { createSealedAccountReader } from '../adapters/sealing/sealed-account.ts';
import { createAccountArchive } from '../adapters/tar/account-archive.ts';
import type { AccountArchive } from '../ports/account-archive.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Sealer } from '../ports/sealer.ts';

/** `blobStore` opens what it has sealed. */
export function openAccountArchive({
  pool,
  sealer,
  blobStore,
}: {
  pool: pg.Pool;
  sealer: Sealer;
  blobStore: BlobStore;
}): AccountArchive {
  return createAccountArchive({
    reader: createSealedAccountReader(createAccountReader({ pool }), sealer),
    blobStore,
  });
}
