// What this process and the processes that it started use of the machine or container they run in. Media work runs in
// child processes, so the numbers of the main process alone would say little. Changes nothing.
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';

export interface InstanceUsage {
  /** Under a limit all that counts towards it, files in memory included, without what the kernel may drop at once. */
  memoryBytes: number;
  /** The container's limit, or the machine's memory. */
  memoryLimitBytes: number;
  /** Never falls, also when child processes have come and gone. */
  cpuSeconds: number;
  /** Cores that may be used. */
  cpuCores: number;
}

interface Surroundings {
  /** Where /proc and /sys are found. */
  root?: string;
  pid?: number;
  /** Bytes; a number beyond the machine's memory means that there is no limit. */
  constrainedMemory?: () => number;
}

/** Linux counts processor time in these. */
const ticksPerSecond = 100;
const kibibyte = 1024;

/** Returns a function that looks each time it is called. Where there is no /proc it tells of this process alone. */
export function createInstanceUsage({
  root = '/',
  pid = process.pid,
  constrainedMemory = () => process.constrainedMemory(),
}: Surroundings = {}): () => Promise<InstanceUsage> {
  let cpuSeconds = 0;
  return async () => {
    const limit = constrainedMemory();
    const isLimited = limit > 0 && limit < totalmem();
    const family = await familyOf(root, pid);
    // A child that ended is counted by its parent a moment later; one that was left behind, not any more.
    cpuSeconds = Math.max(cpuSeconds, cpuSecondsOf(family));
    return {
      memoryBytes: (isLimited && (await containerMemory(root))) || (await memoryOf(root, family)),
      memoryLimitBytes: isLimited ? limit : totalmem(),
      cpuSeconds,
      cpuCores: availableParallelism(),
    };
  };
}

interface Relative {
  pid: number;
  parent: number;
  /** Its own and that of the children which it outlived. */
  cpuTicks: number;
}

/** The process and all that descend from it. Empty where there is no /proc. */
async function familyOf(root: string, pid: number): Promise<Relative[]> {
  const names = await readdir(join(root, 'proc')).catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const all = (await Promise.all(pids.map((each) => readRelative(root, each)))).filter(
    (one) => one !== undefined,
  );
  const family = all.filter((one) => one.pid === pid);
  // Grows while it is gone through.
  for (const { pid: parent } of family) family.push(...all.filter((one) => one.parent === parent));
  return family;
}

/** Undefined when it has just ended. */
async function readRelative(root: string, pid: number): Promise<Relative | undefined> {
  const stat = await readText(root, `proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name of the program stands in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).map(Number);
  return { pid, parent: Number(fields[1]), cpuTicks: ticks.reduce((sum, each) => sum + each, 0) };
}

function cpuSecondsOf(family: Relative[]): number {
  if (family.length > 0) return family.reduce((sum, { cpuTicks }) => sum + cpuTicks, 0) / ticksPerSecond;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Memory that several processes share is counted once. */
async function memoryOf(root: string, family: Relative[]): Promise<number> {
  const parts = await Promise.all(
    family.map(async ({ pid }) => {
      const rollup = await readText(root, `proc/${pid}/smaps_rollup`);
      return Number(/^Pss:\s+(\d+) kB/m.exec(rollup ?? '')?.[1] ?? 0) * kibibyte;
    }),
  );
  return parts.reduce((sum, bytes) => sum + bytes, 0) || process.memoryUsage.rss();
}

const containerFiles = [
  {
    folder: 'sys/fs/cgroup',
    group: /^0::(.*)$/m,
    used: 'memory.current',
    droppable: /^inactive_file (\d+)/m,
  },
  {
    folder: 'sys/fs/cgroup/memory',
    group: /^\d+:memory:(.*)$/m,
    used: 'memory.usage_in_bytes',
    droppable: /^total_inactive_file (\d+)/m,
  },
];

/** Bytes that count towards the limit; undefined where the kernel does not say. */
async function containerMemory(root: string): Promise<number | undefined> {
  const groups = (await readText(root, 'proc/self/cgroup')) ?? '';
  for (const { folder, group, used, droppable } of containerFiles) {
    // Inside a container the group's folder may be the top one, whatever its name outside.
    for (const path of [join(folder, group.exec(groups)?.[1] ?? ''), folder]) {
      const current = Number(await readText(root, join(path, used)));
      if (!(current > 0)) continue;
      const stat = (await readText(root, join(path, 'memory.stat'))) ?? '';
      return Math.max(0, current - Number(droppable.exec(stat)?.[1] ?? 0));
    }
  }
  return undefined;
}

const readText = (root: string, path: string) => readFile(join(root, path), 'utf8').catch(() => undefined);
