// The real API on real stores, asked as one user or another; every answer is held to the OpenAPI document.
import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { createIncidentFile } from '../../src/adapters/disk/incident-file.ts';
import { createWebhookSender } from '../../src/adapters/https/webhook-sender.ts';
import { createMetrics } from '../../src/adapters/observe/metrics.ts';
import { createApiKeys } from '../../src/adapters/postgres/api-keys.ts';
import { createAuditLog } from '../../src/adapters/postgres/audit-log.ts';
import { createErasure } from '../../src/adapters/postgres/erase-user.ts';
import { createJobEvents } from '../../src/adapters/postgres/job-events.ts';
import { createAccountReader } from '../../src/adapters/postgres/read-account.ts';
import { createServiceRecord } from '../../src/adapters/postgres/service-record.ts';
import { createWebhookStore } from '../../src/adapters/postgres/webhook-store.ts';
import { createAccountArchive } from '../../src/adapters/tar/account-archive.ts';
import type { ApiDeps } from '../../src/api/deps.ts';
import { createApi } from '../../src/api/server.ts';
import { type Caller, type Scope, scopes } from '../../src/domain/caller.ts';
import { plan } from '../../src/offline/planner/plan.ts';
import type { Voice } from '../../src/ports/providers.ts';
import { probeMedia } from '../../src/render/media/probe-media.ts';
import { createAnswerCheck } from './answer-check.ts';
import { openStores } from './stores.ts';
import { createTestSealer } from './test-sealer.ts';

const voices: Voice[] = [
  {
    voice: 'slt',
    name: 'Susan',
    languages: ['en'],
    engine: 'flite',
    licence: 'BSD-like',
    description: 'female',
  },
  {
    voice: 'fr-1',
    name: 'Marie',
    languages: ['fr'],
    engine: 'espeak',
    licence: 'GPL-3.0',
    description: 'female',
  },
];

/** Who the headers x-test-user (default: ann) and x-test-scopes (comma-separated, default: all) say it is. */
function testCaller(headers: Record<string, unknown>): Caller {
  const userId = `${headers['x-test-user'] ?? 'ann'}`;
  const given = headers['x-test-scopes'];
  if (given === undefined) return { userId, scopes, via: 'token' };
  return { userId, scopes: `${given}`.split(',') as Scope[], via: 'token' };
}

export type TestApi = Awaited<ReturnType<typeof openTestApi>>;

/** `change` replaces dependencies, such as a store on a database that is down. */
export async function openTestApi(change: Partial<ApiDeps> = {}) {
  const stores = await openStores();
  const jobEvents = createJobEvents({ pool: stores.pool });
  const { jobStore, stepStore, blobStore, assetStore, deadLetters, queue, logger } = stores;
  const api = await createApi({
    jobStore,
    jobEvents,
    stepStore,
    blobStore,
    assetStore,
    webhooks: {
      store: createWebhookStore({ pool: stores.pool, sealer: createTestSealer() }),
      faultOfUrl: createWebhookSender({ privateHosts: ['127.0.0.1:5678'] }).faultOf,
    },
    uploads: {
      folder: stores.folder,
      probe: (source) =>
        probeMedia({ source }, { scratch: stores.folder, signal: AbortSignal.timeout(20_000) }),
    },
    accountArchive: createAccountArchive({ reader: createAccountReader({ pool: stores.pool }), blobStore }),
    apiKeys: createApiKeys({ pool: stores.pool, pepper: Buffer.alloc(32, 9) }),
    deadLetters,
    erasure: createErasure({
      pool: stores.pool,
      blobStore,
      dataKeys: { destroy: async () => {} },
      settleMs: 0,
    }),
    auditLog: createAuditLog({ pool: stores.pool, key: Buffer.alloc(32, 7), logger }),
    queue,
    serviceRecord: createServiceRecord({ pool: stores.pool }),
    incidents: createIncidentFile(join(stores.folder, 'incidents.json')),
    metrics: createMetrics({
      read: {
        countByStatus: jobStore.countByStatus,
        queueDepth: queue.depth,
        deadLetters: deadLetters.count,
      },
    }),
    voices: () => voices,
    providers: { voice: 'offline/flite' },
    directScenes: (input) => plan(input, { scratch: stores.folder, signal: AbortSignal.timeout(20_000) }),
    expectCost: () => ({ totalMicroUsd: 0, byProvider: {} }),
    readiness: { database: jobStore.ping, storage: blobStore.ping },
    version: '0.1.0',
    maxRetries: 3,
    logger,
    login: {},
    authenticate: ({ headers }) => testCaller(headers),
    ...change,
  });
  const check = createAnswerCheck(api.swagger());

  async function ask(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD',
    url: string,
    options: Omit<InjectOptions, 'method' | 'url'> & { user?: string; json?: unknown } = {},
  ): Promise<LightMyRequestResponse> {
    const { user, json, ...rest } = options;
    const answer = await api.inject({
      method,
      url,
      ...rest,
      headers: {
        ...(user !== undefined && { 'x-test-user': user }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...rest.headers,
      },
      ...(json !== undefined && { payload: typeof json === 'string' ? json : JSON.stringify(json) }),
    } as InjectOptions);
    check(method, url, answer);
    return answer as LightMyRequestResponse;
  }

  return {
    api,
    stores,
    ask,
    /** A job of the user through the API; its id. */
    async create(json: Record<string, unknown> = {}, user = 'ann'): Promise<string> {
      const answer = await ask('POST', '/v1/videos', {
        user,
        json: { script: 'A lighthouse stands alone.', ...json },
      });
      if (answer.statusCode !== 202) throw new Error(`not created: ${answer.body}`);
      return answer.json().job_id;
    },
    async close(): Promise<void> {
      await api.close();
      await jobEvents.close();
      await stores.close();
    },
  };
}
