// Connections to PostgreSQL, with limits so that neither a hung query nor a forgotten transaction holds one for ever.
import pg from 'pg';

import { databaseAddress } from './database-address.ts';

export interface PoolOptions {
  /** `postgres://…` */
  url: string;
  /** PEM file of who vouches for the server. See databaseAddress. */
  caFile?: string | undefined;
  /** Most connections at a time. */
  max: number;
  /** Longest time to wait for a connection, ms; left out: 10 s. */
  connectMs?: number;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  /** Told about connections that broke while idle and sends that failed after a commit; nothing is lost by either. */
  onError: (error: Error) => void;
}

/** Connects when first used. The caller ends it with `pool.end()`. Throws `config_invalid`, see databaseAddress. */
export function createPool(options: PoolOptions): pg.Pool {
  const { url, caFile, max, connectMs = 10_000, applicationName, onError } = options;
  const address = databaseAddress(url, caFile);
  const pool = new pg.Pool({
    connectionString: address.url,
    ssl: address.ssl,
    max,
    application_name: applicationName,
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: 30_000,
    statement_timeout: 20_000,
    // No statement of ours holds a lock for longer than a moment.
    lock_timeout: 10_000,
    // Longer than the server's own limit: only for a server that does not answer at all.
    query_timeout: 25_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // The server may cut connections that are being ended anyway.
  pool.on('error', (error) => {
    if (!pool.ending) onError(error);
  });
  // A connection that breaks between two statements of a transaction has no other listener; the next statement fails.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
