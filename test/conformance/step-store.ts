// What every StepStore must do: first writer wins, void leases write nothing, garbage is only what nobody needs.
import { describe, expect, it } from 'vitest';

import type { Lease } from '../../src/domain/job.ts';
import type { StepRun } from '../../src/ports/step-store.ts';
import { runOf } from '../support/step-runs.ts';
import {
  claim,
  createClaimed,
  createJob,
  createZombie,
  leaseMs,
  newDigest,
  newUser,
  resultWith,
  type StoresUnderTest,
} from './stores-under-test.ts';

const graceMs = 3_600_000;

function stepOf(blobs: string[] = [], stepKey = newDigest()) {
  return { stepKey, step: 'narrate', result: { words: ['a', 1, null, true], deep: { pace: 0.1 } }, blobs };
}

const writes: [string, (stores: StoresUnderTest, lease: Lease, stepKey: string) => Promise<unknown>][] = [
  ['putIfAbsent', ({ stepStore }, lease) => stepStore.putIfAbsent(lease, stepOf([newDigest()]))],
  [
    'putIfAbsent of a stored key',
    ({ stepStore }, lease, key) => stepStore.putIfAbsent(lease, stepOf([], key)),
  ],
  ['forget', ({ stepStore }, lease, stepKey) => stepStore.forget(lease, stepKey)],
  ['recordRun', ({ stepStore }, lease, stepKey) => stepStore.recordRun(lease, runOf({ stepKey }))],
];

export function describeStepStore(get: () => StoresUnderTest): void {
  describe('StepStore', () => {
    it('finds what was put, for the same user only', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      const step = stepOf([newDigest(), newDigest()]);
      expect(await stores.stepStore.find(lease.userId, step.stepKey)).toBeUndefined();
      const stored = await stores.stepStore.putIfAbsent(lease, step);
      expect(stored).toMatchObject(step);
      expect(stored.createdAt).toBeInstanceOf(Date);
      expect(await stores.stepStore.find(lease.userId, step.stepKey)).toEqual(stored);
      expect(await stores.stepStore.find(newUser(), step.stepKey)).toBeUndefined();
    });

    it.each([null, 'text', 3.25, [], {}])('keeps the result %j as it is', async (result) => {
      const stores = get();
      const lease = await createClaimed(stores);
      const step = { ...stepOf(), result };
      await stores.stepStore.putIfAbsent(lease, step);
      expect((await stores.stepStore.find(lease.userId, step.stepKey))?.result).toEqual(result);
    });

    it('lets the first of twenty writers win, and all see its result', async () => {
      const stores = get();
      const userId = newUser();
      const leases = await Promise.all(Array.from({ length: 20 }, () => createClaimed(stores, { userId })));
      const stepKey = newDigest();
      const stored = await Promise.all(
        leases.map((lease, n) =>
          stores.stepStore.putIfAbsent(lease, { stepKey, step: 'plan', result: n, blobs: [newDigest()] }),
        ),
      );
      expect(new Set(stored.map(({ result }) => result)).size).toBe(1);
      expect(await stores.stepStore.find(userId, stepKey)).toEqual(stored[0]);
    });

    it('lets steps that name the same blobs be put at the same time', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      const blobs = Array.from({ length: 10 }, newDigest);
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          stores.stepStore.putIfAbsent(lease, stepOf(n % 2 === 0 ? blobs : blobs.toReversed())),
        ),
      );
    });

    it('forgets a result so that another can be put', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      const step = stepOf([newDigest()]);
      await stores.stepStore.putIfAbsent(lease, step);
      await stores.stepStore.forget(lease, step.stepKey);
      expect(await stores.stepStore.find(lease.userId, step.stepKey)).toBeUndefined();
      await stores.stepStore.forget(lease, step.stepKey);
      const again = await stores.stepStore.putIfAbsent(lease, { ...step, result: 'other' });
      expect(again.result).toBe('other');
    });

    it('keeps one run per step id, in order of time, for the same user only', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      const plan = runOf({ at: new Date(1_000) });
      const narrate = runOf({
        stepId: 'narrate:s01',
        step: 'narrate',
        at: new Date(3_000),
        outcome: 'failed',
      });
      const late = runOf({ stepId: 'mix', step: 'mix', at: new Date(2_000), outcome: 'reused' });
      for (const run of [plan, narrate, late]) await stores.stepStore.recordRun(lease, run);
      const replaced = {
        ...plan,
        at: new Date(4_000),
        changed: ['input.pace'],
        reason: 'input_changed' as const,
      };
      await stores.stepStore.recordRun(lease, replaced);
      expect(await stores.stepStore.runs(lease.userId, lease.jobId)).toEqual([late, narrate, replaced]);
      expect(await stores.stepStore.runs(newUser(), lease.jobId)).toEqual([]);
    });

    describe.each(writes)('%s', (_name, write) => {
      const withStep = async (lease: Lease) => {
        const step = stepOf([newDigest()]);
        await get().stepStore.putIfAbsent(lease, step);
        return step.stepKey;
      };

      it('by a zombie throws lease_lost and changes nothing', async () => {
        const stores = get();
        const { zombie, owner } = await createZombie(stores);
        const stepKey = await withStep(owner);
        const before = await stores.dump(zombie);
        await expect(write(stores, zombie, stepKey)).rejects.toMatchObject({ code: 'lease_lost' });
        expect(await stores.dump(zombie)).toEqual(before);
        await write(stores, owner, stepKey);
      });

      it('after the user canceled or removed throws job_canceled and changes nothing', async () => {
        const stores = get();
        for (const end of ['cancel', 'remove'] as const) {
          const lease = await createClaimed(stores);
          const stepKey = await withStep(lease);
          await stores.jobStore[end](lease.userId, lease.jobId);
          const before = await stores.dump(lease);
          await expect(write(stores, lease, stepKey)).rejects.toMatchObject({ code: 'job_canceled' });
          expect(await stores.dump(lease)).toEqual(before);
        }
      });
    });

    it('gives the median of the last 50 runs that ran', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      const step = `step-${newDigest()}`;
      const noteRuns = (durations: number[], outcome: StepRun['outcome'], from: number) =>
        Promise.all(
          durations.map((durationMs, n) =>
            stores.stepStore.recordRun(
              lease,
              runOf({
                stepId: `${step}:${from + n}`,
                step,
                durationMs,
                outcome,
                at: new Date((from + n) * 1_000),
              }),
            ),
          ),
        );
      await noteRuns(Array(10).fill(9_000), 'ran', 0);
      await noteRuns(
        Array.from({ length: 50 }, (_, n) => 100 + n),
        'ran',
        10,
      );
      await noteRuns(Array(30).fill(0), 'reused', 60);
      await noteRuns(Array(30).fill(1), 'failed', 90);
      expect((await stores.stepStore.medianDurations())[step]).toBe(124.5);
    });

    describe('garbage collection', () => {
      /** What one collection removed of this user. */
      async function collect(userId: string, ms = graceMs): Promise<string[]> {
        const removed: string[] = [];
        await get().stepStore.collectGarbage(ms, async (owner, digest) => {
          if (owner === userId) removed.push(digest);
        });
        return removed.sort();
      }

      async function finishedJob(blobs: string[], file?: string, userId = newUser()) {
        const stores = get();
        const lease = await createClaimed(stores, { userId });
        for (const digest of file === undefined ? blobs : [...blobs, file]) {
          await stores.stepStore.touchBlob(lease.userId, digest);
        }
        const step = stepOf(blobs);
        await stores.stepStore.putIfAbsent(lease, step);
        await stores.stepStore.recordRun(lease, runOf({ stepKey: step.stepKey }));
        const files =
          file === undefined ? {} : { 'video.mp4': { digest: file, bytes: 1, media_type: 'video/mp4' } };
        await stores.leases.complete(lease, resultWith(files));
        return { ...lease, stepKey: step.stepKey };
      }

      it('forgets unused results and removes their blobs after the grace period, but no file of a job', async () => {
        const stores = get();
        const [blob, file] = [newDigest(), newDigest()];
        const { userId, jobId, stepKey } = await finishedJob([blob], file);
        await stores.letTimePass(graceMs / 2);
        expect(await collect(userId)).toEqual([]);
        await stores.letTimePass(graceMs / 2 + 1);
        expect(await collect(userId)).toEqual([blob]);
        expect(await stores.stepStore.find(userId, stepKey)).toBeUndefined();
        await stores.letTimePass(10 * graceMs);
        expect(await collect(userId)).toEqual([]);
        await stores.jobStore.remove(userId, jobId);
        await stores.letTimePass(graceMs);
        expect(await collect(userId)).toEqual([file]);
        expect(await collect(userId)).toEqual([]);
      });

      it.each([
        'find',
        'putIfAbsent',
        'recordRun',
      ] as const)('keeps a result that %s used again', async (use) => {
        const stores = get();
        const blob = newDigest();
        const { userId, stepKey } = await finishedJob([blob]);
        await stores.letTimePass(graceMs + 1);
        const lease = await createClaimed(stores, { userId });
        if (use === 'find') await stores.stepStore.find(userId, stepKey);
        if (use === 'putIfAbsent') await stores.stepStore.putIfAbsent(lease, stepOf([blob], stepKey));
        if (use === 'recordRun') await stores.stepStore.recordRun(lease, runOf({ stepKey }));
        await stores.jobStore.cancel(userId, lease.jobId);
        await stores.letTimePass(graceMs / 2);
        expect(await collect(userId)).toEqual([]);
        await stores.letTimePass(graceMs / 2 + 1);
        expect(await collect(userId)).toEqual([blob]);
      });

      it.each([
        'pending',
        'processing',
        'awaiting_approval',
      ] as const)('keeps what a job that is %s has made, however old', async (status) => {
        const stores = get();
        const lease = await createClaimed(stores);
        const blob = newDigest();
        const step = stepOf([blob]);
        await stores.stepStore.putIfAbsent(lease, step);
        await stores.stepStore.recordRun(lease, runOf({ stepKey: step.stepKey }));
        if (status === 'pending') await stores.leases.release(lease);
        if (status === 'awaiting_approval') await stores.leases.awaitApproval(lease);
        await stores.letTimePass(10 * graceMs);
        expect(await collect(lease.userId)).toEqual([]);
        await stores.jobStore.cancel(lease.userId, lease.jobId);
        expect(await collect(lease.userId)).toEqual([blob]);
      });

      it('keeps a blob that was touched, until the grace period is over', async () => {
        const stores = get();
        const [userId, digest] = [newUser(), newDigest()];
        await stores.stepStore.touchBlob(userId, digest);
        await stores.letTimePass(graceMs - 1_000);
        await stores.stepStore.touchBlob(userId, digest);
        await stores.letTimePass(graceMs - 1_000);
        expect(await collect(userId)).toEqual([]);
        await stores.letTimePass(1_001);
        expect(await collect(userId)).toEqual([digest]);
      });

      it('keeps a blob that another result or file still names', async () => {
        const stores = get();
        const [shared, own] = [newDigest(), newDigest()];
        const userId = newUser();
        await finishedJob([shared, own], undefined, userId);
        await stores.letTimePass(graceMs + 1);
        const other = await finishedJob([shared], undefined, userId);
        expect(await collect(userId)).toEqual([own]);
        await stores.letTimePass(graceMs + 1);
        const keeper = await finishedJob([], shared, userId);
        expect(await collect(userId)).toEqual([]);
        expect(await stores.stepStore.find(userId, other.stepKey)).toBeUndefined();
        await stores.jobStore.remove(userId, keeper.jobId);
        await stores.letTimePass(graceMs + 1);
        expect(await collect(userId)).toEqual([shared]);
      });

      it("keeps a job's file when the step that made it is forgotten", async () => {
        const stores = get();
        const [file, part] = [newDigest(), newDigest()];
        const { userId, jobId, stepKey } = await finishedJob([file, part], file);
        await stores.letTimePass(graceMs + 1);
        expect(await collect(userId)).toEqual([part]);
        expect(await stores.stepStore.find(userId, stepKey)).toBeUndefined();
        await stores.jobStore.remove(userId, jobId);
        await stores.letTimePass(graceMs);
        expect(await collect(userId)).toEqual([file]);
      });

      it('keeps the same bytes of another user', async () => {
        const stores = get();
        const blob = newDigest();
        const old = await finishedJob([blob]);
        await stores.letTimePass(graceMs + 1);
        const fresh = await finishedJob([blob]);
        const removed: string[] = [];
        await stores.stepStore.collectGarbage(graceMs, async (userId, digest) => {
          if (digest === blob) removed.push(userId);
        });
        expect(removed).toEqual([old.userId]);
        expect(await stores.stepStore.find(fresh.userId, fresh.stepKey)).toBeDefined();
      });

      it('removes what only a removed job had made, long before the grace period is over', async () => {
        const stores = get();
        const userId = newUser();
        const [blob, file, shared] = [newDigest(), newDigest(), newDigest()];
        const job = await finishedJob([blob, shared], file, userId);
        await finishedJob([shared], undefined, userId);
        await stores.jobStore.remove(userId, job.jobId);
        await stores.letTimePass(graceMs / 2);
        expect(await collect(userId)).toEqual([blob, file].sort());
        expect(await stores.stepStore.find(userId, job.stepKey)).toBeUndefined();
      });

      it('keeps what a removed job had made when another has taken it up', async () => {
        const stores = get();
        const userId = newUser();
        const blob = newDigest();
        const job = await finishedJob([blob], undefined, userId);
        await stores.jobStore.remove(userId, job.jobId);
        await stores.stepStore.find(userId, job.stepKey);
        await stores.letTimePass(graceMs / 2);
        expect(await collect(userId)).toEqual([]);
      });

      it('collects in batches, once each, when several instances collect at the same time', async () => {
        const stores = get();
        const userId = newUser();
        const blobs = Array.from({ length: 70 }, newDigest);
        await finishedJob(blobs, undefined, userId);
        await stores.letTimePass(graceMs + 1);
        const removed = await Promise.all(Array.from({ length: 3 }, () => collect(userId)));
        // An instance may end before another's locks are gone; what is left then goes with the next collection.
        expect([...removed.flat(), ...(await collect(userId))].sort()).toEqual(blobs.sort());
      });

      it('counts what it removed, and comes again for bytes that could not be removed', async () => {
        const stores = get();
        const blob = newDigest();
        const { userId } = await finishedJob([blob]);
        await stores.letTimePass(graceMs + 1);
        const away = async () => Promise.reject(new Error('away'));
        await expect(stores.stepStore.collectGarbage(graceMs, away)).rejects.toThrow('away');
        expect(await collect(userId)).toEqual([blob]);
        expect(await stores.stepStore.collectGarbage(graceMs, away)).toEqual({ steps: 0, blobs: 0 });
      });

      it('stops between two batches when it is told to, and goes on the next time', async () => {
        const stores = get();
        const blobs = Array.from({ length: 50 }, newDigest);
        const { userId } = await finishedJob(blobs);
        await stores.letTimePass(graceMs + 1);
        const stopping = new AbortController();
        const gone: string[] = [];
        await stores.stepStore.collectGarbage(
          graceMs,
          async (_, digest) => {
            stopping.abort();
            gone.push(digest);
          },
          stopping.signal,
        );
        expect(gone.length).toBeGreaterThan(0);
        expect(gone.length).toBeLessThan(blobs.length);
        expect([...gone, ...(await collect(userId))].sort()).toEqual(blobs.sort());
      });

      it('makes whoever touches a blob that is being removed wait until it is gone', async () => {
        const stores = get();
        const [userId, digest] = [newUser(), newDigest()];
        await stores.stepStore.touchBlob(userId, digest);
        await stores.letTimePass(graceMs + 1);
        const order: string[] = [];
        let touched: Promise<unknown> | undefined;
        await stores.stepStore.collectGarbage(graceMs, async (_, removing) => {
          if (removing !== digest) return;
          touched = stores.stepStore.touchBlob(userId, digest).then(() => order.push('touched'));
          // Time for a touch that does not wait to come first: another statement goes to the database and back.
          await stores.jobStore.ping();
          await stores.jobStore.countByStatus();
          order.push('removed');
        });
        await touched;
        expect(order).toEqual(['removed', 'touched']);
        await stores.letTimePass(graceMs / 2);
        expect(await collect(userId)).toEqual([]);
      });

      it('never takes a blob from a result that is put while it runs', async () => {
        const stores = get();
        const lease = await createClaimed(stores);
        for (let round = 0; round < 20; round += 1) {
          const digest = newDigest();
          await stores.stepStore.touchBlob(lease.userId, digest);
          await stores.letTimePass(graceMs + 1);
          await stores.leases.heartbeat(lease, leaseMs);
          const bytes = new Set([digest]);
          const put = async () => {
            await stores.stepStore.touchBlob(lease.userId, digest);
            // The engine's order: touched first, then looked for; what is gone is made again.
            if (!bytes.has(digest)) return false;
            await stores.stepStore.putIfAbsent(lease, stepOf([digest]));
            return true;
          };
          const [stored] = await Promise.all([
            put(),
            stores.stepStore.collectGarbage(graceMs, async (_, removing) => void bytes.delete(removing)),
          ]);
          if (stored) expect(bytes.has(digest)).toBe(true);
        }
      });
    });

    it("keeps a new attempt's runs beside those of the one before", async () => {
      const stores = get();
      const job = await createJob(stores);
      const first = await claim(stores, job);
      await stores.stepStore.recordRun(first.lease, runOf());
      await stores.letTimePass(leaseMs + 1);
      const second = await claim(stores, job);
      await stores.stepStore.recordRun(second.lease, runOf({ stepId: 'mix', at: new Date() }));
      const runs = await stores.stepStore.runs(job.userId, job.jobId);
      expect(runs.map(({ stepId }) => stepId)).toEqual(['plan', 'mix']);
    });
  });
}
