// Does a chore again and again, one at a time: one that takes longer than its interval skips turns, it never queues.

/**
 * Starts at once, then every `everyMs`. The returned function ends it and resolves when none is under way. The chore
 * must not reject: it reports its failures itself.
 */
export function repeat(everyMs: number, chore: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | undefined;

  function start(): void {
    underWay ??= chore().finally(() => {
      underWay = undefined;
    });
  }

  start();
  const timer = setInterval(start, everyMs);
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}
