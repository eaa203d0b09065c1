// Puts bytes that a test has in memory into a blob store, which takes files.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BlobRef, BlobStore } from '../../src/ports/blob-store.ts';

export async function storeBytes(
  store: Pick<BlobStore, 'putFile'>,
  userId: string,
  bytes: Uint8Array,
  mediaType: string,
): Promise<BlobRef> {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-bytes-'));
  try {
    const path = join(folder, 'bytes');
    await writeFile(path, bytes);
    return await store.putFile(userId, path, mediaType);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
