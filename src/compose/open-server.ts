// Opens what answers over HTTP: the API, or what a worker is pushed to, probed and scraped at.
import { join } from 'node:path';

import packageFile from '../../package.json' with { type: 'json' };
import { createIncidentFile } from '../adapters/disk/incident-file.ts';
import { createJobEvents } from '../adapters/postgres/job-events.ts';
import { createRateLimiter } from '../adapters/postgres/rate-limiter.ts';
import { createServiceRecord } from '../adapters/postgres/service-record.ts';
import { createWebhookStore } from '../adapters/postgres/webhook-store.ts';
import type { Api } from '../api/deps.ts';
import { createApi, createWorkerServer } from '../api/server.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import { createMediaPool } from '../media/media-pool.ts';
import { createOfflineMakers } from '../media/offline-makers.ts';
import type { Makers } from '../ports/makers.ts';
import type { WebhookSender } from '../ports/webhook-sender.ts';
import { openScratchFolder } from '../worker/scratch-folder.ts';
import { createToolsCheck } from './check-tools.ts';
import { chooseLogin, openApiKeys } from './choose-login.ts';
import { expectedCost } from './expected-cost.ts';
import { openAccountArchive } from './open-account-archive.ts';
import type { OnStop, Parts } from './open-parts.ts';
import { announceServer } from './running-server.ts';

const megabyte = 2 ** 20;

/** Where it listens; undefined when this process answers nobody. Throws `machine_unfit` for a port that cannot be had. */
export async function openServer(
  config: Config,
  parts: Parts,
  webhookSender: WebhookSender,
  onStop: OnStop,
): Promise<string | undefined> {
  const { pool, push, delivery, sealer, jobStore, queue, leases, blobStore, makers, metrics, logger } = parts;
  const pushed = config.roles.worker &&
    push !== undefined && {
      verify: push.verify,
      knowsJob: leases.isKnown,
      deliver: push.inbox.deliver,
    };
  const tools = config.roles.worker
    ? createToolsCheck(parts.media, makers.tools, config.dataFolder)
    : undefined;
  const readiness = {
    database: jobStore.ping,
    queue: delivery.ready,
    storage: blobStore.ping,
    ...(tools && { tools }),
  };
  // A cold machine takes longer for its first proof than /ready waits: it begins before anybody asks, and who asks hears of it.
  tools?.().catch(() => {});
  /** Requests end with the work that they wait for. */
  const serve = async (server: Api): Promise<string> => {
    onStop(() => Promise.all([push?.inbox.stop(), server.close()]));
    return listen(server, config);
  };
  const operations = {
    jobStore,
    queue,
    metrics,
    readiness,
    serviceRecord: createServiceRecord({ pool }),
    incidents: createIncidentFile(config.incidentFile),
    version: packageFile.version,
    logger,
    tracer: parts.tracer,
    ...(config.auth.loginAsked && { login: { metricsToken: config.auth.metricsToken } }),
  };
  if (!config.roles.api) {
    if (!pushed && !config.portGiven) return undefined;
    return serve(await createWorkerServer({ ...operations, ...(pushed && { push: pushed }) }));
  }

  // Files of strangers are looked at in a process of their own: an upload waits for no rendering.
  const intake = createMediaPool({ size: 1, recycleRssBytes: 400 * megabyte, idleMs: 20_000 });
  onStop(() => intake.stop());
  const {
    language: [rules],
    tools: probing,
  } = createOfflineMakers(intake);
  const uploadFolder = await openScratchFolder(join(config.dataFolder, 'uploads'));
  const jobEvents = createJobEvents({ pool });
  onStop(() => jobEvents.close());
  const apiKeys = await openApiKeys(config, pool);
  const { requestsPerMinute: perMinute, trustedProxies, corsOrigins } = config.http;
  const api = await createApi({
    ...operations,
    jobEvents,
    stepStore: parts.stepStore,
    blobStore,
    assetStore: parts.assetStore,
    deadLetters: parts.deadLetters,
    erasure: parts.erasure,
    auditLog: parts.auditLog,
    webhooks: { store: createWebhookStore({ pool, sealer }), faultOfUrl: webhookSender.faultOf },
    uploads: { folder: uploadFolder, probe: probeWithin(probing, uploadFolder) },
    accountArchive: openAccountArchive({ pool, sealer, blobStore }),
    apiKeys,
    voices: () => makers.speech.flatMap((speech) => speech.voices()),
    providers: providersOf(makers),
    directScenes: (input) =>
      rules.plan(input, { scratch: uploadFolder, signal: AbortSignal.timeout(directMs) }),
    expectCost: (request) => expectedCost(makers, request),
    ...(pushed && { push: pushed }),
    maxRetries: config.maxRetries,
    ...(perMinute !== undefined && { requestLimits: { limiter: createRateLimiter({ pool }), perMinute } }),
    trustedProxies,
    corsOrigins,
    authenticate: await chooseLogin(config.auth, apiKeys),
  });
  const url = await serve(api);
  onStop(await announceServer(config.dataFolder, url));
  return url;
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

/** Longest time that directing edited words may take, waiting for looks at uploads included. */
const directMs = 60_000;

/** Longest time that looking at an upload may take, waiting for others included. */
const probeMs = 60_000;

function probeWithin(tools: Makers['tools'], scratch: string) {
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
