// What every JobLeases must do: one owner at a time, and a void lease changes nothing.
import { describe, expect, it } from 'vitest';

import type { Lease } from '../../src/domain/job.ts';
import type { ClaimedJob } from '../../src/ports/job-leases.ts';
import {
  claim,
  createClaimed,
  createJob,
  createZombie,
  getJob,
  jobsIn,
  leaseMs,
  newDigest,
  problem,
  resultWith,
  type StoresUnderTest,
  tryClaim,
} from './stores-under-test.ts';

const failure = { error: problem, degradations: [], deadLetter: true };

/** Every write that a worker does to the job. */
const writes: [string, (stores: StoresUnderTest, lease: Lease) => Promise<unknown>][] = [
  ['heartbeat', ({ leases }, lease) => leases.heartbeat(lease, leaseMs)],
  ['setProgress', ({ leases }, lease) => leases.setProgress(lease, { stage: 'render', progress: 0.9 })],
  ['complete', ({ leases }, lease) => leases.complete(lease, resultWith())],
  ['fail', ({ leases }, lease) => leases.fail(lease, failure)],
  ['retryLater', ({ leases }, lease) => leases.retryLater(lease, { error: problem, delayMs: 0 })],
  ['release', ({ leases }, lease) => leases.release(lease)],
  ['awaitApproval', ({ leases }, lease) => leases.awaitApproval(lease)],
];

export function describeJobLeases(get: () => StoresUnderTest): void {
  describe('JobLeases', () => {
    const sendsOf = (jobId: string) => get().queue.sent.filter((sent) => sent.jobId === jobId);
    const lastEvent = async ({ userId, jobId }: Lease) =>
      (await get().jobEvents.read(userId, jobId, 0, 500)).at(-1);

    it('knows the jobs that there are, in whatever state, and no others', async () => {
      const stores = get();
      for (const enter of Object.values(jobsIn)) {
        expect(await stores.leases.isKnown((await enter(stores)).jobId)).toBe(true);
      }
      for (const id of ['', 'no-uuid', '00000000-0000-7000-8000-000000000000']) {
        expect(await stores.leases.isKnown(id)).toBe(false);
      }
    });

    describe('claimNext', () => {
      it('takes a pending job, once', async () => {
        const stores = get();
        const job = await createJob(stores);
        const { lease, job: claimed, approved } = await claim(stores, job);
        expect(lease).toEqual({ jobId: job.jobId, userId: job.userId, epoch: 1 });
        expect(claimed).toMatchObject({ status: 'processing', retryCount: 0, progress: 0 });
        expect(claimed.startedAt).toBeInstanceOf(Date);
        expect(approved).toBe(false);
        expect(await tryClaim(stores, job)).toBeUndefined();
      });

      it('tells of the trace in which the job was created, in each attempt', async () => {
        const stores = get();
        const traceParent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
        const job = await createJob(stores, { traceParent });
        const first = await claim(stores, job);
        expect(first.traceParent).toBe(traceParent);
        await stores.leases.release(first.lease);
        expect((await claim(stores, job)).traceParent).toBe(traceParent);
        expect((await claim(stores, await createJob(stores))).traceParent).toBeUndefined();
      });

      it.each(['retry', 'approve', 'redrive'] as const)('then tells of the trace of a %s', async (how) => {
        const stores = get();
        const traceOf = (span: string) => `00-0af7651916cd43dd8448eb211c80319c-${span.repeat(16)}-01`;
        const job = await createJob(stores, { traceParent: traceOf('1') });
        /** Brings it to where it waits to be asked for again. */
        const wait = async ({ lease }: ClaimedJob) =>
          how === 'approve' ? stores.leases.awaitApproval(lease) : stores.leases.fail(lease, failure);
        const ask = async (traceParent?: string) => {
          if (how !== 'redrive') return stores.jobStore[how](job.userId, job.jobId, { traceParent });
          const [letter] = await stores.deadLetters.list(1);
          return stores.deadLetters.redrive(letter!.deadLetterId, { traceParent });
        };
        await wait(await claim(stores, job));
        await ask(traceOf('2'));
        const second = await claim(stores, job);
        expect(second.traceParent).toBe(traceOf('2'));
        await wait(second);
        await ask();
        expect((await claim(stores, job)).traceParent, 'by a request without one').toBe(traceOf('2'));
      });

      it('gives the job to one of twenty workers', async () => {
        const stores = get();
        const { jobId } = await createJob(stores);
        const claims = await stores.alone(jobId, () =>
          Promise.all(
            Array.from({ length: 20 }, (_, n) => stores.leases.claimNext(jobId, `worker ${n}`, leaseMs)),
          ),
        );
        expect(claims.filter((claimed) => claimed !== undefined)).toHaveLength(1);
        expect((await getJob(stores, claims.find((claimed) => claimed)!.job)).retryCount).toBe(0);
      });

      it('gives a job whose lease ran out to one of twenty workers, as a new attempt', async () => {
        const stores = get();
        const first = await createClaimed(stores);
        await stores.leases.setProgress(first, { stage: 'mix', progress: 0.6 });
        await stores.letTimePass(leaseMs + 1);
        const claims = await stores.alone(first.jobId, () =>
          Promise.all(
            Array.from({ length: 20 }, () => stores.leases.claimNext(first.jobId, 'worker', leaseMs)),
          ),
        );
        const taken = claims.filter((claimed) => claimed !== undefined);
        expect(taken).toHaveLength(1);
        expect(taken[0]!.lease.epoch).toBe(first.epoch + 1);
        expect(taken[0]!.job).toMatchObject({ retryCount: 1, progress: 0, stage: null });
      });

      it('leaves a job alone while its lease is prolonged', async () => {
        const stores = get();
        const lease = await createClaimed(stores);
        for (let beat = 0; beat < 3; beat += 1) {
          await stores.letTimePass(leaseMs * 0.8);
          await stores.leases.heartbeat(lease, leaseMs);
          expect(await tryClaim(stores, lease)).toBeUndefined();
        }
      });

      it.each([
        'no-uuid',
        '',
        '00000000-0000-7000-8000-000000000000',
      ])('has nothing for %j', async (jobId) => {
        expect(await tryClaim(get(), { jobId })).toBeUndefined();
      });

      it('has nothing for jobs that have ended or wait for their user', async () => {
        const stores = get();
        const ends: ((lease: Lease) => Promise<unknown>)[] = [
          (lease) => stores.leases.complete(lease, resultWith()),
          (lease) => stores.leases.fail(lease, failure),
          (lease) => stores.leases.awaitApproval(lease),
          (lease) => stores.jobStore.cancel(lease.userId, lease.jobId),
          (lease) => stores.jobStore.remove(lease.userId, lease.jobId),
        ];
        for (const end of ends) {
          const lease = await createClaimed(stores);
          await end(lease);
          await stores.letTimePass(leaseMs * 10);
          expect(await tryClaim(stores, lease)).toBeUndefined();
        }
      });

      it('fails a job whose workers died in every attempt, with one dead letter', async () => {
        const stores = get();
        const job = await createJob(stores, { maxRetries: 2 });
        for (let attempt = 0; attempt <= 2; attempt += 1) {
          expect((await claim(stores, job)).job.retryCount).toBe(attempt);
          await stores.letTimePass(leaseMs + 1);
        }
        const lettersBefore = await stores.deadLetters.count();
        const claims = await stores.alone(job.jobId, () =>
          Promise.all(Array.from({ length: 5 }, () => stores.leases.claimNext(job.jobId, 'worker', leaseMs))),
        );
        expect(claims.every((claimed) => claimed === undefined)).toBe(true);
        const failed = await getJob(stores, job);
        expect(failed).toMatchObject({ status: 'failed', retryCount: 2, error: { code: 'internal' } });
        expect(failed.completedAt).toBeInstanceOf(Date);
        expect(await stores.deadLetters.count()).toBe(lettersBefore + 1);
        const [letter] = await stores.deadLetters.list(1);
        expect(letter).toMatchObject({ jobId: job.jobId, attempts: 3, error: failed.error });
      });
    });

    describe.each(writes)('%s', (_name, write) => {
      it('by a zombie throws lease_lost and changes nothing', async () => {
        const stores = get();
        const { zombie, owner } = await createZombie(stores);
        const before = await stores.dump(zombie);
        const sentBefore = stores.queue.sent.length;
        await expect(write(stores, zombie)).rejects.toMatchObject({ code: 'lease_lost' });
        expect(await stores.dump(zombie)).toEqual(before);
        expect(stores.queue.sent).toHaveLength(sentBefore);
        await write(stores, owner);
        expect(await stores.dump(owner)).not.toEqual(before);
      });

      it('after the job was given back throws lease_lost and changes nothing', async () => {
        const stores = get();
        const lease = await createClaimed(stores);
        await stores.leases.release(lease);
        const before = await stores.dump(lease);
        await expect(write(stores, lease)).rejects.toMatchObject({ code: 'lease_lost' });
        expect(await stores.dump(lease)).toEqual(before);
      });

      it('after the user canceled or removed throws job_canceled and changes nothing', async () => {
        const stores = get();
        for (const end of ['cancel', 'remove'] as const) {
          const lease = await createClaimed(stores);
          await stores.jobStore[end](lease.userId, lease.jobId);
          const before = await stores.dump(lease);
          await expect(write(stores, lease)).rejects.toMatchObject({ code: 'job_canceled' });
          expect(await stores.dump(lease)).toEqual(before);
        }
      });

      it("with somebody else's user changes nothing", async () => {
        const stores = get();
        const lease = await createClaimed(stores);
        const before = await stores.dump(lease);
        await expect(write(stores, { ...lease, userId: 'somebody else' })).rejects.toThrow();
        expect(await stores.dump(lease)).toEqual(before);
      });
    });

    it('lets progress only rise within an attempt, and tells each whole percent and each stage', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      const steps = [
        { stage: 'plan', progress: 0.005 },
        { stage: 'plan', progress: 0.01 },
        { stage: 'plan', progress: 0.015 },
        { stage: 'plan', progress: 0.002 },
        { stage: 'narrate', progress: 0.003 },
        { stage: 'narrate', progress: 0.3 },
      ] as const;
      const seen: number[] = [];
      for (const step of steps) {
        await stores.leases.setProgress(lease, step);
        seen.push((await getJob(stores, lease)).progress);
      }
      expect(seen).toEqual([0.005, 0.01, 0.015, 0.015, 0.015, 0.3]);
      const events = await stores.jobEvents.read(lease.userId, lease.jobId, 2, 100);
      expect(events.map(({ type, data }) => [type, data.stage, data.progress])).toEqual([
        ['stage', 'plan', 0.005],
        ['progress', 'plan', 0.015],
        ['stage', 'narrate', 0.015],
        ['progress', 'narrate', 0.3],
      ]);
    });

    it('completes with everything that was made', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      const result = resultWith({
        'video.mp4': { digest: newDigest(), bytes: 10, media_type: 'video/mp4' },
        'manifest.json': { digest: newDigest(), bytes: 3, media_type: 'application/json' },
      });
      await stores.leases.complete(lease, result);
      const job = await getJob(stores, lease);
      expect(job).toMatchObject({ status: 'completed', progress: 1, error: null, ...result });
      expect(job.completedAt).toBeInstanceOf(Date);
      expect(await lastEvent(lease)).toMatchObject({
        type: 'state',
        data: { status: 'completed', progress: 1 },
      });
    });

    it('completes when two files have the same bytes', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      const file = { digest: newDigest(), bytes: 0, media_type: 'audio/wav' };
      await stores.leases.complete(lease, resultWith({ 'music.wav': file, 'effects.wav': file }));
      expect(Object.keys((await getJob(stores, lease)).files)).toHaveLength(2);
    });

    it.each([true, false])('fails for good; dead letter: %s', async (deadLetter) => {
      const stores = get();
      const lease = await createClaimed(stores);
      const before = await stores.deadLetters.count();
      const degradations = [{ capability: 'music', cause: 'None.', remedy: 'Wait.' }];
      await stores.leases.fail(lease, { error: problem, degradations, deadLetter });
      expect(await getJob(stores, lease)).toMatchObject({ status: 'failed', error: problem, degradations });
      expect(await lastEvent(lease)).toMatchObject({ data: { status: 'failed', error: problem } });
      expect((await stores.deadLetters.count()) - before).toBe(deadLetter ? 1 : 0);
    });

    it('retries later: due after the delay, sent with it, error readable until then', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      await stores.leases.setProgress(lease, { stage: 'mix', progress: 0.5 });
      await stores.leases.retryLater(lease, { error: problem, delayMs: 60_000 });
      expect(await getJob(stores, lease)).toMatchObject({ status: 'pending', error: problem, progress: 0 });
      expect(sendsOf(lease.jobId)).toEqual([
        { jobId: lease.jobId, delayMs: 0 },
        { jobId: lease.jobId, delayMs: 60_000 },
      ]);
      expect(await tryClaim(stores, lease)).toBeUndefined();
      await stores.letTimePass(60_000);
      const again = await claim(stores, lease);
      expect(again.job).toMatchObject({ retryCount: 1, error: null, progress: 0 });
    });

    it('changes nothing when the next delivery cannot be sent', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      const before = await stores.dump(lease);
      stores.queue.fault = new Error('away');
      try {
        await expect(stores.leases.retryLater(lease, { error: problem, delayMs: 0 })).rejects.toThrow('away');
        await expect(stores.leases.release(lease)).rejects.toThrow('away');
      } finally {
        stores.queue.fault = undefined;
      }
      expect(await stores.dump(lease)).toEqual(before);
    });

    it('gives back without charging the attempt, and goes on from the progress made', async () => {
      const stores = get();
      const job = await createJob(stores, { maxRetries: 0 });
      for (let slice = 0; slice < 4; slice += 1) {
        const { lease, job: claimed } = await claim(stores, job);
        expect(claimed).toMatchObject({ retryCount: 0, progress: slice / 10 });
        await stores.leases.setProgress(lease, { stage: 'render', progress: (slice + 1) / 10 });
        await stores.leases.release(lease);
        expect(sendsOf(job.jobId)).toHaveLength(slice + 2);
      }
    });

    it('waits for approval without charging the attempt, then runs as approved', async () => {
      const stores = get();
      const lease = await createClaimed(stores, { maxRetries: 0 });
      await stores.leases.awaitApproval(lease);
      expect(await getJob(stores, lease)).toMatchObject({ status: 'awaiting_approval', retryCount: 0 });
      await stores.jobStore.approve(lease.userId, lease.jobId);
      const again = await claim(stores, lease);
      expect(again.approved).toBe(true);
      expect(again.job.retryCount).toBe(0);
    });

    describe('sweep', () => {
      const overdueMs = 60_000;
      const sweptFor = async (jobId: string) => {
        const before = sendsOf(jobId).length;
        await get().leases.sweep(overdueMs);
        return sendsOf(jobId).length - before;
      };

      it('sends a job again that nobody took for long, ever more rarely', async () => {
        const stores = get();
        const { jobId } = await createJob(stores);
        for (const periods of [1, 2, 4]) {
          await stores.letTimePass(periods * overdueMs - 1_000);
          expect(await sweptFor(jobId)).toBe(0);
          await stores.letTimePass(1_000);
          expect(await sweptFor(jobId)).toBe(1);
        }
      });

      it('sends a job again at once when its lease ran out, and not twice in a row', async () => {
        const stores = get();
        const { jobId } = await createClaimed(stores);
        await stores.letTimePass(leaseMs - 1_000);
        expect(await sweptFor(jobId)).toBe(0);
        await stores.letTimePass(1_001);
        expect(await sweptFor(jobId)).toBe(1);
        expect(await sweptFor(jobId)).toBe(0);
        await stores.letTimePass(overdueMs);
        expect(await sweptFor(jobId)).toBe(1);
      });

      it('leaves jobs that are not due, held, waiting or ended', async () => {
        const stores = get();
        const [later, waiting, ended] = [
          await createClaimed(stores),
          await createClaimed(stores),
          await createClaimed(stores),
        ];
        await stores.leases.retryLater(later, { error: problem, delayMs: 10 * overdueMs });
        await stores.leases.awaitApproval(waiting);
        await stores.leases.complete(ended, resultWith());
        await stores.letTimePass(2 * overdueMs);
        const held = await createClaimed(stores);
        for (const { jobId } of [later, held, waiting, ended]) expect(await sweptFor(jobId)).toBe(0);
        await stores.letTimePass(9 * overdueMs);
        expect(await sweptFor(later.jobId)).toBe(1);
      });

      it('sends each job once when many instances sweep at once, and says how many', async () => {
        const stores = get();
        const jobs = await Promise.all(Array.from({ length: 130 }, () => createJob(stores)));
        const ids = new Set(jobs.map(({ jobId }) => jobId));
        await stores.letTimePass(overdueMs);
        const sentBefore = stores.queue.sent.length;
        const counts = await Promise.all(Array.from({ length: 5 }, () => stores.leases.sweep(overdueMs)));
        const sent = stores.queue.sent.slice(sentBefore);
        expect(counts.reduce((sum, count) => sum + count)).toBe(sent.length);
        expect(
          sent
            .map(({ jobId }) => jobId)
            .filter((jobId) => ids.has(jobId))
            .sort(),
        ).toEqual([...ids].sort());
      });

      it('changes nothing when the queue is away', async () => {
        const stores = get();
        const { userId, jobId } = await createJob(stores);
        await stores.letTimePass(overdueMs);
        const before = await stores.dump({ userId, jobId });
        stores.queue.fault = new Error('away');
        try {
          await expect(stores.leases.sweep(overdueMs)).rejects.toThrow('away');
        } finally {
          stores.queue.fault = undefined;
        }
        expect(await stores.dump({ userId, jobId })).toEqual(before);
        expect(await sweptFor(jobId)).toBe(1);
      });
    });
  });
}
