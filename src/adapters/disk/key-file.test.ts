import { chmod, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { openKeyFile } from './key-file.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'aiprod-keys-')), 'keys');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));
const file = () => join(folder, 'key-encryption-key');

it('is made once, for this account only; all who start at once use the same', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => openKeyFile({ folder })));
  expect(new Set(keys.map((key) => key.id())).size).toBe(1);
  expect(await readdir(folder)).toEqual(['key-encryption-key']);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  const { wrapped, kekId } = await keys[0]!.wrap(Buffer.alloc(32, 7), 'user-key/ann/1');
  expect(await keys[1]!.unwrap(wrapped, 'user-key/ann/1', kekId)).toEqual(Buffer.alloc(32, 7));
});

it('unwraps nothing that was changed or belongs elsewhere', async () => {
  const key = await openKeyFile({ folder });
  const { wrapped, kekId } = await key.wrap(Buffer.alloc(32, 7), 'user-key/ann/1');
  const unreadable = { code: 'sealed_unreadable' };
  await expect(key.unwrap(wrapped, 'user-key/bob/1', kekId)).rejects.toMatchObject(unreadable);
  wrapped[20]! ^= 1;
  await expect(key.unwrap(wrapped, 'user-key/ann/1', kekId)).rejects.toMatchObject(unreadable);
  await expect(key.unwrap(wrapped, 'user-key/ann/1', 'file/other')).rejects.toMatchObject({
    code: 'encryption_key_unavailable',
  });
});

it('refuses a file that others may read, and one that is no key', async () => {
  await openKeyFile({ folder });
  await chmod(file(), 0o640);
  await expect(openKeyFile({ folder })).rejects.toMatchObject({ code: 'config_invalid' });
  await rm(file());
  await writeFile(file(), 'short', { mode: 0o600 });
  await expect(openKeyFile({ folder })).rejects.toMatchObject({ code: 'config_invalid' });
});

it('opens with the previous key what that one wrapped', async () => {
  const before = await openKeyFile({ folder });
  const { wrapped, kekId } = await before.wrap(Buffer.alloc(32, 7), 'c');
  await rename(file(), `${file()}.previous`);
  const after = await openKeyFile({ folder });
  expect(after.id()).not.toBe(before.id());
  expect(after.knows(kekId)).toBe(true);
  expect(await after.unwrap(wrapped, 'c', kekId)).toEqual(Buffer.alloc(32, 7));
});
