import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';

import { makeCertificate } from '../../../test/support/certificate.ts';
import { type KmsDouble, startKmsDouble } from '../../../test/support/kms-double.ts';
import { startGrpcServer } from '../../../test/support/pubsub-double-grpc.ts';
import { crc32c } from './crc32c.ts';
import { type CryptoKeys, openCryptoKeys } from './crypto-keys.ts';
import { createKmsKey, proveKmsKey } from './key-encryption-key.ts';

const key = 'projects/project/locations/europe-west1/keyRings/aiprod/cryptoKeys/data-keys';
const version = (number: number) => `${key}/cryptoKeyVersions/${number}`;
const dataKey = Buffer.alloc(32, 7);

let folder: string;
let kms: KmsDouble;
const opened: CryptoKeys[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-kms-'));
  kms = await startKmsDouble({ folder });
  for (const [name, value] of Object.entries(kms.environment)) vi.stubEnv(name, value);
  kms.rotate(key);
});
afterEach(() => kms.deny(false));
afterAll(async () => {
  await Promise.all(opened.map((each) => each.close()));
  await kms.close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

function open(name = key, endpoint = kms.endpoint) {
  const cryptoKeys = openCryptoKeys({ endpoint, deadlineMs: 1_000 });
  opened.push(cryptoKeys);
  return createKmsKey({ key: name, cryptoKeys });
}

it('computes the checksum of the catalogues', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

it('wraps for one context and names the version that did; any version unwraps', async () => {
  const kek = open();
  expect(kek.id()).toBe(key);
  const first = await kek.wrap(dataKey, 'user-key/ann/1');
  expect([first.kekId, kek.id()]).toEqual([version(1), version(1)]);
  expect(first.wrapped.includes(dataKey)).toBe(false);
  kms.rotate(key);
  const second = await kek.wrap(dataKey, 'user-key/ann/1');
  expect([second.kekId, kek.id()]).toEqual([version(2), version(2)]);
  expect([version(1), version(9), `${key}-other/cryptoKeyVersions/1`, 'file/1'].map(kek.knows)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  const other = open();
  for (const { wrapped, kekId } of [first, second]) {
    expect(await other.unwrap(wrapped, 'user-key/ann/1', kekId)).toEqual(dataKey);
  }
});

it('unwraps nothing that was changed or belongs elsewhere', async () => {
  const kek = open();
  const { wrapped, kekId } = await kek.wrap(dataKey, 'user-key/ann/1');
  const unreadable = { code: 'sealed_unreadable' };
  await expect(kek.unwrap(wrapped, 'user-key/bob/1', kekId)).rejects.toMatchObject(unreadable);
  wrapped[20]! ^= 1;
  await expect(kek.unwrap(wrapped, 'user-key/ann/1', kekId)).rejects.toMatchObject(unreadable);
});

it.each([
  'changes-answer',
  'does-not-verify',
  { status: 14 },
  { status: 8 },
  { status: 13 },
  { status: 3, message: 'The checksum in field plaintext_crc32c did not match the data in field plaintext.' },
] as const)('asks again after %j', async (fault) => {
  const kek = open();
  const before = kms.requests();
  kms.misbehave(fault);
  const { wrapped, kekId } = await kek.wrap(dataKey, 'c');
  expect(kms.requests() - before).toBe(2);
  if (fault !== 'does-not-verify') kms.misbehave(fault);
  expect(await kek.unwrap(wrapped, 'c', kekId)).toEqual(dataKey);
});

it('gives up after a few, and waits for no answer for long', async () => {
  const kek = open();
  const before = kms.requests();
  const unavailable = { code: 'encryption_key_unavailable', kind: 'transient' };
  kms.misbehave({ status: 14 }, { status: 14 }, { status: 14 }, { status: 14 });
  await expect(kek.wrap(dataKey, 'c')).rejects.toMatchObject(unavailable);
  expect(kms.requests() - before).toBe(3);
  kms.misbehave('changes-answer', 'changes-answer');
  await expect(kek.wrap(dataKey, 'c')).rejects.toMatchObject(unavailable);
  kms.misbehave('hangs');
  await expect(kek.wrap(dataKey, 'c')).resolves.toBeDefined();
});

it('refuses to start with a key that is not there or not ours, and only waits when it is lost later', async () => {
  const hint = expect.stringContaining('roles/cloudkms.cryptoKeyEncrypterDecrypter');
  const kek = open();
  await proveKmsKey(kek);
  kms.deny();
  await expect(kek.wrap(dataKey, 'c')).rejects.toMatchObject({ code: 'encryption_key_unavailable', hint });
  await expect(proveKmsKey(kek)).rejects.toMatchObject({ code: 'config_invalid', hint });
  kms.deny(false);
  await expect(proveKmsKey(open(`${key}-other`))).rejects.toMatchObject({ code: 'config_invalid', hint });
  kms.disable(version(2));
  await expect(proveKmsKey(kek)).rejects.toMatchObject({ code: 'config_invalid' });
});

it('believes no server whose certificate is not trusted', async () => {
  const stranger = await startGrpcServer({ unary: {}, streaming: {} }, makeCertificate('localhost'));
  const kek = open(key, `https://localhost:${new URL(`http://${stranger.host}`).port}`);
  await expect(kek.wrap(dataKey, 'c')).rejects.toMatchObject({ code: 'encryption_key_unavailable' });
  await stranger.close();
});
