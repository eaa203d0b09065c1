// What `aiprod audit` asks the database that the configuration names. Changes nothing in it.
import type { ChainedEntry } from '../adapters/postgres/audit-chain.ts';
import { readLoggedEntries } from '../adapters/postgres/audit-lines.ts';
import { type AuditVerdict, listAuditLog, verifyAuditLog } from '../adapters/postgres/audit-verify.ts';
import type { Config } from '../config/config.ts';
import { existingAuditKey } from './open-audit-log.ts';
import { withPool } from './with-database.ts';

/** Nothing is migrated for them: an auditor's login may only read. */
const connection = { name: 'audit' };

/** `logFile` = a saved log to hold it to. Throws what verifyAuditLog, readLoggedEntries and existingAuditKey throw. */
export async function verifyAudit(config: Config, logFile: string | undefined): Promise<AuditVerdict> {
  const key = await existingAuditKey(config);
  const logged = logFile === undefined ? undefined : await readLoggedEntries(logFile);
  return withPool(config, connection, (pool) => verifyAuditLog({ pool, key }, logged));
}

/** Newest first. Throws what listAuditLog throws. */
export function listAudit(
  config: Config,
  query: { userId: string | undefined; limit: number },
): Promise<ChainedEntry[]> {
  return withPool(config, connection, (pool) => listAuditLog(pool, query));
}
