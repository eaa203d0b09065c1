// The OpenAPI 3.1 document, made from the schemas that validate requests, and the page that shows it.
import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Api } from './deps.ts';
import { pagePolicy } from './headers.ts';
import { json } from './responses.ts';

type Document = Record<string, unknown> & { components?: { schemas?: Record<string, unknown> } };

const bearer = {
  type: 'http',
  scheme: 'bearer',
  description:
    'An access token of the configured issuer, or an API key. Not asked for where the server only listens to its own machine and no login is configured.',
} as const;

const pushToken = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: "An OpenID Connect token of Google's for the configured service account and audience.",
} as const;

/** Must be registered before any route, so that it sees them all. */
export async function describeRoutes(
  api: Api,
  version: string,
  { takesPushes }: { takesPushes: boolean },
): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'AIPROD',
        version,
        description:
          'Turns a script into a finished, narrated video. Create a job, follow it, download what it made.\n\n' +
          'Field names are snake_case, times ISO 8601 in UTC, durations seconds, money millionths of a US dollar. ' +
          'Errors are RFC 9457 problem documents.\n\n' +
          'Where requests are limited, every answer under `/v1` says in `RateLimit-Policy` and `RateLimit` how many may be made ' +
          'and what is left; 429 `rate_limited` says in `Retry-After` when to ask again.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/', description: 'This server.' }],
      // Routes that ask who is there say so themselves.
      security: [],
      components: { securitySchemes: { bearer, ...(takesPushes && { pushToken }) } },
      tags: [
        { name: 'videos', description: 'Jobs: create, follow, read, change, delete.' },
        { name: 'assets', description: 'Your own images and clips.' },
        { name: 'webhooks', description: 'Be told of your jobs at URLs of your own.' },
        { name: 'api keys', description: 'What your own programs prove with who they are.' },
        { name: 'account', description: 'All that is kept of you.' },
        { name: 'catalogue', description: 'What can be asked for, and what it would take.' },
        { name: 'operations', description: 'Health, metrics and failed jobs, for operators.' },
      ],
    },
    transform: withResponseHeaders(jsonSchemaTransform),
    transformObject: (document) => keepUsedSchemas(jsonSchemaTransformObject(document) as Document) as never,
  });
}

/** The document itself and its page. */
export async function addDocumentRoutes(api: Api): Promise<void> {
  let text: string | undefined;
  api.route({
    method: 'GET',
    url: '/openapi.json',
    schema: {
      operationId: 'getOpenApi',
      tags: ['operations'],
      summary: 'This document',
      response: { 200: json('OpenAPI 3.1.', z.looseObject({ openapi: z.string() })) },
    },
    handler: async (_, reply) => {
      text ??= JSON.stringify(api.swagger());
      return reply.type('application/json').send(text as never);
    },
  });

  const { default: apiReference } = await import('@scalar/fastify-api-reference');
  await api.register(async (page) => {
    page.addHook('onSend', async (request, reply, payload) => {
      if (request.url.endsWith('.js')) reply.header('cache-control', 'public, max-age=86400');
      if (typeof payload === 'string' && `${reply.getHeader('content-type')}`.startsWith('text/html')) {
        const own = { 'script-src': "'self'", 'style-src': "'unsafe-inline'", 'connect-src': "'self'" };
        const media = { 'img-src': "'self' data: blob:", 'font-src': 'data:', 'worker-src': 'blob:' };
        reply.header('content-security-policy', pagePolicy(payload, { ...own, ...media }));
      }
      return payload;
    });
    await page.register(apiReference, {
      routePrefix: '/docs',
      configuration: {
        url: '/openapi.json',
        pageTitle: 'AIPROD API',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        showDeveloperTools: 'never',
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    });
  });
}

/** fastify-type-provider-zod forgets the headers of answers that name their content type. */
function withResponseHeaders(transform: typeof jsonSchemaTransform): typeof jsonSchemaTransform {
  return (input) => {
    const output = transform(input);
    const given = (input.schema?.response ?? {}) as Record<string, { headers?: object }>;
    const made = ((output.schema as { response?: Record<string, object> }).response ?? {}) as Record<
      string,
      { headers?: object }
    >;
    for (const [status, { headers }] of Object.entries(given)) {
      if (headers !== undefined && made[status] !== undefined) made[status].headers = headers;
    }
    return output;
  };
}

/** Drops component schemas that nothing refers to: each schema is offered as input and as output. */
function keepUsedSchemas(document: Document): Document {
  const schemas = document.components?.schemas ?? {};
  const used = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name!)) continue;
      used.add(name!);
      visit(schemas[name!]);
    }
  };
  visit(document.paths);
  return {
    ...document,
    components: {
      ...document.components,
      schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name))),
    },
  };
}
