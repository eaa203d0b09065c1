import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { lockDataFolder } from './data-folder-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A process that holds the lock until it is killed. */
async function startHolder(path: string) {
  const program = `
    const { lockDataFolder } = await import(${JSON.stringify(new URL('./data-folder-lock.ts', import.meta.url).href)});
    await lockDataFolder(${JSON.stringify(path)});
    console.log('held');
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return {
    pid: child.pid,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

test('a held folder is refused, naming the holder, and free again when released', async () => {
  const lock = await lockDataFolder(folder);
  await expect(lockDataFolder(folder)).rejects.toMatchObject({
    code: 'folder_in_use',
    publicMessage: `Another AIPROD (pid ${process.pid}) runs on this data folder.`,
    hint: expect.stringContaining('AIPROD_DATA'),
  });
  await lock.release();
  const again = await lockDataFolder(folder);
  await again.release();
  expect(await readdir(folder)).toHaveLength(1);
});

test('a lock of a killed process is taken over, by one of many', async () => {
  const holder = await startHolder(folder);
  await expect(lockDataFolder(folder)).rejects.toThrow(`(pid ${holder.pid})`);
  await holder.kill();
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataFolder(folder)));
  const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  expect(won).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'folder_in_use' });
  }
  await won[0]!.value.release();
  await (await lockDataFolder(folder)).release();
});

test('works in folders whose path is longer than a socket address', async () => {
  const deep = join(folder, 'd'.repeat(120), 'e'.repeat(120));
  await mkdir(deep, { recursive: true });
  const lock = await lockDataFolder(deep);
  await expect(lockDataFolder(deep)).rejects.toMatchObject({ code: 'folder_in_use' });
  await lock.release();
});
