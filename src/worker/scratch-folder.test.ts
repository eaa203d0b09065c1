import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { openScratchFolder } from './scratch-folder.ts';

const host = hostname().replaceAll(/[^\w.-]/g, '_');
/** Above the largest process id that Linux hands out. */
const deadPid = 4_194_305;

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'aiprod-scratch-'));
});
afterEach(() => rm(parent, { recursive: true }));

test('what dead processes of this machine left is removed; the living and other machines keep theirs', async () => {
  const [dead, living, elsewhere] = [`${host}-${deadPid}`, `${host}-${process.ppid}`, `elsewhere-${deadPid}`];
  for (const name of [dead, living, elsewhere]) {
    await mkdir(join(parent, name));
    await writeFile(join(parent, name, 'half-made.wav'), 'x');
  }
  const own = await openScratchFolder(parent);
  expect((await readdir(parent)).sort()).toEqual([basename(own), living, elsewhere].sort());
  expect(await readdir(own)).toEqual([]);
});

test('a folder left under our own process id starts empty', async () => {
  await mkdir(join(parent, `${host}-${process.pid}`, 'job-1'), { recursive: true });
  expect(await readdir(await openScratchFolder(parent))).toEqual([]);
});
