// The engine on real stores: what is made once, what is reused, what is fenced.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { AppError } from '../../src/domain/errors.ts';
import type { Lease } from '../../src/domain/job.ts';
import { defineStep, type StepContext } from '../../src/engine/define-step.ts';
import type { StepRunnerDeps } from '../../src/engine/run-step.ts';
import { stepRunnerOn } from '../support/step-runner.ts';
import { openStores, type Stores } from '../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

function runnerFor(lease: Lease, overrides: Partial<StepRunnerDeps> = {}) {
  return stepRunnerOn(stores, lease, overrides);
}

/** A step that writes its input into a file, and counts how often it was made. */
function countingStep(name: string, make?: (context: StepContext) => Promise<void>) {
  const made = { times: 0 };
  const step = defineStep({
    name,
    stage: 'plan',
    version: '1',
    timeoutMs: 10_000,
    async run(input: { text: string; size?: number }, context) {
      made.times++;
      await make?.(context);
      const path = join(context.scratch, 'out.txt');
      await writeFile(path, input.text);
      return { file: await context.keep({ path, mediaType: 'text/plain' }) };
    },
  });
  return { step, made };
}

describe('a step', () => {
  test('is made once and then reused, by later runs and by other jobs of the same user', async () => {
    const { step, made } = countingStep('once');
    const lease = await stores.claimNew();
    const first = await (await runnerFor(lease)).run(step, { text: 'a' });
    const again = await runnerFor(lease);
    expect(await again.run(step, { text: 'a' })).toEqual(first);
    const other = await runnerFor(await stores.claimNew());
    expect(await other.run(step, { text: 'a' })).toEqual(first);
    expect(made.times).toBe(1);
    expect(again.history()[0]).toMatchObject({ outcome: 'reused', reason: 'reused' });
  });

  test('is not shared between users', async () => {
    const { step, made } = countingStep('private');
    await (await runnerFor(await stores.claimNew('ann'))).run(step, { text: 'secret' });
    await (await runnerFor(await stores.claimNew('bob'))).run(step, { text: 'secret' });
    expect(made.times).toBe(2);
  });

  test('runs once when asked twice at the same time', async () => {
    const { step, made } = countingStep('at-once');
    const done: string[] = [];
    const onProgress: StepRunnerDeps['onProgress'] = ({ stepId }, fraction) => {
      if (fraction === 1) done.push(stepId);
    };
    const runner = await runnerFor(await stores.claimNew(), { onProgress });
    const [a, b] = await Promise.all([
      runner.run(step, { text: 'x' }, '1'),
      runner.run(step, { text: 'x' }, '2'),
    ]);
    expect(a).toEqual(b);
    expect(made.times).toBe(1);
    expect(done.sort()).toEqual(['at-once:1', 'at-once:2']);
  });

  test('tells what changed', async () => {
    const { step } = countingStep('changing');
    const lease = await stores.claimNew();
    await (await runnerFor(lease)).run(step, { text: 'a', size: 1 });
    const runner = await runnerFor(lease);
    await runner.run(step, { text: 'a', size: 2 });
    expect(runner.history()[0]).toMatchObject({
      outcome: 'ran',
      reason: 'input_changed',
      changed: ['input.size'],
    });
  });

  test('is made again when its bytes are gone', async () => {
    const { step, made } = countingStep('lost');
    const lease = await stores.claimNew();
    const { file } = await (await runnerFor(lease)).run(step, { text: 'lost' });
    await stores.blobStore.remove(lease.userId, file.digest);
    const runner = await runnerFor(lease);
    await runner.run(step, { text: 'lost' });
    expect(made.times).toBe(2);
    expect(runner.history()[0]).toMatchObject({ outcome: 'ran', reason: 'blob_missing' });
    expect(await stores.blobStore.has(lease.userId, file.digest)).toBe(true);
  });

  test('that is made again after its bytes were lost gives the new ones, whatever came out then', async () => {
    let times = 0;
    const step = defineStep({
      name: 'different-each-time',
      stage: 'plan',
      version: '1',
      timeoutMs: 10_000,
      async run(_: object, { scratch, keep }) {
        const path = join(scratch, 'out.txt');
        await writeFile(path, `take ${++times}`);
        return { file: await keep({ path, mediaType: 'text/plain' }) };
      },
    });
    const lease = await stores.claimNew();
    const first = await (await runnerFor(lease)).run(step, {});
    await stores.blobStore.remove(lease.userId, first.file.digest);
    const second = await (await runnerFor(lease)).run(step, {});
    expect(second.file.digest).not.toBe(first.file.digest);
    expect(await stores.blobStore.has(lease.userId, second.file.digest)).toBe(true);
  });

  test('that is reused keeps its bytes from being collected', async () => {
    const { step } = countingStep('touched');
    const lease = await stores.claimNew();
    const { file } = await (await runnerFor(lease)).run(step, { text: 'touched' });
    await stores.pool.query("UPDATE blobs SET touched_at = now() - interval '9 days' WHERE digest = $1", [
      file.digest,
    ]);
    await (await runnerFor(lease)).run(step, { text: 'touched' });
    const { rows } = await stores.pool.query(
      "SELECT touched_at > now() - interval '1 hour' AS fresh FROM blobs WHERE digest = $1",
      [file.digest],
    );
    expect(rows).toEqual([{ fresh: true }]);
  });

  test('is told as done only when its result is stored', async () => {
    const { step } = countingStep('progress', async ({ onProgress }) => onProgress?.(1));
    const fractions: number[] = [];
    const lease = await stores.claimNew();
    const runner = await runnerFor(lease, { onProgress: (_, fraction) => fractions.push(fraction) });
    await runner.run(step, { text: 'p' });
    expect(fractions).toEqual([0, 0.99, 1]);
  });

  test('that is stopped from outside is not recorded as failed', async () => {
    const stop = new AbortController();
    const { step } = countingStep('stopped', async ({ signal }) => {
      stop.abort(new Error('stopped'));
      signal.throwIfAborted();
    });
    const lease = await stores.claimNew();
    const runner = await runnerFor(lease, { signal: stop.signal });
    await expect(runner.run(step, { text: 's' })).rejects.toThrow('stopped');
    expect(await stores.stepStore.runs(lease.userId, lease.jobId)).toEqual([]);
  });

  test('takes the result of whoever stored it first', async () => {
    const [a, b] = [await runnerFor(await stores.claimNew()), await runnerFor(await stores.claimNew())];
    const step = (answer: number) =>
      defineStep({
        name: 'race',
        stage: 'plan',
        version: '1',
        timeoutMs: 10_000,
        run: async () => {
          if (answer === 1) await b.run(step(2), {});
          return { answer };
        },
      });
    expect(await a.run(step(1), {})).toEqual({ answer: 2 });
  });

  test('is tried again after a transient failure, and not after another', async () => {
    let tries = 0;
    const failing = (code: 'storage_unavailable' | 'script_unspeakable') =>
      defineStep({
        name: `failing-${code}`,
        stage: 'plan',
        version: '1',
        timeoutMs: 10_000,
        run: async () => {
          tries++;
          throw new AppError(code, 'no');
        },
      });
    const runner = await runnerFor(await stores.claimNew());
    await expect(runner.run(failing('storage_unavailable'), {})).rejects.toMatchObject({ stage: 'plan' });
    expect(tries).toBe(2);
    await expect(runner.run(failing('script_unspeakable'), {})).rejects.toThrow(AppError);
    expect(tries).toBe(3);
    expect(runner.history().map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
  });

  test('that takes too long is stopped', async () => {
    const step = defineStep({
      name: 'slow',
      stage: 'plan',
      version: '1',
      timeoutMs: 20,
      run: (_: object, { signal }) =>
        new Promise<null>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    const runner = await runnerFor(await stores.claimNew());
    await expect(runner.run(step, {})).rejects.toMatchObject({ code: 'step_timed_out' });
  });

  test('that waits for its turn neither runs out of time nor counts the wait as work', async () => {
    const runner = await runnerFor(await stores.claimNew());
    const slow = defineStep({
      name: 'in-the-way',
      stage: 'plan',
      version: '1',
      timeoutMs: 100,
      run: (_: object, { signal }) =>
        new Promise<null>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    const inTheWay = runner.run(slow, {}).catch(({ code }: AppError) => code);
    const patient = defineStep({
      name: 'patient',
      stage: 'plan',
      version: '1',
      timeoutMs: 40,
      run: async (_: object, { awaitTurn }) => ({ theirEnd: await awaitTurn!(inTheWay) }),
    });
    expect(await runner.run(patient, {})).toEqual({ theirEnd: 'step_timed_out' });
    const [first, second] = runner.history();
    // Two attempts of 100 ms each.
    expect(first).toMatchObject({ step: 'in-the-way', outcome: 'failed' });
    expect(first!.durationMs).toBeGreaterThanOrEqual(200);
    expect(second).toMatchObject({ step: 'patient', outcome: 'ran' });
    expect(second!.durationMs).toBeLessThan(100);
  });

  test('of a worker that lost its lease leaves no result', async () => {
    const lease = await stores.claimNew();
    const { step } = countingStep('zombie', async () => {
      await stores.expire(lease);
      expect(await stores.leases.claimNext(lease.jobId, 'other', 30_000)).toBeDefined();
    });
    const runner = await runnerFor(lease);
    await expect(runner.run(step, { text: 'late' })).rejects.toMatchObject({ code: 'lease_lost' });
    expect(await stores.stepStore.runs(lease.userId, lease.jobId)).toEqual([]);
  });

  test('leaves no scratch file, done or failed', async () => {
    const lease = await stores.claimNew();
    const { step } = countingStep('tidy');
    const broken = countingStep('untidy', async ({ scratch }) => {
      await writeFile(join(scratch, 'half'), 'x');
      throw new AppError('script_unspeakable', 'no');
    });
    const runner = await runnerFor(lease);
    await runner.run(step, { text: 'tidy' });
    await expect(runner.run(broken.step, { text: 'y' })).rejects.toThrow();
    expect(await readdir(join(stores.folder, 'scratch', `${lease.jobId}-${lease.epoch}`))).toEqual([]);
  });
});
