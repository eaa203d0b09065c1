// How fast this process answered users within the last hour, and how often with a fault of ours. A few kilobytes, whatever the
// load.

/** Of one minute. */
interface Minute {
  number: number;
  answered: number;
  faults: number;
  timed: number;
  /** Answers by duration: bucket n holds what took up to 2^(n/8) times the least. */
  buckets: Uint32Array;
}

export interface RequestSummary {
  answered: number;
  /** Answered with 5xx. */
  faults: number;
  /** Within 9 % above the truth; null = nothing was timed. */
  medianMs: number | null;
  p99Ms: number | null;
}

export interface RecentRequests {
  /** Without `ms` it is counted, and says nothing of how fast we are. */
  note(request: { status: number; ms?: number | undefined }): void;
  lastHour(): RequestSummary;
}

const minutes = 60;
const perDoubling = 8;
const leastMs = 0.25;
/** Up to 18 minutes; what takes longer is counted as that. */
const bucketCount = 22 * perDoubling + 1;

/** `nowMs` need only rise. */
export function createRecentRequests(nowMs: () => number = () => performance.now()): RecentRequests {
  const ring: Minute[] = Array.from({ length: minutes }, () => ({
    number: -1,
    answered: 0,
    faults: 0,
    timed: 0,
    buckets: new Uint32Array(bucketCount),
  }));
  const minuteNow = () => Math.floor(nowMs() / 60_000);

  return {
    note({ status, ms }) {
      const number = minuteNow();
      const minute = ring[number % minutes]!;
      if (minute.number !== number) {
        Object.assign(minute, { number, answered: 0, faults: 0, timed: 0 });
        minute.buckets.fill(0);
      }
      minute.answered++;
      if (status >= 500) minute.faults++;
      if (ms === undefined) return;
      minute.timed++;
      const bucket = Math.ceil(Math.log2(Math.max(ms, leastMs) / leastMs) * perDoubling);
      minute.buckets[Math.min(bucket, bucketCount - 1)]!++;
    },

    lastHour() {
      const oldest = minuteNow() - minutes + 1;
      const recent = ring.filter(({ number }) => number >= Math.max(oldest, 0));
      const sum = (of: (minute: Minute) => number) => recent.reduce((total, minute) => total + of(minute), 0);
      const timed = sum((minute) => minute.timed);
      const below = (share: number) => {
        let left = Math.ceil(timed * share);
        for (let bucket = 0; bucket < bucketCount; bucket++) {
          left -= sum(({ buckets }) => buckets[bucket]!);
          if (left <= 0) return leastMs * 2 ** (bucket / perDoubling);
        }
        return null;
      };
      const answered = sum((minute) => minute.answered);
      const faults = sum((minute) => minute.faults);
      if (timed === 0) return { answered, faults, medianMs: null, p99Ms: null };
      return { answered, faults, medianMs: below(0.5), p99Ms: below(0.99) };
    },
  };
}
