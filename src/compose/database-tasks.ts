// What `aiprod db` does to the database that the configuration names: backup, restore, migrate. The embedded server is
// started for it, or found where another process runs it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { ApiKeys } from '../adapters/postgres/api-keys.ts';
import { type BackupFacts, backUp, restore } from '../adapters/postgres/backup.ts';
import { findEmbeddedUrl, startEmbeddedServer } from '../adapters/postgres/embedded-server.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { createPool } from '../adapters/postgres/pool.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import { openApiKeys } from './choose-login.ts';
import { type OperatorAudit, openOperatorAudit } from './open-audit-log.ts';
import { openLog } from './open-log.ts';

/** Safe while AIPROD works. Throws what backUp throws. */
export function backUpDatabase(config: Config, file: string): Promise<BackupFacts> {
  return withDatabase(config, (url) => backUp({ url, caFile: config.database.caFile, file }));
}

/** Throws what restore throws. */
export function restoreDatabase(config: Config, file: string, replace: boolean): Promise<BackupFacts> {
  return withDatabase(config, (url) => restore({ url, caFile: config.database.caFile, file, replace }));
}

/** Brings the schema up to this version. Throws what migrate throws. The queue's schema is left to the queue. */
export function migrateDatabase(config: Config): Promise<void> {
  const { caFile } = config.database;
  return withDatabase(config, async (url) => {
    const pool = createPool({ url, caFile, max: 1, applicationName: 'aiprod-migrate', onError: () => {} });
    try {
      await migrate(pool);
    } finally {
      await pool.end();
    }
  });
}

/** Runs `work` on the API keys of the migrated database. Throws what migrate, openApiKeys and auditKeyOf throw. */
export function withApiKeys<T>(
  config: Config,
  work: (apiKeys: ApiKeys, audit: OperatorAudit) => Promise<T>,
): Promise<T> {
  const { caFile } = config.database;
  return withDatabase(config, async (url) => {
    const pool = createPool({ url, caFile, max: 1, applicationName: 'aiprod-keys', onError: () => {} });
    try {
      await migrate(pool);
      return await work(await openApiKeys(config, pool), await openOperatorAudit(config, pool));
    } finally {
      await pool.end();
    }
  });
}

/** Runs `work` on the database of the configuration; the embedded one is started for it, or found where it runs. */
export async function withDatabase<T>(config: Config, work: (url: string) => Promise<T>): Promise<T> {
  if (config.database.url !== undefined) return work(config.database.url);
  const folder = join(config.dataFolder, 'postgres');
  await mkdir(config.dataFolder, { recursive: true });
  try {
    const server = await startEmbeddedServer({ folder, logger: openLog(config) });
    return await work(server.url).finally(() => server.close());
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'folder_in_use') throw error;
    const url = await findEmbeddedUrl(folder);
    if (url === undefined) throw error;
    return work(url);
  }
}
