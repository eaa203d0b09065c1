// The error document of RFC 9457, as every route answers it.
import { z } from 'zod';

import { type ErrorCode, errorCodes } from '../../domain/errors.ts';

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]];

export const problemSchema = z
  .object({
    type: z.string().describe('A URN that names the kind of problem.'),
    title: z.string().describe('The same for every occurrence of the code.'),
    status: z.int().min(400).max(599),
    code: z.enum(codes),
    detail: z.string().describe('What happened this time.'),
    stage: z.string().optional().describe('The stage of the job in which it happened.'),
    provider: z.string().optional(),
    retryable: z.boolean().describe('True: the same request may work later.'),
    hint: z.string().optional().describe('What to do about it.'),
    errors: z
      .array(
        z.object({
          pointer: z
            .string()
            .describe('JSON pointer into the body, or into the query; `/headers/…` points at a header.'),
          detail: z.string(),
        }),
      )
      .optional()
      .describe('Every wrong field.'),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457 problem document.',
    example: {
      type: 'urn:aiprod:error:request_invalid',
      title: 'The request is not valid',
      status: 422,
      code: 'request_invalid',
      detail: '1 field is not valid.',
      retryable: false,
      errors: [{ pointer: '/duration', detail: 'must be a number from 5 to 600' }],
    },
  });
