// Paid calls on real stores against a counting provider: whoever dies where, it is paid once or known as ambiguous.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { AppError } from '../../src/domain/errors.ts';
import type { Lease } from '../../src/domain/job.ts';
import { type CrashPoint, paidCrashPoints } from '../../src/engine/crash-points.ts';
import { defineStep, type StepContext } from '../../src/engine/define-step.ts';
import type { StepRunnerDeps } from '../../src/engine/run-step.ts';
import type { Answered, PaidCall } from '../../src/ports/paid-calls.ts';
import { stepRunnerOn } from '../support/step-runner.ts';
import { openStores, type Stores } from '../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

class Crash extends Error {}

/** Stands for the process's death: everything after it fails, as nothing runs after a kill. */
function dyingAt(point: CrashPoint | undefined) {
  let dead = false;
  return (passed: CrashPoint) => {
    if (passed === point) dead = true;
    if (dead) throw new Crash(passed);
  };
}

function runnerFor(lease: Lease, overrides: Partial<StepRunnerDeps> = {}) {
  return stepRunnerOn(stores, lease, { retry: { attempts: 1, baseDelayMs: 1 }, ...overrides });
}

/** A provider that takes money for every request it takes, and answers at once or for later. */
function provider({ later }: { later: boolean }) {
  const account = { paid: 0, collected: 0 };
  const faults: AppError[] = [];
  const answer = async ({ scratch }: StepContext, text: string): Promise<Answered> => {
    const path = join(scratch, 'answer.txt');
    await writeFile(path, text);
    return { answer: { path, mediaType: 'text/plain' }, costMicroUsd: 70 };
  };
  const step = (name: string) =>
    defineStep({
      name,
      stage: 'narrate',
      version: '1',
      timeoutMs: 10_000,
      async run(_: Record<string, never>, context) {
        const call: PaidCall = {
          provider: 'acme',
          name: 'speech',
          estimateMicroUsd: 100,
          async send() {
            const fault = faults.shift();
            if (fault) throw fault;
            account.paid++;
            return later ? { remoteId: `task-${account.paid}` } : answer(context, `answer ${account.paid}`);
          },
          async collect(remoteId) {
            account.collected++;
            return answer(context, `answer of ${remoteId}`);
          },
        };
        const { path, mediaType } = await context.pay(call);
        return { file: await context.keep({ path, mediaType }) };
      },
    });
  return { account, faults, step };
}

/** The next worker's lease, after the one before died. */
async function succeed(lease: Lease): Promise<Lease> {
  await stores.expire(lease);
  return (await stores.leases.claimNext(lease.jobId, 'next', 30_000))!.lease;
}

const costOf = async ({ userId, jobId }: Lease) => (await stores.jobStore.find(userId, jobId))!.cost;

describe('a paid call', () => {
  describe.each([{ later: false }, { later: true }])('that answers later: $later', ({ later }) => {
    test.each(paidCrashPoints)('is paid at most once when its worker dies at %s', async (point) => {
      const name = `pay-${later}-${point}`;
      const { account, step } = provider({ later });
      const lease = await stores.claimNew(`user-${name}`);
      const dying = await runnerFor(lease, { crashPoint: dyingAt(`${point}:${name}`) });
      const first = await dying.run(step(name), {}).then(
        () => 'done',
        (error) => error,
      );
      const reached = later || !['after-accept', 'after-collect'].includes(point);
      expect(first instanceof Crash).toBe(reached);
      const next = await succeed(lease);
      const second = await (await runnerFor(next)).run(step(name), {}).then(
        () => 'done',
        (error) => error,
      );
      const unknown = ['before-send', 'after-send'].includes(point);
      if (unknown)
        expect(second).toMatchObject({ code: 'payment_ambiguous', provider: 'acme', stage: 'narrate' });
      else expect(second).toBe('done');
      expect(account.paid).toBe(point === 'before-send' ? 0 : 1);
      expect((await costOf(lease)).actual_micro_usd).toBe(unknown ? 100 : 70);
    });
  });

  test('is not made again for another job of the user, nor after the step’s result is lost', async () => {
    const { account, step } = provider({ later: false });
    const paying = step('shared');
    const lease = await stores.claimNew('sharer');
    const { file } = await (await runnerFor(lease)).run(paying, {});
    const other = await stores.claimNew('sharer');
    expect((await (await runnerFor(other)).run(paying, {})).file).toEqual(file);
    const key = (await stores.stepStore.runs('sharer', lease.jobId))[0]!.stepKey;
    await stores.stepStore.forget(other, key);
    expect((await (await runnerFor(other)).run(paying, {})).file).toEqual(file);
    expect(account.paid).toBe(1);
    expect((await costOf(other)).actual_micro_usd).toBe(0);
  });

  test('is sent again when the provider surely did not take it, as often as the step may try', async () => {
    const { account, faults, step } = provider({ later: true });
    faults.push(new AppError('provider_busy', 'Too many.'), new AppError('provider_busy', 'Too many.'));
    const lease = await stores.claimNew();
    const runner = await runnerFor(lease, { retry: { attempts: 3, baseDelayMs: 1 } });
    await runner.run(step('busy'), {});
    expect(account).toEqual({ paid: 1, collected: 1 });
    expect((await costOf(lease)).actual_micro_usd).toBe(70);
  });

  test.each([
    new AppError('payment_ambiguous', 'The answer was cut off.'),
    new TypeError('nobody classified this'),
  ])('is never sent again when nobody knows: $message', async (fault) => {
    const { account, faults, step } = provider({ later: false });
    faults.push(fault as AppError);
    const name = `unknown-${fault.name}`;
    const lease = await stores.claimNew(`user-${name}`);
    const runner = await runnerFor(lease, { retry: { attempts: 3, baseDelayMs: 1 } });
    await expect(runner.run(step(name), {})).rejects.toThrow();
    const again = await runnerFor(await succeed(lease));
    await expect(again.run(step(name), {})).rejects.toMatchObject({ code: 'payment_ambiguous' });
    expect(account.paid).toBe(0);
  });

  test('is sent by the next worker when its job was stopped before it was sent', async () => {
    const { account, faults, step } = provider({ later: false });
    const work = new AbortController();
    const stopped = Symbol('shutting down');
    const lease = await stores.claimNew('stopper');
    const runner = await runnerFor(lease, { signal: work.signal });
    // As the provider's client does when it is stopped in its pause after a 429.
    faults.push(stopped as never);
    const first = runner.run(step('stopped'), {});
    work.abort(stopped);
    await expect(first).rejects.toBe(stopped);
    await (await runnerFor(await succeed(lease))).run(step('stopped'), {});
    expect(account.paid).toBe(1);
    expect((await costOf(lease)).actual_micro_usd).toBe(70);
  });

  describe('is known as what it is though', () => {
    /** Fails once, as in a short outage. */
    const onceFailing = <Args extends unknown[], T>(work: (...args: Args) => Promise<T>, fault: AppError) => {
      const faults = [fault];
      return async (...args: Args) => {
        const next = faults.shift();
        if (next) throw next;
        return work(...args);
      };
    };
    const away = new AppError('database_unavailable', 'The database is away.');
    test.each<[string, boolean, () => Partial<StepRunnerDeps>]>([
      [
        'the storage is away when its answer comes',
        false,
        () => ({
          blobStore: {
            ...stores.blobStore,
            putFile: onceFailing(
              stores.blobStore.putFile,
              new AppError('storage_unavailable', 'The storage is away.'),
            ),
          },
        }),
      ],
      [
        'the database is away when its answer comes',
        false,
        () => ({
          receipts: { ...stores.receipts, answered: onceFailing(stores.receipts.answered, away) },
        }),
      ],
      [
        'the database is away when it is taken',
        true,
        () => ({
          receipts: { ...stores.receipts, accepted: onceFailing(stores.receipts.accepted, away) },
        }),
      ],
    ])('%s', async (name, later, outage) => {
      const { account, step } = provider({ later });
      const lease = await stores.claimNew(`user-${name}`);
      const runner = await runnerFor(lease, {
        ...outage(),
        random: () => 0,
        retry: { attempts: 2, baseDelayMs: 1 },
      });
      await runner.run(step(`outage-${later}`), {});
      expect(account.paid).toBe(1);
      expect((await costOf(lease)).actual_micro_usd).toBe(70);
    });
  });

  test('is refused before anything is sent when it would exceed the budget', async () => {
    const { account, step } = provider({ later: false });
    const runner = await runnerFor(await stores.claimNew(), { limits: { jobMicroUsd: 99 } });
    await expect(runner.run(step('poor'), {})).rejects.toMatchObject({
      code: 'budget_exceeded',
      provider: 'acme',
    });
    expect(account.paid).toBe(0);
  });
});
