// The worker: takes deliveries, re-delivers what nobody holds, and collects garbage, until it is stopped.
import { toAppError } from '../domain/errors.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { Metrics } from '../ports/metrics.ts';
import { repeat } from './repeat.ts';
import { type RunJobDeps, runJob } from './run-job.ts';

export interface WorkerOptions {
  /** Jobs at a time. */
  concurrency: number;
  sweepEveryMs: number;
  /** A due job that nobody took for this long is delivered again. */
  overdueMs: number;
  collectEveryMs: number;
  /** Unused results and bytes are kept for this long. */
  graceMs: number;
}

export interface Worker {
  /** Gives running jobs back without charging an attempt; resolves when nothing is under way. */
  stop(): Promise<void>;
}

export async function startWorker(
  deps: RunJobDeps & { queue: JobQueue; metrics: Pick<Metrics, 'workerTakes'> },
  options: WorkerOptions,
): Promise<Worker> {
  const { queue, leases, stepStore, blobStore, logger, metrics } = deps;
  const consumer = await queue.consume(({ jobId, signal }) => runJob(jobId, signal, deps), options);
  metrics.workerTakes(options.concurrency);

  const stopping = new AbortController();
  const endSweeping = repeat(
    options.sweepEveryMs,
    reported('sweep', async () => {
      const sent = await leases.sweep(options.overdueMs);
      if (sent > 0) logger.info({ sent }, 'jobs delivered again');
    }),
  );
  const endCollecting = repeat(
    options.collectEveryMs,
    reported('collect garbage', async () => {
      const removed = await stepStore.collectGarbage(options.graceMs, blobStore.remove, stopping.signal);
      if (removed.steps + removed.blobs > 0) logger.info(removed, 'garbage collected');
    }),
  );

  function reported(name: string, chore: () => Promise<void>): () => Promise<void> {
    return () =>
      chore().catch((error) => logger.warn({ code: toAppError(error).code, err: error }, `${name} failed`));
  }

  return {
    async stop() {
      metrics.workerTakes(0);
      stopping.abort();
      await Promise.all([consumer.stop(), endSweeping(), endCollecting()]);
    },
  };
}
