// What every JobEvents must do: a rising, bounded history, and a wake-up for whoever waits.
import { describe, expect, it } from 'vitest';

import {
  claim,
  createClaimed,
  createJob,
  leaseMs,
  newUser,
  resultWith,
  type StoresUnderTest,
} from './stores-under-test.ts';

export function describeJobEvents(get: () => StoresUnderTest): void {
  /** Subscribes and resolves `woken` at the next call. */
  function waitFor(jobId: string) {
    const { promise: woken, resolve } = Promise.withResolvers<void>();
    return { woken, end: get().jobEvents.subscribe(jobId, resolve) };
  }

  /** Resolves when everything committed so far has been told: notifications come in the order of commits. */
  async function caughtUp(): Promise<void> {
    // The first may be woken because listening began, which says nothing of what is still on its way.
    for (let round = 1; round <= 2; round += 1) {
      const job = await createJob(get());
      const { woken, end } = waitFor(job.jobId);
      await get().jobStore.cancel(job.userId, job.jobId);
      await woken;
      end();
    }
  }

  describe('JobEvents', () => {
    it('reads the history after an event, oldest first, up to a limit', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      await stores.leases.setProgress(lease, { stage: 'plan', progress: 0.1 });
      await stores.leases.complete(lease, resultWith());
      const read = (after: number, limit: number) =>
        stores.jobEvents.read(lease.userId, lease.jobId, after, limit);
      const all = await read(0, 100);
      expect(all.map(({ eventId, type, data }) => [eventId, type, data.status])).toEqual([
        [1, 'state', 'pending'],
        [2, 'state', 'processing'],
        [3, 'stage', 'processing'],
        [4, 'state', 'completed'],
      ]);
      expect(all.every(({ at }) => at instanceof Date)).toBe(true);
      expect(await read(1, 2)).toEqual(all.slice(1, 3));
      expect(await read(4, 100)).toEqual([]);
      expect(await read(2 ** 40, 100)).toEqual([]);
      expect(await stores.jobEvents.read(newUser(), lease.jobId, 0, 100)).toEqual([]);
    });

    it('keeps a bounded number, always the newest, and never uses an id again', async () => {
      const stores = get();
      const job = await createJob(stores, { maxRetries: 10 });
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const { lease } = await claim(stores, job);
        for (let percent = 2; percent <= 100; percent += 1) {
          await stores.leases.setProgress(lease, { stage: 'render', progress: percent / 100 });
        }
        await stores.letTimePass(leaseMs + 1);
      }
      const events = await stores.jobEvents.read(job.userId, job.jobId, 0, 1_000);
      expect(events.length).toBeGreaterThanOrEqual(100);
      expect(events.length).toBeLessThanOrEqual(300);
      const ids = events.map(({ eventId }) => eventId);
      expect(ids).toEqual(ids.map((_, n) => ids[0]! + n));
      expect(events.at(-1)).toMatchObject({ eventId: 5 * 100 + 1, data: { progress: 1 } });
    });

    it('wakes the subscribers of a job after a change was committed, and no others', async () => {
      const stores = get();
      const [job, other] = [await createJob(stores), await createJob(stores)];
      await caughtUp();
      let othersCalls = 0;
      const endOther = stores.jobEvents.subscribe(other.jobId, () => {
        othersCalls += 1;
      });
      const [one, two] = [waitFor(job.jobId), waitFor(job.jobId)];
      await stores.jobStore.cancel(job.userId, job.jobId);
      await Promise.all([one.woken, two.woken]);
      const [, canceled] = await stores.jobEvents.read(job.userId, job.jobId, 0, 10);
      expect(canceled).toMatchObject({ data: { status: 'canceled' } });
      expect(othersCalls).toBe(0);
      for (const end of [one.end, two.end, endOther]) end();
    });

    it('tells subscribers of the removal of a job', async () => {
      const stores = get();
      const job = await createJob(stores);
      await caughtUp();
      const settled = waitFor(job.jobId);
      await stores.jobStore.remove(job.userId, job.jobId);
      await settled.woken;
      settled.end();
    });

    it('calls nobody whose subscription has ended', async () => {
      const stores = get();
      const job = await createJob(stores);
      await caughtUp();
      let calls = 0;
      const count = () => {
        calls += 1;
      };
      const endOne = stores.jobEvents.subscribe(job.jobId, count);
      const endTwo = stores.jobEvents.subscribe(job.jobId, count);
      endOne();
      endOne();
      const first = waitFor(job.jobId);
      const { lease } = await claim(stores, job);
      await first.woken;
      first.end();
      expect(calls).toBe(1);
      endTwo();
      const second = waitFor(job.jobId);
      await stores.leases.complete(lease, resultWith());
      await second.woken;
      second.end();
      expect(calls).toBe(1);
    });

    it('wakes subscribers when the connection came back, and goes on', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      await caughtUp();
      const again = waitFor(lease.jobId);
      await stores.breakSubscriptions();
      await again.woken;
      again.end();
      const next = waitFor(lease.jobId);
      await stores.leases.complete(lease, resultWith());
      await next.woken;
      next.end();
    });
  });
}
