// What `aiprod audit` asks the database that the configuration names. Changes nothing in it.
import type pg from 'pg';

import type { ChainedEntry } from '../adapters/postgres/audit-chain.ts';
import { readLoggedEntries } from '../adapters/postgres/audit-lines.ts';
import { type AuditVerdict, listAuditLog, verifyAuditLog } from '../adapters/postgres/audit-verify.ts';
import { createPool } from '../adapters/postgres/pool.ts';
import type { Config } from '../config/config.ts';
import { withDatabase } from './database-tasks.ts';
import { existingAuditKey } from './open-audit-log.ts';

/** `logFile` = a saved log to hold it to. Throws what verifyAuditLog, readLoggedEntries and existingAuditKey throw. */
export async function verifyAudit(config: Config, logFile: string | undefined): Promise<AuditVerdict> {
  const key = await existingAuditKey(config);
  const logged = logFile === undefined ? undefined : await readLoggedEntries(logFile);
  return withPool(config, (pool) => verifyAuditLog({ pool, key }, logged));
}

/** Newest first. Throws what listAuditLog throws. */
export function listAudit(
  config: Config,
  query: { userId: string | undefined; limit: number },
): Promise<ChainedEntry[]> {
  return withPool(config, (pool) => listAuditLog(pool, query));
}

/** Without migrating: an auditor's login may only read. */
function withPool<T>(config: Config, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const { caFile } = config.database;
  return withDatabase(config, async (url) => {
    const pool = createPool({ url, caFile, max: 1, applicationName: 'aiprod-audit', onError: () => {} });
    try {
      return await work(pool);
    } finally {
      await pool.end();
    }
  });
}
