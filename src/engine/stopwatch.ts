// Counts how long one attempt of a step works, and says when that is too long. It stands still while the attempt waits
// for its turn: a busy machine makes no step slower, only later.

export interface Stopwatch {
  /** Aborted once the work has taken the limit. */
  readonly expired: AbortSignal;
  /** Milliseconds of work so far. */
  workedMs(): number;
  /** Gives what `turn` gives, and stands still until then. Several may be awaited at once. */
  awaitTurn<T>(turn: Promise<T>): Promise<T>;
  /** Ends it: `expired` is not aborted any more. */
  stop(): void;
}

export function startStopwatch(limitMs: number): Stopwatch {
  const expiry = new AbortController();
  let earlierMs = 0;
  let runningSince: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let turnsAwaited = 0;
  let stopped = false;

  const workedMs = () => earlierMs + (runningSince === undefined ? 0 : performance.now() - runningSince);

  function run(): void {
    runningSince = performance.now();
    watch();
  }

  /** Timers may go off up to a millisecond early. */
  function watch(): void {
    const leftMs = limitMs - workedMs();
    if (leftMs > 0) timer = setTimeout(watch, leftMs);
    else expiry.abort();
  }

  function pause(): void {
    earlierMs = workedMs();
    runningSince = undefined;
    clearTimeout(timer);
  }

  run();
  return {
    expired: expiry.signal,
    workedMs,
    async awaitTurn(turn) {
      if (turnsAwaited++ === 0) pause();
      try {
        return await turn;
      } finally {
        if (--turnsAwaited === 0 && !stopped) run();
      }
    },
    stop() {
      stopped = true;
      pause();
    },
  };
}
