// The settings of Suno through a broker: key, address, model. Read by config-providers.ts only.
import { z } from 'zod';

import { apiKey, atOnce, optionalAddress } from './fields.ts';

export const sunoSchema = {
  SUNO_API_KEY: apiKey(),
  AIPROD_SUNO_URL: optionalAddress(),
  AIPROD_SUNO_CONCURRENCY: atOnce(4),
  AIPROD_SUNO_MODEL: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be the name of a model')
    .default('V5'),
  // A name that never leads anywhere: brokers demand a callback, and none is listened to.
  AIPROD_SUNO_CALLBACK_URL: z
    .url({ protocol: /^https$/, error: 'must be an https address' })
    .default('https://callback.invalid/suno'),
};

export interface SunoConfig {
  /** Undefined = not to be asked, as with the address. */
  apiKey: string | undefined;
  baseUrl: URL | undefined;
  concurrency: number;
  model: string;
  callbackUrl: string;
}

export function sunoConfig(env: z.infer<z.ZodObject<typeof sunoSchema>>): SunoConfig {
  return {
    apiKey: env.SUNO_API_KEY,
    baseUrl: env.AIPROD_SUNO_URL,
    concurrency: env.AIPROD_SUNO_CONCURRENCY,
    model: env.AIPROD_SUNO_MODEL,
    callbackUrl: env.AIPROD_SUNO_CALLBACK_URL,
  };
}
