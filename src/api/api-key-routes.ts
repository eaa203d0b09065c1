// A user's own API keys over HTTP: create, list, rotate, revoke. Nobody makes a key that may do more or lives longer than
// what they ask with.
import { z } from 'zod';

import { AppError } from '../domain/errors.ts';
import type { Api, ApiDeps } from './deps.ts';
import { bodyProblems, json, nothing, problems } from './responses.ts';
import { strict } from './schemas/field-types.ts';
import {
  apiKeysSchema,
  createApiKeySchema,
  rotateApiKeySchema,
  shownApiKeySchema,
  toApiKeyView,
  toShownApiKeyView,
} from './schemas/index.ts';

const tags = ['api keys'];
const params = z.object({ key_id: z.uuid() });
const reading = { scope: 'videos:read' } as const;
const changing = { scope: 'videos:write' } as const;

export function addApiKeyRoutes(api: Api, { apiKeys }: Pick<ApiDeps, 'apiKeys'>): void {
  api.route({
    method: 'POST',
    url: '/v1/api-keys',
    config: changing,
    schema: {
      operationId: 'createApiKey',
      tags,
      summary: 'Make an API key',
      description:
        'It is shown in this answer only. `forbidden` for more scopes than you have, and for a longer life than that of the API key that you ask with. At most 50 valid ones per user.',
      body: createApiKeySchema,
      response: {
        201: json('The key.', shownApiKeySchema, {
          location: { type: 'string', description: "The key's path, to revoke it." },
        }),
        ...problems(...bodyProblems, 'request_invalid', 'forbidden', 'limit_reached'),
      },
    },
    async handler({ body: { name, scopes, expires_in_days: expiresInDays }, caller }, reply) {
      const more = scopes.filter((scope) => !caller.scopes.includes(scope));
      if (more.length > 0) {
        throw new AppError('forbidden', `You do not have these scopes yourself: ${more.join(', ')}.`, {
          hint: `Leave them out; yours are ${caller.scopes.join(', ')}.`,
        });
      }
      const made = await apiKeys.create({
        userId: caller.userId,
        name,
        scopes,
        ...(expiresInDays !== undefined && { expiresInDays }),
        ...(caller.credentialEnds && { notAfter: caller.credentialEnds }),
      });
      reply.header('location', `/v1/api-keys/${made.apiKey.keyId}`);
      return reply.code(201).send(toShownApiKeyView(made));
    },
  });

  api.route({
    method: 'GET',
    url: '/v1/api-keys',
    config: reading,
    schema: {
      operationId: 'listApiKeys',
      tags,
      summary: 'List your API keys',
      description:
        'Newest first, without the keys themselves: valid ones and those that ended in the last 30 days.',
      querystring: strict({}),
      response: { 200: json('Your API keys.', apiKeysSchema), ...problems('request_invalid') },
    },
    handler: async ({ userId }) => ({ api_keys: (await apiKeys.list(userId)).map(toApiKeyView) }),
  });

  api.route({
    method: 'POST',
    url: '/v1/api-keys/:key_id/rotate',
    config: changing,
    schema: {
      operationId: 'rotateApiKey',
      tags,
      summary: 'Put a new API key in the place of one',
      description:
        'The new one, with the same name, scopes and end, is shown in this answer only. `forbidden` for a key that may do more, or lives longer, than what you ask with.',
      params,
      body: rotateApiKeySchema,
      response: {
        201: json('The new key.', shownApiKeySchema),
        ...problems(
          ...bodyProblems,
          'request_invalid',
          'forbidden',
          'not_found',
          'state_conflict',
          'limit_reached',
        ),
      },
    },
    async handler({ body: { grace_hours: graceHours }, params: { key_id }, caller }, reply) {
      const made = await apiKeys.rotate(caller.userId, key_id, {
        graceHours,
        scopes: caller.scopes,
        ...(caller.credentialEnds && { notAfter: caller.credentialEnds }),
      });
      return reply.code(201).send(toShownApiKeyView(made));
    },
  });

  api.route({
    method: 'DELETE',
    url: '/v1/api-keys/:key_id',
    config: changing,
    schema: {
      operationId: 'revokeApiKey',
      tags,
      summary: 'Revoke an API key',
      description: 'At once, also the one that you ask with.',
      params,
      response: { 204: nothing.describe('The key is void.'), ...problems('not_found', ...bodyProblems) },
    },
    async handler({ userId, params: { key_id } }, reply) {
      await apiKeys.revoke(userId, key_id);
      return reply.code(204).send();
    },
  });
}
