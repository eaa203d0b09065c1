// What `aiprod sweep` does: looks once for jobs that nobody holds and sends them again, as every worker does all the time.
import { databaseAddress } from '../adapters/postgres/database-address.ts';
import { createJobLeases } from '../adapters/postgres/job-leases.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { createPool } from '../adapters/postgres/pool.ts';
import type { Config } from '../config/config.ts';
import { chooseQueue } from './choose-queue.ts';
import { withDatabase } from './database-tasks.ts';
import { openLog } from './open-log.ts';

/** How many were sent. Safe beside any number of workers. Throws what migrate, chooseQueue and JobLeases.sweep throw. */
export function sweepOnce(config: Config): Promise<number> {
  const { caFile } = config.database;
  const logger = openLog(config);
  return withDatabase(config, async (url) => {
    const pool = createPool({ url, caFile, max: 2, applicationName: 'aiprod-sweep', onError: () => {} });
    try {
      await migrate(pool);
      const { queue } = await chooseQueue(config.queue, {
        database: databaseAddress(url, caFile),
        pool,
        logger,
        // Counts what is received; this only sends.
        metrics: { messageQuarantined: () => {}, jobEnded: () => {} },
      });
      try {
        const leases = createJobLeases({ pool, queue, limits: config.userLimits });
        return await leases.sweep(2 * config.sweepEveryMs);
      } finally {
        await queue.close();
      }
    } finally {
      await pool.end();
    }
  });
}
