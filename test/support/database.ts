// A database of its own for each test file that asks: cloned from a migrated template, dropped when closed.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';

export interface TestDatabase {
  url: string;
  /** Drops it, whoever is connected. */
  close(): Promise<void>;
}

/** A migrated database; with `empty`, one without any tables. */
export async function openTestDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const { url, prefix } = inject('testServer');
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  await asAdmin(url, async (admin) => {
    const template = options.empty ? 'template0' : await makeTemplate(admin, url, prefix);
    await admin.query(`CREATE DATABASE "${name}" TEMPLATE "${template}"`);
  });
  return {
    url: databaseUrl(url, name),
    close: () => asAdmin(url, (admin) => admin.query(`DROP DATABASE "${name}" WITH (FORCE)`)).then(() => {}),
  };
}

/** Made by the first file that asks; the others wait for it. */
async function makeTemplate(admin: pg.Client, url: string, prefix: string): Promise<string> {
  const template = `${prefix}_template`;
  await admin.query('SELECT pg_advisory_lock(hashtext($1))', [prefix]);
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [template]);
  if (rowCount === 0) {
    const making = `${prefix}_making`;
    await admin.query(`DROP DATABASE IF EXISTS "${making}" WITH (FORCE)`);
    await admin.query(`CREATE DATABASE "${making}" TEMPLATE template0`);
    await fill(databaseUrl(url, making));
    await admin.query(`ALTER DATABASE "${making}" RENAME TO "${template}"`);
  }
  await admin.query('SELECT pg_advisory_unlock(hashtext($1))', [prefix]);
  return template;
}

async function fill(url: string): Promise<void> {
  const pool = createPool({ url, max: 2, applicationName: 'aiprod-test', onError: console.error });
  try {
    await migrate(pool);
  } finally {
    await pool.end();
  }
}

async function asAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client(url);
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
