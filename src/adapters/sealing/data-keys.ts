// The data keys of users: made on first use, wrapped by the key-encryption key, unwrapped in memory for a few minutes.
import { hkdfSync, randomBytes } from 'node:crypto';

import { AppError } from '../../domain/errors.ts';
import type { KeyEncryptionKey } from '../../ports/sealer.ts';
import type { UserKey, UserKeys } from '../../ports/user-keys.ts';

const keyBytes = 32;
const longestMs = 5 * 60_000;
const mostEntries = 1_000;
const batch = 100;

/** An unwrapped data key, from which the keys that encrypt are derived. */
interface DataKey {
  version: number;
  /** Another key for each purpose and salt. */
  derive(purpose: string, salt: Uint8Array): Buffer;
}

export type DataKeys = ReturnType<typeof createDataKeys>;

export interface DataKeysDeps {
  userKeys: UserKeys;
  kek: KeyEncryptionKey;
  /** Milliseconds of a clock that only goes forward. */
  now?: () => number;
}

/** Methods throw `encryption_key_unavailable`, `database_unavailable`; `get` also `sealed_unreadable`. */
export function createDataKeys({ userKeys, kek, now = () => performance.now() }: DataKeysDeps) {
  /** By user, then by version; the key for new data has the name `current`. */
  const cache = new Map<string, Map<number | 'current', { key: Promise<DataKey>; untilMs: number }>>();
  let entries = 0;
  let hears = false;

  userKeys.onRemoved((userId) => {
    hears = true;
    if (userId !== undefined) forget(userId);
    else {
      cache.clear();
      entries = 0;
    }
  });

  function forget(userId: string): void {
    entries -= cache.get(userId)?.size ?? 0;
    cache.delete(userId);
  }

  /** Nothing is remembered before removals by other processes are heard of. */
  function cached(userId: string, name: number | 'current', load: () => Promise<DataKey>): Promise<DataKey> {
    const found = cache.get(userId)?.get(name);
    if (found !== undefined && found.untilMs > now()) return found.key;
    const key = load();
    if (!hears) return key;
    const [oldest] = cache.keys();
    if (entries >= mostEntries && oldest !== undefined) forget(oldest);
    const ofUser = cache.get(userId) ?? new Map();
    cache.set(userId, ofUser);
    if (!ofUser.has(name)) entries += 1;
    const entry = { key, untilMs: now() + longestMs };
    ofUser.set(name, entry);
    key.catch(() => {
      if (cache.get(userId) !== ofUser || ofUser.get(name) !== entry) return;
      ofUser.delete(name);
      entries -= 1;
    });
    return key;
  }

  async function unwrap({ userId, version, wrapped, kekId }: UserKey): Promise<DataKey> {
    const material = await kek.unwrap(wrapped, contextOf(userId, version), kekId);
    if (material.length !== keyBytes) throw unreadable();
    return {
      version,
      derive: (purpose, salt) => Buffer.from(hkdfSync('sha256', material, salt, purpose, keyBytes)),
    };
  }

  async function make(userId: string, instead: number | undefined): Promise<UserKey> {
    const version = await userKeys.reserveVersion();
    const made = await kek.wrap(randomBytes(keyBytes), contextOf(userId, version));
    return userKeys.add({ userId, version, ...made }, instead);
  }

  return {
    /** The user's key for new data; made when there is none. */
    current: (userId: string): Promise<DataKey> =>
      cached(userId, 'current', async () =>
        unwrap((await userKeys.findCurrent(userId)) ?? (await make(userId, undefined))),
      ),

    get: (userId: string, version: number): Promise<DataKey> =>
      cached(userId, version, async () => {
        const found = await userKeys.find(userId, version);
        if (found === undefined) throw unreadable();
        return unwrap(found);
      }),

    /** Destroys every key of the user: what they sealed is never readable again, new data gets new keys. */
    async destroy(userId: string): Promise<void> {
      await userKeys.remove(userId);
      forget(userId);
    },

    /**
     * Wraps every data key that another key-encryption key wrapped under the present one; broken off, it goes on where it
     * was. Returns how many.
     */
    async rewrapAll(): Promise<number> {
      for (let count = 0; ; ) {
        const keys = await userKeys.wrappedByOthers(kek.id(), batch);
        if (keys.length === 0) return count;
        for (const key of keys) {
          const context = contextOf(key.userId, key.version);
          const material = await kek.unwrap(key.wrapped, context, key.kekId);
          const wrapped = await kek.wrap(material, context);
          if (wrapped.kekId !== kek.id()) throw changing();
          await userKeys.rewrap(key, wrapped);
          count += 1;
        }
      }
    },

    /** Gives every user that has a key a new one for new data; other processes notice within five minutes. */
    async renewAll(): Promise<number> {
      const newest = await userKeys.reserveVersion();
      for (let count = 0; ; ) {
        const keys = await userKeys.currentUpTo(newest, batch);
        if (keys.length === 0) return count;
        for (const { userId, version } of keys) {
          await make(userId, version);
          forget(userId);
          count += 1;
        }
      }
    },

    /** Throws `config_invalid` when the data keys were wrapped by a key that is not here, such as a lost key file. */
    async check(): Promise<void> {
      const lost = (await userKeys.kekIds()).filter((id) => !kek.knows(id));
      if (lost.length === 0) return;
      throw new AppError(
        'config_invalid',
        `Data keys are wrapped by ${lost.join(', ')}, which is not here.`,
        {
          hint: 'Put the key file back that belongs to this database, or name its folder in AIPROD_KEYS, or its Cloud KMS key in AIPROD_KMS_PREVIOUS_KEY.',
        },
      );
    },
  };
}

const contextOf = (userId: string, version: number) => `user-key/${userId}/${version}`;

/** For a while after its rotation, a key of a cloud may wrap with either version. */
function changing(): AppError {
  return new AppError('encryption_key_unavailable', 'An older version of the key still wraps.', {
    hint: 'Rotate again in a few minutes: it goes on where it was.',
  });
}

function unreadable(): AppError {
  return new AppError('sealed_unreadable', 'Stored data cannot be decrypted: its key does not exist.');
}
