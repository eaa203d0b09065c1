// Messages that wait for delivery. They were written together with what they tell. Each is delivered at least once.
import type { DueMessage, SendOutcome } from './webhook-sender.ts';

export interface WebhookOutbox {
  /**
   * Up to `limit` due messages, few of each endpoint and user, none before an earlier one of the same endpoint and job.
   * They are ours for `leaseMs`; then they come again.
   */
  take(limit: number, leaseMs: number): Promise<DueMessage[]>;
  /**
   * Notes the attempt and what follows: delivered, again in `retryMs`, or given up. `disable` ends the endpoint with a
   * reason; so does having failed for `failingMs`. Does nothing once another holds the message.
   */
  record(
    message: DueMessage,
    outcome: SendOutcome,
    next: { retryMs: number | undefined; disable?: string },
  ): Promise<void>;
  /** Calls `onDue` when messages were written. The returned function ends that. */
  subscribe(onDue: () => void): () => void;
  /** Removes some of what is older than messages are kept, and says how many; 0 = nothing is left. */
  removeOld(): Promise<number>;
}
