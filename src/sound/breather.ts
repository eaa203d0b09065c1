// Lets the event loop run during long computations, and ends them when they are no longer wanted.
import { setImmediate } from 'node:timers/promises';

/**
 * Call often: gives the event loop a turn once 50 ms have passed since the last, and throws the signal's reason
 * when it is aborted.
 */
export function createBreather(signal: AbortSignal): () => Promise<void> {
  const everyMs = 50;
  let last = performance.now();
  return async () => {
    signal.throwIfAborted();
    if (performance.now() - last < everyMs) return;
    await setImmediate();
    last = performance.now();
    signal.throwIfAborted();
  };
}
