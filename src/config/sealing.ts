// The part of the configuration that says how what users gave is encrypted at rest. Read by config.ts only.
import { z } from 'zod';

/** A symmetric key, without a version: Cloud KMS picks its primary one. */
const kmsKey = () =>
  z
    .string()
    .regex(
      /^projects\/[a-z][a-z0-9.:-]{3,62}\/locations\/[a-z0-9-]{1,63}\/keyRings\/[\w-]{1,63}\/cryptoKeys\/[\w-]{1,63}$/,
      'must be projects/…/locations/…/keyRings/…/cryptoKeys/…',
    )
    .optional();

export const sealingSchema = {
  AIPROD_KMS_KEY: kmsKey(),
  AIPROD_KMS_PREVIOUS_KEY: kmsKey(),
  AIPROD_KMS_ENDPOINT: z
    .string()
    .regex(/^https:\/\/[\w.-]+(:\d+)?$/, 'must be https://host, without a path')
    .optional(),
  AIPROD_SEAL_BLOBS: z.enum(['yes', 'no']).default('yes'),
};
type SealingEnvironment = z.infer<z.ZodObject<typeof sealingSchema>>;

export interface SealingConfig {
  /** Cloud KMS; undefined = the key file alone. */
  kms: KmsConfig | undefined;
  /** Whether pictures, sounds and videos are sealed too. */
  blobs: boolean;
}

export interface KmsConfig {
  /** Full name of the key that wraps; undefined = the key file wraps. */
  key: string | undefined;
  /** Of one that only unwraps. */
  previousKey: string | undefined;
  /** Undefined = Google's own. */
  endpoint: string | undefined;
}

/** What is wrong with the settings together, each of which is right by itself. */
export function faultsOfSealing(env: SealingEnvironment): string[] {
  const { AIPROD_KMS_KEY: key, AIPROD_KMS_PREVIOUS_KEY: previousKey, AIPROD_KMS_ENDPOINT: endpoint } = env;
  if (endpoint !== undefined && key === undefined && previousKey === undefined) {
    return ['AIPROD_KMS_ENDPOINT: needs AIPROD_KMS_KEY'];
  }
  return key !== undefined && key === previousKey
    ? ['AIPROD_KMS_PREVIOUS_KEY: must be another key than AIPROD_KMS_KEY']
    : [];
}

export function sealingConfig(env: SealingEnvironment): SealingConfig {
  const { AIPROD_KMS_KEY: key, AIPROD_KMS_PREVIOUS_KEY: previousKey, AIPROD_KMS_ENDPOINT: endpoint } = env;
  return {
    kms: key === undefined && previousKey === undefined ? undefined : { key, previousKey, endpoint },
    blobs: env.AIPROD_SEAL_BLOBS === 'yes',
  };
}
