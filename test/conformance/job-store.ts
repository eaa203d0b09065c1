// What every JobStore must do. Called by each adapter's test with a way to get at its stores.
import { describe, expect, it } from 'vitest';

import { AppError } from '../../src/domain/errors.ts';
import { type JobStatus, jobStatuses, mayMove } from '../../src/domain/job.ts';
import { requestOf } from '../support/requests.ts';
import { runOf } from '../support/step-runs.ts';
import {
  claim,
  createClaimed,
  createJob,
  getJob,
  jobsIn,
  newDigest,
  newUser,
  resultWith,
  revisionOf,
  type StoresUnderTest,
} from './stores-under-test.ts';

export function describeJobStore(get: () => StoresUnderTest): void {
  describe('JobStore', () => {
    const newJob = (userId: string, idempotency?: { key: string; bodyDigest: string }) => ({
      userId,
      request: requestOf(),
      maxRetries: 2,
      estimatedMicroUsd: 7,
      ...(idempotency && { idempotency }),
    });

    it('creates a pending job, sends it once and writes its first event', async () => {
      const { jobStore, queue, jobEvents } = get();
      const userId = newUser();
      const { job, created } = await jobStore.create(newJob(userId));
      expect(created).toBe(true);
      expect(job).toMatchObject({
        userId,
        status: 'pending',
        stage: null,
        progress: 0,
        request: requestOf(),
        startedAt: null,
        completedAt: null,
        retryCount: 0,
        maxRetries: 2,
        error: null,
        degradations: [],
        cost: { estimated_micro_usd: 7, actual_micro_usd: 0, by_provider: {} },
        report: null,
        files: {},
      });
      expect(job.jobId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
      expect(Math.abs(job.createdAt.getTime() - Date.now())).toBeLessThan(60_000);
      expect(await jobStore.find(userId, job.jobId)).toEqual(job);
      expect(queue.sent.filter(({ jobId }) => jobId === job.jobId)).toEqual([
        { jobId: job.jobId, delayMs: 0 },
      ]);
      expect(await jobEvents.read(userId, job.jobId, 0, 10)).toMatchObject([
        { eventId: 1, type: 'state', data: { status: 'pending', stage: null, progress: 0 } },
      ]);
    });

    it('stores nothing when the job cannot be sent', async () => {
      const { jobStore, queue } = get();
      const userId = newUser();
      queue.fault = new AppError('storage_unavailable', 'The queue is away.');
      try {
        const attempt = jobStore.create(newJob(userId, { key: 'k', bodyDigest: 'd' }));
        await expect(attempt).rejects.toMatchObject({ code: 'storage_unavailable' });
      } finally {
        queue.fault = undefined;
      }
      expect((await jobStore.list(userId, { limit: 10 })).jobs).toEqual([]);
      expect((await jobStore.create(newJob(userId, { key: 'k', bodyDigest: 'other' }))).created).toBe(true);
    });

    it.each(['\u0000', '\ud800'])('refuses text that cannot be stored: %j', async (character) => {
      const userId = newUser();
      const job = { ...newJob(userId), request: requestOf({ script: `A${character}B` }) };
      await expect(get().jobStore.create(job)).rejects.toMatchObject({ code: 'request_invalid' });
    });

    describe('with an idempotency key', () => {
      it('gives the first job for the same body and refuses another body', async () => {
        const { jobStore, queue } = get();
        const userId = newUser();
        const first = await jobStore.create(newJob(userId, { key: 'k', bodyDigest: 'd' }));
        const again = await jobStore.create(newJob(userId, { key: 'k', bodyDigest: 'd' }));
        expect(again).toEqual({ job: first.job, created: false });
        expect(queue.sent.filter(({ jobId }) => jobId === first.job.jobId)).toHaveLength(1);
        await expect(jobStore.create(newJob(userId, { key: 'k', bodyDigest: 'e' }))).rejects.toMatchObject({
          code: 'idempotency_conflict',
        });
        expect((await jobStore.list(userId, { limit: 10 })).jobs).toHaveLength(1);
      });

      it('makes one job of ten creates at the same time', async () => {
        const { jobStore } = get();
        const userId = newUser();
        const made = await Promise.all(
          Array.from({ length: 10 }, () => jobStore.create(newJob(userId, { key: 'k', bodyDigest: 'd' }))),
        );
        expect(made.filter(({ created }) => created)).toHaveLength(1);
        expect(new Set(made.map(({ job }) => job.jobId)).size).toBe(1);
        expect((await jobStore.list(userId, { limit: 10 })).jobs).toHaveLength(1);
      });

      it('keeps the keys of users apart', async () => {
        const { jobStore } = get();
        const [one, other] = [newUser(), newUser()];
        await jobStore.create(newJob(one, { key: 'k', bodyDigest: 'd' }));
        expect((await jobStore.create(newJob(other, { key: 'k', bodyDigest: 'e' }))).created).toBe(true);
      });

      it('remembers a key for 24 hours', async () => {
        const stores = get();
        const userId = newUser();
        const key = { key: 'k', bodyDigest: 'd' };
        const { job } = await stores.jobStore.create(newJob(userId, key));
        await stores.letTimePass(23.9 * 3_600_000);
        expect((await stores.jobStore.create(newJob(userId, key))).job.jobId).toBe(job.jobId);
        await stores.letTimePass(0.2 * 3_600_000);
        const renewed = await stores.jobStore.create(newJob(userId, key));
        expect(renewed.created).toBe(true);
        expect(renewed.job.jobId).not.toBe(job.jobId);
      });

      it('forgets the key with its job', async () => {
        const { jobStore } = get();
        const userId = newUser();
        const { job } = await jobStore.create(newJob(userId, { key: 'k', bodyDigest: 'd' }));
        await jobStore.remove(userId, job.jobId);
        expect((await jobStore.create(newJob(userId, { key: 'k', bodyDigest: 'e' }))).created).toBe(true);
      });
    });

    it("treats somebody else's job as absent", async () => {
      const { jobStore, jobEvents, stepStore } = get();
      const { jobId } = await createJob(get());
      const stranger = newUser();
      expect(await jobStore.find(stranger, jobId)).toBeUndefined();
      expect((await jobStore.list(stranger, { limit: 10 })).jobs).toEqual([]);
      expect(await jobEvents.read(stranger, jobId, 0, 10)).toEqual([]);
      expect(await stepStore.runs(stranger, jobId)).toEqual([]);
      for (const call of ['cancel', 'retry', 'approve', 'remove'] as const) {
        await expect(jobStore[call](stranger, jobId)).rejects.toMatchObject({ code: 'not_found' });
      }
      expect(await jobStore.findStoryboard(stranger, jobId)).toBeUndefined();
      await expect(jobStore.revise(stranger, jobId, revisionOf())).rejects.toMatchObject({
        code: 'not_found',
      });
    });

    it.each([
      '',
      'no-uuid',
      "'; DROP TABLE jobs; --",
      '00000000-0000-7000-8000-000000000000',
    ])('finds no job by the id %j', async (jobId) => {
      const { jobStore, jobEvents, stepStore } = get();
      const userId = newUser();
      expect(await jobStore.find(userId, jobId)).toBeUndefined();
      expect(await jobEvents.read(userId, jobId, 0, 10)).toEqual([]);
      expect(await stepStore.runs(userId, jobId)).toEqual([]);
      for (const call of ['cancel', 'retry', 'approve', 'remove'] as const) {
        await expect(jobStore[call](userId, jobId)).rejects.toMatchObject({ code: 'not_found' });
      }
      expect(await jobStore.findStoryboard(userId, jobId)).toBeUndefined();
      await expect(jobStore.revise(userId, jobId, revisionOf())).rejects.toMatchObject({ code: 'not_found' });
    });

    describe('list', () => {
      it('gives every job once, newest first, page by page, whatever is created meanwhile', async () => {
        const stores = get();
        const userId = newUser();
        const ids: string[] = [];
        for (let n = 0; n < 7; n += 1) ids.unshift((await createJob(stores, { userId })).jobId);
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await stores.jobStore.list(userId, { limit: 3, ...(cursor && { cursor }) });
          expect(page.jobs.length).toBeLessThanOrEqual(3);
          seen.push(...page.jobs.map(({ jobId }) => jobId));
          await createJob(stores, { userId });
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        expect(seen).toEqual(ids);
      });

      it('says that there is no further page when a page is just full', async () => {
        const stores = get();
        const userId = newUser();
        for (let n = 0; n < 2; n += 1) await createJob(stores, { userId });
        const page = await stores.jobStore.list(userId, { limit: 2 });
        expect(page.jobs).toHaveLength(2);
        expect(page).not.toHaveProperty('nextCursor');
      });

      it('keeps to one status, over pages too', async () => {
        const stores = get();
        const userId = newUser();
        const canceled: string[] = [];
        for (let n = 0; n < 3; n += 1) {
          await createJob(stores, { userId });
          const { jobId } = await createJob(stores, { userId });
          await stores.jobStore.cancel(userId, jobId);
          canceled.unshift(jobId);
        }
        const first = await stores.jobStore.list(userId, { status: 'canceled', limit: 2 });
        const second = await stores.jobStore.list(userId, {
          status: 'canceled',
          limit: 2,
          cursor: first.nextCursor!,
        });
        expect([...first.jobs, ...second.jobs].map(({ jobId }) => jobId)).toEqual(canceled);
        expect(second.nextCursor).toBeUndefined();
      });

      it('refuses cursors that it did not make', async () => {
        const stores = get();
        const userId = newUser();
        for (let n = 0; n < 2; n += 1) await createJob(stores, { userId });
        const { nextCursor } = await stores.jobStore.list(userId, { limit: 1 });
        const forged = Buffer.from(`x'; DROP TABLE jobs; --`).toString('base64url');
        for (const cursor of ['', 'x', forged, `${nextCursor}=`, nextCursor!.slice(1), `${nextCursor}A`]) {
          await expect(stores.jobStore.list(userId, { limit: 1, cursor })).rejects.toMatchObject({
            code: 'request_invalid',
          });
        }
      });
    });

    describe.each(jobStatuses)('on a job that is %s', (status: JobStatus) => {
      it.each(['cancel', 'retry', 'approve'] as const)('does or refuses to %s', async (call) => {
        const stores = get();
        const { userId, jobId } = await jobsIn[status](stores);
        stores.queue.sent.length = 0;
        const before = await stores.dump({ userId, jobId });
        if (mayMove(call, status)) {
          const job = await stores.jobStore[call](userId, jobId);
          expect(job.status).toBe(call === 'cancel' ? 'canceled' : 'pending');
          expect(await getJob(stores, job)).toEqual(job);
          const [last] = (await stores.jobEvents.read(userId, jobId, 0, 100)).slice(-1);
          expect(last).toMatchObject({ type: 'state', data: { status: job.status } });
          expect(stores.queue.sent).toEqual(call === 'cancel' ? [] : [{ jobId, delayMs: 0 }]);
          return;
        }
        if (call === 'cancel' && status === 'canceled') {
          expect((await stores.jobStore.cancel(userId, jobId)).status).toBe('canceled');
        } else {
          await expect(stores.jobStore[call](userId, jobId)).rejects.toMatchObject({
            code: 'state_conflict',
          });
        }
        expect(await stores.dump({ userId, jobId })).toEqual(before);
        expect(stores.queue.sent).toEqual([]);
      });

      it('takes an edited storyboard, or refuses it', async () => {
        const stores = get();
        const { userId, jobId } = await jobsIn[status](stores);
        stores.queue.sent.length = 0;
        const before = await stores.dump({ userId, jobId });
        const revising = stores.jobStore.revise(userId, jobId, revisionOf({ estimatedMicroUsd: 9 }));
        const isRedraft = mayMove('redraft', status);
        if (!isRedraft && !mayMove('revise', status)) {
          await expect(revising).rejects.toMatchObject({ code: 'state_conflict' });
          expect(await stores.dump({ userId, jobId })).toEqual(before);
          expect(stores.queue.sent).toEqual([]);
          return;
        }
        const job = await revising;
        expect(job).toMatchObject({
          status: isRedraft ? 'awaiting_approval' : 'pending',
          revision: 2,
          retryCount: 0,
          error: null,
          completedAt: null,
          cost: { estimated_micro_usd: 9, actual_micro_usd: 0 },
        });
        expect(await getJob(stores, job)).toEqual(job);
        const { storyboard } = revisionOf();
        expect(await stores.jobStore.findStoryboard(userId, jobId)).toEqual({
          job,
          storyboard,
          editDigest: 'edit',
        });
        const [last] = (await stores.jobEvents.read(userId, jobId, 0, 100)).slice(-1);
        expect(last).toMatchObject({ type: 'state', data: { status: job.status } });
        expect(stores.queue.sent).toEqual(isRedraft ? [] : [{ jobId, delayMs: 0 }]);
        if (!isRedraft) expect((await claim(stores, job)).storyboard).toEqual(storyboard);
      });

      it('removes it', async () => {
        const stores = get();
        const { userId, jobId } = await jobsIn[status](stores);
        await stores.jobStore.remove(userId, jobId);
        expect(await stores.jobStore.find(userId, jobId)).toBeUndefined();
        expect(await stores.jobEvents.read(userId, jobId, 0, 10)).toEqual([]);
        await expect(stores.jobStore.remove(userId, jobId)).rejects.toMatchObject({ code: 'not_found' });
      });
    });

    it('takes one of two edits of the same revision', async () => {
      const stores = get();
      const { userId, jobId } = await jobsIn.awaiting_approval(stores);
      const titles = ['One', 'Other'];
      const edits = await Promise.allSettled(
        titles.map((title) =>
          stores.jobStore.revise(
            userId,
            jobId,
            revisionOf({ storyboard: { title, language: 'en', scenes: [] } }),
          ),
        ),
      );
      expect(edits.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const won = titles[edits.findIndex(({ status }) => status === 'fulfilled')];
      expect(edits.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'storyboard_changed' },
      });
      const found = await stores.jobStore.findStoryboard(userId, jobId);
      expect(found).toMatchObject({ job: { revision: 2 }, storyboard: { title: won } });
    });

    it('keeps what a job has made until its new revision has made it anew, and no longer', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      const fileOf = (digest: string) => ({ digest, bytes: 3, media_type: 'video/mp4' });
      const [old, kept, made] = [newDigest(), newDigest(), newDigest()];
      await stores.stepStore.recordRun(lease, runOf({ stepId: 'narrate:s09' }));
      await stores.leases.complete(lease, resultWith({ 'video.mp4': fileOf(old), 'a.wav': fileOf(kept) }));
      const job = await stores.jobStore.revise(lease.userId, lease.jobId, revisionOf());
      expect(job.files['video.mp4']).toEqual(fileOf(old));
      const next = (await claim(stores, job)).lease;
      await stores.stepStore.recordRun(next, runOf({ stepId: 'plan' }));
      await stores.leases.complete(next, resultWith({ 'video.mp4': fileOf(made), 'a.wav': fileOf(kept) }));
      expect((await getJob(stores, next)).files).toEqual({
        'video.mp4': fileOf(made),
        'a.wav': fileOf(kept),
      });
      const { jobBlobs } = (await stores.dump(next)) as { jobBlobs: { digest: string }[] };
      expect(jobBlobs.map(({ digest }) => digest).sort()).toEqual([kept, made].sort());
      const runs = await stores.stepStore.runs(next.userId, next.jobId);
      expect(runs.map(({ stepId }) => stepId)).toEqual(['plan']);
    });

    it('starts a retried job from nothing but keeps its request', async () => {
      const stores = get();
      const { userId, jobId } = await jobsIn.failed(stores);
      const job = await stores.jobStore.retry(userId, jobId);
      expect(job).toMatchObject({
        stage: null,
        progress: 0,
        retryCount: 0,
        startedAt: null,
        completedAt: null,
        error: null,
        request: requestOf(),
      });
      expect((await claim(stores, job)).job.retryCount).toBe(0);
    });

    it('tells the worker of a removed job that it is canceled', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      await stores.jobStore.remove(lease.userId, lease.jobId);
      await expect(stores.leases.heartbeat(lease, 1_000)).rejects.toMatchObject({ code: 'job_canceled' });
    });

    it('lets either cancel or completion win, never both, in 100 races', async () => {
      const stores = get();
      const races = await Promise.all(
        Array.from({ length: 100 }, async () => {
          const lease = await createClaimed(stores);
          const [completed, canceled] = await Promise.allSettled([
            stores.leases.complete(lease, resultWith()),
            stores.jobStore.cancel(lease.userId, lease.jobId),
          ]);
          const { status, files, completedAt } = await getJob(stores, lease);
          const events = await stores.jobEvents.read(lease.userId, lease.jobId, 0, 10);
          return { completed, canceled, status, files, completedAt, ends: events.slice(2) };
        }),
      );
      for (const { completed, canceled, status, completedAt, ends } of races) {
        expect([completed.status, canceled.status].sort()).toEqual(['fulfilled', 'rejected']);
        expect(status).toBe(completed.status === 'fulfilled' ? 'completed' : 'canceled');
        expect(completedAt).not.toBeNull();
        expect(ends).toHaveLength(1);
        if (completed.status === 'rejected') expect(completed.reason).toMatchObject({ code: 'job_canceled' });
        if (canceled.status === 'rejected') expect(canceled.reason).toMatchObject({ code: 'state_conflict' });
      }
    });

    it('counts jobs by status', async () => {
      const stores = get();
      const before = await stores.jobStore.countByStatus();
      expect(Object.keys(before).sort()).toEqual([...jobStatuses].sort());
      for (const status of jobStatuses) await jobsIn[status](stores);
      await jobsIn.failed(stores);
      const after = await stores.jobStore.countByStatus();
      for (const status of jobStatuses) {
        expect(after[status] - before[status]).toBe(status === 'failed' ? 2 : 1);
      }
    });

    it('answers a ping', async () => {
      await get().jobStore.ping();
    });
  });
}
