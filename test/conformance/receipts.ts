// What every Receipts must do: one open receipt per call, limits that hold, and facts that outlive leases.
import { describe, expect, it } from 'vitest';

import type { Lease } from '../../src/domain/job.ts';
import type { BlobRef } from '../../src/ports/blob-store.ts';
import type { SpendingLimits } from '../../src/ports/receipts.ts';
import { runOf } from '../support/step-runs.ts';
import {
  claim,
  createClaimed,
  createZombie,
  getJob,
  leaseMs,
  newDigest,
  newUser,
  problem,
  type StoresUnderTest,
} from './stores-under-test.ts';

const answerOf = (): BlobRef => ({ digest: newDigest(), bytes: 3, media_type: 'audio/mpeg' });

export function describeReceipts(get: () => StoresUnderTest): void {
  describe('Receipts', () => {
    const facts = (estimateMicroUsd = 100, callKey = newDigest()) => ({
      callKey,
      step: 'narrate',
      provider: 'acme',
      estimateMicroUsd,
    });
    const open = (lease: Lease, call = facts(), limits: SpendingLimits = {}) =>
      get().receipts.open(lease, call, limits);
    /** Reserved and marked as sent. */
    async function send(lease: Lease, call = facts()) {
      const { receiptId } = await open(lease, call);
      await get().receipts.sending(lease, receiptId);
      return receiptId;
    }
    /** The lease of the next worker, after the one before was silent for too long. */
    async function succeed(lease: Lease): Promise<Lease> {
      await get().letTimePass(leaseMs + 1);
      return (await claim(get(), lease)).lease;
    }

    it('goes from reserved to answered, and says so ever after', async () => {
      const { receipts } = get();
      const lease = await createClaimed(get());
      const call = facts();
      expect(await open(lease, call)).toMatchObject({ state: 'reserved' });
      const receiptId = await send(lease, call);
      await receipts.accepted(receiptId, 'task-1');
      expect(await open(lease, call)).toEqual({ receiptId, state: 'accepted', remoteId: 'task-1' });
      const answer = answerOf();
      expect(await receipts.answered(receiptId, answer, 60)).toEqual(answer);
      expect(await open(lease, call)).toEqual({ receiptId, state: 'answered', answer });
      expect(await receipts.answered(receiptId, answerOf(), 70), 'the first answer stays').toEqual(answer);
      const other = await createClaimed(get(), { userId: lease.userId });
      expect(await open(other, call), 'for other jobs of the user too').toMatchObject({ state: 'answered' });
      const stranger = await createClaimed(get());
      expect(await open(stranger, call)).toMatchObject({ state: 'reserved' });
    });

    it('keeps the cost on the job: answers as they cost, unknown ones as they may', async () => {
      const { receipts } = get();
      const lease = await createClaimed(get());
      await receipts.answered(await send(lease), answerOf(), 60);
      expect((await getJob(get(), lease)).cost).toMatchObject({
        actual_micro_usd: 60,
        by_provider: { acme: 60 },
      });
      await receipts.ambiguous(await send(lease, { ...facts(40), provider: 'other' }));
      await receipts.refused(await send(lease), 'provider_refused');
      await open(lease);
      expect((await getJob(get(), lease)).cost).toMatchObject({
        actual_micro_usd: 100,
        by_provider: { acme: 60, other: 40 },
      });
    });

    it('adds up what many calls of one job cost, however much at once they are answered', async () => {
      const { receipts } = get();
      const lease = await createClaimed(get());
      for (let round = 1; round <= 12; round++) {
        const sent = [await send(lease), await send(lease, { ...facts(), provider: 'other' })];
        await Promise.all(sent.map((receiptId) => receipts.answered(receiptId, answerOf(), 10)));
        expect((await getJob(get(), lease)).cost).toMatchObject({
          actual_micro_usd: 20 * round,
          by_provider: { acme: 10 * round, other: 10 * round },
        });
      }
    });

    it('is refused and may be made anew', async () => {
      const lease = await createClaimed(get());
      const call = facts();
      const first = await send(lease, call);
      await get().receipts.refused(first, 'provider_busy');
      const again = await open(lease, call);
      expect(again.state).toBe('reserved');
      expect(again.receiptId).not.toBe(first);
    });

    it('waits while its sender lives, and is ambiguous once that is dead', async () => {
      const lease = await createClaimed(get());
      const other = await createClaimed(get(), { userId: lease.userId });
      const call = facts();
      const receiptId = await send(lease, call);
      await expect(open(other, call)).rejects.toMatchObject({ code: 'paid_call_under_way' });
      const successor = await succeed(lease);
      expect(await open(successor, call)).toEqual({ receiptId, state: 'ambiguous' });
      expect((await getJob(get(), lease)).cost.actual_micro_usd).toBe(100);
    });

    it('is taken over when nothing was sent', async () => {
      const lease = await createClaimed(get());
      const call = facts();
      const { receiptId } = await open(lease, call);
      const successor = await succeed(lease);
      expect(await open(successor, call)).toEqual({ receiptId, state: 'reserved' });
      await expect(get().receipts.sending(lease, receiptId)).rejects.toMatchObject({ code: 'lease_lost' });
      await get().receipts.sending(successor, receiptId);
    });

    it('learns from its sender what came of it, though another took the job', async () => {
      const { receipts } = get();
      const lease = await createClaimed(get());
      const call = facts();
      const receiptId = await send(lease, call);
      const successor = await succeed(lease);
      expect((await open(successor, call)).state).toBe('ambiguous');
      const answer = answerOf();
      await receipts.answered(receiptId, answer, 80);
      expect(await open(successor, call)).toEqual({ receiptId, state: 'answered', answer });
      expect((await getJob(get(), lease)).cost.actual_micro_usd).toBe(80);
    });

    it('learns late that it was taken, or was not, and counts what it cost once', async () => {
      const { receipts } = get();
      const lease = await createClaimed(get());
      const [call, other] = [facts(), facts()];
      const [taken, refused] = [await send(lease, call), await send(lease, other)];
      await receipts.ambiguous(taken);
      await receipts.ambiguous(refused);
      expect((await getJob(get(), lease)).cost.actual_micro_usd).toBe(200);
      await receipts.accepted(taken, 'task-1');
      await receipts.refused(refused, 'provider_busy');
      expect((await getJob(get(), lease)).cost.actual_micro_usd).toBe(0);
      await receipts.answered(taken, answerOf(), 70);
      expect((await getJob(get(), lease)).cost.actual_micro_usd).toBe(70);
      expect((await open(lease, other)).state).toBe('reserved');
    });

    it('holds the budget of a job that takes over what another reserved', async () => {
      const dead = await createClaimed(get());
      const call = facts();
      const { receiptId } = await open(dead, call);
      await get().letTimePass(leaseMs + 1);
      const heir = await createClaimed(get(), { userId: dead.userId });
      await expect(open(heir, call, { jobMicroUsd: 99 })).rejects.toMatchObject({ code: 'budget_exceeded' });
      const opened = await open(heir, call, { jobMicroUsd: 100 });
      expect(opened.state).toBe('reserved');
      expect(opened.receiptId).not.toBe(receiptId);
      await get().receipts.sending(heir, opened.receiptId);
    });

    it('lets one of twenty askers at once send', async () => {
      const userId = newUser();
      const leases = await Promise.all(Array.from({ length: 20 }, () => createClaimed(get(), { userId })));
      const call = facts();
      const opened = await Promise.allSettled(leases.map((lease) => open(lease, call)));
      expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('holds the budget of a job, what is reserved counted', async () => {
      const lease = await createClaimed(get());
      const limits = { jobMicroUsd: 250 };
      await open(lease, facts(), limits);
      await open(lease, facts(), limits);
      await expect(open(lease, facts(), limits)).rejects.toMatchObject({ code: 'budget_exceeded' });
      await open(lease, facts(50), limits);
    });

    it('holds the daily cap of a user among many jobs at once, and starts over the next day', async () => {
      const userId = newUser();
      const leases = await Promise.all(Array.from({ length: 10 }, () => createClaimed(get(), { userId })));
      const limits = { userDailyMicroUsd: 350 };
      const opened = await Promise.allSettled(leases.map((lease) => open(lease, facts(), limits)));
      expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
      const refused = opened.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
      expect(refused.reason).toMatchObject({ code: 'spending_cap_reached' });
      await get().letTimePass(86_400_000);
      const tomorrow = await createClaimed(get(), { userId });
      expect(await open(tomorrow, facts(), limits)).toMatchObject({ state: 'reserved' });
    });

    it('holds the daily cap of everybody', async () => {
      await get().letTimePass(86_400_000);
      const limits = { dailyMicroUsd: 150 };
      await open(await createClaimed(get()), facts(), limits);
      await expect(open(await createClaimed(get()), facts(), limits)).rejects.toMatchObject({
        code: 'spending_cap_reached',
      });
    });

    it('may be made anew after an operator redrives the job, and what it may have cost still counts', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      const call = facts();
      await stores.receipts.ambiguous(await send(lease, call));
      await stores.leases.fail(lease, { error: problem, degradations: [], deadLetter: true });
      const letters = await stores.deadLetters.list(1_000);
      await stores.deadLetters.redrive(letters.find(({ jobId }) => jobId === lease.jobId)!.deadLetterId);
      const { lease: next } = await claim(stores, lease);
      const again = await open(next, call);
      expect(again.state).toBe('reserved');
      await expect(open(next, facts(), { jobMicroUsd: 250 })).rejects.toMatchObject({
        code: 'budget_exceeded',
      });
    });

    it('may be made anew after a redrive of another job of the user that asked for the same', async () => {
      const stores = get();
      const first = await createClaimed(stores);
      const stepKey = newDigest();
      const call = facts(100, `${stepKey}/speech`);
      await stores.receipts.ambiguous(await send(first, call));
      const second = await createClaimed(stores, { userId: first.userId });
      expect((await open(second, call)).state).toBe('ambiguous');
      await stores.stepStore.recordRun(
        second,
        runOf({ stepId: 'narrate:s01', step: 'narrate', stepKey, outcome: 'failed' }),
      );
      await stores.leases.fail(second, { error: problem, degradations: [], deadLetter: true });
      const letters = await stores.deadLetters.list(1_000);
      await stores.deadLetters.redrive(letters.find(({ jobId }) => jobId === second.jobId)!.deadLetterId);
      const { lease: next } = await claim(stores, second);
      expect((await open(next, call)).state).toBe('reserved');
    });

    it('is made anew when the kept answer is gone', async () => {
      const { receipts } = get();
      const lease = await createClaimed(get());
      const call = facts();
      const receiptId = await send(lease, call);
      await receipts.answered(receiptId, answerOf(), 60);
      await receipts.forget(lease, receiptId);
      expect(await open(lease, call)).toMatchObject({ state: 'reserved' });
    });

    it('lets no zombie reserve, send or forget', async () => {
      const { receipts } = get();
      const { zombie, owner } = await createZombie(get());
      await expect(open(zombie)).rejects.toMatchObject({ code: 'lease_lost' });
      const { receiptId } = await open(owner);
      await expect(receipts.sending(zombie, receiptId)).rejects.toMatchObject({ code: 'lease_lost' });
      await expect(receipts.forget(zombie, receiptId)).rejects.toMatchObject({ code: 'lease_lost' });
    });
  });
}
