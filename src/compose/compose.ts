// Puts the system together: the only place that picks adapters. Starts the parts in order and stops them in reverse.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import type pg from 'pg';

import packageFile from '../../package.json' with { type: 'json' };
import { createMediaFetcher } from '../adapters/https/media-fetcher.ts';
import { createWebhookSender } from '../adapters/https/webhook-sender.ts';
import { createLogger, type Logger } from '../adapters/observe/logger.ts';
import { createMetrics } from '../adapters/observe/metrics.ts';
import { createAssetStore } from '../adapters/postgres/asset-store.ts';
import { createAuditLog } from '../adapters/postgres/audit-log.ts';
import { databaseAddress } from '../adapters/postgres/database-address.ts';
import { createDeadLetters } from '../adapters/postgres/dead-letters.ts';
import { startEmbeddedServer } from '../adapters/postgres/embedded-server.ts';
import { createJobEvents } from '../adapters/postgres/job-events.ts';
import { createJobLeases } from '../adapters/postgres/job-leases.ts';
import { createJobStore } from '../adapters/postgres/job-store.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { createPool } from '../adapters/postgres/pool.ts';
import { createRateLimiter } from '../adapters/postgres/rate-limiter.ts';
import { createReadReplica, type ReadOn, type ReadOutcome } from '../adapters/postgres/read-replica.ts';
import { createReceipts } from '../adapters/postgres/receipts.ts';
import { createRequestBudget } from '../adapters/postgres/request-budget.ts';
import { createRetention } from '../adapters/postgres/retention.ts';
import { createStepStore } from '../adapters/postgres/step-store.ts';
import { createWebhookOutbox } from '../adapters/postgres/webhook-outbox.ts';
import { createWebhookStore } from '../adapters/postgres/webhook-store.ts';
import {
  createSealedJobLeases,
  createSealedJobStore,
  createSealedStepStore,
} from '../adapters/sealing/sealed-columns.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Api } from '../api/deps.ts';
import { createApi, createPushServer } from '../api/server.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import { type CrashPoint, passNoCrash } from '../engine/crash-points.ts';
import type { ContactSheetInput } from '../media/contact-sheet.ts';
import { createMediaPool } from '../media/media-pool.ts';
import { createOfflineMakers } from '../media/offline-makers.ts';
import { type FoundModels, findVoiceModels } from '../offline/speaker/neural/find-voice-models.ts';
import type { VoiceModel } from '../offline/speaker/neural/voice-model.ts';
import type { Makers } from '../ports/makers.ts';
import type { MediaFetcher } from '../ports/media-fetcher.ts';
import { deliverWebhooks } from '../worker/deliver-webhooks.ts';
import { finishErasures } from '../worker/finish-erasures.ts';
import { purgeOld } from '../worker/purge-old.ts';
import { openScratchFolder } from '../worker/scratch-folder.ts';
import { startWorker } from '../worker/worker-loop.ts';
import { chooseBlobStore } from './choose-blobs.ts';
import { chooseLogin, openApiKeys } from './choose-login.ts';
import { chooseMakers } from './choose-makers.ts';
import { chooseQueue } from './choose-queue.ts';
import { expectedCost } from './expected-cost.ts';
import { openAccountArchive } from './open-account-archive.ts';
import { auditKeyOf } from './open-audit-log.ts';
import { openErasure } from './open-erasure.ts';
import { openSealing } from './open-sealing.ts';
import { announceServer } from './running-server.ts';

const megabyte = 2 ** 20;

export interface System {
  /** Where the API listens; undefined when this process is only a worker. */
  url: string | undefined;
  logger: Logger;
  /** Gives running jobs back, ends requests, child processes and the embedded database. */
  close(): Promise<void>;
}

/** Parts that may come from outside instead of being chosen here. */
export interface SuppliedParts {
  mediaFetcher?: MediaFetcher;
}

/** Starts what `config.roles` asks for. Whatever had been started is stopped again when something does not start. */
export async function startSystem(config: Config, supplied: SuppliedParts = {}): Promise<System> {
  const logger = createLogger({ level: config.logLevel, format: config.logFormat });
  const stops: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) {
      await stop().catch((error) => logger.error({ err: error }, 'a part did not stop cleanly'));
    }
  };
  try {
    const url = await startParts(config, supplied, logger, (stop) => stops.push(stop));
    return { url, logger, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startParts(
  config: Config,
  { mediaFetcher = createMediaFetcher() }: SuppliedParts,
  logger: Logger,
  onStop: (stop: () => Promise<unknown>) => void,
): Promise<string | undefined> {
  await makeDataFolder(config.dataFolder);
  const media = createMediaPool({
    size: config.mediaProcesses,
    recycleRssBytes: 600 * megabyte,
    idleMs: 60_000,
    onTask: (facts) => logger.debug(facts, 'media task'),
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
    onError: (error) => logger.warn({ err: error }, 'a database connection broke'),
  });
  onStop(() => pool.end());
  await migrate(pool);
  const { queue, push, ...delivery } = await chooseQueue(config.queue, {
    database: databaseAddress(databaseUrl, caFile),
    pool,
    logger,
    metrics: { messageQuarantined: (via) => metrics.messageQuarantined(via) },
  });
  onStop(() => queue.close());
  const limits = config.userLimits;
  const readOn = openReplica(config, pool, logger, onStop, (outcome) => metrics.jobsRead(outcome));
  const sealing = await openSealing(config, { pool });
  onStop(() => sealing.close());
  const { sealer } = sealing;
  const jobStore = createSealedJobStore(
    createJobStore({ pool, queue, limits, ...(readOn && { readOn }) }),
    sealer,
  );
  const leases = createSealedJobLeases(createJobLeases({ pool, queue, limits }), sealer);
  const deadLetters = createDeadLetters({ pool, queue, limits });
  const stepStore = createSealedStepStore(createStepStore({ pool }), sealer);
  const assetStore = createAssetStore({ pool });
  const receipts = createReceipts({ pool });
  const auditKey = await auditKeyOf(config);
  const auditLog = createAuditLog({ pool, key: auditKey, logger });
  // Also the proof that entries can be written, before anybody is answered.
  await auditLog.record({
    action: 'system.start',
    outcome: 'done',
    actor: null,
    from: null,
    requestId: null,
    userId: null,
    target: null,
    facts: { version: packageFile.version, api: config.roles.api, worker: config.roles.worker },
  });
  const blobStore = sealing.sealBlobs(
    await chooseBlobStore(config.blobs, {
      dataFolder: config.dataFolder,
      sign: config.roles.api && !config.sealing.blobs,
      logger,
    }),
  );
  await blobStore.removeLeftovers();
  const erasure = openErasure(config, { pool, blobStore, dataKeys: sealing.dataKeys });

  const metrics = createMetrics({
    read: {
      countByStatus: jobStore.countByStatus,
      queueDepth: queue.depth,
      deadLetters: deadLetters.count,
    },
  });
  const offline = createOfflineMakers(media, await findVoices(config, logger));
  const makers = await chooseMakers(config.providers, {
    offline,
    metrics,
    requestBudget: createRequestBudget({ pool }),
  });

  const webhookSender = createWebhookSender(config.webhooks);
  if (config.roles.worker) {
    const scratchFolder = await openScratchFolder(join(config.dataFolder, 'scratch'));
    const worker = await startWorker(
      {
        queue: push === undefined ? queue : { ...queue, consume: push.inbox.consume },
        leases,
        stepStore,
        blobStore,
        receipts,
        dailyLimits: config.dailyLimits,
        assetStore,
        makers,
        mediaFetcher,
        clock: systemClock,
        random: Math.random,
        logger,
        metrics,
        crashPoint: config.crashAt === undefined ? passNoCrash : dieAt(config.crashAt),
        workerId: `${hostname()}-${process.pid}`,
        leaseMs: config.leaseMs,
        sliceMs: config.sliceMs,
        scratchFolder,
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
    const outbox = createWebhookOutbox({ pool, sealer: sealing.sealer });
    onStop(() => outbox.close());
    const webhooks = deliverWebhooks({ outbox, sender: webhookSender, random: Math.random, logger });
    onStop(() => webhooks.stop());
    const purge = purgeOld({ retention: createRetention({ pool, auditKey }), auditLog, logger }, config.keep);
    onStop(() => purge.stop());
    const erasing = finishErasures({ erasure, logger });
    onStop(() => erasing.stop());
    delivery.buryDeadLetters?.(deadLetters);
  }
  const pushed = config.roles.worker &&
    push !== undefined && {
      verify: push.verify,
      knowsJob: leases.isKnown,
      deliver: push.inbox.deliver,
    };
  const readiness = {
    database: jobStore.ping,
    queue: delivery.ready,
    storage: blobStore.ping,
    ...(config.roles.worker && { tools: checkToolsOnce(makers, config.dataFolder) }),
  };
  /** Requests end with the work that they wait for. */
  const serve = async (server: Api): Promise<string> => {
    onStop(() => Promise.all([push?.inbox.stop(), server.close()]));
    return listen(server, config);
  };
  const login = config.auth.loginAsked ? { metricsToken: config.auth.metricsToken } : undefined;
  if (!config.roles.api) {
    if (!pushed) return undefined;
    const { version } = packageFile;
    return serve(
      await createPushServer({
        jobStore,
        queue,
        metrics,
        readiness,
        version,
        logger,
        push: pushed,
        ...(login && { login }),
      }),
    );
  }

  // Files of strangers are looked at in a process of their own: an upload waits for no rendering.
  const intake = createMediaPool({ size: 1, recycleRssBytes: 400 * megabyte, idleMs: 20_000 });
  onStop(() => intake.stop());
  const uploadFolder = await openScratchFolder(join(config.dataFolder, 'uploads'));
  const jobEvents = createJobEvents({ pool });
  onStop(() => jobEvents.close());
  const apiKeys = await openApiKeys(config, pool);
  const { requestsPerMinute: perMinute, trustedProxies, corsOrigins } = config.http;
  const api = await createApi({
    jobStore,
    jobEvents,
    stepStore,
    blobStore,
    assetStore,
    webhooks: {
      store: createWebhookStore({ pool, sealer: sealing.sealer }),
      faultOfUrl: webhookSender.faultOf,
    },
    uploads: { folder: uploadFolder, probe: probeWithin(createOfflineMakers(intake), uploadFolder) },
    accountArchive: openAccountArchive({ pool, sealer, blobStore }),
    apiKeys,
    deadLetters,
    erasure,
    auditLog,
    metrics,
    queue,
    voices: () => makers.speech.flatMap((speech) => speech.voices()),
    providers: providersOf(makers),
    expectCost: (request) => expectedCost(makers, request),
    ...(pushed && { push: pushed }),
    readiness,
    version: packageFile.version,
    maxRetries: config.maxRetries,
    logger,
    ...(login && { login }),
    ...(perMinute !== undefined && { requestLimits: { limiter: createRateLimiter({ pool }), perMinute } }),
    trustedProxies,
    corsOrigins,
    authenticate: await chooseLogin(config.auth, apiKeys),
  });
  const url = await serve(api);
  onStop(await announceServer(config.dataFolder, url));
  return url;
}

async function findVoices(config: Config, logger: Logger): Promise<VoiceModel[]> {
  const { models, broken } = await describeVoices(config);
  for (const { folder, fault } of broken) logger.warn({ folder, fault }, 'a neural voice cannot be used');
  return models;
}

/** The neural voices that the user added, and what is wrong with those that cannot be used. */
export async function describeVoices({ voiceModels }: Config): Promise<FoundModels> {
  return voiceModels === undefined ? { models: [], broken: [] } : findVoiceModels(voiceModels);
}

/** A PNG of the painter's looks, made in a media process of its own. Throws what the painter or the renderer throws. */
export async function makeContactSheet(
  input: ContactSheetInput,
  watch: { signal: AbortSignal; onProgress(fraction: number): void },
): Promise<Buffer> {
  const scratch = await mkdtemp(join(tmpdir(), 'aiprod-sheet-'));
  const media = createMediaPool({ size: 1, recycleRssBytes: 600 * megabyte, idleMs: 60_000 });
  try {
    const { path } = await media.run('contactSheet', input, { scratch, ...watch });
    return await readFile(path);
  } finally {
    await media.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Capability → the maker that is asked first. */
function providersOf({ language, speech, music, soundEffects, visuals }: Makers): Record<string, string> {
  return {
    plan: language[0].id,
    voice: speech[0].id,
    music: music[0].id,
    sound_effects: soundEffects[0].id,
    pictures: visuals[0].id,
  };
}

async function startDatabase(
  dataFolder: string,
  logger: Logger,
  onStop: (stop: () => Promise<unknown>) => void,
): Promise<string> {
  const server = await startEmbeddedServer({ folder: join(dataFolder, 'postgres'), logger });
  onStop(() => server.close());
  return server.url;
}

/** Where the API reads jobs when a replica is configured. Need not be there yet. */
function openReplica(
  { roles, database: { replicaUrl, caFile, pool: max } }: Config,
  primary: pg.Pool,
  logger: Logger,
  onStop: (stop: () => Promise<unknown>) => void,
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
    onError: (error) => logger.warn({ err: error }, 'a connection to the replica broke'),
  });
  onStop(() => replica.end());
  return createReadReplica({ primary, replica, logger, onRead });
}

/** What `aiprod doctor` says about the database. Throws AppErrors that say what is wrong. */
export async function describeDatabase({ database: { url, caFile } }: Config): Promise<string> {
  if (url === undefined) return 'the embedded PostgreSQL, started when needed';
  const pool = createPool({ url, caFile, max: 1, applicationName: 'aiprod-doctor', onError: () => {} });
  try {
    const { rows } = await pool.query<{ version: string }>('SELECT version()');
    return rows[0]!.version.split(' on ')[0]!;
  } finally {
    await pool.end();
  }
}

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

async function listen(api: Api, { host, port }: Config): Promise<string> {
  try {
    return await api.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${code})`;
    throw new AppError('machine_unfit', `Port ${port} on ${host} ${what}.`, {
      hint: 'Set AIPROD_PORT to another port; 0 takes any free one.',
      cause: error,
    });
  }
}

/** Longest time that looking at an upload may take, waiting for others included. */
const probeMs = 60_000;

function probeWithin({ tools }: Makers, scratch: string) {
  return async (source: string) => {
    const signal = AbortSignal.timeout(probeMs);
    try {
      return await tools.probeMedia({ source }, { scratch, signal });
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new AppError('step_timed_out', 'Looking at the file took too long.', { cause: error });
    }
  };
}

/** Whether a media process starts with all its native code; asked until it has answered well once. */
function checkToolsOnce({ tools }: Makers, scratch: string): () => Promise<void> {
  let works: Promise<void> | undefined;
  return () => {
    works ??= tools
      .checkGlyphs({ text: 'ready', language: 'en' }, { scratch, signal: AbortSignal.timeout(20_000) })
      .then(() => {})
      .catch((error) => {
        works = undefined;
        throw error;
      });
    return works;
  };
}

/** The crash suite's process kills itself at this point, as `kill -9` would. */
function dieAt(crashAt: string): (point: CrashPoint) => void {
  return (point) => {
    if (point === crashAt) process.kill(process.pid, 'SIGKILL');
  };
}
