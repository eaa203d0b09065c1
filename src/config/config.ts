// The only reader of the environment: turns it into one frozen configuration, or says everything that is wrong at once.
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';

import { z } from 'zod';
import { AppError } from '../domain/errors.ts';
import type { KeepPeriods } from '../ports/retention.ts';
import { type AuthConfig, authConfig, authSchema, faultsOfAuth } from './auth.ts';
import { type BlobConfig, blobConfig, blobSchema, faultsOfBlobs } from './blobs.ts';
import { type DatabaseConfig, databaseConfig, databaseSchema, faultsOfDatabase } from './database.ts';
import { type HttpConfig, httpConfig, httpSchema } from './http.ts';
import { type LimitConfig, limitConfig, limitSchema } from './limits.ts';
import { type ObserveConfig, observeConfig, observeSchema } from './observe.ts';
import { faultsOfProviders, type ProviderConfig, providerConfig, providerSchema } from './providers.ts';
import { faultsOfQueue, type QueueConfig, queueConfig, queueSchema } from './queue.ts';
import { retentionConfig, retentionSchema } from './retention.ts';
import { faultsOfSealing, type SealingConfig, sealingConfig, sealingSchema } from './sealing.ts';
import { type WebhookConfig, webhookConfig, webhookSchema } from './webhooks.ts';

const number = () => z.coerce.number('must be a number');

const seconds = (fallback: number, min: number, max: number) =>
  number()
    .min(min)
    .max(max)
    .default(fallback)
    .transform((value) => value * 1000);

const microUsd = () => number().int('must be a whole number').min(0).optional();

const schema = z.object({
  AIPROD_ROLE: z.enum(['all', 'api', 'worker']).default('all'),
  AIPROD_HOST: z
    .union(
      [z.literal('localhost'), z.ipv4(), z.ipv6()],
      'must be an address of this machine, such as 127.0.0.1 or 0.0.0.0',
    )
    .default('127.0.0.1'),
  AIPROD_PORT: number().int('must be a whole number').min(0).max(65_535).optional(),
  AIPROD_DATA: z.string().min(1).default('.aiprod'),
  ...authSchema,
  ...httpSchema,
  ...databaseSchema,
  AIPROD_JOBS_AT_ONCE: number().int('must be a whole number').min(1).max(16).default(2),
  AIPROD_MEDIA_PROCESSES: number()
    .int('must be a whole number')
    .min(1)
    .max(64)
    .default(Math.max(2, availableParallelism())),
  AIPROD_VOICE_MODELS: z.string().min(1).optional(),
  ...providerSchema,
  ...queueSchema,
  ...blobSchema,
  ...webhookSchema,
  AIPROD_KEYS: z.string().min(1).optional(),
  ...sealingSchema,
  AIPROD_LEASE_SECONDS: seconds(30, 1, 600),
  AIPROD_SLICE_SECONDS: seconds(480, 5, 86_400),
  AIPROD_SWEEP_SECONDS: seconds(10, 0.2, 3_600),
  AIPROD_KEEP_UNUSED_SECONDS: seconds(7 * 86_400, 60, 365 * 86_400),
  ...retentionSchema,
  ...limitSchema,
  AIPROD_USER_DAILY_MICRO_USD: microUsd(),
  AIPROD_DAILY_MICRO_USD: microUsd(),
  AIPROD_MAX_RETRIES: number().int('must be a whole number').min(0).max(20).default(3),
  AIPROD_INCIDENTS: z.string().min(1).optional(),
  AIPROD_AUDIT_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64')
    .optional(),
  ...observeSchema,
  AIPROD_CRASH_AT: z.string().optional(),
});

export interface Config {
  roles: { api: boolean; worker: boolean };
  host: string;
  /** 0 = any free port. */
  port: number;
  /** A worker that takes no pushes listens only on a port that it was given. */
  portGiven: boolean;
  /** Absolute path of the folder that holds everything this machine keeps. */
  dataFolder: string;
  /** Absolute path of the folder with the secrets that are made at the first start. */
  keyFolder: string;
  auth: AuthConfig;
  http: HttpConfig;
  database: DatabaseConfig;
  jobsAtOnce: number;
  mediaProcesses: number;
  /** Absolute path of the folder with neural voices, one folder each; undefined = none. */
  voiceModels: string | undefined;
  providers: ProviderConfig;
  queue: QueueConfig;
  blobs: BlobConfig;
  webhooks: WebhookConfig;
  sealing: SealingConfig;
  leaseMs: number;
  sliceMs: number;
  sweepEveryMs: number;
  keepUnusedMs: number;
  keep: KeepPeriods;
  userLimits: LimitConfig;
  /** What paid calls may cost per day in UTC, for one user and for all of them; undefined = no limit. */
  dailyLimits: { userDailyMicroUsd: number | undefined; dailyMicroUsd: number | undefined };
  maxRetries: number;
  /** Absolute path of the file in which operators write what users should know; need not be there. */
  incidentFile: string;
  /** 32 bytes; undefined = the file in the folder of keys. */
  auditKey: Buffer | undefined;
  observe: ObserveConfig;
  /** Test hook: the crash point at which this process kills itself. */
  crashAt: string | undefined;
}

type Environment = Record<string, string | undefined>;

/** Reads the environment, with `overrides` before it. Throws `config_invalid` naming every wrong variable. */
export function readConfig(overrides: Environment = {}, environment: Environment = process.env): Config {
  const given = Object.fromEntries(
    Object.entries({ ...environment, ...overrides }).filter(([, value]) => value !== ''),
  );
  const parsed = schema.safeParse(given);
  const faults = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`),
    ...(parsed.success ? faultsTogether(parsed.data) : []),
    ...Object.keys(given)
      .filter((name) => /^AIPROD_(?!TEST_)/.test(name) && !Object.hasOwn(schema.shape, name))
      .map((name) => `${name}: there is no such setting`),
  ];
  if (!parsed.success || faults.length > 0) {
    throw new AppError('config_invalid', `The configuration is not valid. ${faults.join('; ')}`, {
      hint: 'Correct these environment variables; docs/configuration.md lists them all.',
    });
  }
  const env = parsed.data;
  const auth = authConfig(env);
  return Object.freeze({
    roles: { api: env.AIPROD_ROLE !== 'worker', worker: env.AIPROD_ROLE !== 'api' },
    host: env.AIPROD_HOST,
    port: env.AIPROD_PORT ?? 8787,
    portGiven: env.AIPROD_PORT !== undefined,
    dataFolder: resolve(env.AIPROD_DATA),
    keyFolder: resolve(env.AIPROD_KEYS ?? join(env.AIPROD_DATA, 'keys')),
    auth,
    http: httpConfig(env, auth),
    database: databaseConfig(env),
    jobsAtOnce: env.AIPROD_JOBS_AT_ONCE,
    mediaProcesses: env.AIPROD_MEDIA_PROCESSES,
    voiceModels: env.AIPROD_VOICE_MODELS === undefined ? undefined : resolve(env.AIPROD_VOICE_MODELS),
    providers: providerConfig(env),
    queue: queueConfig(env),
    blobs: blobConfig(env),
    webhooks: webhookConfig(env),
    sealing: sealingConfig(env),
    leaseMs: env.AIPROD_LEASE_SECONDS,
    sliceMs: env.AIPROD_SLICE_SECONDS,
    sweepEveryMs: env.AIPROD_SWEEP_SECONDS,
    keepUnusedMs: env.AIPROD_KEEP_UNUSED_SECONDS,
    keep: retentionConfig(env),
    userLimits: limitConfig(env),
    dailyLimits: {
      userDailyMicroUsd: env.AIPROD_USER_DAILY_MICRO_USD,
      dailyMicroUsd: env.AIPROD_DAILY_MICRO_USD,
    },
    maxRetries: env.AIPROD_MAX_RETRIES,
    incidentFile: resolve(env.AIPROD_INCIDENTS ?? join(env.AIPROD_DATA, 'incidents.json')),
    auditKey: env.AIPROD_AUDIT_KEY === undefined ? undefined : Buffer.from(env.AIPROD_AUDIT_KEY, 'base64'),
    observe: observeConfig(env),
    crashAt: env.AIPROD_CRASH_AT,
  });
}

/** What is wrong with settings together, each of which is right by itself. */
function faultsTogether(env: z.infer<typeof schema>): string[] {
  return [
    ...faultsOfAuth(env),
    ...faultsOfDatabase(env),
    ...faultsOfProviders(env),
    ...faultsOfQueue(env),
    ...faultsOfBlobs(env),
    ...faultsOfSealing(env),
  ];
}
