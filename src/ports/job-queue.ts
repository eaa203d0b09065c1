// Delivers job ids, at least once, in no promised order. It knows nothing of jobs: the job row is the truth.
import type { Transaction } from './transaction.ts';

export interface Delivery {
  jobId: string;
  /** Aborted when the consumer stops. */
  signal: AbortSignal;
}

export interface Consumer {
  /** Takes no new deliveries, aborts the signals of running ones, resolves when all handlers have ended. */
  stop(): Promise<void>;
}

export interface JobQueue {
  /**
   * Delivers `jobId` once `delayMs` (default 0) has passed. With a transaction, only if that commits. A queue outside of
   * the database may lose what it was to send after the commit or after the delay when this process dies; whoever
   * sends keeps what is due (the job row) and sends again what was lost (the sweep).
   * Throws `database_unavailable` | `queue_unavailable` | `config_invalid`.
   */
  send(jobId: string, options?: { transaction?: Transaction; delayMs?: number }): Promise<void>;
  /**
   * Calls `handler` for each delivery, at most `concurrency` at a time. Handler resolved = acknowledged.
   * Handler rejected = delivered again later. A handler that runs long is not delivered again while this
   * process lives.
   */
  consume(
    handler: (delivery: Delivery) => Promise<void>,
    options: { concurrency: number },
  ): Promise<Consumer>;
  /** Deliveries that wait, and the age of the oldest one that is due (0 when none). */
  depth(): Promise<{ length: number; oldestAgeMs: number }>;
  close(): Promise<void>;
}
