// Whether media work can be done now, for /ready: proved by work that ends, and by a small task where none did for a while.
import type { MediaPool } from '../media/media-pool.ts';
import type { MediaTools } from '../ports/media-tools.ts';

/** Longer than any step works: a busy worker is never asked for a task besides. */
const proofMs = 900_000;
/** For the start of a process with all its native code on a busy machine. */
const taskMs = 20_000;

/** Throws what the task throws. Whoever asks while it is under way waits for the same. */
export function createToolsCheck(
  media: Pick<MediaPool, 'provedMsAgo'>,
  tools: Pick<MediaTools, 'checkGlyphs'>,
  scratch: string,
): () => Promise<void> {
  let underWay: Promise<void> | undefined;

  async function prove(): Promise<void> {
    try {
      await tools.checkGlyphs(
        { text: 'ready', language: 'en' },
        { scratch, signal: AbortSignal.timeout(taskMs) },
      );
    } finally {
      underWay = undefined;
    }
  }

  return async () => {
    const provedMsAgo = media.provedMsAgo();
    if (provedMsAgo !== undefined && provedMsAgo < proofMs) return;
    underWay ??= prove();
    await underWay;
  };
}
