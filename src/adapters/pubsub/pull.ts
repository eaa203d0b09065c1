// Pulls one subscription: places, lease extension, acknowledging, and coming back after the stream broke for good. It
// knows nothing of jobs.
import { Duration, type Message, type PubSub, SubscriptionCloseBehaviors } from '@google-cloud/pubsub';

import type { Consumer } from '../../ports/job-queue.ts';

export interface PullLog {
  warn(facts: object, message: string): void;
}

interface PullOptions {
  client: PubSub;
  /** Short name, without the project. */
  subscription: string;
  /** Messages at a time; the service is told, so that others get the rest. */
  concurrency: number;
  /** Resolved = acknowledged, rejected = delivered again later. */
  handle(message: Message, signal: AbortSignal): Promise<void>;
  logger: PullLog;
  /** Wait before a stream that the service refused (no such subscription, no permission) is tried again, ms. */
  reopenAfterMs: number;
}

/** Longer than any stall of this process's event loop; the library prolongs it while a handler runs. */
const ackDeadline = Duration.from({ seconds: 60 });
/** Only a bound for handlers that never end; what a handler may take is the worker's to decide. */
const longestHold = Duration.from({ hours: 24 });
/** Acknowledgements of this long go together: a free place is worth more than a saved call. */
const acknowledgeWithinMs = 10;

export function pull(options: PullOptions): Consumer {
  const { client, concurrency, handle, logger, reopenAfterMs } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Set<Promise<void>>();
  const waiting: Message[] = [];
  let reopening: NodeJS.Timeout | undefined;

  const subscription = client.subscription(options.subscription, {
    flowControl: { maxMessages: concurrency },
    streamingOptions: { maxStreams: 1 },
    batching: { maxMilliseconds: acknowledgeWithinMs },
    minAckDeadline: ackDeadline,
    maxExtensionTime: longestHold,
    closeOptions: { behavior: SubscriptionCloseBehaviors.WaitForProcessing, timeout: longestHold },
  });

  /** A service may send more than it was asked for: the rest waits here, with its lease kept, and is handed back on stop. */
  function take(message: Message): void {
    if (signal.aborted) return void message.nack();
    if (running.size >= concurrency) return void waiting.push(message);
    const work = settle(message).finally(() => {
      running.delete(work);
      const next = waiting.shift();
      if (next !== undefined) take(next);
    });
    running.add(work);
  }

  async function settle(message: Message): Promise<void> {
    try {
      await handle(message, signal);
      message.ack();
    } catch (error) {
      logger.warn({ messageId: message.id, err: error }, 'a delivery failed and will come again');
      message.nack();
    }
  }

  subscription.on('error', (error) => {
    logger.warn({ subscription: options.subscription, err: error }, 'the subscription cannot be pulled');
  });
  subscription.on('close', () => {
    if (!signal.aborted) reopening = setTimeout(() => subscription.open(), reopenAfterMs);
  });
  subscription.on('message', take);

  return {
    async stop() {
      stopping.abort();
      clearTimeout(reopening);
      for (const message of waiting.splice(0)) message.nack();
      await Promise.all([subscription.close(), ...running]);
    },
  };
}
