// How routes describe their answers: content types, headers and the problems they may give.
import { z } from 'zod';

import { type ErrorCode, errorCodes } from '../domain/errors.ts';
import { problemSchema } from './schemas/index.ts';

interface HeaderDescription {
  type: 'string' | 'integer' | 'boolean';
  description: string;
}

/** A JSON answer. */
export function json<Schema extends z.ZodType>(
  description: string,
  schema: Schema,
  headers: Record<string, HeaderDescription> = {},
) {
  return { description, headers, content: { 'application/json': { schema } } };
}

/** An answer of other content; the schema documents it and does not touch it. */
export function content<MediaType extends string>(
  description: string,
  mediaTypes: readonly MediaType[],
  headers: Record<string, HeaderDescription> = {},
) {
  const text = { schema: z.string() };
  return {
    description,
    headers,
    content: Object.fromEntries(mediaTypes.map((type) => [type, text])) as Record<MediaType, typeof text>,
  };
}

/** What can be wrong with any body, also one that a route does not look at. */
export const bodyProblems = [
  'http_malformed',
  'body_malformed',
  'body_too_large',
  'media_type_unsupported',
] as const satisfies ErrorCode[];

export const nothing = z.undefined();

/** The problem answers of a route, by status; every route may also answer `internal`. */
export function problems<Code extends ErrorCode>(...codes: Code[]) {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set<ErrorCode>([...codes, 'internal', 'database_unavailable'])) {
    const { status } = errorCodes[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, sameStatus]) => [
      status,
      {
        description: sameStatus.map((code) => `\`${code}\`: ${errorCodes[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
}
