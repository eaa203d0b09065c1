// What `aiprod db` and `aiprod keys` do to the database that the configuration names.
import type { ApiKeys } from '../adapters/postgres/api-keys.ts';
import { type BackupFacts, backUp, restore } from '../adapters/postgres/backup.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import type { Config } from '../config/config.ts';
import { openApiKeys } from './choose-login.ts';
import { type OperatorAudit, openOperatorAudit } from './open-audit-log.ts';
import { withDatabase, withPool } from './with-database.ts';

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
  return withPool(config, { name: 'migrate' }, (pool) => migrate(pool));
}

/** Runs `work` on the API keys of the migrated database. Throws what migrate, openApiKeys and auditKeyOf throw. */
export function withApiKeys<T>(
  config: Config,
  work: (apiKeys: ApiKeys, audit: OperatorAudit) => Promise<T>,
): Promise<T> {
  return withPool(config, { name: 'keys' }, async (pool) => {
    await migrate(pool);
    return work(await openApiKeys(config, pool), await openOperatorAudit(config, pool));
  });
}
