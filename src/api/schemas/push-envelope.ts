// What Pub/Sub wraps a pushed message in. Members that Google adds one day are let through; those that we read must be
// what they are documented to be.
import { z } from 'zod';

export const pushEnvelopeSchema = z
  .object({
    message: z.object({
      data: z.base64().max(1_000).describe('`{"job_id": "…"}` in base64.'),
      messageId: z.string().min(1).max(200),
      publishTime: z.iso.datetime({ offset: true }),
      attributes: z.record(z.string(), z.string()).optional(),
    }),
    subscription: z.string().regex(/^projects\/[^/]+\/subscriptions\/[^/]+$/),
    deliveryAttempt: z
      .int()
      .min(1)
      .optional()
      .describe('Only when the subscription has a dead-letter policy.'),
  })
  .meta({ id: 'PushEnvelope' });

export type PushEnvelope = z.infer<typeof pushEnvelopeSchema>;
