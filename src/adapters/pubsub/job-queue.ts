// Job delivery by Google Cloud Pub/Sub. A message names a job and is published after the job's transaction; what is lost
// between the two, or with this process, the sweep publishes anew. It keeps no state: the job row does.
import { type Message, PubSub } from '@google-cloud/pubsub';

import { AppError } from '../../domain/errors.ts';
import { jobIdOf, jobMessage } from '../../domain/job-message.ts';
import type { Consumer, JobQueue } from '../../ports/job-queue.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Transaction } from '../../ports/transaction.ts';
import { type PullLog, pull } from './pull.ts';

export interface PubsubQueueDeps {
  projectId: string;
  /** Short names, without the project. */
  topic: string;
  subscription: string;
  deadLetterSubscription: string;
  /** Pub/Sub cannot say soon what waits; the job table can. */
  depth: JobQueue['depth'];
  metrics: Pick<Metrics, 'messageQuarantined'>;
  logger: PullLog;
  /** See pull.ts. */
  reopenAfterMs?: number;
}

/** A message that Pub/Sub gave up on after the subscription's most delivery attempts. */
export interface DeadMessage {
  jobId: string;
  /** When it was published first, by Pub/Sub's clock. */
  sentAt: Date;
  /** How often it was delivered; undefined when Pub/Sub did not say. */
  deliveries: number | undefined;
}

export interface PubsubQueue extends JobQueue {
  /** Hands over each dead message once its handler resolved; rejected = again later. */
  consumeDeadLetters(handler: (dead: DeadMessage) => Promise<void>): Consumer;
  /** Resolves when we may publish. Throws `queue_unavailable`, `config_invalid`. */
  ping(): Promise<void>;
}

/**
 * Longest wait for the service's word that it has a message; it may still get it after that. Whoever creates a job waits
 * as long: a processor that is only lent for the request does nothing after it.
 */
const publishWithinMs = 1_500;
/** Longest time that closing waits for messages that are on their way. */
const flushWithinMs = 2_000;

/** Needs the project's default credentials, or an emulator in PUBSUB_EMULATOR_HOST. Connects when first used. */
export function createPubsubQueue(deps: PubsubQueueDeps): PubsubQueue {
  const { logger, metrics, depth, reopenAfterMs = 5_000 } = deps;
  const client = new PubSub({ projectId: deps.projectId });
  const topic = client.topic(deps.topic, { batching: { maxMessages: 100, maxMilliseconds: 5 } });
  const consumers = new Set<Consumer>();
  const delayed = new Set<NodeJS.Timeout>();
  const underWay = new Set<Promise<unknown>>();
  const ofTransaction = new WeakMap<Transaction, (() => Promise<void>)[]>();

  async function publish(jobId: string): Promise<void> {
    const publishing = topic.publishMessage({ data: Buffer.from(jobMessage(jobId)) });
    underWay.add(publishing);
    publishing.then(
      () => underWay.delete(publishing),
      () => underWay.delete(publishing),
    );
    await within(publishWithinMs, publishing, 'Pub/Sub has not taken the message in time.');
  }

  /** For messages that nobody waits for: the sweep makes good what fails here. */
  async function publishOrLog(jobId: string): Promise<void> {
    await publish(jobId).catch((error) => {
      logger.warn({ jobId, err: error }, 'a job was not published; the sweep will');
    });
  }

  /** Pub/Sub delays nothing itself. A delay that dies with this process ends in the sweep. */
  function publishLater(jobId: string, delayMs: number): void {
    const timer = setTimeout(() => {
      delayed.delete(timer);
      void publishOrLog(jobId);
    }, delayMs).unref();
    delayed.add(timer);
  }

  /** All of a transaction's messages go at once when it has committed: a sweep sends a hundred. */
  function afterCommit(transaction: Transaction, action: () => Promise<void>): void {
    const others = ofTransaction.get(transaction);
    if (others !== undefined) return void others.push(action);
    const actions = [action];
    ofTransaction.set(transaction, actions);
    transaction.afterCommit(async () => void (await Promise.all(actions.map((each) => each()))));
  }

  function track(consumer: Consumer): Consumer {
    consumers.add(consumer);
    return {
      async stop() {
        await consumer.stop();
        consumers.delete(consumer);
      },
    };
  }

  /** Logged, counted and acknowledged: it would be no better the next time. */
  function quarantine(message: Message, via: 'pull' | 'dead_letter'): void {
    const facts = {
      messageId: message.id,
      publishedAt: message.publishTime,
      bytes: message.data.length,
      via,
    };
    logger.warn(facts, 'a message that names no job is put aside');
    metrics.messageQuarantined(via);
  }

  return {
    async send(jobId, { transaction, delayMs = 0 } = {}) {
      if (transaction !== undefined) {
        return afterCommit(transaction, async () =>
          delayMs > 0 ? publishLater(jobId, delayMs) : publishOrLog(jobId),
        );
      }
      if (delayMs > 0) return publishLater(jobId, delayMs);
      try {
        await publish(jobId);
      } catch (error) {
        throw toQueueError(error);
      }
    },

    async consume(handler, { concurrency }) {
      const consumer = pull({
        client,
        subscription: deps.subscription,
        concurrency,
        logger,
        reopenAfterMs,
        async handle(message, signal) {
          const jobId = jobIdOf(message.data.toString());
          if (jobId === undefined) return quarantine(message, 'pull');
          await handler({ jobId, signal });
        },
      });
      return track(consumer);
    },

    consumeDeadLetters(handler) {
      const consumer = pull({
        client,
        subscription: deps.deadLetterSubscription,
        concurrency: 4,
        logger,
        reopenAfterMs,
        async handle(message) {
          const jobId = jobIdOf(message.data.toString());
          if (jobId === undefined) return quarantine(message, 'dead_letter');
          await handler({ jobId, sentAt: firstPublishTime(message), deliveries: deliveriesOf(message) });
        },
      });
      return track(consumer);
    },

    depth,

    async ping() {
      try {
        const asked = topic.iam.testPermissions(['pubsub.topics.publish']);
        const [permissions] = await within(publishWithinMs, asked, 'Pub/Sub does not answer.');
        if (permissions['pubsub.topics.publish']) return;
      } catch (error) {
        // The emulator answers, but knows no permissions.
        if ((error as { code?: unknown }).code === grpcCodes.unimplemented) return;
        throw toQueueError(error);
      }
      throw new AppError('config_invalid', 'The queue does not let us send jobs.', {
        hint: 'aiprod gcp setup makes the topic and gives the service account the right to publish.',
      });
    },

    async close() {
      await Promise.all([...consumers].map((consumer) => consumer.stop()));
      for (const timer of delayed) clearTimeout(timer);
      await within(flushWithinMs, Promise.allSettled(underWay), 'left to the sweep').catch(() => {
        logger.warn({ messages: underWay.size }, 'jobs were not published; the sweep will');
      });
      await client.close();
    },
  };
}

/** Numbers of google.rpc.Code. */
const grpcCodes = { notFound: 5, permissionDenied: 7, unimplemented: 12, unauthenticated: 16 };

function toQueueError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code } = error as { code?: unknown };
  const { notFound, permissionDenied, unauthenticated } = grpcCodes;
  if (code === notFound || code === permissionDenied || code === unauthenticated) {
    return new AppError('config_invalid', 'The queue is not set up for us.', {
      hint: 'aiprod gcp setup makes the topic and gives the service account the right to publish.',
      cause: error,
    });
  }
  return new AppError('queue_unavailable', 'The queue cannot be reached.', { cause: error });
}

async function within<T>(limitMs: number, work: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('queue_unavailable', otherwise)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Pub/Sub writes into what it moves to the dead-letter topic where it came from. */
function firstPublishTime({ attributes, publishTime }: Message): Date {
  const first = new Date(attributes.CloudPubSubDeadLetterSourceTopicPublishTime ?? Number.NaN);
  return Number.isNaN(first.getTime()) ? new Date(publishTime.getTime()) : first;
}

function deliveriesOf({ attributes }: Message): number | undefined {
  const count = Number(attributes.CloudPubSubDeadLetterSourceDeliveryCount);
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}
