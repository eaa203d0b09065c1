// The database of the configuration for one command: opened, brought up to date, and closed again with all that was opened on it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type pg from 'pg';

import { findEmbeddedUrl, startEmbeddedServer } from '../adapters/postgres/embedded-server.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { createPool } from '../adapters/postgres/pool.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import { type OperatorAudit, openOperatorAudit } from './open-audit-log.ts';
import { openLog } from './open-log.ts';
import { openSealing } from './open-sealing.ts';

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

/** As `withDatabase`, with connections of that name, `aiprod-…`. Nothing is migrated. */
export function withPool<T>(
  config: Config,
  { name, max = 1 }: { name: string; max?: number },
  work: (pool: pg.Pool, url: string) => Promise<T>,
): Promise<T> {
  const { caFile } = config.database;
  return withDatabase(config, async (url) => {
    const pool = createPool({ url, caFile, max, applicationName: `aiprod-${name}`, onError: () => {} });
    return work(pool, url).finally(() => pool.end());
  });
}

interface OperatorParts extends Awaited<ReturnType<typeof openSealing>> {
  pool: pg.Pool;
  audit: OperatorAudit;
}

/** On the migrated database, with what opens users' data. Throws what migrate, openOperatorAudit and openSealing throw. */
export function withSealedData<T>(
  config: Config,
  name: string,
  work: (parts: OperatorParts) => Promise<T>,
): Promise<T> {
  return withPool(config, { name, max: 2 }, async (pool) => {
    await migrate(pool);
    const audit = await openOperatorAudit(config, pool);
    const sealing = await openSealing(config, { pool });
    return work({ ...sealing, pool, audit }).finally(() => sealing.close());
  });
}
