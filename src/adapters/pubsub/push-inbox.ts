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

export function createPushInbox(): PushInbox {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Set<Promise<void>>();
  let work: { handler: (delivery: Delivery) => Promise<void>; concurrency: number } | undefined;

  async function stop(): Promise<void> {
    stopping.abort();
    await Promise.allSettled(running);
  }

  return {
    async consume(handler, { concurrency }) {
      work = { handler, concurrency };
      return { stop };
    },

    async deliver(jobId) {
      if (work === undefined || signal.aborted) {
        throw new AppError('shutting_down', 'This worker takes no deliveries.', {
          hint: 'Deliver again soon.',
        });
      }
      if (running.size >= work.concurrency) {
        throw new AppError('worker_busy', 'This worker has no free place.', { hint: 'Deliver again later.' });
      }
      const handling = work.handler({ jobId, signal });
      running.add(handling);
      try {
        await handling;
      } finally {
        running.delete(handling);
      }
    },

    stop,
  };
}
