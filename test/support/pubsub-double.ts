// A double of Google Cloud Pub/Sub over its own gRPC protocol: topics, subscriptions, streaming pull with flow control,
// deadlines, retry policies and dead letters, and, beyond what the emulator does, pushes that carry OIDC tokens and
// delivery attempts. Nothing is kept.
import { protos } from '@google-cloud/pubsub';

import { GrpcError, type GrpcStream, grpcStatus, startGrpcServer } from './pubsub-double-grpc.ts';
import type { TokenIssuer } from './pubsub-double-issuer.ts';

const v1 = protos.google.pubsub.v1;
const empty = new Uint8Array();

interface Stored {
  message: protos.google.pubsub.v1.IPubsubMessage;
  publishedAt: Date;
  /** Deliveries that were begun. */
  attempts: number;
  notBefore: number;
}

interface Puller {
  stream: GrpcStream;
  maxOutstanding: number;
  ackDeadlineSeconds: number;
  held: Set<string>;
}

interface Held {
  stored: Stored;
  puller: Puller | undefined;
  deadline: NodeJS.Timeout | undefined;
}

interface Subscription {
  definition: protos.google.pubsub.v1.ISubscription;
  backlog: Stored[];
  held: Map<string, Held>;
  pullers: Set<Puller>;
  wake?: NodeJS.Timeout;
}

/** Answers to a push that acknowledge it. */
const acknowledging = [102, 200, 201, 202, 204];

export type PubsubDouble = Awaited<ReturnType<typeof startPubsubDouble>>;

/** Pushes are signed by `issuer`. */
export async function startPubsubDouble({ issuer }: { issuer?: TokenIssuer } = {}) {
  const topics = new Set<string>();
  const subscriptions = new Map<string, Subscription>();
  const closing = new AbortController();
  const pushes = new Set<Promise<void>>();
  let nextId = 1;
  let refused: GrpcError | undefined;
  let unruly = false;
  const denied = new Set<string>();

  function subscriptionNamed(name: string): Subscription {
    const found = subscriptions.get(name);
    if (found === undefined)
      throw new GrpcError(grpcStatus.notFound, `Resource not found (resource=${name}).`);
    return found;
  }

  function publish(topic: string, messages: protos.google.pubsub.v1.IPubsubMessage[]): string[] {
    if (!topics.has(topic))
      throw new GrpcError(grpcStatus.notFound, `Resource not found (resource=${topic}).`);
    return messages.map((given) => {
      const publishedAt = new Date();
      const messageId = `${nextId++}`;
      const seconds = Math.floor(publishedAt.getTime() / 1000);
      const nanos = publishedAt.getMilliseconds() * 1_000_000;
      const message = { ...given, messageId, publishTime: { seconds, nanos } };
      for (const subscription of subscriptions.values()) {
        if (subscription.definition.topic !== topic) continue;
        for (let copies = unruly ? 2 : 1; copies > 0; copies -= 1) {
          subscription.backlog.push({ message, publishedAt, attempts: 0, notBefore: 0 });
        }
        pump(subscription);
      }
      return messageId;
    });
  }

  /** Gives what is due to whoever has room, the least busy first. */
  function pump(subscription: Subscription): void {
    clearTimeout(subscription.wake);
    const { backlog } = subscription;
    for (;;) {
      const isDue = ({ notBefore }: Stored) => notBefore <= Date.now();
      const index = unruly ? backlog.findLastIndex(isDue) : backlog.findIndex(isDue);
      if (index < 0) break;
      const { pushEndpoint } = subscription.definition.pushConfig ?? {};
      if (pushEndpoint) {
        const [stored] = backlog.splice(index, 1);
        const push = pushTo(pushEndpoint, subscription, stored!).finally(() => pushes.delete(push));
        pushes.add(push);
        continue;
      }
      const free = [...subscription.pullers]
        .filter(({ held, maxOutstanding }) => maxOutstanding <= 0 || held.size < maxOutstanding)
        .sort((a, b) => a.held.size - b.held.size)[0];
      if (free === undefined) return;
      const [stored] = backlog.splice(index, 1);
      hand(subscription, stored!, free);
    }
    const next = Math.min(...backlog.map(({ notBefore }) => notBefore));
    if (Number.isFinite(next)) {
      subscription.wake = setTimeout(() => pump(subscription), Math.max(1, next - Date.now()));
    }
  }

  function hand(subscription: Subscription, stored: Stored, puller: Puller): void {
    const ackId = begin(subscription, stored, puller);
    expectAck(subscription, ackId, puller.ackDeadlineSeconds);
    const receivedMessages = [
      { ackId, message: stored.message, deliveryAttempt: attemptToTell(subscription, stored) ?? 0 },
    ];
    puller.stream.send(v1.StreamingPullResponse.encode({ receivedMessages }).finish());
  }

  function begin(subscription: Subscription, stored: Stored, puller?: Puller): string {
    stored.attempts += 1;
    const ackId = `ack-${nextId++}`;
    subscription.held.set(ackId, { stored, puller, deadline: undefined });
    puller?.held.add(ackId);
    return ackId;
  }

  function expectAck(subscription: Subscription, ackId: string, seconds: number): void {
    const held = subscription.held.get(ackId);
    if (held === undefined) return;
    clearTimeout(held.deadline);
    held.deadline = setTimeout(() => giveBack(subscription, ackId), seconds * 1000);
  }

  function letGo(subscription: Subscription, ackId: string): Stored | undefined {
    const held = subscription.held.get(ackId);
    if (held === undefined) return undefined;
    clearTimeout(held.deadline);
    subscription.held.delete(ackId);
    held.puller?.held.delete(ackId);
    return held.stored;
  }

  /** After a nack or a missed deadline: to the dead letters, or again after the pause of the retry policy. */
  function giveBack(subscription: Subscription, ackId: string): void {
    const stored = letGo(subscription, ackId);
    if (stored === undefined) return;
    const { name, deadLetterPolicy, retryPolicy } = subscription.definition;
    if (deadLetterPolicy?.deadLetterTopic && stored.attempts >= (deadLetterPolicy.maxDeliveryAttempts || 5)) {
      const [, project, , subscriptionId] = name!.split('/');
      const attributes = {
        ...stored.message.attributes,
        CloudPubSubDeadLetterSourceDeliveryCount: `${stored.attempts}`,
        CloudPubSubDeadLetterSourceSubscription: subscriptionId!,
        CloudPubSubDeadLetterSourceSubscriptionProject: project!,
        CloudPubSubDeadLetterSourceTopicPublishTime: stored.publishedAt.toISOString(),
      };
      publish(deadLetterPolicy.deadLetterTopic, [{ ...stored.message, attributes }]);
    } else {
      const least = millisecondsOf(retryPolicy?.minimumBackoff);
      const most = Math.max(least, millisecondsOf(retryPolicy?.maximumBackoff));
      stored.notBefore = Date.now() + Math.min(most, least * 2 ** (stored.attempts - 1));
      subscription.backlog.push(stored);
    }
    pump(subscription);
  }

  async function pushTo(endpoint: string, subscription: Subscription, stored: Stored): Promise<void> {
    const { name, ackDeadlineSeconds, pushConfig } = subscription.definition;
    const ackId = begin(subscription, stored);
    const { data, attributes, messageId } = stored.message;
    const publishTime = stored.publishedAt.toISOString();
    const deliveryAttempt = attemptToTell(subscription, stored);
    const envelope = {
      message: {
        data: Buffer.from(data as Uint8Array).toString('base64'),
        attributes: attributes ?? {},
        messageId,
        message_id: messageId,
        publishTime,
        publish_time: publishTime,
      },
      subscription: name,
      ...(deliveryAttempt !== undefined && { deliveryAttempt }),
    };
    const { serviceAccountEmail, audience } = pushConfig?.oidcToken ?? {};
    const token =
      serviceAccountEmail && issuer
        ? await issuer.sign({ email: serviceAccountEmail, aud: audience || endpoint })
        : undefined;
    const status = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(envelope),
      redirect: 'manual',
      signal: AbortSignal.any([closing.signal, AbortSignal.timeout((ackDeadlineSeconds || 10) * 1000)]),
    }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (closing.signal.aborted) return;
    if (acknowledging.includes(status)) letGo(subscription, ackId);
    else giveBack(subscription, ackId);
  }

  function openPull(stream: GrpcStream) {
    let opened: { subscription: Subscription; puller: Puller } | undefined;
    return {
      onMessage(bytes: Uint8Array) {
        if (opened !== undefined) return;
        const request = v1.StreamingPullRequest.decode(bytes);
        const subscription = subscriptions.get(request.subscription);
        if (subscription === undefined || refused !== undefined) {
          return stream.end(refused ?? new GrpcError(grpcStatus.notFound, 'Resource not found.'));
        }
        const puller: Puller = {
          stream,
          maxOutstanding: Number(request.maxOutstandingMessages),
          ackDeadlineSeconds: request.streamAckDeadlineSeconds,
          held: new Set(),
        };
        opened = { subscription, puller };
        subscription.pullers.add(puller);
        pump(subscription);
      },
      /** What it held stays held until its deadline. */
      onEnd() {
        opened?.subscription.pullers.delete(opened.puller);
      },
    };
  }

  const unary = {
    '/google.pubsub.v1.Publisher/CreateTopic': (bytes: Uint8Array) => {
      const topic = v1.Topic.decode(bytes);
      if (topics.has(topic.name)) throw new GrpcError(grpcStatus.alreadyExists, 'Topic already exists');
      topics.add(topic.name);
      return v1.Topic.encode(topic).finish();
    },
    // Its messages have the shape of two of Pub/Sub's own: a name with a list, and a list.
    '/google.iam.v1.IAMPolicy/TestIamPermissions': (bytes: Uint8Array) => {
      if (refused !== undefined) throw refused;
      const { subscription: resource, ackIds: permissions } = v1.AcknowledgeRequest.decode(bytes);
      const isThere = topics.has(resource) || subscriptions.has(resource);
      const messageIds = isThere ? permissions.filter((each) => !denied.has(each)) : [];
      return v1.PublishResponse.encode({ messageIds }).finish();
    },
    '/google.pubsub.v1.Publisher/Publish': (bytes: Uint8Array) => {
      if (refused !== undefined) throw refused;
      const { topic, messages } = v1.PublishRequest.decode(bytes);
      return v1.PublishResponse.encode({ messageIds: publish(topic, messages) }).finish();
    },
    '/google.pubsub.v1.Subscriber/CreateSubscription': (bytes: Uint8Array) => {
      const definition = v1.Subscription.decode(bytes);
      const { name, topic } = definition;
      if (!topics.has(topic)) throw new GrpcError(grpcStatus.notFound, 'Subscription topic does not exist');
      if (subscriptions.has(name))
        throw new GrpcError(grpcStatus.alreadyExists, 'Subscription already exists');
      subscriptions.set(name, { definition, backlog: [], held: new Map(), pullers: new Set() });
      return v1.Subscription.encode(definition).finish();
    },
    '/google.pubsub.v1.Subscriber/Acknowledge': (bytes: Uint8Array) => {
      const { subscription: name, ackIds } = v1.AcknowledgeRequest.decode(bytes);
      const subscription = subscriptionNamed(name);
      for (const ackId of ackIds) letGo(subscription, ackId);
      pump(subscription);
      return empty;
    },
    '/google.pubsub.v1.Subscriber/ModifyAckDeadline': (bytes: Uint8Array) => {
      const request = v1.ModifyAckDeadlineRequest.decode(bytes);
      const subscription = subscriptionNamed(request.subscription);
      for (const ackId of request.ackIds) {
        if (request.ackDeadlineSeconds === 0) giveBack(subscription, ackId);
        else expectAck(subscription, ackId, request.ackDeadlineSeconds);
      }
      return empty;
    },
  };

  const server = await startGrpcServer({
    unary,
    streaming: { '/google.pubsub.v1.Subscriber/StreamingPull': openPull },
  });

  return {
    host: server.host,
    /** Publishing and new streams fail with this from now on; undefined = work again. */
    refuse(error: GrpcError | undefined) {
      refused = error;
    },
    /** Who asks lacks this right from now on. */
    deny(permission: string) {
      denied.add(permission);
    },
    /** From now on every message comes twice, and the newest first: Pub/Sub promises neither once nor order. */
    beUnruly() {
      unruly = true;
    },
    /** Ends every stream, as the service does now and then. */
    endStreams(error: GrpcError) {
      for (const { pullers } of subscriptions.values()) for (const { stream } of pullers) stream.end(error);
    },
    /** Messages that a subscription has not had acknowledged. */
    unacknowledged(name: string): number {
      const { backlog, held } = subscriptionNamed(name);
      return backlog.length + held.size;
    },
    async close(): Promise<void> {
      closing.abort();
      for (const { wake, held } of subscriptions.values()) {
        clearTimeout(wake);
        for (const { deadline } of held.values()) clearTimeout(deadline);
      }
      await Promise.all(pushes);
      await server.close();
    },
  };
}

/** Only with a dead-letter policy does Pub/Sub tell it. */
function attemptToTell({ definition }: Subscription, { attempts }: Stored): number | undefined {
  return definition.deadLetterPolicy?.deadLetterTopic ? attempts : undefined;
}

function millisecondsOf(duration: protos.google.protobuf.IDuration | null | undefined): number {
  return Number(duration?.seconds ?? 0) * 1000 + (duration?.nanos ?? 0) / 1_000_000;
}
