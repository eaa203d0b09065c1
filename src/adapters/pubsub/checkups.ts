// Whether topic and subscriptions are there with the rights that we need, and whether pushes can be believed. Sends and
// takes no message.
import { PubSub } from '@google-cloud/pubsub';

import { AppError } from '../../domain/errors.ts';
import type { Checkup } from '../../ports/checkup.ts';

export interface PubsubCheckupOptions {
  projectId: string;
  topic: string;
  subscription: string;
  deadLetterSubscription: string;
  push: { audience: string; keysUrl: string } | undefined;
  /** Whether this process takes messages, and not only sends them. */
  consumes: boolean;
}

/** Numbers of google.rpc.Code. */
const grpcCodes = { unimplemented: 12, unauthenticated: 16 };
const withinMs = 8_000;

export function createPubsubCheckups(options: PubsubCheckupOptions): Checkup[] {
  const { topic, subscription, deadLetterSubscription, push, consumes } = options;
  const consume = (name: string) => (client: PubSub) =>
    client.subscription(name).iam.testPermissions(['pubsub.subscriptions.consume']);
  const publish = (client: PubSub) => client.topic(topic).iam.testPermissions(['pubsub.topics.publish']);
  const published = checkPermission(
    options.projectId,
    'pubsub topic',
    topic,
    'pubsub.topics.publish',
    publish,
  );
  if (!consumes) return [published];
  return [
    published,
    ...(push === undefined
      ? [
          checkPermission(
            options.projectId,
            'pubsub subscription',
            subscription,
            'pubsub.subscriptions.consume',
            consume(subscription),
          ),
        ]
      : [{ name: 'push', check: (signal: AbortSignal) => checkPush(push, signal) }]),
    checkPermission(
      options.projectId,
      'pubsub dead letters',
      deadLetterSubscription,
      'pubsub.subscriptions.consume',
      consume(deadLetterSubscription),
    ),
  ];
}

function checkPermission(
  projectId: string,
  name: string,
  resource: string,
  permission: string,
  ask: (client: PubSub) => Promise<[Record<string, boolean>, unknown]>,
): Checkup {
  return {
    name,
    async check() {
      const client = new PubSub({ projectId });
      let timer: NodeJS.Timeout | undefined;
      try {
        const late = new Promise<never>((_, reject) => {
          timer = setTimeout(
            () => reject(new AppError('queue_unavailable', 'Pub/Sub does not answer.')),
            withinMs,
          );
        });
        const [granted] = await Promise.race([ask(client), late]);
        if (granted[permission]) return `${resource}: ${permission}`;
      } catch (error) {
        const { code } = error as { code?: unknown };
        if (code === grpcCodes.unimplemented) return `${resource}: the emulator knows no rights`;
        if (error instanceof AppError) throw error;
        throw new AppError(
          'queue_unavailable',
          code === grpcCodes.unauthenticated
            ? 'There are no credentials for it.'
            : 'Pub/Sub cannot be asked.',
          { hint: 'Attach a service account, or set GOOGLE_APPLICATION_CREDENTIALS.', cause: error },
        );
      } finally {
        clearTimeout(timer);
        await client.close();
      }
      // The service does not tell one from the other.
      throw new AppError('forbidden', `${resource} is not there, or we lack ${permission}.`, {
        hint: `aiprod gcp setup --project ${projectId} makes it and gives the right.`,
      });
    },
  };
}

async function checkPush(
  { audience, keysUrl }: { audience: string; keysUrl: string },
  signal: AbortSignal,
): Promise<string> {
  if (URL.parse(audience)?.protocol !== 'https:') {
    throw new AppError('config_invalid', `The audience ${audience} is not the https address of the worker.`, {
      hint: "Set AIPROD_PUSH_AUDIENCE to the subscription's audience, such as the worker's URL.",
    });
  }
  const keys = await fetch(keysUrl, { signal })
    .then((answer) => answer.json() as Promise<{ keys?: unknown[] }>)
    .catch((error) => {
      throw new AppError('provider_unavailable', 'The keys that sign pushes cannot be fetched.', {
        hint: 'Let this machine reach the host of AIPROD_PUSH_KEYS_URL.',
        cause: error,
      });
    });
  const count = keys.keys?.length ?? 0;
  if (count === 0) {
    throw new AppError('config_invalid', 'There are no keys at AIPROD_PUSH_KEYS_URL.', {
      hint: "Leave the setting out: Google's own address is the default.",
    });
  }
  return `audience ${audience}, ${count} keys`;
}
