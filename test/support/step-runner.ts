// A runner of steps on a test's own stores, that nothing stops, kills or listens to unless the test says so.
import { join } from 'node:path';

import { systemClock } from '../../src/adapters/system/clock.ts';
import type { Lease } from '../../src/domain/job.ts';
import { passNoCrash } from '../../src/engine/crash-points.ts';
import { createStepRunner, type StepRunnerDeps } from '../../src/engine/run-step.ts';
import type { Stores } from './stores.ts';

export function stepRunnerOn(
  { stepStore, blobStore, receipts, folder }: Stores,
  lease: Lease,
  overrides: Partial<StepRunnerDeps>,
) {
  return createStepRunner({
    lease,
    stepStore,
    blobStore,
    receipts,
    limits: {},
    clock: systemClock,
    signal: new AbortController().signal,
    scratch: join(folder, 'scratch', `${lease.jobId}-${lease.epoch}`),
    retry: { attempts: 2, baseDelayMs: 1 },
    random: () => 0.5,
    crashPoint: passNoCrash,
    onProgress: () => {},
    onStep: () => {},
    onPaid: () => {},
    ...overrides,
  });
}
