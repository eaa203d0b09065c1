// Holds a claimed job: prolongs the lease while the work runs and aborts the work once the job is not ours any more.
import { AppError, toAppError } from '../domain/errors.ts';
import type { Lease } from '../domain/job.ts';
import type { JobLeases } from '../ports/job-leases.ts';

export interface LeaseKeeper {
  stop(): void;
}

/**
 * Beats every third of `leaseMs`. `onLost` is told once, with `lease_lost` or `job_canceled`; a database that does not
 * answer counts as lost when the lease has run out unconfirmed.
 */
export function keepLease(
  leases: JobLeases,
  lease: Lease,
  leaseMs: number,
  onLost: (reason: AppError) => void,
): LeaseKeeper {
  let confirmedAt = performance.now();
  let beating = false;
  const timer = setInterval(beat, leaseMs / 3);

  async function beat(): Promise<void> {
    if (performance.now() - confirmedAt > leaseMs) {
      return lose(new AppError('lease_lost', 'The lease ran out before the database answered.'));
    }
    if (beating) return;
    beating = true;
    const askedAt = performance.now();
    try {
      await leases.heartbeat(lease, leaseMs);
      confirmedAt = askedAt;
    } catch (error) {
      const { kind } = toAppError(error);
      if (kind === 'lease-lost' || kind === 'canceled') lose(toAppError(error));
    } finally {
      beating = false;
    }
  }

  function lose(reason: AppError): void {
    clearInterval(timer);
    onLost(reason);
  }

  return { stop: () => clearInterval(timer) };
}
