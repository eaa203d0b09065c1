// Which addresses are spoken to plainly, which by verified TLS, and which are refused.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { databaseAddress } from './database-address.ts';

let folder: string;
let caFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-address-'));
  caFile = join(folder, 'ca.pem');
  await writeFile(caFile, '-----BEGIN CERTIFICATE-----\n');
  await writeFile(join(folder, 'ca.der'), 'binary');
});
afterAll(() => rm(folder, { recursive: true }));

describe('databaseAddress', () => {
  it.each([
    ['postgres://a:b@127.0.0.1:5432/c', '127.0.0.1, no TLS'],
    ['postgres://a:b@localhost/c', 'localhost, no TLS'],
    ['postgres://a:b@[::1]/c', '::1, no TLS'],
    ['postgresql://a:b@/c?host=/cloudsql/p:europe-west1:db', '/cloudsql/p:europe-west1:db, Unix socket'],
    ['postgresql://a:b@%2Fcloudsql%2Fp/c', '/cloudsql/p, Unix socket'],
    ['postgres://a:b@10.0.0.3/c?sslmode=disable', '10.0.0.3, no TLS'],
  ])('speaks plainly to %s', (url, description) => {
    expect(databaseAddress(url)).toMatchObject({ ssl: false, description });
  });

  it.each([
    'postgres://a:b@db.example.com/c',
    'postgres://a:b@10.0.0.3/c',
    'postgres://a:b@127.example.com/c',
    'postgres://a:b@localhost.example.com/c',
    'postgres://a:b@127.0.0.1/c?host=db.example.com',
    'postgres://a:b@localhost/c?sslmode=verify-full',
  ])('wants to know who answers at %s', (url) => {
    const { ssl } = databaseAddress(url);
    expect(ssl).toMatchObject({ rejectUnauthorized: true });
    expect(ssl).not.toHaveProperty('checkServerIdentity');
  });

  it('takes the authorities of a file, also on this machine', () => {
    expect(databaseAddress('postgres://localhost/c', caFile).ssl).toMatchObject({
      ca: expect.stringContaining('BEGIN'),
      rejectUnauthorized: true,
    });
  });

  it('leaves only the rest of the address to the driver', () => {
    const url = `postgres://a:p%40s@h/c?sslmode=verify-full&sslrootcert=${caFile}&options=-c%20x%3D1`;
    expect(databaseAddress(url).url).toBe('postgres://a:p%40s@h/c?options=-c+x%3D1');
  });

  it.each([
    'require',
    'prefer',
    'allow',
    'no-verify',
    '',
  ])('refuses sslmode=%s: it verifies nobody', (mode) => {
    expect(() => databaseAddress(`postgres://h/c?sslmode=${mode}`)).toThrow('does not verify');
  });

  it('refuses an address of nothing, files that are not there or no PEM, and verify-ca by the public', () => {
    expect(() => databaseAddress('postgres://a:b@h:port/c')).toThrow('not an address');
    expect(() => databaseAddress('postgres://h/c', join(folder, 'none'))).toThrow('ENOENT');
    expect(() => databaseAddress('postgres://h/c', join(folder, 'ca.der'))).toThrow('PEM');
    expect(() => databaseAddress('postgres://h/c?sslmode=verify-ca')).toThrow('authority of your own');
    expect(() => databaseAddress('nothing', undefined, 'AIPROD_DATABASE_REPLICA_URL')).toThrow('REPLICA');
  });
});
