// What every DeadLetters must do: nothing that failed for good is lost, and each is redriven once.
import { describe, expect, it } from 'vitest';

import {
  claim,
  createClaimed,
  createJob,
  getJob,
  jobsIn,
  leaseMs,
  problem,
  type StoresUnderTest,
} from './stores-under-test.ts';

export function describeDeadLetters(get: () => StoresUnderTest): void {
  describe('DeadLetters', () => {
    const letterOf = async (jobId: string) =>
      (await get().deadLetters.list(1_000)).find((letter) => letter.jobId === jobId);

    it('lists the newest first and redriven ones last', async () => {
      const stores = get();
      const jobs = [await jobsIn.failed(stores), await jobsIn.failed(stores), await jobsIn.failed(stores)];
      const open = await stores.deadLetters.count();
      expect((await stores.deadLetters.list(3)).map(({ jobId }) => jobId)).toEqual(
        jobs.toReversed().map(({ jobId }) => jobId),
      );
      const newest = (await stores.deadLetters.list(1))[0]!;
      expect(newest).toMatchObject({
        jobId: jobs[2]!.jobId,
        userId: jobs[2]!.userId,
        error: problem,
        attempts: 1,
        redrivenAt: null,
      });
      await stores.deadLetters.redrive(newest.deadLetterId);
      expect(await stores.deadLetters.count()).toBe(open - 1);
      const all = await stores.deadLetters.list(1_000);
      const redriven = all.findIndex(({ deadLetterId }) => deadLetterId === newest.deadLetterId);
      expect(all[redriven]!.redrivenAt).toBeInstanceOf(Date);
      expect(all.slice(0, redriven).filter(({ redrivenAt }) => redrivenAt === null)).toHaveLength(open - 1);
      expect(all.slice(redriven).filter(({ redrivenAt }) => redrivenAt === null)).toEqual([]);
    });

    it('redrives: the job is pending with fresh attempts, and sent', async () => {
      const stores = get();
      const failed = await jobsIn.failed(stores);
      const { deadLetterId } = (await letterOf(failed.jobId))!;
      stores.queue.sent.length = 0;
      await stores.deadLetters.redrive(deadLetterId);
      expect(stores.queue.sent).toEqual([{ jobId: failed.jobId, delayMs: 0 }]);
      expect(await getJob(stores, failed)).toMatchObject({ status: 'pending', error: null, retryCount: 0 });
      expect((await claim(stores, failed)).job.retryCount).toBe(0);
      await expect(stores.deadLetters.redrive(deadLetterId)).rejects.toMatchObject({
        code: 'state_conflict',
      });
    });

    it('leaves a new letter when the redriven job fails again, and the old one stays settled', async () => {
      const stores = get();
      const failed = await jobsIn.failed(stores);
      const first = (await letterOf(failed.jobId))!;
      await stores.deadLetters.redrive(first.deadLetterId);
      const { lease } = await claim(stores, failed);
      await stores.leases.fail(lease, { error: problem, degradations: [], deadLetter: true });
      await expect(stores.deadLetters.redrive(first.deadLetterId)).rejects.toMatchObject({
        code: 'state_conflict',
      });
      const second = (await letterOf(failed.jobId))!;
      expect(second.deadLetterId).not.toBe(first.deadLetterId);
      await stores.deadLetters.redrive(second.deadLetterId);
      expect((await getJob(stores, failed)).status).toBe('pending');
    });

    it('redrives once when ten operators do at the same time', async () => {
      const stores = get();
      const failed = await jobsIn.failed(stores);
      const { deadLetterId } = (await letterOf(failed.jobId))!;
      stores.queue.sent.length = 0;
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, () => stores.deadLetters.redrive(deadLetterId)),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(stores.queue.sent).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'state_conflict' });
      }
    });

    it('changes nothing when the job cannot be sent', async () => {
      const stores = get();
      const failed = await jobsIn.failed(stores);
      const letter = (await letterOf(failed.jobId))!;
      const before = await stores.dump(failed);
      stores.queue.fault = new Error('away');
      try {
        await expect(stores.deadLetters.redrive(letter.deadLetterId)).rejects.toThrow('away');
      } finally {
        stores.queue.fault = undefined;
      }
      expect(await stores.dump(failed)).toEqual(before);
    });

    it("counts a letter as settled when the job's user retries by hand", async () => {
      const stores = get();
      const failed = await jobsIn.failed(stores);
      const open = await stores.deadLetters.count();
      await stores.jobStore.retry(failed.userId, failed.jobId);
      expect(await stores.deadLetters.count()).toBe(open - 1);
      const letter = (await letterOf(failed.jobId))!;
      expect(letter.redrivenAt).toBeInstanceOf(Date);
      await expect(stores.deadLetters.redrive(letter.deadLetterId)).rejects.toMatchObject({
        code: 'state_conflict',
      });
    });

    it('loses the letters of a removed job', async () => {
      const stores = get();
      const failed = await jobsIn.failed(stores);
      const letter = (await letterOf(failed.jobId))!;
      await stores.jobStore.remove(failed.userId, failed.jobId);
      expect(await letterOf(failed.jobId)).toBeUndefined();
      await expect(stores.deadLetters.redrive(letter.deadLetterId)).rejects.toMatchObject({
        code: 'not_found',
      });
    });

    it('dismisses: nobody is waited for any more, and the job stays as it is', async () => {
      const stores = get();
      const failed = await jobsIn.failed(stores);
      const { deadLetterId } = (await letterOf(failed.jobId))!;
      const open = await stores.deadLetters.count();
      await stores.deadLetters.dismiss(deadLetterId);
      expect(await stores.deadLetters.count()).toBe(open - 1);
      expect(await letterOf(failed.jobId)).toBeUndefined();
      expect(await getJob(stores, failed)).toMatchObject({ status: 'failed', error: problem });
      for (const again of [stores.deadLetters.dismiss, stores.deadLetters.redrive])
        await expect(again(deadLetterId)).rejects.toMatchObject({ code: 'not_found' });
      await stores.jobStore.retry(failed.userId, failed.jobId);
      expect((await getJob(stores, failed)).status).toBe('pending');
    });

    describe('bury', () => {
      const given = (sentAt = new Date()) => ({ error: problem, sentAt });

      it('fails a job that waits, or whose worker has died, with a letter that can be redriven', async () => {
        const stores = get();
        const waiting = await createJob(stores);
        const lease = await createClaimed(stores);
        await stores.letTimePass(leaseMs + 1);
        for (const job of [waiting, lease]) {
          expect(await stores.deadLetters.bury(job.jobId, given())).toBe(true);
          expect(await getJob(stores, job)).toMatchObject({ status: 'failed', error: problem });
          await stores.deadLetters.redrive((await letterOf(job.jobId))!.deadLetterId);
          expect((await getJob(stores, job)).status).toBe('pending');
        }
        await expect(stores.leases.heartbeat(lease, leaseMs)).rejects.toMatchObject({ code: 'lease_lost' });
      });

      it('leaves a job alone that has ended, is worked on, or waits for its user', async () => {
        const stores = get();
        const jobs = [
          await jobsIn.processing(stores),
          await jobsIn.awaiting_approval(stores),
          await jobsIn.completed(stores),
          await jobsIn.failed(stores),
          await jobsIn.canceled(stores),
        ];
        for (const job of jobs) {
          const before = await stores.dump(job);
          expect(await stores.deadLetters.bury(job.jobId, given())).toBe(false);
          expect(await stores.dump(job)).toEqual(before);
        }
      });

      it('leaves a job alone that became due only after the message was sent', async () => {
        const stores = get();
        const sentAt = new Date(Date.now() - 60_000);
        const redriven = await jobsIn.failed(stores);
        await stores.deadLetters.redrive((await letterOf(redriven.jobId))!.deadLetterId);
        expect(await stores.deadLetters.bury(redriven.jobId, given(sentAt))).toBe(false);
        const later = await createClaimed(stores);
        await stores.leases.retryLater(later, { error: problem, delayMs: 60_000 });
        expect(await stores.deadLetters.bury(later.jobId, given())).toBe(false);
        expect((await getJob(stores, later)).status).toBe('pending');
      });

      it.each(['', 'no-uuid', '00000000-0000-7000-8000-000000000000'])('knows no job %j', async (id) => {
        expect(await get().deadLetters.bury(id, given())).toBe(false);
      });
    });

    it.each(['', 'no-uuid', '00000000-0000-7000-8000-000000000000'])('has no letter %j', async (id) => {
      for (const ask of [get().deadLetters.redrive, get().deadLetters.dismiss])
        await expect(ask(id)).rejects.toMatchObject({ code: 'not_found' });
    });
  });
}
