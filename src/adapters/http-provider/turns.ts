// Limits how many paid calls are under way at once. The wait for a turn comes before the receipt: what is written down as
// sending is really being sent.
import type { ProviderClient } from '../../ports/provider-client.ts';

export function createTurns(places: number): ProviderClient['inTurn'] {
  let free = places;
  const waiting: PromiseWithResolvers<void>[] = [];

  async function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (free > 0) {
      free--;
      return;
    }
    const turn = Promise.withResolvers<void>();
    waiting.push(turn);
    const leave = () => {
      const at = waiting.indexOf(turn);
      if (at < 0) return;
      waiting.splice(at, 1);
      turn.reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    await turn.promise.finally(() => signal.removeEventListener('abort', leave));
  }

  function pass(): void {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next.resolve();
  }

  return async (context, work) => {
    const turn = enter(context.signal);
    await (context.awaitTurn?.(turn) ?? turn);
    try {
      return await work();
    } finally {
      pass();
    }
  };
}
