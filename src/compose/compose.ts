// Puts the system together. Starts the parts in order; stops all work and the server at once, then the parts in reverse.
import { createMediaFetcher } from '../adapters/https/media-fetcher.ts';
import { createWebhookSender } from '../adapters/https/webhook-sender.ts';
import type { Logger } from '../adapters/observe/logger.ts';
import type { Config } from '../config/config.ts';
import type { MediaFetcher } from '../ports/media-fetcher.ts';
import type { Tracer } from '../ports/tracer.ts';
import { openLogAndTraces } from './open-log.ts';
import { openParts } from './open-parts.ts';
import { openServer } from './open-server.ts';
import { startWork } from './start-work.ts';

export interface System {
  /** Where the API listens; undefined when this process is only a worker. */
  url: string | undefined;
  logger: Logger;
  /** Gives running jobs back, ends requests, child processes and the embedded database. */
  close(): Promise<void>;
}

/** Parts that may come from outside instead of being chosen here. */
export interface SuppliedParts {
  mediaFetcher?: MediaFetcher;
}

/** Starts what `config.roles` asks for. Whatever had been started is stopped again when something does not start. */
export async function startSystem(config: Config, supplied: SuppliedParts = {}): Promise<System> {
  const { logger, tracer, close: closeTraces } = await openLogAndTraces(config);
  const stops: Stops = { parts: [closeTraces], server: [], work: [] };
  const stopOne = (stop: Stop) =>
    stop().catch((error) => logger.error({ err: error }, 'a part did not stop cleanly'));
  const stopInTurn = async (group: Stop[]) => {
    for (const stop of group.splice(0).reverse()) await stopOne(stop);
  };
  const close = async () => {
    // None waits for another: a slow reader must not keep a job, nor a slow chore or step an answer.
    await Promise.all([stopInTurn(stops.server), ...stops.work.splice(0).map(stopOne)]);
    await stopInTurn(stops.parts);
  };
  try {
    const url = await startParts(config, supplied, { logger, tracer }, stops);
    return { url, logger, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Stop = () => Promise<unknown>;
/** How to stop each part, in the order in which they started. */
type Stops = Record<'parts' | 'server' | 'work', Stop[]>;

/** Work is taken once this process can be asked how it is. */
async function startParts(
  config: Config,
  { mediaFetcher = createMediaFetcher() }: SuppliedParts,
  observers: { logger: Logger; tracer: Tracer },
  stops: Stops,
): Promise<string | undefined> {
  const parts = await openParts(config, observers, (stop) => stops.parts.push(stop));
  const webhookSender = createWebhookSender(config.webhooks);
  const url = await openServer(config, parts, webhookSender, (stop) => stops.server.push(stop));
  if (config.roles.worker) {
    await startWork(config, parts, { mediaFetcher, webhookSender }, (stop) => stops.work.push(stop));
  }
  return url;
}
