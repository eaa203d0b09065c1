// API keys in the database. A key is shown when it is made and never again: what is kept is its keyed hash.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

import type { Caller, Scope } from '../../domain/caller.ts';
import { AppError } from '../../domain/errors.ts';
import { rowsOf } from './statements.ts';

interface ApiKey {
  keyId: string;
  userId: string;
  prefix: string;
  scopes: Scope[];
  createdAt: Date;
  expiresAt: Date | null;
  /** To the minute. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

interface NewApiKey {
  userId: string;
  scopes: Scope[];
  /** Left out: the key does not expire. */
  expiresInDays?: number;
}

const columns = `key_id AS "keyId", user_id AS "userId", prefix, scopes, created_at AS "createdAt",
  expires_at AS "expiresAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;
const isLive = 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())';

const insert = {
  name: 'api_key_insert',
  text: `
    INSERT INTO api_keys (key_id, user_id, prefix, hash, scopes, expires_at)
    VALUES ($1, $2, $3, $4, $5, now() + $6::int * interval '1 day') RETURNING ${columns}`,
};
const find = {
  name: 'api_key_find',
  text: `SELECT key_id AS "keyId", user_id AS "userId", scopes, hash,
    coalesce(last_used_at < now() - interval '1 minute', true) AS "stale"
    FROM api_keys WHERE prefix = $1 AND ${isLive}`,
};
const use = {
  name: 'api_key_use',
  text: `UPDATE api_keys SET last_used_at = now()
    WHERE key_id = $1 AND coalesce(last_used_at < now() - interval '1 minute', true)`,
};
const listAll = { name: 'api_keys_list', text: `SELECT ${columns} FROM api_keys ORDER BY key_id DESC` };
const revokeOne = {
  name: 'api_key_revoke',
  text: 'UPDATE api_keys SET revoked_at = now() WHERE key_id = $1 AND revoked_at IS NULL RETURNING key_id',
};
const findLive = { name: 'api_keys_live', text: `SELECT 1 FROM api_keys WHERE ${isLive} LIMIT 1` };

export type ApiKeys = ReturnType<typeof createApiKeys>;

/** `pepper` is secret, and not in the database: whoever reads the table can neither use nor make keys. */
export function createApiKeys({ pool, pepper }: { pool: pg.Pool; pepper: Buffer }) {
  const hashOf = (key: string) => createHmac('sha256', pepper).update(key).digest();

  return {
    /** `key` is the secret, which cannot be had again. */
    async create({ userId, scopes, expiresInDays }: NewApiKey): Promise<{ key: string; apiKey: ApiKey }> {
      const prefix = randomBytes(4).toString('hex');
      const key = `aiprod_${prefix}_${randomBytes(32).toString('base64url')}`;
      const values = [uuidv7(), userId, prefix, hashOf(key), scopes, expiresInDays ?? null];
      const [apiKey] = await rowsOf<ApiKey>(pool, insert, values);
      return { key, apiKey: apiKey! };
    },

    /** Throws `unauthenticated` for a key that is unknown, expired or revoked, and does not say which. */
    async verify(key: string): Promise<Caller> {
      const prefix = /^aiprod_([0-9a-f]{8})_[\w-]{43}$/.exec(key)?.[1];
      const [found] =
        prefix === undefined
          ? []
          : await rowsOf<{ keyId: string; userId: string; scopes: Scope[]; hash: Buffer; stale: boolean }>(
              pool,
              find,
              [prefix],
            );
      if (found === undefined || !timingSafeEqual(found.hash, hashOf(key)))
        throw new AppError('unauthenticated', 'The API key is not a valid one for this server.');
      if (found.stale) await rowsOf(pool, use, [found.keyId]);
      return {
        userId: found.userId,
        scopes: found.scopes,
        via: 'api_key',
        credentialId: found.keyId,
      };
    },

    /** Of all users, newest first. */
    list: () => rowsOf<ApiKey>(pool, listAll),

    /** Throws `not_found` for a key that does not exist or is revoked already. */
    async revoke(keyId: string): Promise<void> {
      const isId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(keyId);
      const revoked = isId ? await rowsOf(pool, revokeOne, [keyId]) : [];
      if (revoked.length === 0) throw new AppError('not_found', 'There is no such key that is not revoked.');
    },

    /** Whether anybody could come in with a key now. */
    anyLive: async () => (await rowsOf(pool, findLive)).length > 0,
  };
}
