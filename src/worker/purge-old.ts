// The chore of retention: removes what is older than it is kept, again and again, and says how much that was.
import { toAppError } from '../domain/errors.ts';
import { type AuditLog, bySystem } from '../ports/audit-log.ts';
import type { KeepPeriods, Retention } from '../ports/retention.ts';
import { repeat } from './repeat.ts';

interface PurgeDeps {
  retention: Retention;
  auditLog: AuditLog;
  logger: { info(facts: object, message: string): void; warn(facts: object, message: string): void };
}

const everyMs = 3_600_000;

/** Ends soon after `stop`; what is then left goes the next time. */
export function purgeOld(
  { retention, auditLog, logger }: PurgeDeps,
  periods: KeepPeriods,
): { stop(): Promise<void> } {
  const stopping = new AbortController();

  async function purge(): Promise<void> {
    const purged = await retention.purge(periods, { signal: stopping.signal });
    if (Object.values(purged).every((count) => count === 0)) return;
    logger.info(purged, 'old data removed');
    await auditLog.record(bySystem('retention.purge', { ...purged }));
  }

  const end = repeat(everyMs, () =>
    purge().catch((error) =>
      logger.warn({ code: toAppError(error).code, err: error }, 'old data was not removed'),
    ),
  );
  return {
    async stop() {
      stopping.abort();
      await end();
    },
  };
}
