// Names of half-written files, made so that those of killed processes can be told from those still being written.
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const nameForm = /^([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{16}$/;
/** Nothing is written for this long; what another machine left is only judged by it. */
const abandonedAfterMs = 24 * 3_600_000;

const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** Machine, process, the process's start (pids are used again; 0 = this system does not tell) and chance. */
export async function newTempName(): Promise<string> {
  const start = (await startOf(process.pid)) ?? '0';
  return `${host}-${process.pid}-${start}-${randomBytes(8).toString('hex')}`;
}

/** Removes what dead processes of this machine left, and whatever is older than a day. Returns how many. */
export async function removeDeadTemps(folder: string): Promise<number> {
  const tellsStarts = (await startOf(process.pid)) !== undefined;
  let removed = 0;
  for (const name of await readdir(folder).catch(noneIfAbsent)) {
    const [, itsHost, pid, start] = nameForm.exec(name) ?? [];
    if (pid === undefined) continue;
    const path = join(folder, name);
    const dead = itsHost === host && tellsStarts ? (await startOf(Number(pid))) !== start : await isOld(path);
    if (!dead) continue;
    await rm(path, { force: true });
    removed++;
  }
  return removed;
}

/** When the process started, in ticks since boot; undefined when there is none. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    // The second field is the program's name and may hold spaces and parentheses; start is the 22nd.
    const line = await readFile(`/proc/${pid}/stat`, 'utf8');
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

async function isOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > abandonedAfterMs;
  } catch (error) {
    noneIfAbsent(error);
    return false;
  }
}

function noneIfAbsent(error: unknown): never[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}
