import { AsyncLocalStorage } from 'node:async_hooks';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { gone } from '../../test/support/processes.ts';
import type { MusicInput, VisualsInput } from '../ports/providers.ts';
import { createMediaPool, type MediaPool, type TaskFacts } from './media-pool.ts';

const click = { kind: 'click', durationMs: 200, seed: 1 } as const;
/** Takes many seconds. */
const longMusic: MusicInput = {
  mood: 'epic',
  style: 'cinematic',
  durationMs: 600_000,
  sections: [{ startMs: 0, energy: 1 }],
  seed: 1,
};
const smallPicture: VisualsInput = {
  scene: { text: 'The sea.', motif: 'sea', keywords: [], energy: 0.5, variant: 0, seed: 1 },
  style: 'minimal',
  mood: 'calm',
  width: 128,
  height: 72,
};

let scratch: string;
let pool: MediaPool;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'aiprod-pool-'));
  pool = createMediaPool({ size: 1, recycleRssBytes: 2 ** 40, idleMs: 60_000 });
});
afterEach(async () => {
  await pool.stop();
  await rm(scratch, { recursive: true, force: true });
});

const context = (signal = new AbortController().signal) => ({ scratch, signal });

describe('the media pool', () => {
  test('gives the result of a task', async () => {
    const { audio } = await pool.run('makeEffect', click, context());
    expect(audio.path.startsWith(scratch)).toBe(true);
    expect(pool.peakRssBytes()).toBeGreaterThan(10_000_000);
  });

  test('is proved by a task that ended, and not after a process died', async () => {
    expect(pool.provedMsAgo()).toBeUndefined();
    await pool.run('makeEffect', click, context());
    expect(pool.provedMsAgo()).toBeLessThan(5_000);
    const music = pool.run('composeMusic', longMusic, context());
    process.kill(pool.pids()[0]!, 'SIGKILL');
    await expect(music).rejects.toMatchObject({ code: 'media_process_died' });
    expect(pool.provedMsAgo()).toBeUndefined();
  });

  test('tells of a task where that one was asked for, whoever had the process before', async () => {
    const jobs = new AsyncLocalStorage<string>();
    const told: unknown[] = [];
    await pool.stop();
    pool = createMediaPool({
      size: 1,
      recycleRssBytes: 2 ** 40,
      idleMs: 60_000,
      onTask: () => void told.push(jobs.getStore()),
    });
    const runIn = (job: string) => jobs.run(job, () => pool.run('makeEffect', click, context()));
    await Promise.all([runIn('a'), runIn('b')]);
    expect(told).toEqual(['a', 'b']);
    expect(pool.pids()).toHaveLength(1);
  });

  test("keeps the code of a task's error", async () => {
    const speech = { text: 'hello', language: 'en', voice: 'nobody' };
    await expect(pool.run('speak', speech, context())).rejects.toMatchObject({ code: 'request_invalid' });
  });

  test('says that the disk is full, whatever file was being written', async () => {
    await symlink('/dev/full', join(scratch, 'layer-0.zst'));
    const failure = pool.run('illustrate', smallPicture, context());
    await expect(failure).rejects.toMatchObject({
      code: 'storage_full',
      hint: expect.stringContaining('Free space'),
    });
  });

  test('uses one process again, and a new one when it has grown too large', async () => {
    await pool.run('makeEffect', click, context());
    const [first] = pool.pids();
    await pool.run('makeEffect', click, context());
    expect(pool.pids()).toEqual([first]);

    const strict = createMediaPool({ size: 1, recycleRssBytes: 1, idleMs: 60_000 });
    await strict.run('makeEffect', click, context());
    const before = strict.pids();
    await gone(before);
    await strict.run('makeEffect', click, context());
    await strict.stop();
  });

  test('aborting kills the process and gives the reason', async () => {
    const work = new AbortController();
    const pending = pool.run('composeMusic', longMusic, context(work.signal));
    await processStarted(pool);
    const pids = pool.pids();
    work.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
    await gone(pids);
    await pool.run('makeEffect', click, context());
  });

  test('a process that dies fails its task and nothing else', async () => {
    const pending = pool.run('composeMusic', longMusic, context());
    await processStarted(pool);
    process.kill(pool.pids()[0]!, 'SIGKILL');
    await expect(pending).rejects.toMatchObject({ code: 'media_process_died', kind: 'transient' });
    await pool.run('makeEffect', click, context());
  });

  test('a task that waits for a free process says so until it has one', async () => {
    const order: string[] = [];
    const first = pool.run('makeEffect', click, context()).then(() => order.push('first done'));
    const awaitTurn = async <T>(turn: Promise<T>): Promise<T> => {
      order.push('second waits');
      const given = await turn;
      order.push('second starts');
      return given;
    };
    await Promise.all([first, pool.run('makeEffect', click, { ...context(), awaitTurn })]);
    expect(order).toEqual(['second waits', 'first done', 'second starts']);
  });

  test('warming up starts the processes that tasks then use', async () => {
    pool.warmUp();
    const warm = pool.pids();
    expect(warm).toHaveLength(1);
    await pool.run('makeEffect', click, context());
    expect(pool.pids()).toEqual(warm);
  });

  test('tells what a task cost', async () => {
    const told: TaskFacts[] = [];
    const watched = createMediaPool({
      size: 1,
      recycleRssBytes: 2 ** 40,
      idleMs: 60_000,
      onTask: (facts) => told.push(facts),
    });
    await watched.run('makeEffect', click, context());
    expect(told).toMatchObject([{ task: 'makeEffect', pid: watched.pids()[0] }]);
    expect(told[0]!.cpuMs).toBeGreaterThan(0);
    await watched.stop();
  });

  test('stop ends every process', async () => {
    await pool.run('makeEffect', click, context());
    const pids = pool.pids();
    await pool.stop();
    await gone(pids);
    await expect(pool.run('makeEffect', click, context())).rejects.toMatchObject({ code: 'shutting_down' });
  });

  test('processes end when the process that started them is killed', async () => {
    const parent = fork(join(import.meta.dirname, '../../test/support/pool-parent.ts'), [scratch]);
    const [pids] = (await once(parent, 'message')) as [number[]];
    expect(pids.length).toBe(1);
    parent.kill('SIGKILL');
    await gone(pids);
  });
});

async function processStarted(watched: MediaPool): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = setInterval(() => watched.pids().length > 0 && resolve(), 5);
  await promise;
  clearInterval(look);
}
