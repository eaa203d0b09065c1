import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

import { createInstanceUsage } from './instance-usage.ts';

const megabyte = 2 ** 20;

/** A folder with these files; removed after the test. */
async function rootWith(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'aiprod-usage-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const stat = (parent: number, ticks: number[], name = 'node') =>
  `1 (${name}) S ${parent} 1 1 0 -1 0 0 0 0 0 ${ticks.join(' ')} 20 0 1 0`;
const pss = (kilobytes: number) => `Rss: 9999999 kB\nPss: ${kilobytes} kB\nPss_Dirty: 1 kB\n`;

const family = {
  'proc/7/stat': stat(1, [100, 50, 25, 25]),
  'proc/7/smaps_rollup': pss(1_000),
  'proc/8/stat': stat(7, [200, 0, 0, 0], 'odd) name (8'),
  'proc/8/smaps_rollup': pss(500),
  'proc/9/stat': stat(8, [0, 100, 0, 0]),
  'proc/9/smaps_rollup': pss(250),
  'proc/10/stat': stat(1, [9_999, 0, 0, 0]),
  'proc/10/smaps_rollup': pss(99_999),
};

describe('what an instance uses', () => {
  test('is what it and all its descendants use, and nobody else', async () => {
    const root = await rootWith(family);
    const usage = createInstanceUsage({ root, pid: 7, constrainedMemory: () => 0 });
    expect(await usage()).toMatchObject({
      cpuSeconds: 5,
      memoryBytes: 1_750 * 1024,
      memoryLimitBytes: totalmem(),
    });
  });

  test('never loses processor time when a descendant is gone', async () => {
    const root = await rootWith(family);
    const usage = createInstanceUsage({ root, pid: 7, constrainedMemory: () => 0 });
    await usage();
    await rm(join(root, 'proc/8'), { recursive: true });
    expect(await usage()).toMatchObject({ cpuSeconds: 5, memoryBytes: 1_000 * 1024 });
  });

  test.each([
    ['version 2, from inside', '0::/', 'sys/fs/cgroup/', 'memory.current', 'inactive_file'],
    [
      'version 2, from outside',
      '0::/system.slice/aiprod',
      'sys/fs/cgroup/system.slice/aiprod/',
      'memory.current',
      'inactive_file',
    ],
    [
      'version 1, from inside',
      '4:memory:/docker/abc\n0::/',
      'sys/fs/cgroup/memory/',
      'memory.usage_in_bytes',
      'total_inactive_file',
    ],
  ])('under a limit is what counts towards it: groups of %s', async (_, groups, folder, used, droppable) => {
    const root = await rootWith({
      ...family,
      'proc/self/cgroup': `${groups}\n`,
      [`${folder}${used}`]: `${300 * megabyte}\n`,
      [`${folder}memory.stat`]: `anon 5\n${droppable} ${100 * megabyte}\nactive_file 7\n`,
    });
    const limit = 512 * megabyte;
    const usage = createInstanceUsage({ root, pid: 7, constrainedMemory: () => limit });
    expect(await usage()).toMatchObject({ memoryBytes: 200 * megabyte, memoryLimitBytes: limit });
  });

  test('under a limit of which the kernel tells no more is that of its processes', async () => {
    const root = await rootWith(family);
    const usage = createInstanceUsage({ root, pid: 7, constrainedMemory: () => 512 * megabyte });
    expect(await usage()).toMatchObject({ memoryBytes: 1_750 * 1024, memoryLimitBytes: 512 * megabyte });
  });

  test('without /proc is that of this process', async () => {
    const root = await rootWith({});
    const { memoryBytes, cpuSeconds } = await createInstanceUsage({ root })();
    expect(memoryBytes).toBeGreaterThan(10 * megabyte);
    expect(cpuSeconds).toBeGreaterThan(0.01);
  });

  test('on this machine grows by a child that takes memory', async () => {
    const usage = createInstanceUsage();
    const before = await usage();
    const hold =
      'const held = Buffer.alloc(150 * 2 ** 20, 1); console.log(held.length); process.stdin.resume()';
    const child = spawn(process.execPath, ['-e', hold], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const during = await usage();
    child.stdin.end();
    await once(child, 'exit');
    const after = await usage();
    expect(during.memoryBytes - before.memoryBytes).toBeGreaterThan(140 * megabyte);
    expect(after.memoryBytes).toBeLessThan(during.memoryBytes - 100 * megabyte);
    expect(during.cpuSeconds).toBeGreaterThan(before.cpuSeconds);
    expect(after.cpuSeconds).toBeGreaterThanOrEqual(during.cpuSeconds);
  });
});
