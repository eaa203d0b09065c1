// Finds the system to talk to: a given server, the one that already runs on the data folder, or one started here.
import type { Config } from '../config.ts';
import { findRunningServer } from '../running-server.ts';
import { type ApiClient, createApiClient } from './api-client.ts';

export interface Connection {
  client: ApiClient;
  /** Stops the system if it was started here. */
  close(): Promise<void>;
}

export async function connect(server: string | undefined, config: Config): Promise<Connection> {
  const url = server ?? (await findRunningServer(config.dataFolder));
  if (url !== undefined) return { client: createApiClient(url), close: async () => {} };
  // Loaded only here: help and wrong options answer at once.
  const { startSystem } = await import('../compose.ts');
  const roles = { api: true, worker: true };
  const system = await startSystem({ ...config, roles, port: 0, logLevel: 'error' });
  return { client: createApiClient(system.url!), close: system.close };
}
