// API keys in the database. A key is shown when it is made and never again: what is kept is its keyed hash.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

import { type ApiKey, apiKeyLimits } from '../../domain/api-key.ts';
import type { Caller, Scope } from '../../domain/caller.ts';
import { AppError } from '../../domain/errors.ts';
import type { ApiKeyStore, ShownApiKey } from '../../ports/api-key-store.ts';
import { isUuid } from './job-row.ts';
import { type Executor, inTenant, rowsOf, type Statement, tenantRows } from './statements.ts';

const columns = `key_id AS "keyId", user_id AS "userId", name, prefix, scopes, created_at AS "createdAt",
  expires_at AS "expiresAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt", replaced_by AS "replacedBy"`;
const isLive = 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())';

// Keys of one user are made one after the other, so that they can be counted.
const lockUser = {
  name: 'api_key_lock_user',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('api_keys/' || $1, 0))`,
};
const countLive = {
  name: 'api_key_count',
  text: `SELECT count(*)::int AS count FROM api_keys WHERE user_id = $1 AND ${isLive}`,
};
const insert = {
  name: 'api_key_insert',
  text: `
    INSERT INTO api_keys (key_id, user_id, prefix, hash, name, scopes, expires_at)
    SELECT $1, $2, $3, $4, $5, $6, ends FROM (SELECT now() + $7::int * interval '1 day' AS ends) AS life
    WHERE $8::timestamptz IS NULL OR ends <= $8 RETURNING ${columns}`,
};
const insertCopy = {
  name: 'api_key_insert_copy',
  text: `
    INSERT INTO api_keys (key_id, user_id, prefix, hash, name, scopes, expires_at)
    SELECT $1, $2, $3, $4, name, scopes, expires_at FROM api_keys WHERE key_id = $5 AND user_id = $2
    RETURNING ${columns}`,
};
const replace = {
  name: 'api_key_replace',
  text: `
    UPDATE api_keys SET replaced_by = $3,
      revoked_at = CASE WHEN $4::int = 0 THEN now() END,
      expires_at = CASE WHEN $4::int = 0 THEN expires_at ELSE least(expires_at, now() + $4::int * interval '1 hour') END
    WHERE key_id = $2 AND user_id = $1`,
};
const findOwn = {
  name: 'api_key_find_own',
  text: `SELECT ${columns} FROM api_keys WHERE user_id = $1 AND key_id = $2 AND ${isLive} FOR UPDATE`,
};
const find = {
  name: 'api_key_find',
  text: `SELECT key_id AS "keyId", user_id AS "userId", scopes, hash, expires_at AS "expiresAt",
    coalesce(last_used_at < now() - interval '1 minute', true) AS "stale"
    FROM api_keys WHERE prefix = $1 AND ${isLive}`,
};
const use = {
  name: 'api_key_use',
  text: `UPDATE api_keys SET last_used_at = now()
    WHERE key_id = $1 AND coalesce(last_used_at < now() - interval '1 minute', true)`,
};
const listAll = { name: 'api_keys_list', text: `SELECT ${columns} FROM api_keys ORDER BY key_id DESC` };
const listOwn = {
  name: 'api_keys_list_own',
  text: `
    SELECT ${columns} FROM api_keys
    WHERE user_id = $1 AND coalesce(least(revoked_at, expires_at), now()) > now() - interval '30 days'
    ORDER BY key_id DESC LIMIT 500`,
};
const revokeAny = {
  name: 'api_key_revoke',
  text: 'UPDATE api_keys SET revoked_at = now() WHERE key_id = $1 AND revoked_at IS NULL RETURNING user_id AS "userId"',
};
const revokeOwn = {
  name: 'api_key_revoke_own',
  text: 'UPDATE api_keys SET revoked_at = now() WHERE key_id = $1 AND user_id = $2 AND revoked_at IS NULL RETURNING key_id',
};
const findLive = { name: 'api_keys_live', text: `SELECT 1 FROM api_keys WHERE ${isLive} LIMIT 1` };

export interface ApiKeys extends ApiKeyStore {
  /** Throws `unauthenticated` for a key that is unknown, expired or revoked, and does not say which. */
  verify(key: string): Promise<Caller>;
  /** Of all users, newest first. */
  listAll(): Promise<ApiKey[]>;
  /** Whoever has it; answers whose it was. Throws `not_found` for a key that does not exist or is revoked already. */
  revokeAny(keyId: string): Promise<string>;
  /** Whether anybody could come in with a key now. */
  anyLive(): Promise<boolean>;
}

/** `pepper` is secret, and not in the database: whoever reads the table can neither use nor make keys. */
export function createApiKeys({ pool, pepper }: { pool: pg.Pool; pepper: Buffer }): ApiKeys {
  const hashOf = (key: string) => createHmac('sha256', pepper).update(key).digest();

  /** Undefined = `statement`, which takes id, user, prefix and hash first, inserts none. */
  async function insertKey(
    client: Executor,
    statement: Statement,
    userId: string,
    rest: unknown[],
  ): Promise<ShownApiKey | undefined> {
    const prefix = randomBytes(4).toString('hex');
    const key = `aiprod_${prefix}_${randomBytes(32).toString('base64url')}`;
    const values = [uuidv7(), userId, prefix, hashOf(key), ...rest];
    const [apiKey] = await rowsOf<ApiKey>(client, statement, values);
    return apiKey && { key, apiKey };
  }

  return {
    create: ({ userId, name, scopes, expiresInDays, notAfter }) =>
      inTenant(pool, userId, async (client) => {
        await takePlace(client, userId);
        const life = [expiresInDays ?? null, notAfter?.toISOString() ?? null];
        const made = await insertKey(client, insert, userId, [name, scopes, ...life]);
        if (made === undefined) throw outlives(notAfter!);
        return made;
      }),

    list: (userId) => tenantRows<ApiKey>(pool, userId, listOwn, [userId]),

    async rotate(userId, keyId, { graceHours, scopes, notAfter }) {
      if (!isUuid(keyId)) throw unknownKey();
      return inTenant(pool, userId, async (client) => {
        // What ends at once makes its own place.
        if (graceHours > 0) await takePlace(client, userId);
        const [old] = await rowsOf<ApiKey>(client, findOwn, [userId, keyId]);
        if (old === undefined) throw unknownKey();
        if (old.replacedBy !== null) {
          throw new AppError('state_conflict', 'This key was replaced already.', {
            hint: `Rotate the key ${old.replacedBy} instead.`,
          });
        }
        refuseMoreScopes(old.scopes, scopes);
        if (notAfter !== undefined && (old.expiresAt === null || old.expiresAt > notAfter)) {
          throw outlives(notAfter);
        }
        const made = (await insertKey(client, insertCopy, userId, [keyId]))!;
        await rowsOf(client, replace, [userId, keyId, made.apiKey.keyId, graceHours]);
        return made;
      });
    },

    async revoke(userId, keyId) {
      const revoked = isUuid(keyId) ? await tenantRows(pool, userId, revokeOwn, [keyId, userId]) : [];
      if (revoked.length === 0) throw unknownKey();
    },

    async verify(key) {
      const prefix = /^aiprod_([0-9a-f]{8})_[\w-]{43}$/.exec(key)?.[1];
      const [found] =
        prefix === undefined
          ? []
          : await rowsOf<{
              keyId: string;
              userId: string;
              scopes: Scope[];
              hash: Buffer;
              expiresAt: Date | null;
              stale: boolean;
            }>(pool, find, [prefix]);
      if (found === undefined || !timingSafeEqual(found.hash, hashOf(key)))
        throw new AppError('unauthenticated', 'The API key is not a valid one for this server.');
      if (found.stale) await rowsOf(pool, use, [found.keyId]);
      return {
        userId: found.userId,
        scopes: found.scopes,
        via: 'api_key',
        credentialId: found.keyId,
        ...(found.expiresAt !== null && { credentialEnds: found.expiresAt }),
      };
    },

    listAll: () => rowsOf<ApiKey>(pool, listAll),

    async revokeAny(keyId) {
      const [revoked] = isUuid(keyId) ? await rowsOf<{ userId: string }>(pool, revokeAny, [keyId]) : [];
      if (revoked === undefined) throw unknownKey();
      return revoked.userId;
    },

    anyLive: async () => (await rowsOf(pool, findLive)).length > 0,
  };
}

async function takePlace(client: Executor, userId: string): Promise<void> {
  await rowsOf(client, lockUser, [userId]);
  const [live] = await rowsOf<{ count: number }>(client, countLive, [userId]);
  if (live!.count < apiKeyLimits.perUser) return;
  throw new AppError(
    'limit_reached',
    `You have ${apiKeyLimits.perUser} valid API keys, the most there may be.`,
    {
      hint: 'Revoke one that nobody uses.',
    },
  );
}

function refuseMoreScopes(wanted: readonly Scope[], own: readonly Scope[]): void {
  const more = wanted.filter((scope) => !own.includes(scope));
  if (more.length === 0) return;
  throw new AppError('forbidden', `This key may do what you may not: ${more.join(', ')}.`, {
    hint: 'Ask with an access token or an API key that has these scopes.',
  });
}

function outlives(notAfter: Date): AppError {
  return new AppError('forbidden', `The key that you ask with ends on ${notAfter.toISOString()}.`, {
    hint: 'What you make with it must not live longer: give an earlier end, or ask with another key or an access token.',
  });
}

const unknownKey = () => new AppError('not_found', 'There is no such key that is not revoked.');
