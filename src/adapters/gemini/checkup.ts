// Whether Google accepts the key and offers the models that the configuration names. Costs nothing.
import { z } from 'zod';

import type { Checkup } from '../../ports/checkup.ts';
import { classifyRefusal, type GeminiAccess, pathIn } from './api.ts';

const modelSchema = z.object({ name: z.string() });

export function createGeminiCheckup({ client, baseUrl, apiKey }: GeminiAccess, models: string[]): Checkup {
  return {
    name: 'gemini',
    async check(signal) {
      for (const model of new Set(models)) {
        await client.call({
          method: 'GET',
          url: pathIn(baseUrl, `models/${model}`),
          headers: { 'x-goog-api-key': apiKey },
          paid: false,
          deadlineMs: 10_000,
          mostBytes: 100_000,
          signal,
          read: { as: 'json', parse: (body) => modelSchema.parse(body) },
          classify: classifyRefusal,
        });
      }
      return `offers ${[...new Set(models)].join(', ')}`;
    },
  };
}
