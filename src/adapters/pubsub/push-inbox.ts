// The consuming side of the queue when deliveries come in as requests: the worker takes its place as consumer, each
// request waits for what the worker does with it. No more at a time than the worker asked for.
import { AppError } from '../../domain/errors.ts';
import type { Delivery, JobQueue } from '../../ports/job-queue.ts';

export interface PushInbox {
  /** For the worker, once. */
  consume: JobQueue['consume'];
  /**
   * Resolves when the delivery was handled, rejects with what its handler threw, or with `worker_busy` (no free place),
   * `shutting_down` (nobody consumes any more).
   */
  deliver(jobId: string): Promise<void>;
  /** Refuses what comes, aborts what runs, resolves when that has ended. */
  stop(): Promise<void>;
}

interface PushInboxOptions {
  /**
   * How long a delivery may wait for a place: the next message of a job is pushed before the worker has quite let go of
   * the one before, and a refusal would put it off by the pause of the retry policy. As many wait as there are places.
   */
  waitForPlaceMs: number;
}

export function createPushInbox({ waitForPlaceMs }: PushInboxOptions): PushInbox {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Set<Promise<void>>();
  /** Each is told once whether it has a place now. */
  const waiting = new Set<(free: boolean) => void>();
  let work: { handler: (delivery: Delivery) => Promise<void>; concurrency: number } | undefined;

  async function stop(): Promise<void> {
    stopping.abort();
    for (const tell of waiting) tell(false);
    await Promise.allSettled(running);
  }

  /** Whether a place became free in time. */
  async function placeFreed(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, waitForPlaceMs, false);
    waiting.add(resolve);
    const free = await promise;
    clearTimeout(timer);
    waiting.delete(resolve);
    return free;
  }

  function handle(jobId: string, handler: (delivery: Delivery) => Promise<void>): Promise<void> {
    const handling = handler({ jobId, signal }).finally(() => {
      running.delete(handling);
      const [next] = waiting;
      if (next === undefined) return;
      waiting.delete(next);
      next(true);
    });
    running.add(handling);
    return handling;
  }

  return {
    async consume(handler, { concurrency }) {
      work = { handler, concurrency };
      return { stop };
    },

    async deliver(jobId) {
      const refuseWhenStopping = () => {
        if (work !== undefined && !signal.aborted) return work;
        throw new AppError('shutting_down', 'This worker takes no deliveries.', {
          hint: 'Deliver again soon.',
        });
      };
      const { handler, concurrency } = refuseWhenStopping();
      while (running.size >= concurrency) {
        const mayWait = waitForPlaceMs > 0 && waiting.size < concurrency;
        const freed = mayWait && (await placeFreed());
        refuseWhenStopping();
        if (!freed) {
          throw new AppError('worker_busy', 'This worker has no free place.', {
            hint: 'Deliver again later.',
          });
        }
      }
      await handle(jobId, handler);
    },

    stop,
  };
}
