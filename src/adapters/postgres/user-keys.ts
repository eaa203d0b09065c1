// Wrapped data keys on PostgreSQL. Runs as the login role: users' roles see nothing of this table.
import type pg from 'pg';

import type { UserKey, UserKeys } from '../../ports/user-keys.ts';
import { createListener } from './listener.ts';
import { inTransaction, rowsOf } from './statements.ts';

const channel = 'aiprod_user_keys';
const columns = 'user_id, version, wrapped, kek_id';

interface KeyRow {
  user_id: string;
  /** bigint */
  version: string;
  wrapped: Buffer;
  kek_id: string;
}

const findCurrent = {
  name: 'user_key_current',
  text: `SELECT ${columns} FROM user_keys WHERE user_id = $1 AND is_current`,
};

const findOne = {
  name: 'user_key_find',
  text: `SELECT ${columns} FROM user_keys WHERE user_id = $1 AND version = $2`,
};

const reserve = { name: 'user_key_reserve', text: `SELECT nextval('user_key_versions') AS version` };

const retire = {
  name: 'user_key_retire',
  text: 'UPDATE user_keys SET is_current = false WHERE user_id = $1 AND version = $2 AND is_current RETURNING 1',
};

const insert = {
  name: 'user_key_insert',
  text: `INSERT INTO user_keys (user_id, version, wrapped, kek_id) VALUES ($1, $2, $3, $4)
    ON CONFLICT (user_id) WHERE is_current DO NOTHING RETURNING ${columns}`,
};

const byOthers = {
  name: 'user_key_by_others',
  text: `SELECT ${columns} FROM user_keys WHERE kek_id <> $1 ORDER BY user_id, version LIMIT $2`,
};

const currentUpTo = {
  name: 'user_key_current_up_to',
  text: `SELECT ${columns} FROM user_keys WHERE is_current AND version <= $1 ORDER BY user_id LIMIT $2`,
};

const rewrap = {
  name: 'user_key_rewrap',
  text: `UPDATE user_keys SET wrapped = $5, kek_id = $6
    WHERE user_id = $1 AND version = $2 AND wrapped = $3 AND kek_id = $4`,
};

const kekIds = { name: 'user_key_kek_ids', text: 'SELECT DISTINCT kek_id FROM user_keys' };

const remove = {
  name: 'user_key_remove',
  text: 'DELETE FROM user_keys WHERE user_id = $1',
};

const tell = { name: 'user_key_removed', text: `SELECT pg_notify('${channel}', $1)` };

/** Every method may throw `database_unavailable`. `close` ends the connection that hears of removed keys. */
export function createUserKeys({ pool }: { pool: pg.Pool }): UserKeys & { close(): Promise<void> } {
  const listeners = new Set<(userId: string | undefined) => void>();
  const listener = createListener(pool, channel, {
    onNotification: (payload) => {
      const userId = JSON.parse(Buffer.from(payload, 'base64url').toString()) as string;
      // A long id is not told in full.
      for (const forget of listeners) forget(userId.length < longestTold ? userId : undefined);
    },
    onConnected: () => {
      for (const forget of listeners) forget(undefined);
    },
  });

  return {
    async findCurrent(userId) {
      const [row] = await rowsOf<KeyRow>(pool, findCurrent, [userId]);
      return row && toUserKey(row);
    },

    async find(userId, version) {
      const [row] = await rowsOf<KeyRow>(pool, findOne, [userId, version]);
      return row && toUserKey(row);
    },

    async reserveVersion() {
      const [row] = await rowsOf<{ version: string }>(pool, reserve);
      return Number(row!.version);
    },

    async add({ userId, version, wrapped, kekId }, instead) {
      for (;;) {
        const added = await inTransaction(pool, async (client) => {
          if (instead !== undefined) {
            // Somebody else renewed it, or destroyed all.
            const retired = await rowsOf(client, retire, [userId, instead]);
            if (retired.length === 0) return undefined;
          }
          const [row] = await rowsOf<KeyRow>(client, insert, [userId, version, wrapped, kekId]);
          return row;
        });
        const [row] = added ? [added] : await rowsOf<KeyRow>(pool, findCurrent, [userId]);
        if (row !== undefined) return toUserKey(row);
        // Destroyed in between: ours is as new as any.
        instead = undefined;
      }
    },

    async wrappedByOthers(kekId, limit) {
      return (await rowsOf<KeyRow>(pool, byOthers, [kekId, limit])).map(toUserKey);
    },

    async currentUpTo(version, limit) {
      return (await rowsOf<KeyRow>(pool, currentUpTo, [version, limit])).map(toUserKey);
    },

    async rewrap({ userId, version, wrapped, kekId }, by) {
      await rowsOf(pool, rewrap, [userId, version, wrapped, kekId, by.wrapped, by.kekId]);
    },

    async kekIds() {
      return (await rowsOf<{ kek_id: string }>(pool, kekIds)).map(({ kek_id }) => kek_id);
    },

    async remove(userId) {
      const told = Buffer.from(JSON.stringify(userId.slice(0, longestTold))).toString('base64url');
      await inTransaction(pool, async (client) => {
        await rowsOf(client, remove, [userId]);
        await rowsOf(client, tell, [told]);
      });
    },

    onRemoved(forget) {
      listeners.add(forget);
      listener.start();
    },

    close: () => listener.close(),
  };
}

/** Characters: a notification holds 8,000 bytes at most. */
const longestTold = 1_000;

function toUserKey({ user_id, version, wrapped, kek_id }: KeyRow): UserKey {
  return { userId: user_id, version: Number(version), wrapped, kekId: kek_id };
}
