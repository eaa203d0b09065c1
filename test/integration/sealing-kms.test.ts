// Data keys that a key file wrapped move to Cloud KMS, on to its next version, and back, on a real database.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openSealing } from '../../src/compose/open-sealing.ts';
import type { KmsConfig } from '../../src/config/sealing.ts';
import { type KmsDouble, startKmsDouble } from '../support/kms-double.ts';
import { openStores, type Stores } from '../support/stores.ts';

const key = 'projects/project/locations/europe-west1/keyRings/aiprod/cryptoKeys/data-keys';
let stores: Stores;
let folder: string;
let kms: KmsDouble;
beforeAll(async () => {
  stores = await openStores();
  folder = await mkdtemp(join(tmpdir(), 'aiprod-sealing-'));
  kms = await startKmsDouble({ folder });
  for (const [name, value] of Object.entries(kms.environment)) vi.stubEnv(name, value);
  kms.rotate(key);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await kms.close();
  await stores.close();
  await rm(folder, { recursive: true, force: true });
});

/** Does the work in what a process of its own would open, and closes it. */
async function sealing<T>(
  given: Partial<KmsConfig> | undefined,
  work: (opened: Awaited<ReturnType<typeof openSealing>>) => Promise<T>,
): Promise<T> {
  const config = given && { key: undefined, previousKey: undefined, endpoint: kms.endpoint, ...given };
  const opened = await openSealing(
    { keyFolder: join(folder, 'keys'), sealing: { kms: config, blobs: true } },
    { pool: stores.pool },
  );
  return work(opened).finally(() => opened.close());
}
const kekIds = async () =>
  (await stores.pool.query('SELECT kek_id FROM user_keys ORDER BY user_id')).rows.map(({ kek_id }) => kek_id);
const version = (number: number) => `${key}/cryptoKeyVersions/${number}`;

test('from the key file to Cloud KMS, to its next version, and back', async () => {
  const byFile = await sealing(undefined, ({ sealer }) => sealer.seal('ann', 'c', Buffer.from('before')));
  expect(await kekIds()).toEqual([expect.stringMatching(/^file\//)]);

  const byKms = await sealing({ key }, async ({ sealer, dataKeys }) => {
    expect((await sealer.open('ann', 'c', byFile)).toString()).toBe('before');
    const sealed = await sealer.seal('bob', 'c', Buffer.from('after'));
    expect(await kekIds()).toEqual([expect.stringMatching(/^file\//), version(1)]);
    expect(await dataKeys.rewrapAll()).toBe(1);
    expect(await dataKeys.rewrapAll()).toBe(0);
    return sealed;
  });
  expect(await kekIds()).toEqual([version(1), version(1)]);

  await rm(join(folder, 'keys'), { recursive: true });
  await sealing({ key }, async ({ sealer }) => {
    expect((await sealer.open('ann', 'c', byFile)).toString()).toBe('before');
  });
  expect(await readdir(folder)).not.toContain('keys');
  await expect(sealing(undefined, async () => {})).rejects.toMatchObject({
    code: 'config_invalid',
    hint: expect.stringContaining('AIPROD_KMS_PREVIOUS_KEY'),
  });

  kms.rotate(key);
  await sealing({ key }, async ({ dataKeys }) => {
    const catchUp = kms.late(key);
    await expect(dataKeys.rewrapAll()).rejects.toMatchObject({ code: 'encryption_key_unavailable' });
    expect(await kekIds()).toEqual([version(1), version(1)]);
    catchUp();
    expect(await dataKeys.rewrapAll()).toBe(2);
  });
  expect(await kekIds()).toEqual([version(2), version(2)]);

  await sealing({ previousKey: key }, async ({ sealer, dataKeys }) => {
    expect((await sealer.open('bob', 'c', byKms)).toString()).toBe('after');
    expect(await dataKeys.rewrapAll()).toBe(2);
  });
  await sealing(undefined, async ({ sealer }) => {
    expect((await sealer.open('bob', 'c', byKms)).toString()).toBe('after');
  });
});

test('nothing starts with a key that is not ours, and what is under way waits for one that is lost', async () => {
  await sealing({ key }, async ({ sealer }) => {
    kms.deny();
    await expect(sealer.seal('new', 'c', Buffer.from('x'))).rejects.toMatchObject({
      code: 'encryption_key_unavailable',
    });
    await expect(sealing({ key }, async () => {})).rejects.toMatchObject({
      code: 'config_invalid',
      hint: expect.stringContaining('roles/cloudkms.cryptoKeyEncrypterDecrypter'),
    });
    kms.deny(false);
    await sealer.seal('new', 'c', Buffer.from('x'));
  });
});
