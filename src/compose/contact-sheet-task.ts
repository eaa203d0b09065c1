// What `aiprod contact-sheet` runs, without a system.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ContactSheetInput } from '../media/contact-sheet.ts';
import { createMediaPool } from '../media/media-pool.ts';

const megabyte = 2 ** 20;

/** A PNG of the painter's looks, made in a media process of its own. Throws what the painter or the renderer throws. */
export async function makeContactSheet(
  input: ContactSheetInput,
  watch: { signal: AbortSignal; onProgress(fraction: number): void },
): Promise<Buffer> {
  const scratch = await mkdtemp(join(tmpdir(), 'aiprod-sheet-'));
  const media = createMediaPool({ size: 1, recycleRssBytes: 600 * megabyte, idleMs: 60_000 });
  try {
    const { path } = await media.run('contactSheet', input, { scratch, ...watch });
    return await readFile(path);
  } finally {
    await media.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}
