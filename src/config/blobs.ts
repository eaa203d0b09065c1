// The part of the configuration that says where bytes are kept: in the data folder, or in a bucket of Cloud Storage. Read
// by config.ts only.
import { z } from 'zod';

const bucketForm = /^gs:\/\/([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])((?:\/[\w-][\w.-]*){0,10})\/?$/;

export const blobSchema = {
  AIPROD_BLOBS: z
    .string()
    .refine((value) => value === 'disk' || bucketForm.test(value), 'must be disk or gs://bucket/prefix')
    .default('disk'),
  AIPROD_GCS_ENDPOINT: z
    .string()
    .regex(
      /^(https:\/\/[\w.-]+(:\d+)?|http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+)$/,
      'must be https://host, without a path; http:// only on loopback',
    )
    .optional(),
  AIPROD_GCS_CACHE_MB: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(0)
    .max(1_000_000)
    .default(2_000),
  /** Google's own variable, which its library reads. */
  GOOGLE_APPLICATION_CREDENTIALS: z.string().optional(),
  /** Google's library would follow it without a word, and without credentials. */
  STORAGE_EMULATOR_HOST: z.string().optional(),
};
type BlobEnvironment = z.infer<z.ZodObject<typeof blobSchema>>;

export type BlobConfig = { kind: 'disk' } | BucketConfig;

export interface BucketConfig {
  kind: 'gcs';
  bucketName: string;
  /** Before every object name: empty, or ends with `/`. */
  prefix: string;
  /** Undefined = Google's own. */
  endpoint: string | undefined;
  /** Whether credentials are looked for, which may also sign URLs; a double on loopback needs none. */
  hasCredentials: boolean;
  /** Most bytes of local copies. */
  cacheBytes: number;
}

/** What is wrong with the settings together, each of which is right by itself. */
export function faultsOfBlobs(env: BlobEnvironment): string[] {
  const onDisk = env.AIPROD_BLOBS === 'disk';
  const faults: [boolean, string][] = [
    [onDisk && env.AIPROD_GCS_ENDPOINT !== undefined, 'AIPROD_GCS_ENDPOINT: needs AIPROD_BLOBS=gs://…'],
    [
      !onDisk && env.STORAGE_EMULATOR_HOST !== undefined,
      'STORAGE_EMULATOR_HOST: must not be set; AIPROD_GCS_ENDPOINT names another endpoint',
    ],
  ];
  return faults.filter(([wrong]) => wrong).map(([, fault]) => fault);
}

/** Of settings in which `faultsOfBlobs` found nothing. */
export function blobConfig(env: BlobEnvironment): BlobConfig {
  const [, bucketName, path] = bucketForm.exec(env.AIPROD_BLOBS) ?? [];
  if (bucketName === undefined) return { kind: 'disk' };
  return {
    kind: 'gcs',
    bucketName,
    prefix: path ? `${path.slice(1)}/` : '',
    endpoint: env.AIPROD_GCS_ENDPOINT,
    hasCredentials:
      env.GOOGLE_APPLICATION_CREDENTIALS !== undefined || !env.AIPROD_GCS_ENDPOINT?.startsWith('http:'),
    cacheBytes: env.AIPROD_GCS_CACHE_MB * 1_000_000,
  };
}
