// Puts together what encrypts at rest: the key-encryption key, users' data keys, and what seals with them.
import type pg from 'pg';

import { findKeyFile, openKeyFile } from '../adapters/disk/key-file.ts';
import { createUserKeys } from '../adapters/postgres/user-keys.ts';
import { createDataKeys } from '../adapters/sealing/data-keys.ts';
import { createSealedBlobStore } from '../adapters/sealing/sealed-blob-store.ts';
import { createSealer } from '../adapters/sealing/sealer.ts';
import { createStreamSealer } from '../adapters/sealing/stream-sealer.ts';
import type { Config } from '../config/config.ts';
import type { KmsConfig } from '../config/sealing.ts';
import { AppError } from '../domain/errors.ts';
import type { BlobStore, NamedBytesStore } from '../ports/blob-store.ts';
import type { KeyEncryptionKey } from '../ports/sealer.ts';

/**
 * `pool` is migrated. Throws `config_invalid` when the database's data keys were wrapped by a key that is not here or when
 * Cloud KMS does not let us use its key, and what else opening the key throws.
 */
export async function openSealing(
  { keyFolder, sealing }: Pick<Config, 'keyFolder' | 'sealing'>,
  { pool }: { pool: pg.Pool },
) {
  const { kek, close: closeKek } = await openKek(keyFolder, sealing.kms);
  const userKeys = createUserKeys({ pool });
  const dataKeys = createDataKeys({ userKeys, kek });
  const close = async () => {
    await userKeys.close();
    await closeKek();
  };
  try {
    await dataKeys.check();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    dataKeys,
    sealer: createSealer(dataKeys),
    /** The configuration says whether new bytes are sealed; sealed ones are opened whatever it says. */
    sealBlobs: (inner: NamedBytesStore): BlobStore =>
      createSealedBlobStore({ inner, sealer: createStreamSealer(dataKeys), seals: sealing.blobs }),
    close,
  };
}

interface OpenKek {
  kek: KeyEncryptionKey;
  close(): Promise<void>;
}

async function openKek(folder: string, kms: KmsConfig | undefined): Promise<OpenKek> {
  if (kms === undefined) return { kek: await openKeyFile({ folder }), close: async () => {} };
  return openKmsKek(kms, folder);
}

/** Google's library is loaded only here: it takes tens of megabytes. */
async function openKmsKek({ key, previousKey, endpoint }: KmsConfig, folder: string): Promise<OpenKek> {
  const { openCryptoKeys } = await import('../adapters/kms/crypto-keys.ts');
  const { createKmsKey, proveKmsKey } = await import('../adapters/kms/key-encryption-key.ts');
  const cryptoKeys = openCryptoKeys({ endpoint });
  try {
    const wrapping = key === undefined ? undefined : createKmsKey({ key, cryptoKeys });
    if (wrapping !== undefined) await proveKmsKey(wrapping);
    const previous = previousKey === undefined ? undefined : createKmsKey({ key: previousKey, cryptoKeys });
    const file = wrapping === undefined ? await openKeyFile({ folder }) : await findKeyFile({ folder });
    const [first, ...others] = [wrapping, file, previous].filter((each) => each !== undefined);
    return { kek: keysTogether(first!, others), close: () => cryptoKeys.close() };
  } catch (error) {
    await cryptoKeys.close();
    throw error;
  }
}

/** The first wraps, all unwrap what they wrapped. */
function keysTogether(first: KeyEncryptionKey, others: KeyEncryptionKey[]): KeyEncryptionKey {
  const all = [first, ...others];
  return {
    id: first.id,
    knows: (id) => all.some((each) => each.knows(id)),
    wrap: first.wrap,
    async unwrap(wrapped, context, id) {
      const its = all.find((each) => each.knows(id));
      if (its !== undefined) return its.unwrap(wrapped, context, id);
      throw new AppError('encryption_key_unavailable', 'The key that wrapped a data key is not here.');
    },
  };
}
