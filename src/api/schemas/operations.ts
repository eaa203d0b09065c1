// What operators and machines ask: alive, ready, how busy, what failed for good.
import { z } from 'zod';

import { type JobStatus, jobStatuses } from '../../domain/job.ts';
import { timestamp } from './field-types.ts';
import { problemSchema } from './problem.ts';

export const healthSchema = z.object({ status: z.literal('ok'), version: z.string() }).meta({ id: 'Health' });

type CountByStatus = Record<JobStatus, z.ZodInt>;

const checks = z
  .record(z.string(), z.object({ ok: z.boolean(), detail: z.string().optional(), milliseconds: z.number() }))
  .describe('Each part that work needs.');

export const readySchema = z
  .object({ status: z.enum(['ready', 'not_ready']), failed: z.array(z.string()), checks })
  .meta({ id: 'Ready' });

export const statusSchema = z
  .object({
    version: z.string(),
    status: z.enum(['ready', 'not_ready']),
    checks,
    jobs: z
      .object(Object.fromEntries(jobStatuses.map((status) => [status, z.int()])) as CountByStatus)
      .nullable()
      .describe('How many jobs there are of each status; null while the database does not answer.'),
    queue: z
      .object({ length: z.int(), oldest_age_seconds: z.number() })
      .nullable()
      .describe('Deliveries that wait; null while the queue does not answer.'),
    at: timestamp,
  })
  .meta({ id: 'Status' });

export const deadLettersSchema = z
  .object({
    dead_letters: z.array(
      z.object({
        dead_letter_id: z.string(),
        job_id: z.string(),
        user_id: z.string(),
        error: problemSchema,
        attempts: z.int(),
        created_at: timestamp,
        redriven_at: timestamp.nullable(),
      }),
    ),
  })
  .meta({ id: 'DeadLetters' });
