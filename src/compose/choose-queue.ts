// Picks who delivers jobs, as the configuration says. Google's library is loaded only where it is used: it takes tens of
// megabytes.
import type { ConnectionOptions } from 'node:tls';

import type pg from 'pg';

import { createPgBossQueue } from '../adapters/pg-boss/job-queue.ts';
import { createWaitingJobs } from '../adapters/postgres/waiting-jobs.ts';
import type { PushInbox } from '../adapters/pubsub/push-inbox.ts';
import type { QueueConfig } from '../config/queue.ts';
import { AppError, toProblem } from '../domain/errors.ts';
import type { DeadLetters } from '../ports/dead-letters.ts';
import type { Consumer, JobQueue } from '../ports/job-queue.ts';
import type { Metrics } from '../ports/metrics.ts';

interface QueueDeps {
  database: { url: string; ssl: false | ConnectionOptions };
  pool: pg.Pool;
  logger: {
    info(facts: object, message: string): void;
    warn(facts: object, message: string): void;
    error(facts: object, message: string): void;
  };
  metrics: Pick<Metrics, 'messageQuarantined' | 'jobEnded'>;
}

export interface ChosenQueue {
  queue: JobQueue;
  /** Resolves when jobs can be sent. */
  ready(): Promise<void>;
  /** Where deliveries come as requests. */
  push?: { inbox: PushInbox; verify(authorization: string | undefined): Promise<void> };
  /** Fails the jobs that the queue gave up, until stopped; left out where a queue never gives up. */
  buryDeadLetters?(deadLetters: Pick<DeadLetters, 'bury'>): Consumer;
}

/** The caller closes the queue. Throws what connecting throws. */
export async function chooseQueue(config: QueueConfig, deps: QueueDeps): Promise<ChosenQueue> {
  if (config.kind === 'postgres') {
    const queue = await createPgBossQueue({ ...deps.database, logger: deps.logger });
    return { queue, ready: async () => void (await queue.depth()) };
  }
  const { createPubsubQueue } = await import('../adapters/pubsub/job-queue.ts');
  const { logger, metrics, pool } = deps;
  const queue = createPubsubQueue({ ...config, depth: createWaitingJobs({ pool }), metrics, logger });
  return {
    queue,
    ready: queue.ping,
    ...(config.push !== undefined && { push: await openInbox(config.push) }),
    buryDeadLetters: (deadLetters) =>
      queue.consumeDeadLetters(async ({ jobId, sentAt, deliveries }) => {
        const buried = await deadLetters.bury(jobId, { error: givenUp(deliveries), sentAt });
        if (!buried) return logger.info({ jobId, deliveries }, 'a dead message of a job that needs none');
        metrics.jobEnded('failed');
        logger.error({ jobId, deliveries }, 'job failed: the queue gave it up');
      }),
  };
}

async function openInbox(push: { audience: string; account: string; keysUrl: string }) {
  const { createPushInbox } = await import('../adapters/pubsub/push-inbox.ts');
  const { createPushTokenVerifier } = await import('../adapters/pubsub/push-token.ts');
  return { inbox: createPushInbox({ waitForPlaceMs: 2_000 }), verify: createPushTokenVerifier(push) };
}

function givenUp(deliveries: number | undefined) {
  const times = deliveries === undefined ? 'all' : `${deliveries}`;
  return toProblem(
    new AppError('delivery_given_up', `No worker took the job in ${times} deliveries.`, {
      hint: 'See to it that workers run and have room, then redrive the job.',
    }),
  );
}
