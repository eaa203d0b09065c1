// Settings of how long things are kept.
import { z } from 'zod';

import type { KeepPeriods } from '../ports/retention.ts';

/** Left out: for ever. */
const days = () =>
  z.coerce
    .number('must be a number of days')
    .int('must be a whole number of days')
    .min(1)
    .max(36_500)
    .transform((value) => value * 86_400_000)
    .optional();

export const retentionSchema = {
  AIPROD_KEEP_VIDEOS_DAYS: days(),
  AIPROD_KEEP_ASSETS_DAYS: days(),
  AIPROD_KEEP_LOGS_DAYS: days(),
  AIPROD_KEEP_AUDIT_DAYS: days(),
};

export function retentionConfig(env: z.infer<z.ZodObject<typeof retentionSchema>>): KeepPeriods {
  return {
    videosMs: env.AIPROD_KEEP_VIDEOS_DAYS,
    assetsMs: env.AIPROD_KEEP_ASSETS_DAYS,
    logsMs: env.AIPROD_KEEP_LOGS_DAYS,
    auditMs: env.AIPROD_KEEP_AUDIT_DAYS,
  };
}
