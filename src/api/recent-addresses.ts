// Addresses that a process remembers for a while, in bounded memory.

/** Some 2 MB. */
const most = 10_000;

interface RecentAddresses {
  has(address: string): boolean;
  /** For `ms` from now. When there are too many the one that was added first is forgotten. */
  add(address: string, ms: number): void;
}

export function createRecentAddresses(): RecentAddresses {
  const until = new Map<string, number>();
  return {
    has: (address) => (until.get(address) ?? 0) > performance.now(),

    add(address, ms) {
      const nowMs = performance.now();
      until.delete(address);
      until.set(address, nowMs + ms);
      for (const [oldest, end] of until) {
        if (until.size <= most && end > nowMs) break;
        until.delete(oldest);
      }
    },
  };
}
