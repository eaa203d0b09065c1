// Stops a server that a killed process left running on a data folder. Sends signals only to a process that is
// proved to be PostgreSQL at work in that very folder.
import type { ChildProcess } from 'node:child_process';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { AppError } from '../../domain/errors.ts';

const lookEveryMs = 20;
const fastWithinMs = 10_000;
const immediateWithinMs = 20_000;

/**
 * Resolves when no process of a server works in the folder `data`; a pid file that a dead one left is removed. The
 * caller holds the folder's lock, so nobody starts one meanwhile. Throws `config_invalid` when it cannot be stopped.
 */
export async function stopOrphan(
  data: string,
  logger: { info(facts: object, message: string): void },
): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  const leader = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(leader)) return;
  const startedAt = performance.now();
  let asked: NodeJS.Signals | undefined;
  for (;;) {
    const pids = await serversOn(data);
    if (pids.length === 0) break;
    const waitedMs = performance.now() - startedAt;
    const signal = waitedMs < fastWithinMs ? 'SIGINT' : 'SIGQUIT';
    if (waitedMs > immediateWithinMs) {
      const list = pids.join(' ');
      throw new AppError('config_invalid', `An old database server (pid ${list}) does not stop.`, {
        hint: `Stop it: kill -QUIT ${list}`,
      });
    }
    // Without their leader the others end by themselves, and must have ended before a new one may start.
    if (signal !== asked && pids.includes(leader)) {
      logger.info({ pid: leader, signal }, 'stopping the database that a killed process left');
      process.kill(leader, signal);
      asked = signal;
    }
    await sleep(lookEveryMs);
  }
  // Its pid may belong to somebody else by now, in whom PostgreSQL would see a rival and refuse to start.
  await rm(pidFile, { force: true });
}

/** Pids of the PostgreSQL processes that work in the folder. */
async function serversOn(data: string): Promise<number[]> {
  const ours = await stat(data);
  const looks = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((pid) => look(pid, ours));
  return (await Promise.all(looks)).filter((pid) => pid !== undefined);
}

async function look(pid: string, ours: { ino: number; dev: number }): Promise<number | undefined> {
  try {
    const its = await stat(`/proc/${pid}/cwd`);
    if (its.ino !== ours.ino || its.dev !== ours.dev) return undefined;
    return (await readFile(`/proc/${pid}/comm`, 'utf8')) === 'postgres\n' ? Number(pid) : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ESRCH: ended while we looked. EACCES: of another account, and so not a server of ours.
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return undefined;
    throw error;
  }
}

/** Resolves when the process has ended and its output was read; rejects when it did not start. */
export function waitForEnd(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}
