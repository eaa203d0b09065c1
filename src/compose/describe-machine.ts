// What `aiprod doctor` says about voices, database and incidents, without starting a system.
import { createIncidentFile } from '../adapters/disk/incident-file.ts';
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

/** What `aiprod doctor` says about the file of incidents. Throws `config_invalid` saying what is wrong with it. */
export async function describeIncidents({ incidentFile }: Config): Promise<string> {
  const incidents = await createIncidentFile(incidentFile).list();
  const open = incidents.filter(({ resolvedAt }) => resolvedAt === null).length;
  return `${incidentFile}: ${incidents.length}, of which ${open} not resolved`;
}
