// Tries transient failures again inside a step, with exponential backoff and full jitter.
import { toAppError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';

export interface RetryPolicy {
  /** Tries in all. */
  attempts: number;
  baseDelayMs: number;
}

/** Runs `work` until it succeeds, fails for good, the attempts are used up, or `signal` aborts. */
export async function retryTransient<T>(
  work: () => Promise<T>,
  {
    policy,
    clock,
    signal,
    random,
  }: { policy: RetryPolicy; clock: Clock; signal: AbortSignal; random: () => number },
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (toAppError(error).kind !== 'transient' || attempt >= policy.attempts) throw error;
      await clock.sleep(random() * policy.baseDelayMs * 2 ** attempt, signal);
      signal.throwIfAborted();
    }
  }
}
