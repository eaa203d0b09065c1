// The part of the configuration that says how jobs are delivered: in the database, or by Google Cloud Pub/Sub, pulled or
// pushed. Read by config.ts only.
import { z } from 'zod';

/** Names that Pub/Sub gives to topics and subscriptions, without the project. */
const shortName = (fallback: string) =>
  z
    .string()
    .regex(/^(?!goog)[A-Za-z][\w.~+%-]{2,254}$/, 'must be a short name, such as aiprod-jobs')
    .default(fallback);

/** `aiprod gcp setup` makes these, unless told otherwise. */
export const queueNames = {
  topic: 'aiprod-jobs',
  subscription: 'aiprod-worker',
  deadLetterSubscription: 'aiprod-dead-letters',
} as const;

/** Pub/Sub waits no longer than 600 s for the answer to a push; some of that is for stopping and writing. */
const longestPushedSliceMs = 570_000;

export const queueSchema = {
  AIPROD_QUEUE: z.enum(['postgres', 'pubsub']).default('postgres'),
  AIPROD_PUBSUB_PROJECT: z
    .string()
    .regex(/^[a-z][a-z0-9.:-]{4,60}[a-z0-9]$/, 'must be the id of a Google Cloud project')
    .optional(),
  AIPROD_PUBSUB_TOPIC: shortName(queueNames.topic),
  AIPROD_PUBSUB_SUBSCRIPTION: shortName(queueNames.subscription),
  AIPROD_PUBSUB_DEAD_LETTER_SUBSCRIPTION: shortName(queueNames.deadLetterSubscription),
  AIPROD_PUSH_AUDIENCE: z.string().min(1).max(1_000).optional(),
  AIPROD_PUSH_ACCOUNT: z.email('must be the e-mail address of a service account').optional(),
  AIPROD_PUSH_KEYS_URL: z
    .url('must be a URL')
    .regex(/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])/, 'must start with https://')
    .default('https://www.googleapis.com/oauth2/v3/certs'),
};
type QueueEnvironment = z.infer<z.ZodObject<typeof queueSchema>>;

export type QueueConfig = { kind: 'postgres' } | PubsubConfig;

export interface PubsubConfig {
  kind: 'pubsub';
  projectId: string;
  topic: string;
  subscription: string;
  deadLetterSubscription: string;
  /** Deliveries come as requests to POST /process-job; undefined = they are pulled. */
  push: { audience: string; account: string; keysUrl: string } | undefined;
}

/** What is wrong with the settings together, each of which is right by itself. */
export function faultsOfQueue(env: QueueEnvironment & { AIPROD_SLICE_SECONDS: number }): string[] {
  const { AIPROD_PUSH_AUDIENCE: audience, AIPROD_PUSH_ACCOUNT: account } = env;
  const pushed = audience !== undefined && account !== undefined;
  const faults: [boolean, string][] = [
    [
      env.AIPROD_QUEUE === 'pubsub' && env.AIPROD_PUBSUB_PROJECT === undefined,
      'AIPROD_PUBSUB_PROJECT: is needed with AIPROD_QUEUE=pubsub',
    ],
    [
      (audience === undefined) !== (account === undefined),
      'AIPROD_PUSH_AUDIENCE, AIPROD_PUSH_ACCOUNT: are needed both, or neither',
    ],
    [pushed && env.AIPROD_QUEUE !== 'pubsub', 'AIPROD_PUSH_AUDIENCE: needs AIPROD_QUEUE=pubsub'],
    [
      pushed && env.AIPROD_SLICE_SECONDS > longestPushedSliceMs,
      `AIPROD_SLICE_SECONDS: must be at most ${longestPushedSliceMs / 1000} with AIPROD_PUSH_AUDIENCE: Pub/Sub waits no longer`,
    ],
  ];
  return faults.filter(([wrong]) => wrong).map(([, fault]) => fault);
}

/** Of settings in which `faultsOfQueue` found nothing. */
export function queueConfig(env: QueueEnvironment): QueueConfig {
  if (env.AIPROD_QUEUE === 'postgres') return { kind: 'postgres' };
  const { AIPROD_PUSH_AUDIENCE: audience, AIPROD_PUSH_ACCOUNT: account } = env;
  return {
    kind: 'pubsub',
    projectId: env.AIPROD_PUBSUB_PROJECT!,
    topic: env.AIPROD_PUBSUB_TOPIC,
    subscription: env.AIPROD_PUBSUB_SUBSCRIPTION,
    deadLetterSubscription: env.AIPROD_PUBSUB_DEAD_LETTER_SUBSCRIPTION,
    push:
      audience === undefined || account === undefined
        ? undefined
        : { audience, account, keysUrl: env.AIPROD_PUSH_KEYS_URL },
  };
}
