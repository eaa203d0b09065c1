// What operators and machines ask: alive, ready, how busy, what failed for good.
import { z } from 'zod';

import { incidentImpacts } from '../../domain/incident.ts';
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

const spread = z
  .object({ median_seconds: z.number(), p95_seconds: z.number() })
  .nullable()
  .describe('Null when there were none.');

export const statusSchema = z
  .object({
    version: z.string(),
    status: z.enum(['ready', 'not_ready']),
    checks,
    incidents: z
      .array(
        z.object({
          title: z.string(),
          impact: z.enum(incidentImpacts),
          started_at: timestamp.describe('In the future for work that is planned.'),
          resolved_at: timestamp.nullable(),
          updates: z.array(z.object({ at: timestamp, text: z.string() })),
        }),
      )
      .nullable()
      .describe(
        'What the operators say of trouble: that lasts, is planned, or ended within two weeks, newest first; null while it cannot be read.',
      ),
    jobs: z
      .object(Object.fromEntries(jobStatuses.map((status) => [status, z.int()])) as CountByStatus)
      .nullable()
      .describe('How many jobs there are of each status; null while the database does not answer.'),
    queue: z
      .object({ length: z.int(), oldest_age_seconds: z.number() })
      .nullable()
      .describe('Deliveries that wait; null while the queue does not answer.'),
    last_hour: z
      .object({
        completed: z.int(),
        failed: z.int().describe('By a fault of ours or of a provider.'),
        refused: z.int().describe('By a fault of the request.'),
        canceled: z.int(),
        success_ratio: z
          .number()
          .nullable()
          .describe('Completed ones of those that completed or failed; null when there were none.'),
        making: spread,
        waiting: spread,
      })
      .nullable()
      .describe('Jobs that ended within an hour; null while the database does not answer.'),
    requests: z
      .object({
        since: timestamp.describe('An hour ago, or when this process started.'),
        answered: z.int(),
        server_errors: z.int(),
        median_ms: z.number().nullable(),
        p99_ms: z.number().nullable(),
      })
      .describe(
        "Users' requests that this process answered within an hour: what machines ask all the time is not counted, and uploads are not timed.",
      ),
    versions: z
      .object({ node: z.string(), schema: z.int().nullable(), postgresql: z.string().nullable() })
      .describe('Of what this process runs on; null while the database does not answer.'),
    started_at: timestamp.describe('When this process started.'),
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
