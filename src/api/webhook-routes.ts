// Webhook endpoints over HTTP: create, read, change, delete, secrets, tests and deliveries. Sends nothing itself.
import { z } from 'zod';

import { AppError } from '../domain/errors.ts';
import type { Api, ApiDeps } from './deps.ts';
import { bodyProblems, json, nothing, problems } from './responses.ts';
import { pageCursor, pageSize, strict } from './schemas/field-types.ts';
import {
  changeWebhookSchema,
  createWebhookSchema,
  deliveriesSchema,
  toDeliveryView,
  toWebhookView,
  webhookSchema,
  webhookSecretSchema,
  webhooksSchema,
  webhookTestSchema,
} from './schemas/index.ts';

type WebhookRouteDeps = Pick<ApiDeps, 'webhooks'>;

const tags = ['webhooks'];
const params = z.object({ webhook_id: z.uuid() });
const messageParams = params.extend({ message_id: z.string().regex(/^msg_[0-9a-f]{32}$/) });
const url = '/v1/webhooks/:webhook_id';
const reading = { scope: 'videos:read' } as const;
const changing = { scope: 'videos:write' } as const;
const sealingProblems = ['encryption_key_unavailable', 'sealed_unreadable'] as const;

export function addWebhookRoutes(api: Api, deps: WebhookRouteDeps): void {
  addCollectionRoutes(api, deps);
  addEndpointRoutes(api, deps);
  addSecretRoutes(api, deps);
  addDeliveryRoutes(api, deps);
}

/** The id of the endpoint that a request's `webhook_url` names. Throws as creating it would, `request_invalid` if disabled. */
export async function webhookOf(
  deps: WebhookRouteDeps,
  userId: string,
  text: string | undefined,
): Promise<string | undefined> {
  if (text === undefined) return undefined;
  await refuseUncallable(deps, text, '/webhook_url');
  const { endpointId, enabled } = await deps.webhooks.store.forUrl(userId, text);
  if (enabled) return endpointId;
  throw new AppError('request_invalid', 'The webhook with this URL is disabled.', {
    hint: 'Repair the receiver, then enable it: PATCH /v1/webhooks/{id} with {"enabled": true}.',
    errors: [{ pointer: '/webhook_url', detail: 'is the URL of a disabled webhook' }],
  });
}

/** Throws `request_invalid` for a URL that may not be called; `pointer` names its field. */
async function refuseUncallable(
  { webhooks }: WebhookRouteDeps,
  text: string,
  pointer: string,
): Promise<void> {
  const fault = await webhooks.faultOfUrl(text);
  if (fault === undefined) return;
  throw new AppError('request_invalid', 'This URL cannot be called.', {
    hint: 'Give an https URL on a host that the public internet reaches.',
    errors: [{ pointer, detail: fault }],
  });
}

function addCollectionRoutes(api: Api, deps: WebhookRouteDeps): void {
  const { store } = deps.webhooks;
  api.route({
    method: 'POST',
    url: '/v1/webhooks',
    config: changing,
    schema: {
      operationId: 'createWebhook',
      tags,
      summary: 'Be told of your jobs at a URL',
      description:
        'Messages are signed after [Standard Webhooks](https://www.standardwebhooks.com), arrive at least once and, of one job, in order. At most 20 per user.',
      body: createWebhookSchema,
      response: {
        201: json('The webhook.', webhookSchema, {
          location: { type: 'string', description: "The webhook's path." },
        }),
        ...problems(...bodyProblems, 'request_invalid', 'limit_reached', 'encryption_key_unavailable'),
      },
    },
    async handler({ body, userId }, reply) {
      await refuseUncallable(deps, body.url, '/url');
      const { only_named_jobs: onlyNamedJobs, ...rest } = body;
      const endpoint = await store.add(userId, { ...rest, onlyNamedJobs });
      reply.header('location', `/v1/webhooks/${endpoint.endpointId}`);
      return reply.code(201).send(toWebhookView(endpoint));
    },
  });

  api.route({
    method: 'GET',
    url: '/v1/webhooks',
    config: reading,
    schema: {
      operationId: 'listWebhooks',
      tags,
      summary: 'List your webhooks',
      description: 'All of them, oldest first.',
      querystring: strict({}),
      response: { 200: json('Your webhooks.', webhooksSchema), ...problems('request_invalid') },
    },
    handler: async ({ userId }) => ({ webhooks: (await store.list(userId)).map(toWebhookView) }),
  });
}

function addEndpointRoutes(api: Api, deps: WebhookRouteDeps): void {
  const { store } = deps.webhooks;
  api.route({
    method: 'GET',
    url,
    config: reading,
    schema: {
      operationId: 'getWebhook',
      tags,
      summary: 'Read one webhook',
      params,
      response: { 200: json('The webhook.', webhookSchema), ...problems('not_found') },
    },
    async handler({ userId, params: { webhook_id } }) {
      const endpoint = await store.find(userId, webhook_id);
      if (endpoint === undefined) throw new AppError('not_found', 'There is no such webhook.');
      return toWebhookView(endpoint);
    },
  });

  api.route({
    method: 'PATCH',
    url,
    config: changing,
    schema: {
      operationId: 'changeWebhook',
      tags,
      summary: 'Change a webhook',
      description: 'Also enables one that was disabled because nothing arrived.',
      params,
      body: changeWebhookSchema,
      response: {
        200: json('The webhook as it is now.', webhookSchema),
        ...problems(...bodyProblems, 'request_invalid', 'not_found'),
      },
    },
    async handler({ userId, body, params: { webhook_id } }) {
      if (body.url !== undefined) await refuseUncallable(deps, body.url, '/url');
      const { url: to, description, types, only_named_jobs, enabled } = body;
      const endpoint = await store.change(userId, webhook_id, {
        ...(to !== undefined && { url: to }),
        ...(description !== undefined && { description }),
        ...(types !== undefined && { types }),
        ...(only_named_jobs !== undefined && { onlyNamedJobs: only_named_jobs }),
        ...(enabled !== undefined && { enabled }),
      });
      return toWebhookView(endpoint);
    },
  });

  api.route({
    method: 'DELETE',
    url,
    config: changing,
    schema: {
      operationId: 'deleteWebhook',
      tags,
      summary: 'Delete a webhook',
      description: 'With its deliveries; what still waits is not sent.',
      params,
      response: { 204: nothing.describe('The webhook is gone.'), ...problems('not_found', ...bodyProblems) },
    },
    async handler({ userId, params: { webhook_id } }, reply) {
      await store.remove(userId, webhook_id);
      return reply.code(204).send();
    },
  });
}

function addSecretRoutes(api: Api, { webhooks: { store } }: WebhookRouteDeps): void {
  api.route({
    method: 'GET',
    url: `${url}/secret`,
    // Whoever has it can sign: reading videos is not enough.
    config: changing,
    schema: {
      operationId: 'getWebhookSecret',
      tags,
      summary: 'Read the secret that signs',
      params,
      response: {
        200: json('The secret.', webhookSecretSchema),
        ...problems('not_found', ...sealingProblems),
      },
    },
    handler: async ({ userId, params: { webhook_id } }, reply) => {
      reply.header('cache-control', 'no-store');
      return { secret: await store.secret(userId, webhook_id) };
    },
  });

  api.route({
    method: 'POST',
    url: `${url}/rotate`,
    config: changing,
    schema: {
      operationId: 'rotateWebhookSecret',
      tags,
      summary: 'Make a new secret',
      description: 'For 24 hours the one before signs too. Takes no body.',
      params,
      response: {
        200: json('The new secret.', webhookSecretSchema),
        ...problems('not_found', ...bodyProblems, ...sealingProblems),
      },
    },
    handler: async ({ userId, params: { webhook_id } }, reply) => {
      reply.header('cache-control', 'no-store');
      return { secret: await store.rotate(userId, webhook_id) };
    },
  });
}

function addDeliveryRoutes(api: Api, { webhooks: { store } }: WebhookRouteDeps): void {
  api.route({
    method: 'POST',
    url: `${url}/test`,
    config: changing,
    schema: {
      operationId: 'testWebhook',
      tags,
      summary: 'Send a test message',
      description:
        'A `webhook.test`; what became of it is among the deliveries. `state_conflict` while ten of them wait. Takes no body.',
      params,
      response: {
        202: json('It waits to be sent.', webhookTestSchema),
        ...problems('not_found', 'state_conflict', ...bodyProblems),
      },
    },
    async handler({ userId, params: { webhook_id } }, reply) {
      return reply.code(202).send({ message_id: await store.test(userId, webhook_id) });
    },
  });

  api.route({
    method: 'GET',
    url: `${url}/deliveries`,
    config: reading,
    schema: {
      operationId: 'listWebhookDeliveries',
      tags,
      summary: 'What was sent, and what became of it',
      description: 'Newest first; kept for 30 days.',
      params,
      querystring: strict({ limit: pageSize(100, 20).describe('Messages per page.'), cursor: pageCursor }),
      response: {
        200: json('One page of messages.', deliveriesSchema),
        ...problems('request_invalid', 'not_found'),
      },
    },
    async handler({ userId, params: { webhook_id }, query: { limit, cursor } }) {
      const query = { limit, ...(cursor !== undefined && { cursor }) };
      const { messages, nextCursor } = await store.deliveries(userId, webhook_id, query);
      return { deliveries: messages.map(toDeliveryView), next_cursor: nextCursor ?? null };
    },
  });

  api.route({
    method: 'POST',
    url: `${url}/deliveries/:message_id/redeliver`,
    config: changing,
    schema: {
      operationId: 'redeliverWebhookMessage',
      tags,
      summary: 'Send a message again',
      description: 'Under the same `webhook-id`. Takes no body.',
      params: messageParams,
      response: {
        202: json('It waits to be sent.', webhookTestSchema),
        ...problems('not_found', 'state_conflict', ...bodyProblems),
      },
    },
    async handler({ userId, params: { webhook_id, message_id } }, reply) {
      await store.redeliver(userId, webhook_id, message_id);
      return reply.code(202).send({ message_id });
    },
  });
}
