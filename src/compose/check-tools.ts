// Whether media work can be done now, for /ready: proved by work that ends, and by a small task where none did for a while.
import type { MediaPool } from '../media/media-pool.ts';
import type { MediaTools } from '../ports/media-tools.ts';

/** Longer than any step works: a busy worker is never asked for a task besides. */
const proofMs = 900_000;
/** For the start of a process with all its native code on a busy machine. */
const taskMs = 20_000;

/**
 * Throws what the task throws. Whoever asks while it is under way waits for the same, unless an earlier proof still holds: a
 * process may have to be started for it, and that says nothing against the tools.
 */
export function createToolsCheck(
  media: Pick<MediaPool, 'provedMsAgo'>,
  tools: Pick<MediaTools, 'checkGlyphs'>,
  scratch: string,
): () => Promise<void> {
  let underWay: Promise<void> | undefined;
  let failed = false;

  async function prove(): Promise<void> {
    try {
      await tools.checkGlyphs(
        { text: 'ready', language: 'en' },
        { scratch, signal: AbortSignal.timeout(taskMs) },
      );
      failed = false;
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      underWay = undefined;
    }
  }

  return async () => {
    const provedMsAgo = media.provedMsAgo();
    if (provedMsAgo !== undefined && provedMsAgo < proofMs) {
      failed = false;
      return;
    }
    underWay ??= prove();
    if (provedMsAgo === undefined || failed) return underWay;
    // Whoever asks next hears of it.
    underWay.catch(() => {});
  };
}
