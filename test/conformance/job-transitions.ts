// Whatever users, workers (zombies too) and time do, in whatever order: a job moves only as domain/job.ts allows, and
// each call succeeds exactly when it should. Checked against a model of a dozen lines.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Job, type Lease, mayMove, type Transition, transitions } from '../../src/domain/job.ts';
import {
  createJob,
  getJob,
  leaseMs,
  problem,
  resultWith,
  revisionOf,
  type StoresUnderTest,
  tryClaim,
} from './stores-under-test.ts';

const userCalls = ['cancel', 'retry', 'approve', 'revise'] as const;
const workerCalls = ['heartbeat', 'complete', 'fail', 'retry_later', 'release', 'await_approval'] as const;

/** `lease` picks among all leases that were ever given: the newest is 0, older ones are zombies. */
const operations = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ call: 'claim' } as const) },
  { weight: 2, arbitrary: fc.constant({ call: 'lapse' } as const) },
  { weight: 3, arbitrary: fc.record({ call: fc.constantFrom(...userCalls) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      call: fc.constantFrom(...workerCalls),
      lease: fc.oneof(fc.constant(0), fc.nat({ max: 3 })),
    }),
  },
);

const maxRetries = 2;

export function describeJobTransitions(get: () => StoresUnderTest): void {
  describe('random histories of a job', () => {
    it('never leave the transition table', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(operations, { minLength: 5, maxLength: 30 }), async (history) => {
          const stores = get();
          const job = await createJob(stores, { maxRetries });
          const leases: Lease[] = [];
          const model = { status: job.status, attempts: 0, lapsed: false };
          for (const operation of history) {
            const before: Job['status'] = model.status;
            const moved = await perform(stores, job, leases, operation);
            const expected = expectedMove(model, leases, operation);
            if (operation.call === 'claim') {
              // Claimed and failed at once when the attempts are used up.
              const exhausted = expected !== undefined && model.attempts > maxRetries;
              expect(moved).toBe(expected !== undefined && !exhausted);
              if (exhausted) model.status = transitions.fail.to;
              else if (expected !== undefined) take(model);
            } else {
              expect(moved).toBe(expected !== undefined);
              if (expected !== undefined) follow(model, expected);
            }
            if (operation.call === 'lapse') model.lapsed = true;
            if (operation.call === 'heartbeat' && moved) model.lapsed = false;
            const stored = await getJob(stores, job);
            expect({ before, operation, status: stored.status }).toMatchObject({ status: model.status });
            expect(stored.retryCount).toBe(Math.max(0, model.attempts - 1));
          }
        }),
        { numRuns: 30, seed: 20_26 },
      );
    });
  });
}

type Operation = typeof operations extends fc.Arbitrary<infer T> ? T : never;

interface Model {
  status: Job['status'];
  attempts: number;
  lapsed: boolean;
}

/** The transition that the operation should make (`heartbeat`: none, but succeed), undefined = refused. */
function expectedMove(model: Model, leases: Lease[], operation: Operation): Transition | 'none' | undefined {
  const { call } = operation;
  if (call === 'lapse') return 'none';
  if (call === 'claim') {
    const free = model.status === 'pending' || model.lapsed;
    return free && mayMove('claim', model.status) ? 'claim' : undefined;
  }
  if ('lease' in operation) {
    const isNewest = leases.length > 0 && operation.lease % leases.length === 0;
    if (!isNewest || model.status !== 'processing') return undefined;
    return call === 'heartbeat' ? 'none' : (call as Transition);
  }
  if (call === 'cancel' && model.status === 'canceled') return 'none';
  if (call === 'revise' && mayMove('redraft', model.status)) return 'redraft';
  return mayMove(call as Transition, model.status) ? (call as Transition) : undefined;
}

function take(model: Model): void {
  model.status = transitions.claim.to;
  model.attempts += 1;
  model.lapsed = false;
}

function follow(model: Model, move: Transition | 'none'): void {
  if (move === 'none') return;
  expect(mayMove(move, model.status)).toBe(true);
  model.status = transitions[move].to;
  if (move === 'release' || move === 'await_approval') model.attempts -= 1;
  if (move === 'retry' || move === 'revise') model.attempts = 0;
  model.lapsed = false;
}

/** True when the call succeeded. */
async function perform(
  stores: StoresUnderTest,
  { userId, jobId }: Job,
  leases: Lease[],
  operation: Operation,
): Promise<boolean> {
  const { jobStore, leases: jobLeases } = stores;
  if (operation.call === 'lapse') {
    await stores.letTimePass(leaseMs + 1);
    return true;
  }
  if (operation.call === 'claim') {
    const claimed = await tryClaim(stores, { jobId });
    if (claimed !== undefined) leases.unshift(claimed.lease);
    return claimed !== undefined;
  }
  if (operation.call === 'revise') {
    const { revision: from } = await getJob(stores, { userId, jobId } as Job);
    return succeeds(jobStore.revise(userId, jobId, revisionOf({ from })));
  }
  if (!('lease' in operation)) return succeeds(jobStore[operation.call](userId, jobId));
  if (leases.length === 0) return false;
  const lease = leases[operation.lease % leases.length]!;
  switch (operation.call) {
    case 'heartbeat':
      return succeeds(jobLeases.heartbeat(lease, leaseMs));
    case 'complete':
      return succeeds(jobLeases.complete(lease, resultWith()));
    case 'fail':
      return succeeds(jobLeases.fail(lease, { error: problem, degradations: [], deadLetter: true }));
    case 'retry_later':
      return succeeds(jobLeases.retryLater(lease, { error: problem, delayMs: 0 }));
    case 'release':
      return succeeds(jobLeases.release(lease));
    case 'await_approval':
      return succeeds(jobLeases.awaitApproval(lease));
  }
}

const refusals = ['state_conflict', 'lease_lost', 'job_canceled'];

function succeeds(call: Promise<unknown>): Promise<boolean> {
  return call.then(
    () => true,
    (error) => {
      expect(refusals).toContain(error.code);
      return false;
    },
  );
}
