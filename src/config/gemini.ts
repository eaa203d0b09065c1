// The settings of Google's Gemini API: key, address, models. Read by config-providers.ts only.
import type { z } from 'zod';

import { address, apiKey, atOnce, modelName } from './fields.ts';

export const geminiSchema = {
  GEMINI_API_KEY: apiKey(),
  AIPROD_GEMINI_URL: address('https://generativelanguage.googleapis.com'),
  AIPROD_GEMINI_CONCURRENCY: atOnce(4),
  AIPROD_GEMINI_TEXT_MODEL: modelName().default('gemini-3.8-flash'),
  AIPROD_GEMINI_IMAGE_MODEL: modelName().default('gemini-3.1-flash-image'),
  AIPROD_VEO_MODEL: modelName().optional(),
};

export interface GeminiConfig {
  /** Undefined = not to be asked. */
  apiKey: string | undefined;
  baseUrl: URL;
  concurrency: number;
  models: {
    text: string;
    image: string;
    /** Undefined = not to be asked. */
    video: string | undefined;
  };
}

export function geminiConfig(env: z.infer<z.ZodObject<typeof geminiSchema>>): GeminiConfig {
  return {
    apiKey: env.GEMINI_API_KEY,
    baseUrl: env.AIPROD_GEMINI_URL,
    concurrency: env.AIPROD_GEMINI_CONCURRENCY,
    models: {
      text: env.AIPROD_GEMINI_TEXT_MODEL,
      image: env.AIPROD_GEMINI_IMAGE_MODEL,
      video: env.AIPROD_VEO_MODEL,
    },
  };
}
