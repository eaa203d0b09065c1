// Builds the HTTP server: limits, hooks and routes, in the order in which they must see each other. Opens no port.
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';

import Fastify, { LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';

import { AppError } from '../domain/errors.ts';
import { addAdminRoutes } from './admin-routes.ts';
import { addApiKeyRoutes } from './api-key-routes.ts';
import { addAssetRoutes } from './asset-routes.ts';
import { auditRequests } from './audit.ts';
import { authenticateCallers } from './callers.ts';
import { addCatalogueRoutes } from './catalogue-routes.ts';
import { letOriginsIn } from './cors.ts';
import type { Api, ApiDeps } from './deps.ts';
import { addErasureRoutes } from './erasure-routes.ts';
import { addEventRoutes } from './event-routes.ts';
import { addExportRoutes } from './export-routes.ts';
import { addFileRoutes } from './file-routes.ts';
import { setCommonHeaders } from './headers.ts';
import { addHealthRoutes, type HealthDeps } from './health-routes.ts';
import { readJsonBodies } from './json-bodies.ts';
import { refuseOtherSites } from './local-guard.ts';
import { addDocumentRoutes, describeRoutes } from './openapi.ts';
import { answerBrokenHttp, answerError } from './problems.ts';
import { addProcessJobRoute, type ProcessJobDeps } from './process-job-route.ts';
import { createRecentRequests, type RecentRequests } from './recent-requests.ts';
import { countRequests } from './request-metrics.ts';
import { refuseSlowBodies } from './slow-bodies.ts';
import { addStoryboardRoutes } from './storyboard-routes.ts';
import { traceRequests } from './trace-requests.ts';
import { answerUnknownRoutes } from './unknown-routes.ts';
import { answerFrameworkError, refuseLongUrls } from './url-length.ts';
import { addVideoRoutes } from './video-routes.ts';
import { addWebhookRoutes } from './webhook-routes.ts';

/**
 * The API, ready for `listen` or `inject`. `close()` ends event streams, finishes requests that run and refuses new
 * ones with `shutting_down`.
 */
export async function createApi(deps: ApiDeps): Promise<Api> {
  const { push, corsOrigins = [], trustedProxies = 0 } = deps;
  const recentRequests = createRecentRequests();
  const strangers = deps.login !== undefined && trustedProxies === 0;
  const api = prepareServer(deps, recentRequests, { strangers });
  await letOriginsIn(api, corsOrigins);
  if (deps.login === undefined) refuseOtherSites(api, corsOrigins);
  auditRequests(api, deps);
  authenticateCallers(api, deps);
  await describeRoutes(api, deps.version, { takesPushes: push !== undefined });

  addVideoRoutes(api, deps);
  addStoryboardRoutes(api, deps);
  addEventRoutes(api, deps);
  addFileRoutes(api, deps);
  await addAssetRoutes(api, deps);
  addWebhookRoutes(api, deps);
  addApiKeyRoutes(api, deps);
  addExportRoutes(api, deps);
  addCatalogueRoutes(api, deps);
  addErasureRoutes(api, deps);
  addAdminRoutes(api, deps);
  addHealthRoutes(api, { ...deps, recentRequests });
  if (push !== undefined) await addProcessJobRoute(api, { ...deps, push });
  await addDocumentRoutes(api);
  await api.ready();
  return api;
}

/** For a worker that is no API: says how it is, takes deliveries where they are pushed, and nothing else. */
export async function createWorkerServer(
  deps: Partial<ProcessJobDeps> & Omit<HealthDeps, 'recentRequests'> & Pick<ApiDeps, 'logger' | 'tracer'>,
): Promise<Api> {
  const { push } = deps;
  const recentRequests = createRecentRequests();
  const server = prepareServer(deps, recentRequests, { strangers: false });
  if (deps.login === undefined) refuseOtherSites(server, []);
  addHealthRoutes(server, { ...deps, recentRequests });
  if (push !== undefined) await addProcessJobRoute(server, { ...deps, push });
  await server.ready();
  return server;
}

/** Limits and hooks that every route is under. `strangers` = anybody may ask, straight from the network. */
function prepareServer(
  deps: Pick<ApiDeps, 'logger' | 'tracer' | 'metrics' | 'login' | 'trustedProxies' | 'timeouts'>,
  recentRequests: RecentRequests,
  callers: { strangers: boolean },
): Api {
  const { trustedProxies = 0, timeouts = {} } = deps;
  const { headersMs, bodyMs, silenceMs, checkEveryMs, closeMs } = timeouts;
  const api: Api = Fastify({
    loggerInstance: deps.logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: 1_048_576,
    trustProxy: trustedProxies > 0 && ((_, hop) => hop < trustedProxies),
    // A request must arrive within these, so that slow senders do not hold connections; JSON within half a minute.
    requestTimeout: 600_000,
    http: { headersTimeout: headersMs ?? 15_000, connectionsCheckingInterval: checkEveryMs ?? 5_000 },
    // Longer than the heartbeat of event streams and than a reader may pause a download.
    connectionTimeout: silenceMs ?? 120_000,
    keepAliveTimeout: 72_000,
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: ({ headers }) => acceptableId(headers['x-request-id']) ?? randomUUID(),
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerBrokenHttp,
  }).withTypeProvider<ZodTypeProvider>();
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(serializerCompiler);
  api.setErrorHandler(answerError);
  if (deps.tracer !== undefined) traceRequests(api, deps.tracer, callers);
  answerUnknownRoutes(api);
  refuseSlowBodies(api, bodyMs ?? 30_000);
  readJsonBodies(api);
  setCommonHeaders(api, deps.login !== undefined);
  countRequests(api, deps.metrics, recentRequests);
  refuseLongUrls(api);
  closeGracefully(api, closeMs ?? 5_000);
  rememberAddresses(api);
  dropUnusedConnections(api);
  return api;
}

/** An id that the caller or a proxy gave, if it can stand in logs and headers. */
function acceptableId(id: string | string[] | undefined): string | undefined {
  return typeof id === 'string' && /^[\w.:-]{1,100}$/.test(id) ? id : undefined;
}

/** Node forgets an address that was not asked for before the connection ended: whoever hangs up at once would have none. */
function rememberAddresses(api: Api): void {
  api.server.on('connection', (socket) => {
    if (socket.remoteAddress === undefined) socket.destroy();
  });
}

/** What a caller had sent before we began to stop has arrived within this. */
const bytesOnTheirWayMs = 100;

/**
 * Connections that were opened and never used would hold up the end for as long as headers may take to arrive: clients
 * open such ones in advance.
 */
function dropUnusedConnections(api: Api): void {
  const open = new Set<Socket>();
  api.server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  api.addHook('preClose', async () => {
    setTimeout(() => {
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    }, bytesOnTheirWayMs);
  });
}

/**
 * New requests are refused; connections end with the answers that are under way, instead of staying for more. After
 * `patienceMs` they are cut: whoever reads or sends that slowly may go on elsewhere.
 */
function closeGracefully(api: Api, patienceMs: number): void {
  let closing = false;
  api.addHook('preClose', async () => {
    closing = true;
    const cut = setTimeout(() => api.server.closeAllConnections(), patienceMs);
    api.server.once('close', () => clearTimeout(cut));
  });
  api.addHook('onRequest', async () => {
    if (closing) {
      throw new AppError('shutting_down', 'The server is shutting down.', { hint: 'Ask again soon.' });
    }
  });
  api.addHook('onSend', async (_, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  // Answers that had begun before, such as event streams, could not say so.
  api.addHook('onResponse', async (request) => {
    if (closing) request.raw.socket.end();
  });
}
