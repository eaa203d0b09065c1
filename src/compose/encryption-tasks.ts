// What `aiprod encryption` does to the data keys in the database that the configuration names.

import { migrate } from '../adapters/postgres/migrate.ts';
import { createPool } from '../adapters/postgres/pool.ts';
import type { Config } from '../config/config.ts';
import { withDatabase } from './database-tasks.ts';
import { openOperatorAudit } from './open-audit-log.ts';
import { openSealing } from './open-sealing.ts';

/**
 * Wraps every data key under the present key-encryption key; with `dataKeys` every user gets a new one for new data besides.
 * Safe while AIPROD works and to repeat. Throws what opening the keys throws.
 */
export function rotateKeys(
  config: Config,
  { dataKeys: renew }: { dataKeys: boolean },
): Promise<{ rewrapped: number; renewed: number }> {
  return withDatabase(config, async (url) => {
    const { caFile } = config.database;
    const pool = createPool({ url, caFile, max: 2, applicationName: 'aiprod-encryption', onError: () => {} });
    try {
      await migrate(pool);
      const audit = await openOperatorAudit(config, pool);
      const { dataKeys, close } = await openSealing(config, { pool });
      try {
        const rewrapped = await dataKeys.rewrapAll();
        const facts = { rewrapped, renewed: renew ? await dataKeys.renewAll() : 0 };
        await audit({ action: 'encryption.rotate', userId: null, target: null, facts });
        return facts;
      } finally {
        await close();
      }
    } finally {
      await pool.end();
    }
  });
}
