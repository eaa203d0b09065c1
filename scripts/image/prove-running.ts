// Runs a finished image as it would run in production: roles apart on one PostgreSQL, commands, a worker replaced while it
// renders; and alone. Throws an Error that says what did not go as it should.
import { chownSync, mkdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';

import { startEmbeddedServer } from '../../src/adapters/postgres/embedded-server.ts';
import { createApiClient } from '../../src/cli/api-client.ts';
import { type Container, runInContainer, startContainer } from './container.ts';
import type { Image } from './perform.ts';

/** Told what was shown, and how long it took. */
export type Say = (mark: string, what: string, seconds?: number) => void;

/** Cloud Run kills what has not ended ten seconds after SIGTERM. */
const stopWithinSeconds = 8;
const jobLimitMs = 180_000;

/** Starts containers and takes what is left of them away. */
interface Machine {
  image: Image;
  settings: Record<string, string>;
  mounts: Record<string, string>;
  started: Container[];
  say: Say;
}

/** API and workers as in compose.yaml, on a PostgreSQL of their own below `folder`. */
export async function proveRoles(image: Image, folder: string, say: Say): Promise<void> {
  const quiet = { debug() {}, info() {}, warn: console.warn, error: console.error };
  const database = await startEmbeddedServer({ folder: join(folder, 'postgres'), logger: quiet });
  const machine: Machine = {
    ...{ image, say, started: [] },
    settings: { DATABASE_URL: database.url },
    mounts: { '/data': makeVolume(image, join(folder, 'shared')) },
  };
  try {
    await runAiprod(machine, ['db', 'migrate']);
    const scopes = ['--scopes', 'videos:read,videos:write'];
    const apiKey = (await runAiprod(machine, ['keys', 'create', '--user', 'ann', ...scopes])).trim();
    const port = await freePort();
    const api = await start(machine, 'api', port);
    const worker = await start(machine, 'worker', await freePort());
    const url = `http://127.0.0.1:${port}`;
    process.stdout.write(await runAiprod(machine, ['smoke', url], { AIPROD_API_KEY: apiKey }));
    await replaceWorker(machine, worker, url, apiKey);
    const [made] = (await runAiprod(machine, ['db', 'backup', '/data/proof.backup'])).split('\n');
    say('✓', `backed up: ${made}`);
    await stopInTime('api', api, say);
  } catch (error) {
    const logs = machine.started.map((container) => container.lastLines().join('\n'));
    throw new Error(`${(error as Error).message}\n${logs.join('\n\n')}`);
  } finally {
    for (const container of machine.started) container.kill();
    await database.close();
  }
}

/** SIGTERM reaches the worker while it renders; another one finishes the job, in the same attempt. */
async function replaceWorker(
  machine: Machine,
  worker: Container,
  url: string,
  apiKey: string,
): Promise<void> {
  const client = createApiClient(url, { apiKey });
  const script =
    'The lighthouse stands alone.\n\nAt night its lamp turns over the sea, and ships find their way.';
  const { job_id } = await client.create({ script, style: 'cinematic', mood: 'calm', resolution: '720p' });
  const rendering = Promise.withResolvers<void>();
  const ended = client.follow(
    job_id,
    ({ stage }) => {
      if (stage === 'render') rendering.resolve();
    },
    AbortSignal.timeout(jobLimitMs),
  );
  await Promise.race([rendering.promise, ended]);
  await stopInTime('a rendering worker', worker, machine.say);
  const next = await start(machine, 'worker', await freePort());
  const { status, retry_count, error } = await ended;
  if (status !== 'completed' || retry_count !== 0) {
    throw new Error(`the job that was given back: ${JSON.stringify({ status, retry_count, error })}`);
  }
  machine.say('✓', 'the next worker finished its job, in the same attempt');
  await stopInTime('worker', next, machine.say);
}

/** With no settings but an address of this machine: both roles in one process, on the database that the image brings. */
export async function proveAlone(image: Image, folder: string, say: Say): Promise<void> {
  const port = await freePort();
  const both = startContainer(
    image,
    { AIPROD_HOST: '127.0.0.1', AIPROD_PORT: String(port) },
    { '/data': makeVolume(image, join(folder, 'alone')) },
  );
  try {
    say('✓', 'both roles in one, with the embedded database, are healthy', await both.healthy());
    const ready = await fetch(`http://127.0.0.1:${port}/ready`);
    if (ready.status !== 200) throw new Error(`not ready: ${await ready.text()}`);
    await stopInTime('both roles in one', both, say);
  } finally {
    both.kill();
  }
}

/** As an engine makes a new volume: owned as the folder in the image is. */
export function makeVolume({ user }: Image, path: string): string {
  mkdirSync(path, { mode: 0o700 });
  const [uid, gid] = user!.split(':').map(Number);
  chownSync(path, uid!, gid!);
  return path;
}

async function start(machine: Machine, role: string, port: number): Promise<Container> {
  const settings = { ...machine.settings, AIPROD_ROLE: role, AIPROD_PORT: String(port) };
  const container = startContainer(machine.image, settings, machine.mounts);
  machine.started.push(container);
  machine.say('✓', `${role} is healthy`, await container.healthy());
  return container;
}

function runAiprod(machine: Machine, args: string[], more: Record<string, string> = {}): Promise<string> {
  const { image, settings, mounts } = machine;
  return runInContainer(image, { ...settings, ...more }, mounts, ['aiprod', ...args]);
}

async function stopInTime(name: string, container: Container, say: Say): Promise<void> {
  const { code, seconds } = await container.stop();
  if (code !== 0) throw new Error(`${name} ended with ${code} after SIGTERM`);
  if (seconds > stopWithinSeconds) throw new Error(`${name} took ${seconds.toFixed(1)} s to stop`);
  say('✓', `${name} ended with 0 after SIGTERM to process 1`, seconds);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
