// What `aiprod doctor` says about voices and database, without starting a system.
import { createPool } from '../adapters/postgres/pool.ts';
import type { Config } from '../config/config.ts';
import { type FoundModels, findVoiceModels } from '../offline/speaker/neural/find-voice-models.ts';

/** The neural voices that the user added, and what is wrong with those that cannot be used. */
export async function describeVoices({ voiceModels }: Config): Promise<FoundModels> {
  return voiceModels === undefined ? { models: [], broken: [] } : findVoiceModels(voiceModels);
}

/** What `aiprod doctor` says about the database. Throws AppErrors that say what is wrong. */
export async function describeDatabase({ database: { url, caFile } }: Config): Promise<string> {
  if (url === undefined) return 'the embedded PostgreSQL, started when needed';
  const pool = createPool({ url, caFile, max: 1, applicationName: 'aiprod-doctor', onError: () => {} });
  try {
    const { rows } = await pool.query<{ version: string }>('SELECT version()');
    return rows[0]!.version.split(' on ')[0]!;
  } finally {
    await pool.end();
  }
}
