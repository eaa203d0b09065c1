// Makes whole videos with the real server as a process of its own, and tells what each took: time, processor time by
// task, and the peak memory of every process.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ProcessPeak, watchMemory } from '../../scripts/process-memory.ts';
import { createApiClient } from '../../src/cli/api-client.ts';
import { startServerProcess } from '../../test/support/server-process.ts';

export interface TaskSum {
  task: string;
  runs: number;
  /** In media processes, not counting the wait for one. */
  wallSeconds: number;
  cpuSeconds: number;
}

export interface WholeJob {
  /** From the request until the job was completed. */
  wallSeconds: number;
  videoSeconds: number;
  /** Of all processes during the job. */
  cpuSeconds: number;
  tasks: TaskSum[];
  processes: ProcessPeak[];
}

/** A fresh server in a fresh folder makes one video of `request`. Throws when the job does not complete. */
export async function measureWholeJob(request: Record<string, unknown>): Promise<WholeJob> {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-bench-'));
  const tasks = new Map<string, TaskSum>();
  const environment = { AIPROD_DATA: folder, AIPROD_LOG_LEVEL: 'debug', AIPROD_ROLE: 'all' };
  const server = await startServerProcess(environment, (line) => noteTask(tasks, line));
  const watch = watchMemory(100, server.pid);
  try {
    const client = createApiClient(server.url);
    const before = cpuOf(watchMemory(60_000, server.pid).stop());
    const startedAt = performance.now();
    const { job_id: jobId } = await client.create(request);
    const job = await client.follow(jobId, () => {}, AbortSignal.timeout(3_600_000));
    const wallSeconds = (performance.now() - startedAt) / 1000;
    if (job.status !== 'completed') throw new Error(`the job ${job.status}: ${JSON.stringify(job.error)}`);
    const processes = watch.stop();
    return {
      wallSeconds,
      videoSeconds: job.video!.duration,
      cpuSeconds: cpuOf(processes) - before,
      tasks: [...tasks.values()].sort((a, b) => b.cpuSeconds - a.cpuSeconds),
      processes,
    };
  } finally {
    watch.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The largest of the processes that make media. */
export function mediaPeakBytes({ processes }: WholeJob): number {
  return Math.max(
    ...processes.filter(({ name }) => name === 'media process').map(({ peakBytes }) => peakBytes),
  );
}

function cpuOf(processes: ProcessPeak[]): number {
  return processes.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

function noteTask(tasks: Map<string, TaskSum>, line: string): void {
  if (!line.includes('"msg":"media task"')) return;
  const { task, wallMs, cpuMs } = JSON.parse(line) as { task: string; wallMs: number; cpuMs: number };
  const sum = tasks.get(task) ?? { task, runs: 0, wallSeconds: 0, cpuSeconds: 0 };
  sum.runs++;
  sum.wallSeconds += wallMs / 1000;
  sum.cpuSeconds += cpuMs / 1000;
  tasks.set(task, sum);
}
