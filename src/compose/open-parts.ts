// Opens what both roles work with: database, queue, stores, sealing, audit log, makers, metrics. Takes no work and answers
// nobody yet.
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type pg from 'pg';

import packageFile from '../../package.json' with { type: 'json' };
import type { Logger } from '../adapters/observe/logger.ts';
import { createMetrics } from '../adapters/observe/metrics.ts';
import { createAssetStore } from '../adapters/postgres/asset-store.ts';
import { createAuditLog } from '../adapters/postgres/audit-log.ts';
import { databaseAddress } from '../adapters/postgres/database-address.ts';
import { createDeadLetters } from '../adapters/postgres/dead-letters.ts';
import { startEmbeddedServer } from '../adapters/postgres/embedded-server.ts';
import { createJobLeases } from '../adapters/postgres/job-leases.ts';
import { createJobStore } from '../adapters/postgres/job-store.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { createPool } from '../adapters/postgres/pool.ts';
import { createReadReplica, type ReadOn, type ReadOutcome } from '../adapters/postgres/read-replica.ts';
import { createReceipts } from '../adapters/postgres/receipts.ts';
import { createRequestBudget } from '../adapters/postgres/request-budget.ts';
import { createStepStore } from '../adapters/postgres/step-store.ts';
import {
  createSealedJobLeases,
  createSealedJobStore,
  createSealedStepStore,
} from '../adapters/sealing/sealed-columns.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import { createMediaPool } from '../media/media-pool.ts';
import { createOfflineMakers } from '../media/offline-makers.ts';
import type { VoiceModel } from '../offline/speaker/neural/voice-model.ts';
import { bySystem } from '../ports/audit-log.ts';
import type { Tracer } from '../ports/tracer.ts';
import { stepNames } from '../video/step-names.ts';
import { chooseBlobStore } from './choose-blobs.ts';
import { chooseMakers } from './choose-makers.ts';
import { chooseQueue } from './choose-queue.ts';
import { describeVoices } from './describe-machine.ts';
import { auditKeyOf } from './open-audit-log.ts';
import { openErasure } from './open-erasure.ts';
import { openSealing } from './open-sealing.ts';

const megabyte = 2 ** 20;

/** Told how to stop each part once it is there; the last one stops first. */
export type OnStop = (stop: () => Promise<unknown>) => void;

export type Parts = Awaited<ReturnType<typeof openParts>>;

/** Throws what any of the parts throws when it does not start. */
export async function openParts(
  config: Config,
  { logger, tracer }: { logger: Logger; tracer: Tracer },
  onStop: OnStop,
) {
  await makeDataFolder(config.dataFolder);
  const media = createMediaPool({
    size: config.mediaProcesses,
    recycleRssBytes: 600 * megabyte,
    idleMs: 60_000,
    onTask: (facts) => logger.debug(facts, 'media task'),
    tracer,
  });
  onStop(() => media.stop());
  // Beside the database, for both take a moment to start.
  if (config.roles.worker) media.warmUp();
  const { caFile, pool: max } = config.database;
  const databaseUrl = config.database.url ?? (await startDatabase(config.dataFolder, logger, onStop));

  const pool = createPool({
    url: databaseUrl,
    caFile,
    max,
    applicationName: 'aiprod',
    onError: ofNobody((error) => logger.warn({ err: error }, 'a database connection broke')),
  });
  onStop(() => pool.end());
  await migrate(pool);
  const { queue, push, ...delivery } = await chooseQueue(config.queue, {
    database: databaseAddress(databaseUrl, caFile),
    pool,
    logger,
    // Made later: what they read needs the queue.
    metrics: {
      messageQuarantined: (via) => metrics.messageQuarantined(via),
      jobEnded: (outcome) => metrics.jobEnded(outcome),
    },
  });
  onStop(() => queue.close());
  const limits = config.userLimits;
  const readOn = openReplica(config, pool, logger, onStop, (outcome) => metrics.jobsRead(outcome));
  const { sealer, dataKeys, sealBlobs, close: closeSealing } = await openSealing(config, { pool });
  onStop(closeSealing);
  const jobStore = createSealedJobStore(
    createJobStore({ pool, queue, limits, ...(readOn && { readOn }) }),
    sealer,
  );
  const deadLetters = createDeadLetters({ pool, queue, limits });
  const auditKey = await auditKeyOf(config);
  const auditLog = createAuditLog({ pool, key: auditKey, logger });
  // Also the proof that entries can be written, before anybody is answered.
  await auditLog.record(
    bySystem('system.start', {
      version: packageFile.version,
      api: config.roles.api,
      worker: config.roles.worker,
    }),
  );
  const blobStore = sealBlobs(
    await chooseBlobStore(config.blobs, {
      dataFolder: config.dataFolder,
      sign: config.roles.api && !config.sealing.blobs,
      logger,
    }),
  );
  await blobStore.removeLeftovers();

  const metrics = createMetrics({
    read: {
      countByStatus: jobStore.countByStatus,
      queueDepth: queue.depth,
      deadLetters: deadLetters.count,
    },
  });
  if (config.roles.worker) for (const step of stepNames) metrics.stepOffered(step);
  const makers = await chooseMakers(config.providers, {
    offline: createOfflineMakers(media, await findVoices(config, logger)),
    metrics,
    tracer,
    requestBudget: createRequestBudget({ pool }),
  });
  return {
    media,
    pool,
    queue,
    push,
    delivery,
    sealer,
    jobStore,
    leases: createSealedJobLeases(
      createJobLeases({ pool, queue, limits, onGivenUp: () => metrics.jobEnded('failed') }),
      sealer,
    ),
    deadLetters,
    stepStore: createSealedStepStore(createStepStore({ pool }), sealer),
    assetStore: createAssetStore({ pool }),
    receipts: createReceipts({ pool }),
    blobStore,
    auditKey,
    auditLog,
    erasure: openErasure(config, { pool, blobStore, dataKeys }),
    metrics,
    makers,
    logger,
    tracer,
  };
}

/** A connection that all share is no part of the request or job that happened to open it. */
const ofNobody = (tell: (error: Error) => void) => AsyncLocalStorage.bind(tell);

async function makeDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AppError('config_invalid', `The data folder ${folder} cannot be made (${code}).`, {
      hint: 'Set AIPROD_DATA to a folder that you may write to.',
      cause: error,
    });
  }
}

async function startDatabase(dataFolder: string, logger: Logger, onStop: OnStop): Promise<string> {
  const server = await startEmbeddedServer({ folder: join(dataFolder, 'postgres'), logger });
  onStop(() => server.close());
  return server.url;
}

/** Where the API reads jobs when a replica is configured. Need not be there yet. */
function openReplica(
  { roles, database: { replicaUrl, caFile, pool: max } }: Config,
  primary: pg.Pool,
  logger: Logger,
  onStop: OnStop,
  onRead: (outcome: ReadOutcome) => void,
): ReadOn | undefined {
  if (replicaUrl === undefined || !roles.api) return undefined;
  // For what is wrong with it to be said of this setting.
  databaseAddress(replicaUrl, caFile, 'AIPROD_DATABASE_REPLICA_URL');
  const replica = createPool({
    url: replicaUrl,
    caFile,
    max,
    connectMs: 2_000,
    applicationName: 'aiprod-replica',
    onError: ofNobody((error) => logger.warn({ err: error }, 'a connection to the replica broke')),
  });
  onStop(() => replica.end());
  return createReadReplica({ primary, replica, logger, onRead });
}

async function findVoices(config: Config, logger: Logger): Promise<VoiceModel[]> {
  const { models, broken } = await describeVoices(config);
  for (const { folder, fault } of broken) logger.warn({ folder, fault }, 'a neural voice cannot be used');
  return models;
}
