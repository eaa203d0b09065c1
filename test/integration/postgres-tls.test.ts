// TLS to a real server: whom we believe, whom we refuse, and what the operator is told.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createPgBossQueue } from '../../src/adapters/pg-boss/job-queue.ts';
import { databaseAddress } from '../../src/adapters/postgres/database-address.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import { makeCertificate } from '../support/certificate.ts';
import { type PostgresServer, startPostgresServer } from '../support/postgres-server.ts';

let folder: string;
let encrypted: PostgresServer;
let elsewhere: PostgresServer;
let plain: PostgresServer;
const clientCertificate = makeCertificate('aiprod');

/** Takes connections by TLS only; the last line wants a certificate of the client too. */
const access = `
hostssl certified all 127.0.0.1/32 trust clientcert=verify-ca
hostssl all all 127.0.0.1/32 trust
`;

async function startEncrypted(host: string): Promise<PostgresServer> {
  const { key, cert } = makeCertificate(host);
  await writeFile(join(folder, `${host}.pem`), cert);
  return startPostgresServer({
    settings: {
      ssl: 'on',
      ssl_cert_file: 'own.crt',
      ssl_key_file: 'own.key',
      ssl_ca_file: 'clients.crt',
    },
    files: { 'own.crt': cert, 'own.key': key, 'clients.crt': clientCertificate.cert },
    access,
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-tls-'));
  encrypted = await startEncrypted('localhost');
  elsewhere = await startEncrypted('db.example.com');
  plain = await startPostgresServer();
  await writeFile(join(folder, 'client.crt'), clientCertificate.cert);
  await writeFile(join(folder, 'client.key'), clientCertificate.key);
});
afterAll(async () => {
  await Promise.all([encrypted, elsewhere, plain].map((server) => server?.close()));
  await rm(folder, { recursive: true, force: true });
});

const urlOf = ({ port }: PostgresServer, query = '', database = 'postgres') =>
  `postgresql://aiprod@localhost:${port}/${database}${query}`;
const ca = (host: string) => join(folder, `${host}.pem`);

async function connect(url: string, caFile?: string): Promise<string | null> {
  const pool = createPool({ url, caFile, max: 1, applicationName: 'test', onError: () => {} });
  try {
    await migrate(pool);
    const { rows } = await pool.query<{ version: string | null }>(
      'SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    );
    return rows[0]!.version;
  } finally {
    await pool.end();
  }
}

const untrusted = { code: 'config_invalid', hint: expect.stringContaining('AIPROD_DATABASE_CA') };
const wrongHost = { code: 'config_invalid', publicMessage: expect.stringContaining('another host') };

describe('a server with a certificate', () => {
  test('is believed with the right authority and host, by every connection that we make', async () => {
    expect(await connect(urlOf(encrypted), ca('localhost'))).toBe('TLSv1.3');
    expect(await connect(urlOf(encrypted, `?sslmode=verify-full&sslrootcert=${ca('localhost')}`))).toBe(
      'TLSv1.3',
    );
    const address = databaseAddress(urlOf(encrypted), ca('localhost'));
    const queue = await createPgBossQueue({ ...address, logger: { warn() {} } });
    expect(await queue.depth()).toEqual({ length: 0, oldestAgeMs: 0 });
    await queue.close();
  });

  test('is refused with the authority of somebody else, and with none', async () => {
    await expect(connect(urlOf(encrypted), ca('db.example.com'))).rejects.toMatchObject(untrusted);
    await expect(connect(urlOf(encrypted, '?sslmode=verify-full'))).rejects.toMatchObject(untrusted);
  });

  test('is refused when it answers for another host, unless its authority is for it alone', async () => {
    await expect(connect(urlOf(elsewhere), ca('db.example.com'))).rejects.toMatchObject(wrongHost);
    expect(await connect(urlOf(elsewhere, '?sslmode=verify-ca'), ca('db.example.com'))).toBe('TLSv1.3');
    await expect(connect(urlOf(encrypted, '?sslmode=verify-ca'), ca('db.example.com'))).rejects.toMatchObject(
      untrusted,
    );
  });

  test('may ask for a certificate of ours', async () => {
    const admin = createPool({
      url: urlOf(encrypted),
      caFile: ca('localhost'),
      max: 1,
      applicationName: 'test',
      onError: () => {},
    });
    await admin.query('CREATE DATABASE certified');
    await admin.end();
    await expect(connect(urlOf(encrypted, '', 'certified'), ca('localhost'))).rejects.toMatchObject({
      code: 'config_invalid',
    });
    const own = `?sslcert=${join(folder, 'client.crt')}&sslkey=${join(folder, 'client.key')}`;
    expect(await connect(urlOf(encrypted, own, 'certified'), ca('localhost'))).toBe('TLSv1.3');
  });

  test('is not spoken to plainly by mistake: it says no, and so do we', async () => {
    await expect(connect(urlOf(encrypted))).rejects.toMatchObject({ code: 'config_invalid' });
  });
});

describe('a server without TLS', () => {
  test('is used on this machine, and refused where TLS was asked for', async () => {
    expect(await connect(urlOf(plain))).toBeNull();
    await expect(connect(urlOf(plain, '?sslmode=verify-full'))).rejects.toMatchObject({
      code: 'config_invalid',
      publicMessage: 'The database does not speak TLS.',
    });
  });
});
