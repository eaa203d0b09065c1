// The Pub/Sub emulator of the gcloud SDK, where it is installed, as a process of its own on a free loopback port.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, realpathSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

/** Path of a program on PATH; undefined when there is none. */
function findProgram(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The emulator's start script, beside gcloud; undefined when the emulator, gcloud or Java is not installed. */
export function findPubsubEmulator(): string | undefined {
  const gcloud = findProgram('gcloud');
  if (gcloud === undefined || findProgram('java') === undefined) return undefined;
  const script = join(realpathSync(gcloud), '../../platform/pubsub-emulator/bin/cloud-pubsub-emulator');
  return existsSync(script) ? script : undefined;
}

export async function startPubsubEmulator(script: string): Promise<{ host: string; close(): Promise<void> }> {
  const host = `127.0.0.1:${await freePort()}`;
  // The script's last act is to become Java.
  const child = spawn(script, ['--host=127.0.0.1', `--port=${host.split(':')[1]}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, JAVA_OPTS: '-Xmx256m -XX:TieredStopAtLevel=1' },
  });
  const ended = once(child, 'exit');
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  let printed = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    printed += `${line}\n`;
    if (line.includes('Server started')) resolve();
  });
  ended.then(() => reject(new Error(`the emulator ended before it listened:\n${printed}`)));
  await listening;
  return {
    host,
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The emulator does not tell which port it took when it may choose one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
