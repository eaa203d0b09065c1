// How long a worker that is stopping waits for what must not be given up half-way: the answer to a paid request.
import type { Clock } from '../ports/clock.ts';

/** The process ends within 8 s of being asked to, and still has to give its jobs back. */
const lastAnswersMs = 6_000;

export interface Patience {
  /** Rejects with `reason` once the worker has been stopping for so long; otherwise never settles. */
  worn: Promise<never>;
  /** Leaves no timer behind. */
  end(): void;
}

/** Begins when `stopping` aborts. */
export function startPatience(stopping: AbortSignal, reason: unknown, clock: Clock): Patience {
  const over = new AbortController();
  const { promise: worn, reject } = Promise.withResolvers<never>();
  worn.catch(() => {});

  async function begin(): Promise<void> {
    await clock.sleep(lastAnswersMs, over.signal);
    if (!over.signal.aborted) reject(reason);
  }

  if (stopping.aborted) void begin();
  else stopping.addEventListener('abort', begin, { once: true, signal: over.signal });
  return { worn, end: () => over.abort() };
}
