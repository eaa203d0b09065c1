// Settings of what one user may have under way and make in a day.
import { z } from 'zod';

const whole = (min: number, max: number) =>
  z.coerce.number('must be a number').int('must be a whole number').min(min).max(max);

export const limitSchema = {
  AIPROD_USER_JOBS_AT_ONCE: whole(1, 10_000).optional(),
  AIPROD_USER_JOBS_WAITING: whole(1, 1_000_000).default(1_000),
  AIPROD_USER_DAILY_MINUTES: whole(1, 100_000).optional(),
};

/** What one user may have. */
export interface LimitConfig {
  /** Jobs that run at the same time, in all processes together. */
  jobsAtOnce: number;
  /** Jobs that have not ended. */
  jobsWaiting: number;
  /** Milliseconds of video per day in UTC; undefined = no limit. */
  dailyVideoMs: number | undefined;
}

/** A worker's own places can always be filled by one user, who may be the only one. */
const fewestJobsAtOnce = 4;

type LimitEnvironment = z.infer<z.ZodObject<typeof limitSchema>> & { AIPROD_JOBS_AT_ONCE: number };

export function limitConfig(env: LimitEnvironment): LimitConfig {
  const minutes = env.AIPROD_USER_DAILY_MINUTES;
  return {
    jobsAtOnce: env.AIPROD_USER_JOBS_AT_ONCE ?? Math.max(fewestJobsAtOnce, env.AIPROD_JOBS_AT_ONCE),
    jobsWaiting: env.AIPROD_USER_JOBS_WAITING,
    dailyVideoMs: minutes === undefined ? undefined : minutes * 60_000,
  };
}
