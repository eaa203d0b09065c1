// Puts the system together. Starts the parts in order and stops them in reverse.
import { createMediaFetcher } from '../adapters/https/media-fetcher.ts';
import { createWebhookSender } from '../adapters/https/webhook-sender.ts';
import { createLogger, type Logger } from '../adapters/observe/logger.ts';
import type { Config } from '../config/config.ts';
import type { MediaFetcher } from '../ports/media-fetcher.ts';
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
  const logger = createLogger({ level: config.logLevel, format: config.logFormat });
  const stops: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) {
      await stop().catch((error) => logger.error({ err: error }, 'a part did not stop cleanly'));
    }
  };
  try {
    const url = await startParts(config, supplied, logger, stops);
    return { url, logger, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Work is taken once this process can be asked how it is, and given back after the last answer. */
async function startParts(
  config: Config,
  { mediaFetcher = createMediaFetcher() }: SuppliedParts,
  logger: Logger,
  stops: (() => Promise<unknown>)[],
): Promise<string | undefined> {
  const parts = await openParts(config, logger, (stop) => stops.push(stop));
  const webhookSender = createWebhookSender(config.webhooks);
  const stopsOfServer: typeof stops = [];
  const stopsOfWork: typeof stops = [];
  try {
    const url = await openServer(config, parts, webhookSender, (stop) => stopsOfServer.push(stop));
    if (config.roles.worker) {
      await startWork(config, parts, { mediaFetcher, webhookSender }, (stop) => stopsOfWork.push(stop));
    }
    return url;
  } finally {
    stops.push(...stopsOfWork, ...stopsOfServer);
  }
}
