// Incidents in a JSON file that operators edit; read anew whenever it is asked for, so that no restart is needed.
import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { AppError } from '../../domain/errors.ts';
import { incidentImpacts } from '../../domain/incident.ts';
import type { Incidents } from '../../ports/incidents.ts';

const time = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-11-25T09:30:00Z' })
  .transform((text) => new Date(text));

const schema = z
  .array(
    z.strictObject({
      title: z.string().trim().min(1).max(200),
      impact: z.enum(incidentImpacts, `must be one of: ${incidentImpacts.join(', ')}`),
      started_at: time,
      resolved_at: time.nullable().default(null),
      updates: z
        .array(z.strictObject({ at: time, text: z.string().trim().min(1).max(2_000) }))
        .max(100)
        .default([]),
    }),
    'must be a list of incidents',
  )
  .max(100);

/** No file, or an empty one: no incidents. */
export function createIncidentFile(path: string): Incidents {
  return {
    async list() {
      const text = await readText(path);
      if (text.trim() === '') return [];
      return parse(text, path).map(({ title, impact, started_at, resolved_at, updates }) => ({
        title,
        impact,
        startedAt: started_at,
        resolvedAt: resolved_at,
        updates: updates.sort((a, b) => a.at.getTime() - b.at.getTime()),
      }));
    },
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw wrong(path, `it cannot be read (${code})`, error);
  }
}

function parse(text: string, path: string): z.output<typeof schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong(path, 'it is not JSON', error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path: where, message }) => `${where.join('.') || 'it'}: ${message}`,
  );
  throw wrong(path, faults.slice(0, 5).join('; '));
}

function wrong(path: string, fault: string, cause?: unknown): AppError {
  return new AppError('config_invalid', `The file of incidents ${path} is not valid: ${fault}.`, {
    hint: 'docs/operations/status.md shows how it is written.',
    cause,
  });
}
