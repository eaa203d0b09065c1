// Looks at processes through /proc: whose children they are, and when they are gone.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Process ids of the direct children that are alive now. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => Number(/^PPid:\s+(\d+)/m.exec(statusOf(candidate))?.[1]) === pid);
}

/** Resolves when none of the processes is alive any more; throws after five seconds. */
export async function gone(pids: number[]): Promise<void> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const alive = pids.filter((pid) => !/^$|^State:\s+Z/m.test(statusOf(pid)));
    if (alive.length === 0) return;
    if (performance.now() > deadline) throw new Error(`still alive: ${alive.join(', ')}`);
    await delay(20);
  }
}

/** Empty for a process that does not exist. */
function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
