import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createPushInbox } from './push-inbox.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** An inbox whose handler holds each delivery until the test lets it go. */
async function open(concurrency: number) {
  const inbox = createPushInbox({ waitForPlaceMs: 1_000 });
  const held: { jobId: string; signal: AbortSignal; end: () => void; fail: (error: Error) => void }[] = [];
  const consumer = await inbox.consume(
    ({ jobId, signal }) =>
      new Promise<void>((end, fail) => {
        held.push({ jobId, signal, end, fail });
        signal.addEventListener('abort', () => end());
      }),
    { concurrency },
  );
  return { inbox, held, consumer };
}

const turn = () => vi.advanceTimersByTimeAsync(0);

describe('the inbox', () => {
  it('lets a delivery wait for a place that is about to be free', async () => {
    const { inbox, held } = await open(1);
    const first = inbox.deliver('a');
    const second = inbox.deliver('b');
    await vi.advanceTimersByTimeAsync(900);
    expect(held.map(({ jobId }) => jobId)).toEqual(['a']);
    held[0]!.end();
    await first;
    await turn();
    expect(held.map(({ jobId }) => jobId)).toEqual(['a', 'b']);
    held[1]!.end();
    await second;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('refuses a delivery that has waited long enough, and what comes when enough of them wait', async () => {
    const { inbox, held } = await open(1);
    const first = inbox.deliver('a');
    const second = inbox.deliver('b');
    await expect(inbox.deliver('c')).rejects.toMatchObject({ code: 'worker_busy' });
    const refused = expect(second).rejects.toMatchObject({ code: 'worker_busy' });
    await vi.advanceTimersByTimeAsync(1_000);
    await refused;
    held[0]!.end();
    await first;
    expect(held).toHaveLength(1);
  });

  it('passes on what the handler throws, and the place is free again', async () => {
    const { inbox, held } = await open(1);
    const failed = expect(inbox.deliver('a')).rejects.toThrow('asked to fail');
    held[0]!.fail(new Error('asked to fail'));
    await failed;
    const next = inbox.deliver('b');
    held[1]!.end();
    await next;
  });

  it('stops: what runs is aborted and waited for, what waits and what comes is refused', async () => {
    const { inbox, held, consumer } = await open(1);
    const running = inbox.deliver('a');
    const waiting = expect(inbox.deliver('b')).rejects.toMatchObject({ code: 'shutting_down' });
    await consumer.stop();
    expect(held[0]!.signal.aborted).toBe(true);
    await Promise.all([running, waiting]);
    await expect(inbox.deliver('c')).rejects.toMatchObject({ code: 'shutting_down' });
    expect(held).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('refuses what comes before a worker consumes', async () => {
    const inbox = createPushInbox({ waitForPlaceMs: 1_000 });
    await expect(inbox.deliver('a')).rejects.toMatchObject({ code: 'shutting_down' });
  });
});
