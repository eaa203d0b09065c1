// What every job queue must do, whoever delivers. Each adapter's test file runs this suite.
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Consumer, Delivery, JobQueue } from '../../src/ports/job-queue.ts';
import type { Transaction } from '../../src/ports/transaction.ts';

export interface JobQueueUnderTest {
  /** A client of the queue under test, as another process would have it. */
  open(): Promise<JobQueue>;
  /** Runs `work` in a transaction that commits, or rolls back when it rejects (and then rejects too). */
  transact(work: (transaction: Transaction) => Promise<void>): Promise<void>;
  /** False when the queue has to be told what waits: `depth` is then tested where it is counted. */
  countsWhatWaits: boolean;
  /** Called after its clients were closed. */
  close(): Promise<void>;
}

/** A delivery whose handler waits for the test. */
interface HeldDelivery extends Delivery {
  acknowledge(): void;
  reject(): void;
}

/** A handler that hands its deliveries to the test, in order. */
export function holdDeliveries() {
  const arrived: HeldDelivery[] = [];
  const waiting: ((delivery: HeldDelivery) => void)[] = [];
  return {
    handler: (delivery: Delivery) =>
      new Promise<void>((resolve, reject) => {
        const held = { ...delivery, acknowledge: resolve, reject: () => reject(new Error('asked to fail')) };
        const taker = waiting.shift();
        if (taker === undefined) arrived.push(held);
        else taker(held);
      }),
    next(): Promise<HeldDelivery> {
      const held = arrived.shift();
      return held === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(held);
    },
    /** How many arrived that no test has taken. */
    untaken: () => arrived.length,
  };
}

/**
 * `setUp` gives an empty queue for each test. `sharesByRoom` = a client without a free place leaves a message to one that
 * has some, which a service without flow control cannot.
 */
export function jobQueueConformance(
  setUp: () => Promise<JobQueueUnderTest>,
  { sharesByRoom = true }: { sharesByRoom?: boolean } = {},
): void {
  let subject: JobQueueUnderTest;
  let queue: JobQueue;
  const opened: JobQueue[] = [];

  async function open(): Promise<JobQueue> {
    const another = await subject.open();
    opened.push(another);
    return another;
  }

  /** Held deliveries that a test leaves behind would keep its consumer from stopping. */
  async function consume(from: JobQueue, concurrency: number) {
    const deliveries = holdDeliveries();
    const consumer: Consumer = await from.consume(
      async (delivery) => {
        const released = new Promise<void>((resolve) => {
          delivery.signal.addEventListener('abort', () => resolve(), { once: true });
        });
        await Promise.race([deliveries.handler(delivery), released]);
      },
      { concurrency },
    );
    return { ...deliveries, stop: () => consumer.stop() };
  }

  beforeEach(async () => {
    subject = await setUp();
    queue = await open();
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()));
    await subject.close();
  });

  test('delivers what was sent, once, soon, and counts what waits', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    await queue.send(first);
    if (subject.countsWhatWaits) {
      const waiting = await queue.depth();
      expect(waiting.length).toBe(1);
      expect(waiting.oldestAgeMs).toBeGreaterThan(0);
    }

    const consumer = await consume(queue, 1);
    const delivery = await consumer.next();
    expect(delivery.jobId).toBe(first);
    expect(delivery.signal.aborted).toBe(false);
    delivery.acknowledge();

    const sentAt = performance.now();
    await queue.send(second);
    expect((await consumer.next()).jobId).toBe(second);
    expect(performance.now() - sentAt).toBeLessThan(2_000);
    if (subject.countsWhatWaits) expect(await queue.depth()).toEqual({ length: 0, oldestAgeMs: 0 });
  });

  test('a send in a transaction is delivered when it commits and not when it rolls back', async () => {
    const [lost, kept] = [randomUUID(), randomUUID()];
    const consumer = await consume(queue, 2);
    const failure = subject.transact(async (transaction) => {
      await queue.send(lost, { transaction });
      throw new Error('rolled back');
    });
    await expect(failure).rejects.toThrow('rolled back');
    await subject.transact(async (transaction) => {
      await queue.send(kept, { transaction });
      expect(consumer.untaken()).toBe(0);
    });
    expect((await consumer.next()).jobId).toBe(kept);
    expect(consumer.untaken()).toBe(0);
    if (subject.countsWhatWaits) expect((await queue.depth()).length).toBe(0);
  });

  test('a delayed send waits for its time and is not overdue meanwhile', async () => {
    const [late, prompt] = [randomUUID(), randomUUID()];
    const sentAt = performance.now();
    await queue.send(late, { delayMs: 900 });
    if (subject.countsWhatWaits) expect(await queue.depth()).toEqual({ length: 1, oldestAgeMs: 0 });
    await queue.send(prompt);
    const consumer = await consume(queue, 2);
    expect((await consumer.next()).jobId).toBe(prompt);
    expect((await consumer.next()).jobId).toBe(late);
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(890);
  });

  test('a rejected delivery comes again', async () => {
    const jobId = randomUUID();
    const consumer = await consume(queue, 1);
    await queue.send(jobId);
    (await consumer.next()).reject();
    const again = await consumer.next();
    expect(again.jobId).toBe(jobId);
    again.acknowledge();
  });

  test('never more than `concurrency` at a time, and a free place is filled at once', async () => {
    const consumer = await consume(queue, 2);
    for (let sent = 0; sent < 22; sent++) await queue.send(randomUUID());
    let held = [await consumer.next(), await consumer.next()];
    if (subject.countsWhatWaits) expect((await queue.depth()).length).toBe(20);
    expect(consumer.untaken()).toBe(0);
    const startedAt = performance.now();
    for (let left = 20; left > 0; left -= 2) {
      for (const delivery of held) delivery.acknowledge();
      held = [await consumer.next(), await consumer.next()];
      expect(consumer.untaken()).toBe(0);
    }
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  test('stop aborts what runs, waits for it, and leaves the rest to others', async () => {
    const [running, waiting] = [randomUUID(), randomUUID()];
    const events: string[] = [];
    const started = Promise.withResolvers<void>();
    const consumer = await queue.consume(
      ({ signal }) =>
        new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            events.push('aborted');
            setImmediate(() => {
              events.push('ended');
              resolve();
            });
          });
          started.resolve();
        }),
      { concurrency: 1 },
    );
    await queue.send(running);
    await started.promise;
    await queue.send(waiting);
    await consumer.stop();
    events.push('stopped');
    expect(events).toEqual(['aborted', 'ended', 'stopped']);

    const other = await consume(await open(), 1);
    expect((await other.next()).jobId).toBe(waiting);
  });

  test.runIf(sharesByRoom)('two clients share: each gets its own deliveries', async () => {
    const [one, two] = [await consume(queue, 1), await consume(await open(), 1)];
    const sent = [randomUUID(), randomUUID(), randomUUID()];
    await queue.send(sent[0]!);
    await queue.send(sent[1]!);
    const [first, second] = await Promise.all([one.next(), two.next()]);
    expect(new Set([first.jobId, second.jobId])).toEqual(new Set(sent.slice(0, 2)));
    await queue.send(sent[2]!);
    second.acknowledge();
    expect((await two.next()).jobId).toBe(sent[2]);
    expect(one.untaken()).toBe(0);
  });

  test('many clients can start at once', async () => {
    const clients = await Promise.all([open(), open(), open()]);
    const jobId = randomUUID();
    await clients[0]!.send(jobId);
    expect((await (await consume(clients[2]!, 1)).next()).jobId).toBe(jobId);
  });
}
