// Users share the queue evenly, and none has more under way than a user may have.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createDeadLetters } from '../../src/adapters/postgres/dead-letters.ts';
import { createJobLeases } from '../../src/adapters/postgres/job-leases.ts';
import { createJobStore } from '../../src/adapters/postgres/job-store.ts';
import { inTransaction } from '../../src/adapters/postgres/statements.ts';
import { lockUser, type UserLimits } from '../../src/adapters/postgres/turns.ts';
import { AppError, toProblem } from '../../src/domain/errors.ts';
import type { Lease } from '../../src/domain/job.ts';
import { createRecordingQueue, resultWith } from '../conformance/stores-under-test.ts';
import { requestOf } from '../support/requests.ts';
import { openStores, type Stores } from '../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());
afterEach(() =>
  stores.pool.query('DELETE FROM jobs; DELETE FROM video_minutes; UPDATE queue_clock SET turn = 0'),
);

const error = toProblem(new AppError('storage_unavailable', 'Away.'));

function open(limits: UserLimits = {}) {
  const queue = createRecordingQueue();
  const deps = { pool: stores.pool, queue, limits };
  const jobStore = createJobStore(deps);
  const leases = createJobLeases(deps);
  return {
    queue,
    jobStore,
    leases,
    deadLetters: createDeadLetters(deps),
    async create(userId: string, videoMs = 0): Promise<string> {
      const job = { userId, request: requestOf(), maxRetries: 3, estimatedMicroUsd: 0, videoMs };
      return (await jobStore.create(job)).job.jobId;
    },
    /** As runJob does with a delivery. */
    deliver: (jobId: string) => leases.claimNext(jobId, 'worker', 30_000),
  };
}

/** `jobs` jobs that the user created one after another, without the time that creating them takes. */
async function fill(userId: string, jobs: number): Promise<void> {
  await stores.pool.query(
    `INSERT INTO jobs (job_id, user_id, status, request, max_retries, cost, turn, event_seq)
     SELECT gen_random_uuid(), $1, 'pending', $2, 3, '{}', n, 1 FROM generate_series(1, $3::int) n`,
    [userId, JSON.stringify(requestOf()), jobs],
  );
}

/** As a transaction does that changes what the user has under way; ended by the function it resolves to. */
async function keepBusy(userId: string): Promise<() => Promise<void>> {
  const locked = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const changing = inTransaction(stores.pool, async (client) => {
    await lockUser(client, userId);
    locked.resolve();
    await ended.promise;
  });
  await locked.promise;
  return () => {
    ended.resolve();
    return changing;
  };
}

const gone = '00000000-0000-7000-8000-000000000000';

describe('turns', () => {
  test.each([
    1, 4,
  ])('one job is not starved by a thousand of another user, with %i places', async (places) => {
    const { create, deliver, leases } = open();
    await fill('ann', 1_000);
    const held = await Promise.all(Array.from({ length: places }, () => deliver(gone)));
    const bobs = await create('bob');
    const order: string[] = [];
    for (const claimed of held) {
      await leases.complete(claimed!.lease, resultWith());
      order.push((await deliver(gone))!.lease.jobId);
    }
    if (places === 1) order.push((await deliver(gone))!.lease.jobId);
    expect(order.slice(0, 2)).toContain(bobs);
  });

  test('three users go on evenly, whatever each has waiting', async () => {
    const { create, deliver } = open();
    for (let n = 0; n < 12; n += 1) await create('ann');
    for (let n = 0; n < 6; n += 1) await create('bob');
    for (let n = 0; n < 4; n += 1) await create('cat');
    const users: string[] = [];
    for (let n = 0; n < 22; n += 1) users.push((await deliver(gone))!.lease.userId);
    for (let round = 0; round < 4; round += 1) {
      expect(users.slice(round * 3, round * 3 + 3).toSorted()).toEqual(['ann', 'bob', 'cat']);
    }
    expect(users.slice(12, 16).toSorted()).toEqual(['ann', 'ann', 'bob', 'bob']);
    expect(new Set(users.slice(16))).toEqual(new Set(['ann']));
  });

  test('workers that choose at the same time get jobs of different users', async () => {
    const { create, deliver } = open();
    const users = Array.from({ length: 12 }, (_, n) => `user-${n}`);
    for (const user of users) await create(user);
    const claims = await Promise.all(users.map(() => deliver(gone)));
    expect(claims.map((claimed) => claimed!.lease.userId).toSorted()).toEqual(users.toSorted());
  });

  test('a user who is busy is passed by, and waited for when there is nobody else', async () => {
    const { create, deliver } = open();
    const anns = await create('ann');
    const bobs = await create('bob');
    const freeAnn = await keepBusy('ann');
    expect((await deliver(anns))!.lease.jobId).toBe(bobs);
    const waiting = deliver(gone);
    await freeAnn();
    expect((await waiting)!.lease.jobId).toBe(anns);
    expect(await deliver(gone)).toBeUndefined();
  });

  test('a job whose worker died is waited for by its own delivery, however busy its user is', async () => {
    const { create, deliver } = open();
    const anns = await create('ann');
    const { lease } = (await deliver(anns))!;
    await stores.expire(lease);
    await create('bob');
    const freeAnn = await keepBusy('ann');
    const waiting = deliver(anns);
    await freeAnn();
    expect((await waiting)!.lease).toEqual({ ...lease, epoch: 2 });
  });

  test('canceling a long queue leaves no debt of turns', async () => {
    const { create, deliver, jobStore } = open();
    for (let n = 0; n < 8; n += 1) await jobStore.cancel('ann', await create('ann'));
    const anns = await create('ann');
    for (let n = 0; n < 3; n += 1) await create('bob');
    const first = [await deliver(gone), await deliver(gone)].map((claimed) => claimed!.lease.jobId);
    expect(first).toContain(anns);
  });

  test('the choice reads an index, not the queue', async () => {
    await fill('ann', 5_000);
    await stores.pool.query('ANALYZE jobs');
    const { rows } = await stores.pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT job_id FROM jobs WHERE status = 'pending' AND NOT parked AND due_at <= clock_timestamp()
       ORDER BY turn, job_id LIMIT 32`,
    );
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('jobs_in_turn');
  });
});

describe('places of a user', () => {
  test('hold exactly with twelve deliveries at once, and all jobs end', async () => {
    const { create, deliver, leases, queue } = open({ jobsAtOnce: 2 });
    for (let n = 0; n < 12; n += 1) await create('ann');
    const claims = await Promise.all(queue.sent.map(({ jobId }) => deliver(jobId)));
    const running = claims.filter((claimed) => claimed !== undefined);
    expect(running).toHaveLength(2);
    // Every delivery is spent: from here on only what is sent is delivered.
    let delivered = queue.sent.length;
    for (let ended = 0; ended < 12; ended += 1) {
      await leases.complete(running.shift()!.lease, resultWith());
      for (; delivered < queue.sent.length; delivered += 1) {
        const claimed = await deliver(queue.sent[delivered]!.jobId);
        if (claimed !== undefined) running.push(claimed);
      }
      expect(running.length).toBeLessThanOrEqual(2);
    }
    expect(running).toEqual([]);
    const { rows } = await stores.pool.query('SELECT DISTINCT status FROM jobs');
    expect(rows).toEqual([{ status: 'completed' }]);
  });

  const ends: [string, (on: ReturnType<typeof open>, lease: Lease) => Promise<unknown>][] = [
    ['complete', ({ leases }, lease) => leases.complete(lease, resultWith())],
    ['fail', ({ leases }, lease) => leases.fail(lease, { error, degradations: [], deadLetter: false })],
    ['retryLater', ({ leases }, lease) => leases.retryLater(lease, { error, delayMs: 60_000 })],
    ['awaitApproval', ({ leases }, lease) => leases.awaitApproval(lease)],
    ['cancel', ({ jobStore }, lease) => jobStore.cancel(lease.userId, lease.jobId)],
    ['remove', ({ jobStore }, lease) => jobStore.remove(lease.userId, lease.jobId)],
  ];
  test.each(ends)('are given on by %s', async (_name, end) => {
    const on = open({ jobsAtOnce: 1 });
    const first = await on.create('ann');
    const second = await on.create('ann');
    const { lease } = (await on.deliver(first))!;
    expect(await on.deliver(second)).toBeUndefined();
    const before = on.queue.sent.length;
    await end(on, lease);
    expect(on.queue.sent.slice(before).map(({ jobId }) => jobId)).toContain(second);
    expect((await on.deliver(second))?.lease.jobId).toBe(second);
  });

  test('are asked for again by a job that was given back, which is still the first', async () => {
    const on = open({ jobsAtOnce: 1 });
    const first = await on.create('ann');
    const second = await on.create('ann');
    const { lease } = (await on.deliver(first))!;
    expect(await on.deliver(second)).toBeUndefined();
    await on.leases.release(lease);
    expect(on.queue.sent.slice(2).map(({ jobId }) => jobId)).toEqual([first, second]);
    expect((await on.deliver(second))?.lease.jobId).toBe(first);
    expect(await on.deliver(first)).toBeUndefined();
  });

  test('are kept by a job whose worker died, which is taken over first', async () => {
    const on = open({ jobsAtOnce: 1 });
    const first = await on.create('ann');
    const second = await on.create('ann');
    const { lease } = (await on.deliver(first))!;
    await stores.expire(lease);
    expect(await on.deliver(second)).toBeUndefined();
    expect((await on.deliver(first))?.lease).toEqual({ ...lease, epoch: 2 });
  });

  test('that a changed setting opens are filled by the sweep', async () => {
    const on = open({ jobsAtOnce: 1 });
    const ids = [await on.create('ann'), await on.create('ann'), await on.create('ann')];
    for (const jobId of ids) await on.deliver(jobId);
    const wider = open({ jobsAtOnce: 2 });
    expect(await wider.leases.sweep(60_000)).toBe(1);
    expect(wider.queue.sent).toEqual([{ jobId: ids[1], delayMs: 0 }]);
    expect(await wider.leases.sweep(60_000), 'it is on its way').toBe(0);
  });
});

describe('what a user may begin', () => {
  const accepted = (results: PromiseSettledResult<unknown>[]) =>
    results.filter(({ status }) => status === 'fulfilled').length;

  test('in minutes per day holds exactly with a hundred requests at once', async () => {
    const { create } = open({ dailyVideoMs: 7 * 60_000 });
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => create('ann', 60_000)));
    expect(accepted(results)).toBe(7);
    await expect(create('ann', 1)).rejects.toMatchObject({
      code: 'limit_reached',
      hint: expect.stringContaining('0 seconds'),
    });
    await create('bob', 60_000);
  });

  test('in minutes is given back by what ends without a video, and not by removing one', async () => {
    const { create, deliver, jobStore, leases } = open({ dailyVideoMs: 60_000 });
    const full = () => expect(create('ann', 60_000)).rejects.toMatchObject({ code: 'limit_reached' });
    const canceled = await create('ann', 60_000);
    await full();
    await jobStore.cancel('ann', canceled);
    await create('ann', 60_000);
    await expect(jobStore.retry('ann', canceled)).rejects.toMatchObject({ code: 'limit_reached' });
    const failing = (await deliver(gone))!.lease;
    await leases.fail(failing, { error, degradations: [], deadLetter: false });
    await create('ann', 60_000);
    const { lease } = (await deliver(gone))!;
    await leases.complete(lease, resultWith());
    await jobStore.remove('ann', lease.jobId);
    await full();
    await stores.pool.query('UPDATE video_minutes SET day = day - 1');
    await jobStore.retry('ann', canceled);
  });

  test('in minutes counts a finished video as long as it became, however short its words looked', async () => {
    const { create, deliver, leases } = open({ dailyVideoMs: 60_000 });
    await create('ann', 6_000);
    const { lease } = (await deliver(gone))!;
    const result = resultWith();
    await leases.complete(lease, { ...result, video: { ...result.video, duration: 59.5 } });
    await expect(create('ann', 600)).rejects.toMatchObject({ code: 'limit_reached' });
    await create('ann', 500);
  });

  test('in unfinished jobs holds exactly too', async () => {
    const { create } = open({ jobsWaiting: 3 });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => create('ann')));
    expect(accepted(results)).toBe(3);
  });
});
