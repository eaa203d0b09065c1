// The settings of webhooks.
import { z } from 'zod';

export const webhookSchema = {
  AIPROD_WEBHOOK_PRIVATE_HOSTS: z
    .string()
    .transform((list) => list.split(',').map((each) => each.trim().toLowerCase()))
    .refine(
      (hosts) => hosts.every((host) => /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+):\d{1,5}$/.test(host)),
      'must be a comma-separated list of host:port, such as 127.0.0.1:5678',
    )
    .default([]),
};

export interface WebhookConfig {
  /** `host:port`s that may be private, and http. */
  privateHosts: string[];
}

export function webhookConfig(env: { AIPROD_WEBHOOK_PRIVATE_HOSTS: string[] }): WebhookConfig {
  return { privateHosts: env.AIPROD_WEBHOOK_PRIVATE_HOSTS };
}
