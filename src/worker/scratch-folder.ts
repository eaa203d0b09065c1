// The folder for half-made files: one per process, so that what a killed process left is known and removed.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const host = hostname().replaceAll(/[^\w.-]/g, '_');

/** This process's own, empty scratch folder inside `parent`; removes those of dead processes of this machine. */
export async function openScratchFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    const pid = pidIn(name);
    if (pid !== undefined && (pid === process.pid || !isAlive(pid))) {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
  const own = join(parent, `${host}-${process.pid}`);
  await mkdir(own);
  return own;
}

function pidIn(name: string): number | undefined {
  if (!name.startsWith(`${host}-`)) return undefined;
  const pid = Number(name.slice(host.length + 1));
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
