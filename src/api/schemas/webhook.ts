// Webhook endpoints and their deliveries, as the API takes and shows them.
import { z } from 'zod';

import {
  messageStates,
  type WebhookEndpoint,
  type WebhookMessage,
  webhookLimits,
  webhookTypes,
} from '../../domain/webhook.ts';
import { choice, faultOfText, flag, plainText, strict, timestamp } from './field-types.ts';

const clean = (value: string, context: z.RefinementCtx) => {
  const fault = faultOfText(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
};

export const webhookUrl = plainText('an https:// URL')
  .superRefine(clean)
  .max(webhookLimits.urlChars, `must have at most ${webhookLimits.urlChars} characters`)
  .meta({ example: 'https://hooks.example.com/aiprod' });

const fields = {
  url: webhookUrl.describe(
    'An https URL on a public host, port 443 or from 1024. Redirects are not followed.',
  ),
  description: plainText('a text')
    .superRefine(clean)
    .max(webhookLimits.descriptionChars, `must have at most ${webhookLimits.descriptionChars} characters`)
    .describe('For yourself.'),
  types: z
    .array(choice(webhookTypes), { error: `must be null or a list of: ${webhookTypes.join(', ')}` })
    .min(1, 'is empty; send null for all types')
    .max(webhookTypes.length, 'names a type twice')
    .nullable()
    .describe('Which messages; null = all, also ones to come.'),
  onlyNamedJobs: flag().describe('True: only of jobs that named this URL as their `webhook_url`.'),
};

export const createWebhookSchema = strict({
  url: fields.url,
  description: fields.description.default(''),
  types: fields.types.default(null),
  only_named_jobs: fields.onlyNamedJobs.default(false),
}).meta({ id: 'CreateWebhook' });

export const changeWebhookSchema = strict({
  url: fields.url.optional(),
  description: fields.description.optional(),
  types: fields.types.optional(),
  only_named_jobs: fields.onlyNamedJobs.optional(),
  enabled: flag().optional().describe('True: enable it again; false: give up what waits and send no more.'),
}).meta({ id: 'ChangeWebhook', description: 'What is left out stays as it is.' });

export const webhookSchema = z
  .object({
    webhook_id: z.string().meta({ example: '3f0e2f6e-52b3-4c0c-9c50-6fb1a7d2c1de' }),
    url: z.string(),
    description: z.string(),
    types: z.array(z.enum(webhookTypes)).nullable(),
    only_named_jobs: z.boolean(),
    enabled: z.boolean(),
    disabled_reason: z.string().nullable(),
    created_at: timestamp,
  })
  .meta({ id: 'Webhook' });

export const webhooksSchema = z.object({ webhooks: z.array(webhookSchema) }).meta({ id: 'Webhooks' });

export const webhookSecretSchema = z
  .object({ secret: z.string().describe('`whsec_` and base64, as Standard Webhooks libraries take it.') })
  .meta({ id: 'WebhookSecret' });

export const webhookTestSchema = z.object({ message_id: z.string() }).meta({ id: 'WebhookTest' });

export const deliveriesSchema = z
  .object({
    deliveries: z.array(
      z.object({
        message_id: z.string().describe('The `webhook-id` header.'),
        job_id: z.string().nullable(),
        type: z.string(),
        state: z.enum(messageStates),
        attempts: z.int().describe('Since it was last put out.'),
        due_at: timestamp.describe('While pending: the next try.'),
        created_at: timestamp,
        log: z.array(
          z.object({
            attempt: z.int(),
            at: timestamp,
            status: z.int().nullable().describe('HTTP status; null when no answer came.'),
            error: z.string().nullable().describe('One word; null = delivered.'),
            duration_ms: z.int(),
            answer: z.string().describe('The first 1,024 bytes of what was answered.'),
          }),
        ),
      }),
    ),
    next_cursor: z.string().nullable().describe('Give it as `cursor` for the next page; null on the last.'),
  })
  .meta({ id: 'WebhookDeliveries' });

export function toWebhookView(endpoint: WebhookEndpoint): z.output<typeof webhookSchema> {
  return {
    webhook_id: endpoint.endpointId,
    url: endpoint.url,
    description: endpoint.description,
    types: endpoint.types,
    only_named_jobs: endpoint.onlyNamedJobs,
    enabled: endpoint.enabled,
    disabled_reason: endpoint.disabledReason,
    created_at: endpoint.createdAt.toISOString(),
  };
}

export function toDeliveryView(
  message: WebhookMessage,
): z.output<typeof deliveriesSchema>['deliveries'][number] {
  return {
    message_id: message.messageId,
    job_id: message.jobId,
    type: message.type,
    state: message.state,
    attempts: message.attempts,
    due_at: message.dueAt.toISOString(),
    created_at: message.createdAt.toISOString(),
    log: message.log.map(({ at, durationMs, ...rest }) => ({
      ...rest,
      at: at.toISOString(),
      duration_ms: durationMs,
    })),
  };
}
