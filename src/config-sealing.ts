// The part of the configuration that says how what users gave is encrypted at rest. Read by config.ts only.
import { join, resolve } from 'node:path';

import { z } from 'zod';

export const sealingSchema = {
  AIPROD_KEYS: z.string().min(1).optional(),
  AIPROD_SEAL_BLOBS: z.enum(['yes', 'no']).default('yes'),
};
type SealingEnvironment = z.infer<z.ZodObject<typeof sealingSchema>>;

export interface SealingConfig {
  /** Absolute path of the folder with the key file. */
  keyFolder: string;
  /** Whether pictures, sounds and videos are sealed too. */
  blobs: boolean;
}

export function sealingConfig(env: SealingEnvironment, dataFolder: string): SealingConfig {
  const { AIPROD_KEYS: keys, AIPROD_SEAL_BLOBS: blobs } = env;
  return { keyFolder: keys === undefined ? join(dataFolder, 'keys') : resolve(keys), blobs: blobs === 'yes' };
}
