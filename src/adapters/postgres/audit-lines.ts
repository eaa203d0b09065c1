// Reads the audit entries that a saved log of the program holds. The log may be of many processes, in any order.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

import { z } from 'zod';

import { AppError } from '../../domain/errors.ts';
import type { AuditAction } from '../../ports/audit-log.ts';
import { canonicalEntry } from './audit-chain.ts';
import type { LoggedEntries } from './audit-verify.ts';

const fact = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const lineSchema = z.object({
  seq: z.int().positive(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  action: z.string().transform((text) => text as AuditAction),
  outcome: z.enum(['done', 'refused', 'failed']),
  actor: z
    .object({ userId: z.string(), via: z.string(), credentialId: z.string().exactOptional() })
    .nullable(),
  from: z.string().nullable(),
  requestId: z.string().nullable(),
  userId: z.string().nullable(),
  target: z.string().nullable(),
  facts: z.record(z.string(), fact),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * The entries in `file`, JSON lines of which those with `"audit": true` count. Throws `config_invalid` for a file that cannot be
 * read and for such a line that is none of ours.
 */
export async function readLoggedEntries(file: string): Promise<LoggedEntries> {
  const entries = new Map<number, { canonical: string; hash: string }[]>();
  let lineNumber = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      lineNumber++;
      const line = toAuditLine(text);
      if (line === undefined) continue;
      const { hash, ...entry } = lineSchema.parse(line);
      const same = entries.get(entry.seq) ?? [];
      const canonical = canonicalEntry(entry);
      // Collectors of logs may deliver a line twice.
      if (same.some((other) => other.hash === hash && other.canonical === canonical)) continue;
      entries.set(entry.seq, [...same, { canonical, hash }]);
    }
  } catch (error) {
    throw unreadable(file, lineNumber, error);
  }
  return entries;
}

/** Undefined = the line is about something else. */
function toAuditLine(text: string): unknown {
  if (!/"audit"\s*:\s*true/.test(text)) return undefined;
  const line: unknown = JSON.parse(text);
  return (line as { audit?: unknown } | null)?.audit === true ? line : undefined;
}

function unreadable(file: string, lineNumber: number, cause: unknown): AppError {
  if ((cause as { syscall?: unknown }).syscall !== undefined) {
    return new AppError('config_invalid', `The log ${file} cannot be read.`, {
      hint: 'Name a file that exists and that you may read.',
      cause,
    });
  }
  return new AppError(
    'config_invalid',
    `Line ${lineNumber} of ${file} is no audit line as AIPROD writes it.`,
    {
      hint: 'Give the log as JSON lines (AIPROD_LOG_FORMAT=json), as they were written; if that is so, the line was changed.',
      cause,
    },
  );
}
