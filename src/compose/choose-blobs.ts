// Picks where bytes are kept, as the configuration says. Google's library is loaded only where it is used: it takes tens
// of megabytes.
import { join } from 'node:path';

import { createDiskBlobStore } from '../adapters/disk/blob-store.ts';
import type { BlobConfig } from '../config/blobs.ts';
import type { NamedBytesStore } from '../ports/blob-store.ts';

interface BlobDeps {
  dataFolder: string;
  /** Whether somebody is to be sent to signed URLs. */
  sign: boolean;
  logger: { warn(facts: object, message: string): void };
}

export async function chooseBlobStore(
  config: BlobConfig,
  { dataFolder, sign, logger }: BlobDeps,
): Promise<NamedBytesStore> {
  if (config.kind === 'disk') return createDiskBlobStore({ folder: join(dataFolder, 'blobs') });
  const { createGcsBlobStore } = await import('../adapters/gcs/blob-store.ts');
  const onImpossible = (error: unknown) =>
    logger.warn({ err: error }, 'the account cannot sign URLs: files are sent through the API');
  return createGcsBlobStore({
    ...config,
    retries: { most: 4, longestWaitSeconds: 8 },
    deadlineMs: 60_000,
    cache: { folder: join(dataFolder, 'blob-cache'), capBytes: config.cacheBytes },
    signing: sign && config.hasCredentials ? { onImpossible } : undefined,
  });
}
