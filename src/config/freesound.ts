// The settings of Freesound: key, address, licences, requests a day. Read by config-providers.ts only.
import { z } from 'zod';

import { type FreesoundLicence, freesoundLicences } from '../adapters/freesound/licences.ts';
import { address, apiKey, atOnce } from './fields.ts';

const licences = z
  .string()
  .default('Creative Commons 0')
  .transform((text, context): readonly FreesoundLicence[] => {
    const names = text.split(',').map((name) => name.trim());
    const known: readonly string[] = freesoundLicences;
    if (!names.every((name, index) => known.includes(name) && names.indexOf(name) === index))
      context.addIssue(`must be a list of ${known.join(', ')}, each once`);
    return names as FreesoundLicence[];
  });

export const freesoundSchema = {
  FREESOUND_API_KEY: apiKey(),
  AIPROD_FREESOUND_URL: address('https://freesound.org'),
  AIPROD_FREESOUND_CONCURRENCY: atOnce(2),
  AIPROD_FREESOUND_LICENCES: licences,
  AIPROD_FREESOUND_DAILY: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(0)
    .max(1_000_000)
    .default(2_000),
};

export interface FreesoundConfig {
  /** Undefined = not to be asked. */
  apiKey: string | undefined;
  baseUrl: URL;
  concurrency: number;
  licences: readonly FreesoundLicence[];
  dailyRequests: number;
}

export function freesoundConfig(env: z.infer<z.ZodObject<typeof freesoundSchema>>): FreesoundConfig {
  return {
    apiKey: env.FREESOUND_API_KEY,
    baseUrl: env.AIPROD_FREESOUND_URL,
    concurrency: env.AIPROD_FREESOUND_CONCURRENCY,
    licences: env.AIPROD_FREESOUND_LICENCES,
    dailyRequests: env.AIPROD_FREESOUND_DAILY,
  };
}
