// Puts together what encrypts at rest: the key-encryption key, users' data keys, and what seals with them.
import type pg from 'pg';

import { openKeyFile } from './adapters/disk/key-file.ts';
import { createUserKeys } from './adapters/postgres/user-keys.ts';
import { createDataKeys } from './adapters/sealing/data-keys.ts';
import { createSealedBlobStore } from './adapters/sealing/sealed-blob-store.ts';
import { createSealer } from './adapters/sealing/sealer.ts';
import { createStreamSealer } from './adapters/sealing/stream-sealer.ts';
import type { SealingConfig } from './config-sealing.ts';
import type { BlobStore, NamedBytesStore } from './ports/blob-store.ts';

/**
 * `pool` is migrated. Throws `config_invalid` when the database's data keys were wrapped by a key that is not here, and what
 * opening the key throws.
 */
export async function openSealing(config: SealingConfig, { pool }: { pool: pg.Pool }) {
  const kek = await openKeyFile({ folder: config.keyFolder });
  const userKeys = createUserKeys({ pool });
  const dataKeys = createDataKeys({ userKeys, kek });
  await dataKeys.check();
  return {
    dataKeys,
    sealer: createSealer(dataKeys),
    /** The store itself where the configuration does not want its bytes sealed. */
    sealBlobs: (inner: NamedBytesStore): BlobStore =>
      config.blobs ? createSealedBlobStore({ inner, sealer: createStreamSealer(dataKeys) }) : inner,
    close: () => userKeys.close(),
  };
}
