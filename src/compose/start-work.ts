// Starts what a worker does: jobs, webhooks, retention, erasures.
import { hostname } from 'node:os';
import { join } from 'node:path';

import { createRetention } from '../adapters/postgres/retention.ts';
import { createWebhookOutbox } from '../adapters/postgres/webhook-outbox.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Config } from '../config/config.ts';
import { type CrashPoint, passNoCrash } from '../engine/crash-points.ts';
import type { MediaFetcher } from '../ports/media-fetcher.ts';
import type { WebhookSender } from '../ports/webhook-sender.ts';
import { deliverWebhooks } from '../worker/deliver-webhooks.ts';
import { finishErasures } from '../worker/finish-erasures.ts';
import { purgeOld } from '../worker/purge-old.ts';
import { openScratchFolder } from '../worker/scratch-folder.ts';
import { startWorker } from '../worker/worker-loop.ts';
import type { OnStop, Parts } from './open-parts.ts';

/** `onStop` is given what ends each part; they may be called at once. Throws what taking deliveries or making the scratch folder throws. */
export async function startWork(
  config: Config,
  parts: Parts,
  { mediaFetcher, webhookSender }: { mediaFetcher: MediaFetcher; webhookSender: WebhookSender },
  onStop: OnStop,
): Promise<void> {
  const { pool, queue, push, sealer, auditKey, auditLog, erasure, logger } = parts;
  const worker = await startWorker(
    {
      leases: parts.leases,
      stepStore: parts.stepStore,
      blobStore: parts.blobStore,
      receipts: parts.receipts,
      assetStore: parts.assetStore,
      makers: parts.makers,
      metrics: parts.metrics,
      logger,
      tracer: parts.tracer,
      queue: push === undefined ? queue : { ...queue, consume: push.inbox.consume },
      dailyLimits: config.dailyLimits,
      mediaFetcher,
      clock: systemClock,
      random: Math.random,
      crashPoint: config.crashAt === undefined ? passNoCrash : dieAt(config.crashAt),
      workerId: `${hostname()}-${process.pid}`,
      leaseMs: config.leaseMs,
      sliceMs: config.sliceMs,
      scratchFolder: await openScratchFolder(join(config.dataFolder, 'scratch')),
    },
    {
      concurrency: config.jobsAtOnce,
      sweepEveryMs: config.sweepEveryMs,
      overdueMs: 2 * config.sweepEveryMs,
      collectEveryMs: 3_600_000,
      graceMs: config.keepUnusedMs,
    },
  );
  onStop(() => worker.stop());
  const outbox = createWebhookOutbox({ pool, sealer });
  const webhooks = deliverWebhooks({ outbox, sender: webhookSender, random: Math.random, logger });
  onStop(async () => {
    await webhooks.stop();
    await outbox.close();
  });
  const purge = purgeOld({ retention: createRetention({ pool, auditKey }), auditLog, logger }, config.keep);
  onStop(() => purge.stop());
  const erasing = finishErasures({ erasure, logger });
  onStop(() => erasing.stop());
  parts.delivery.buryDeadLetters?.(parts.deadLetters);
}

/** The crash suite's process kills itself at this point, as `kill -9` would. */
function dieAt(crashAt: string): (point: CrashPoint) => void {
  return (point) => {
    if (point === crashAt) process.kill(process.pid, 'SIGKILL');
  };
}
