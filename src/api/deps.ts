// What the API needs from the rest of the system; compose provides it. Routes take just the part that they use.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';

import type { Caller, Scope } from '../domain/caller.ts';
import type { Storyboard } from '../domain/storyboard.ts';
import type { MediaFacts } from '../domain/user-media.ts';
import type { VideoRequest } from '../domain/video-request.ts';
import type { AccountArchive } from '../ports/account-archive.ts';
import type { ApiKeyStore } from '../ports/api-key-store.ts';
import type { AssetStore } from '../ports/asset-store.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { DeadLetters } from '../ports/dead-letters.ts';
import type { Erasure } from '../ports/erasure.ts';
import type { Incidents } from '../ports/incidents.ts';
import type { JobEvents } from '../ports/job-events.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { JobStore } from '../ports/job-store.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { PlanInput, Voice } from '../ports/providers.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { ServiceRecord } from '../ports/service-record.ts';
import type { StepStore } from '../ports/step-store.ts';
import type { Tracer } from '../ports/tracer.ts';
import type { WebhookStore } from '../ports/webhook-store.ts';

export interface ApiDeps {
  jobStore: JobStore;
  jobEvents: JobEvents;
  stepStore: StepStore;
  blobStore: BlobStore;
  assetStore: AssetStore;
  uploads: {
    /** For files that are just arriving. */
    folder: string;
    /** Looks at one. See MediaTools.probeMedia; throws `step_timed_out` when that takes too long. */
    probe(path: string): Promise<MediaFacts>;
  };
  webhooks: {
    store: WebhookStore;
    /** Why messages may not be sent to this URL; undefined when they may. */
    faultOfUrl(url: string): Promise<string | undefined>;
  };
  accountArchive: AccountArchive;
  apiKeys: ApiKeyStore;
  deadLetters: DeadLetters;
  erasure: Pick<Erasure, 'begin'>;
  auditLog: AuditLog;
  metrics: Metrics;
  queue: Pick<JobQueue, 'depth'>;
  serviceRecord: ServiceRecord;
  incidents: Incidents;
  /** Deliveries that come as requests; left out where none are taken. */
  push?: {
    /** Takes the Authorization header. Throws `unauthenticated`, `forbidden`, `provider_unavailable`. */
    verify(authorization: string | undefined): Promise<void>;
    /** Whether there is such a job, in whatever state. */
    knowsJob(jobId: string): Promise<boolean>;
    /** Resolves when the delivery was handled. Throws `worker_busy`, `shutting_down`, or why it should come again. */
    deliver(jobId: string): Promise<void>;
  };
  voices(): Voice[];
  /** Who makes what, such as `voice` → `offline/flite`. */
  providers: Record<string, string>;
  /** What the rules say of words that a user edits; asked about scenes. Throws as `Language.plan` does. */
  directScenes(input: PlanInput): Promise<Storyboard>;
  /** What a request will cost, as far as that can be told beforehand. */
  expectCost(request: VideoRequest): { totalMicroUsd: number; byProvider: Record<string, number> };
  /** Each resolves when its part can take work, and throws otherwise. */
  readiness: Record<string, () => Promise<void>>;
  version: string;
  maxRetries: number;
  logger: FastifyBaseLogger;
  /** Left out: no traces, and only the server's own lines say which request they are about. */
  tracer?: Tracer;
  /** Who asks. Throws `unauthenticated` where that is not proved, or why it cannot be told now. */
  authenticate(request: FastifyRequest): Caller | Promise<Caller>;
  /** Left out: nobody has to prove anything, and only this machine's own programs are let in. */
  login?: { metricsToken?: string | undefined };
  /** Left out: everybody may ask as often as they like. */
  requestLimits?: { limiter: RateLimiter; perMinute: number };
  /** Proxies before this server, each of which adds to X-Forwarded-For whom it was asked by; left out: none. */
  trustedProxies?: number;
  /** Other sites whose pages may ask, such as `https://app.example.com`. */
  corsOrigins?: readonly string[];
  timeouts?: {
    /** Longest time in which a request's headers must arrive, ms. */
    headersMs?: number;
    /** Longest time in which a JSON body must arrive, ms. */
    bodyMs?: number;
    /** After this long without a byte either way a connection is closed, ms. */
    silenceMs?: number;
    /** How often headers are looked after, ms. */
    checkEveryMs?: number;
    /** Longest time that answers under way may take once the server is being closed, ms. */
    closeMs?: number;
  };
  /** Silence on an event stream after which a comment is sent, ms. */
  heartbeatMs?: number;
  /** Events are looked for this often even when nobody announced any, ms. */
  eventPollMs?: number;
}

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route under /v1. */
    caller: Caller;
    /** `caller.userId`, on the same routes. */
    userId: string;
  }
  interface FastifyContextConfig {
    /** What callers must be allowed. Every route under /v1 says it. */
    scope?: Scope;
    /** Machines ask all the time: such requests are logged for debugging only. */
    asked?: 'often';
    /** It asks for a proof that no page in a browser has, whether or not a login is asked for. */
    proof?: 'own';
    /** The body is a file: it may take long to arrive. */
    body?: 'upload';
  }
}
