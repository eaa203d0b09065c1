// The chore of erasing: makes the passes that are due, again and again, until no erased user has anything left.
import { toAppError } from '../domain/errors.ts';
import type { Erasure } from '../ports/erasure.ts';
import { repeat } from './repeat.ts';

interface FinishDeps {
  erasure: Pick<Erasure, 'advance'>;
  logger: { info(facts: object, message: string): void; warn(facts: object, message: string): void };
}

const everyMs = 10_000;

/** Ends soon after `stop`; what is then left another worker goes on with. */
export function finishErasures({ erasure, logger }: FinishDeps): { stop(): Promise<void> } {
  const stopping = new AbortController();

  async function advance(): Promise<void> {
    const passes = await erasure.advance({ signal: stopping.signal });
    if (passes > 0) logger.info({ passes }, 'passes that erase users made');
  }

  const end = repeat(everyMs, () =>
    advance().catch((error) =>
      logger.warn({ code: toAppError(error).code, err: error }, 'a user is not erased yet'),
    ),
  );
  return {
    async stop() {
      stopping.abort();
      await end();
    },
  };
}
