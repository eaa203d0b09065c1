// What `aiprod sweep` does: looks once for jobs that nobody holds and sends them again, as every worker does all the time.
import { databaseAddress } from '../adapters/postgres/database-address.ts';
import { createJobLeases } from '../adapters/postgres/job-leases.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import type { Config } from '../config/config.ts';
import { chooseQueue } from './choose-queue.ts';
import { openLog } from './open-log.ts';
import { withPool } from './with-database.ts';

/** How many were sent. Safe beside any number of workers. Throws what migrate, chooseQueue and JobLeases.sweep throw. */
export function sweepOnce(config: Config): Promise<number> {
  const { caFile } = config.database;
  const logger = openLog(config);
  return withPool(config, { name: 'sweep', max: 2 }, async (pool, url) => {
    await migrate(pool);
    const { queue } = await chooseQueue(config.queue, {
      database: databaseAddress(url, caFile),
      pool,
      logger,
      // Counts what is received; this only sends.
      metrics: { messageQuarantined: () => {}, jobEnded: () => {} },
    });
    const leases = createJobLeases({ pool, queue, limits: config.userLimits });
    return leases.sweep(2 * config.sweepEveryMs).finally(() => queue.close());
  });
}
