// A sealed store over a folder fulfils the blob store's contract, and nothing on the disk tells what it holds.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createDiskBlobStore } from '../../src/adapters/disk/blob-store.ts';
import { openKeyFile } from '../../src/adapters/disk/key-file.ts';
import { createDataKeys } from '../../src/adapters/sealing/data-keys.ts';
import { createSealedBlobStore } from '../../src/adapters/sealing/sealed-blob-store.ts';
import { createStreamSealer } from '../../src/adapters/sealing/stream-sealer.ts';
import { createMemoryUserKeys } from '../support/memory-user-keys.ts';
import { storeBytes } from '../support/store-bytes.ts';
import { blobStoreConformance } from './blob-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-sealed-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function openStore() {
  const dataKeys = createDataKeys({
    userKeys: createMemoryUserKeys(),
    kek: await openKeyFile({ folder: join(folder, 'keys') }),
  });
  const inner = createDiskBlobStore({ folder: join(folder, 'blobs') });
  const sealer = createStreamSealer(dataKeys);
  return {
    inner,
    dataKeys,
    store: createSealedBlobStore({ inner, sealer }),
    unsealing: createSealedBlobStore({ inner, sealer, seals: false }),
  };
}

async function onlyFile(): Promise<string> {
  const entries = await readdir(join(folder, 'blobs'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  expect(files).toHaveLength(1);
  return join(files[0]!.parentPath, files[0]!.name);
}

describe('one that seals no more', () => {
  blobStoreConformance(async () => ({ store: (await openStore()).unsealing, close: async () => {} }));
});

describe('a sealed store over a folder', () => {
  blobStoreConformance(async () => ({ store: (await openStore()).store, close: async () => {} }));

  test('what lies on the disk tells nothing, and a part of it that was changed is not given out', async () => {
    const { store } = await openStore();
    const { digest } = await storeBytes(store, 'ann', Buffer.from('canary '.repeat(40_000)), 'text/plain');
    const path = await onlyFile();
    const sealed = await readFile(path);
    expect(sealed.includes('canary')).toBe(false);
    sealed[200_000]! ^= 1;
    await writeFile(path, sealed);
    const ranged = await buffer(await store.read('ann', digest, { start: 0, end: 20 }));
    expect(ranged.toString()).toBe('canary canary canary ');
    await expect(store.read('ann', digest).then(buffer)).rejects.toMatchObject({ code: 'sealed_unreadable' });
    await expect(store.localPath('ann', digest, folder)).rejects.toMatchObject({ code: 'sealed_unreadable' });
  });

  test('a digest that the caller has is believed: the file is read once', async () => {
    const { store } = await openStore();
    const path = join(folder, 'known');
    const bytes = randomBytes(100_000);
    await writeFile(path, bytes);
    const digest = createHash('sha256').update(bytes).digest('hex');
    const stored = { digest, bytes: bytes.length, media_type: 'image/png' };
    expect(await store.putFile('ann', path, 'image/png', { digest })).toEqual(stored);
    expect((await buffer(await store.read('ann', digest))).equals(bytes)).toBe(true);
    // Left where it will be asked for: it is not opened again, nor missed in the store.
    const own = join(folder, 'own');
    await mkdir(own);
    const known = { digest, folder: own };
    await store.putFile('ann', path, 'image/png', known);
    await rm(path);
    await store.remove('ann', digest);
    expect((await readFile(await store.localPath('ann', digest, own))).equals(bytes)).toBe(true);
    await writeFile(path, bytes);
    const said = 'a'.repeat(64);
    expect((await store.putFile('ann', path, 'image/png', { digest: said })).digest).toBe(said);
  });

  test('bytes from before sealing go on being read', async () => {
    const { inner, store } = await openStore();
    const bytes = randomBytes(100_000);
    const { digest } = await storeBytes(inner, 'ann', bytes, 'image/png');
    expect((await buffer(await store.read('ann', digest))).equals(bytes)).toBe(true);
    expect(
      (await buffer(await store.read('ann', digest, { start: 5, end: 9 }))).equals(bytes.subarray(5, 10)),
    ).toBe(true);
    expect((await readFile(await store.localPath('ann', digest, folder))).equals(bytes)).toBe(true);
    expect(await storeBytes(store, 'ann', bytes, 'image/png')).toMatchObject({ digest });
    expect((await buffer(await store.read('ann', digest))).equals(bytes)).toBe(true);
  });

  test('where no more is sealed, what was sealed is opened, and what is new lies open', async () => {
    const { inner, store, unsealing } = await openStore();
    const bytes = randomBytes(100_000);
    const { digest } = await storeBytes(store, 'ann', bytes, 'image/png');
    expect((await buffer(await unsealing.read('ann', digest))).equals(bytes)).toBe(true);
    expect(
      (await buffer(await unsealing.read('ann', digest, { start: 5, end: 9 }))).equals(bytes.subarray(5, 10)),
    ).toBe(true);
    expect((await readFile(await unsealing.localPath('ann', digest, folder))).equals(bytes)).toBe(true);
    const path = join(folder, 'new');
    await writeFile(path, 'new');
    const added = await unsealing.putFile('ann', path, 'text/plain');
    expect((await buffer(await inner.read('ann', added.digest))).toString()).toBe('new');
    expect((await buffer(await unsealing.read('ann', added.digest))).toString()).toBe('new');
  });

  test('bytes under another name, or of another user, do not open', async () => {
    const { inner, store } = await openStore();
    const { digest } = await storeBytes(store, 'ann', randomBytes(1_000), 'image/png');
    const sealed = await onlyFile();
    const other = 'b'.repeat(64);
    const copy = async (path: string) => writeFile(path, await readFile(sealed));
    await inner.putNamed('ann', other, copy, 'image/png');
    await inner.putNamed('bob', digest, copy, 'image/png');
    await expect(store.read('ann', other).then(buffer)).rejects.toMatchObject({ code: 'sealed_unreadable' });
    await expect(store.read('bob', digest).then(buffer)).rejects.toMatchObject({ code: 'sealed_unreadable' });
  });

  test('after its keys were destroyed nothing of a user is readable, and new bytes are', async () => {
    const { dataKeys, store } = await openStore();
    const old = await storeBytes(store, 'ann', randomBytes(1_000), 'image/png');
    await dataKeys.destroy('ann');
    await expect(store.read('ann', old.digest).then(buffer)).rejects.toMatchObject({
      code: 'sealed_unreadable',
    });
    const bytes = randomBytes(10);
    const { digest } = await storeBytes(store, 'ann', bytes, 'image/png');
    expect((await buffer(await store.read('ann', digest))).equals(bytes)).toBe(true);
  });
});
