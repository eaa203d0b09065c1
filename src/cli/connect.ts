// Finds the system to talk to: a given server, the one that already runs on the data folder, or one started here. When the
// one that was found ends with the command that had started it, another is found: the job is in the folder.
import { setTimeout as delay } from 'node:timers/promises';

import type { System } from '../compose/compose.ts';
import { findRunningServer } from '../compose/running-server.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import { type ApiClient, createApiClient } from './api-client.ts';

export interface Connection {
  client: ApiClient;
  /** Stops the system if it was started here. */
  close(): Promise<void>;
}

/** How long the folder may be held by a system that does not answer: one that is starting or stopping. */
const patienceMs = 20_000;
const lookAgainMs = 200;

export async function connect(server: string | undefined, config: Config): Promise<Connection> {
  const { apiKey } = config.auth;
  if (server !== undefined) return { client: createApiClient(server, { apiKey }), close: async () => {} };
  let started: System | undefined;

  async function locate(): Promise<string> {
    await started?.close();
    started = undefined;
    for (const deadline = performance.now() + patienceMs; ; ) {
      const running = await findRunningServer(config.dataFolder);
      if (running !== undefined) return running;
      try {
        started = await startHere(config);
        return started.url!;
      } catch (error) {
        const inUse = error instanceof AppError && error.code === 'folder_in_use';
        if (!inUse || performance.now() > deadline) throw error;
      }
      await delay(lookAgainMs);
    }
  }

  const client = createApiClient(await locate(), { relocate: locate, apiKey });
  return { client, close: async () => started?.close() };
}

async function startHere(config: Config): Promise<System> {
  // Loaded only here: help and wrong options answer at once.
  const { startSystem } = await import('../compose/compose.ts');
  const observe = { ...config.observe, logLevel: 'error' };
  return startSystem({ ...config, roles: { api: true, worker: true }, port: 0, observe });
}
