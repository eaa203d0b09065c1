// Finds the system to talk to: a given server, the one that already runs on the data folder, or one started here.
import { startSystem } from '../compose.ts';
import type { Config } from '../config.ts';
import { findRunningServer } from '../running-server.ts';
import { type ApiClient, createApiClient } from './api-client.ts';

export interface Connection {
  client: ApiClient;
  url: string;
  /** Stops the system if it was started here. */
  close(): Promise<void>;
}

export async function connect(server: string | undefined, config: Config): Promise<Connection> {
  const url = server ?? (await findRunningServer(config.dataFolder));
  if (url !== undefined) return { client: createApiClient(url), url, close: async () => {} };
  const system = await startSystem({
    ...config,
    roles: { api: true, worker: true },
    port: 0,
    logLevel: 'error',
  });
  return { client: createApiClient(system.url!), url: system.url!, close: system.close };
}
