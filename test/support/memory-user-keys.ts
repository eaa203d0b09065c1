// Wrapped data keys in memory, for tests of sealing that need no database.
import type { UserKey, UserKeys } from '../../src/ports/user-keys.ts';

export function createMemoryUserKeys(): UserKeys & { rows: (UserKey & { current: boolean })[] } {
  const rows: (UserKey & { current: boolean })[] = [];
  const listeners: ((userId: string | undefined) => void)[] = [];
  let last = 0;
  const currentOf = (userId: string) => rows.find((row) => row.userId === userId && row.current);
  return {
    rows,
    findCurrent: async (userId) => currentOf(userId),
    find: async (userId, version) => rows.find((row) => row.userId === userId && row.version === version),
    reserveVersion: async () => ++last,
    async add(key, instead) {
      const current = currentOf(key.userId);
      if (current?.version !== instead) return current!;
      if (current) current.current = false;
      const row = { ...key, current: true };
      rows.push(row);
      return row;
    },
    wrappedByOthers: async (kekId, limit) => rows.filter((row) => row.kekId !== kekId).slice(0, limit),
    currentUpTo: async (version, limit) =>
      rows.filter((row) => row.current && row.version <= version).slice(0, limit),
    rewrap: async (key, by) =>
      void Object.assign(rows.find((row) => row.userId === key.userId && row.version === key.version)!, by),
    kekIds: async () => [...new Set(rows.map(({ kekId }) => kekId))],
    async remove(userId) {
      rows.splice(0, rows.length, ...rows.filter((row) => row.userId !== userId));
      for (const forget of listeners) forget(userId);
    },
    onRemoved(forget) {
      listeners.push(forget);
      forget(undefined);
    },
  };
}
