// The folder fulfils the blob store's contract, and keeps what is its own: crashes, full disks, missing rights.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createDiskBlobStore } from '../../src/adapters/disk/blob-store.ts';
import { storeBytes } from '../support/store-bytes.ts';
import { blobStoreConformance } from './blob-store.ts';

const storeModule = JSON.stringify(new URL('../../src/adapters/disk/blob-store.ts', import.meta.url).href);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-disk-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}

describe('a folder as the blob store', () => {
  blobStoreConformance(async () => ({
    store: createDiskBlobStore({ folder: join(folder, 'blobs') }),
    close: async () => {},
  }));

  test('user ids are not in paths', async () => {
    await storeBytes(createDiskBlobStore({ folder }), 'anna@example.org', randomBytes(10), 'image/png');
    const files = await filesBelow(folder);
    expect(files).toHaveLength(1);
    expect(files[0]!.slice(folder.length)).toMatch(/^\/[0-9a-f]{32}\/[0-9a-f]{2}\/[0-9a-f]{64}$/);
  });

  test('a writer killed half-way leaves nothing to read, and its file is removed; a living one keeps its own', async () => {
    const place = join(folder, 'store');
    const store = createDiskBlobStore({ folder: place });
    const pipe = join(folder, 'slow-source');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    // the child reads from a pipe that never ends: it is killed in the middle of a blob.
    const program = `
      import { createDiskBlobStore } from ${storeModule};
      await createDiskBlobStore({ folder: ${JSON.stringify(place)} }).putFile('u', ${JSON.stringify(pipe)}, 'video/mp4');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
    const feed = await open(pipe, 'w'); // Resolves when the child reads, and then its temporary file exists.
    await feed.write(randomBytes(60_000));
    const temps = async () => (await readdir(join(place, 'temp'))).length;

    expect(await store.removeLeftovers()).toBe(0);
    expect(await temps()).toBe(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await feed.close();
    expect(await store.removeLeftovers()).toBe(1);
    // The source had been moved, not copied.
    expect(await filesBelow(folder)).toEqual([]);
  });

  test('a full disk is said to be full, and nothing of the attempt stays', async () => {
    const disk = join(folder, 'small-disk');
    await mkdir(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status === 0;
    if (!mounted) return await expectFullByLimit(disk);
    try {
      const store = createDiskBlobStore({ folder: disk });
      const small = await storeBytes(store, 'u', randomBytes(100_000), 'image/png');
      const full = { code: 'storage_full', kind: 'transient' };
      await expect(storeBytes(store, 'u', randomBytes(500_000), 'image/png')).rejects.toMatchObject(full);
      expect(await filesBelow(disk)).toHaveLength(1);
      expect(await store.has('u', small.digest)).toBe(true);
      await writeFile(join(disk, 'filler'), randomBytes(200_000)).catch(() => {});
      await expect(store.ping()).rejects.toMatchObject(full);
    } finally {
      expect(spawnSync('umount', [disk]).status).toBe(0);
    }
  });

  test('a folder that cannot be used is said to be unavailable', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const store = createDiskBlobStore({ folder: file });
    const unavailable = { code: 'storage_unavailable', kind: 'transient' };
    await expect(store.ping()).rejects.toMatchObject(unavailable);
    await expect(storeBytes(store, 'u', randomBytes(1), 'image/png')).rejects.toMatchObject(unavailable);
  });
});

/** Where no file system may be mounted: a process that may write no file longer than 64 KiB. */
async function expectFullByLimit(disk: string): Promise<void> {
  // What lies in the store itself is copied, not moved.
  const source = join(disk, 'source');
  await writeFile(source, randomBytes(500_000));
  const program = `
    process.on('SIGXFSZ', () => {});
    const { createDiskBlobStore } = await import(${storeModule});
    const store = createDiskBlobStore({ folder: ${JSON.stringify(disk)} });
    await store.putFile('u', ${JSON.stringify(source)}, 'image/png').catch((error) => console.log(error.code));`;
  const limited = ['-c', 'ulimit -f 128; exec "$0" --input-type=module -e "$1"', process.execPath, program];
  const { stdout } = spawnSync('/bin/sh', limited, { encoding: 'utf8' });
  expect(stdout).toBe('storage_full\n');
  expect(await filesBelow(disk)).toEqual([source]);
}
