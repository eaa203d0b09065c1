// Delivers what the outbox holds, several messages at once, until it is stopped. What is under way then comes again.
import { toAppError } from '../domain/errors.ts';
import { retryDelayMs, webhookLimits } from '../domain/webhook.ts';
import type { WebhookOutbox } from '../ports/webhook-outbox.ts';
import type { DueMessage, SendOutcome, WebhookSender } from '../ports/webhook-sender.ts';
import { repeat } from './repeat.ts';

interface DeliverDeps {
  outbox: WebhookOutbox;
  sender: WebhookSender;
  random: () => number;
  logger: { warn(facts: object, message: string): void; debug(facts: object, message: string): void };
}

const atOnce = 64;
/** Longer than a delivery may take, so that nobody else takes one that is under way. */
const leaseMs = 4 * webhookLimits.timeoutMs;
const removeEveryMs = 3_600_000;

/** `pollMs` is how often is looked for messages whose time has come; new ones are told of at once. */
export function deliverWebhooks(
  { outbox, sender, random, logger }: DeliverDeps,
  { pollMs = 5_000 }: { pollMs?: number } = {},
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  let looking: Promise<void> | undefined;
  let lookAgain = false;

  function look(): Promise<void> {
    lookAgain = true;
    looking ??= takeAll().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  async function takeAll(): Promise<void> {
    while (lookAgain && !stopping.signal.aborted && underWay.size < atOnce) {
      lookAgain = false;
      try {
        for (const message of await outbox.take(atOnce - underWay.size, leaseMs)) start(message);
      } catch (error) {
        logger.warn({ code: toAppError(error).code, err: error }, 'webhooks cannot be looked for');
      }
    }
  }

  function start(message: DueMessage): void {
    const delivery = deliver(message)
      .catch((error) => {
        if (stopping.signal.aborted) return;
        logger.warn({ code: toAppError(error).code, err: error }, 'the outcome of a webhook was not noted');
      })
      .finally(() => {
        underWay.delete(delivery);
        // The next of its endpoint or job may go now.
        if (!stopping.signal.aborted) void look();
      });
    underWay.add(delivery);
  }

  async function deliver(message: DueMessage): Promise<void> {
    const outcome = await attempt(message);
    const { error, status, retryAfterMs } = outcome;
    const { messageId, endpointId, type, attempts } = message;
    logger.debug({ messageId, endpointId, type, attempts, status, error }, 'webhook sent');
    const gone = status === 410;
    await outbox.record(message, outcome, {
      retryMs: error === null || gone ? undefined : retryDelayMs(attempts, random(), retryAfterMs),
      ...(gone && { disable: 'The receiver answered 410 Gone.' }),
    });
  }

  async function attempt(message: DueMessage): Promise<SendOutcome> {
    let secrets: string[];
    try {
      secrets = await message.openSecrets();
    } catch (error) {
      const { code } = toAppError(error);
      return { status: null, error: code, durationMs: 0, answer: '' };
    }
    return sender.send({ ...message, secrets }, stopping.signal);
  }

  const unsubscribe = outbox.subscribe(() => void look());
  const endPolling = repeat(pollMs, look);
  const endRemoving = repeat(removeEveryMs, async () => {
    try {
      while (!stopping.signal.aborted && (await outbox.removeOld()) > 0);
    } catch (error) {
      logger.warn({ code: toAppError(error).code, err: error }, 'old webhooks stay');
    }
  });

  return {
    async stop() {
      stopping.abort();
      unsubscribe();
      await Promise.all([endPolling(), endRemoving(), looking]);
      await Promise.all(underWay);
    },
  };
}
