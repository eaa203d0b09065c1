// A PostgreSQL server of a test's own, from the embedded programs: with settings of its own, stopped and started at will,
// and followed by a streaming replica. For what the shared server of the test run cannot be put through.
import { type ChildProcess, spawn } from 'node:child_process';
import { chown, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { type EmbeddedBinaries, prepareBinaries } from '../../src/adapters/postgres/embedded-binaries.ts';

export interface PostgresServer {
  port: number;
  /** `postgresql://` on loopback, without TLS. */
  url: string;
  start(): Promise<void>;
  /** Ends every connection at once and waits for the end. Stopping twice is one stop. */
  stop(): Promise<void>;
  /** Stops it and removes its folder. */
  close(): Promise<void>;
  /** A standby that streams from this one; this one is stopped and started for it. */
  startReplica(): Promise<PostgresServer>;
}

const account = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
const linkPath = '/proc/self/cwd/../lib';

/** Runs when it resolves. `settings` as in postgresql.conf; `files` are put beside it, readable by the server alone. */
export async function startPostgresServer(
  options: {
    settings?: Record<string, string>;
    files?: Record<string, string>;
    /** Instead of pg_hba.conf. */
    access?: string;
    /** Folder of the programs to use instead of the embedded ones. */
    programs?: string;
  } = {},
): Promise<PostgresServer> {
  const folder = await makeFolder();
  const { programs } = options;
  const binaries = programs === undefined ? await prepare(folder) : installed(programs);
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  await own(data);
  const init = ['--username=aiprod', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  await finish(launch(binaries, binaries.initdb, ['-D', '/proc/self/cwd', ...init], data));
  if (options.access !== undefined) await put(data, 'pg_hba.conf', options.access);
  for (const [name, text] of Object.entries(options.files ?? {})) await put(data, name, text);
  return serve(folder, binaries, options.settings ?? {});
}

async function serve(
  folder: string,
  binaries: EmbeddedBinaries,
  settings: Record<string, string>,
): Promise<PostgresServer> {
  const data = join(folder, 'data');
  const port = await findFreePort();
  const all = {
    listen_addresses: '127.0.0.1',
    port: `${port}`,
    unix_socket_directories: '',
    fsync: 'off',
    max_connections: '60',
    shared_buffers: '16MB',
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let child: ChildProcess | undefined;

  const server: PostgresServer = {
    port,
    url: `postgresql://aiprod@127.0.0.1:${port}/postgres`,
    async start() {
      child = launch(binaries, binaries.postgres, ['-D', '/proc/self/cwd', ...args], data);
      await untilReady(child);
    },
    async stop() {
      const stopping = child;
      child = undefined;
      if (stopping === undefined || stopping.exitCode !== null) return;
      const ended = new Promise((resolve) => stopping.once('close', resolve));
      stopping.kill('SIGINT');
      await ended;
    },
    async close() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
    async startReplica() {
      await server.stop();
      const copy = await makeFolder();
      await cp(data, join(copy, 'data'), { recursive: true });
      for (const name of ['.', ...(await readdir(join(copy, 'data'), { recursive: true }))])
        await own(join(copy, 'data', name));
      await put(join(copy, 'data'), 'standby.signal', '');
      await server.start();
      return serve(copy, await prepare(copy), {
        ...settings,
        primary_conninfo: `host=127.0.0.1 port=${port} user=aiprod`,
        hot_standby: 'on',
      });
    },
  };
  await server.start();
  return server;
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-postgres-'));
  await own(folder);
  return folder;
}

const installed = (folder: string): EmbeddedBinaries => ({
  initdb: join(folder, 'initdb'),
  postgres: join(folder, 'postgres'),
  libraryFolder: '',
  majorVersion: '',
});

const prepare = (folder: string) =>
  prepareBinaries(account, join(folder, 'lib'), linkPath, ['/var/cache', tmpdir()]);

async function own(path: string): Promise<void> {
  if (account !== undefined) await chown(path, account.uid, account.gid);
}

async function put(data: string, name: string, text: string): Promise<void> {
  await writeFile(join(data, name), text, { mode: 0o600 });
  await own(join(data, name));
}

function launch(
  { libraryFolder }: EmbeddedBinaries,
  program: string,
  args: string[],
  cwd: string,
): ChildProcess {
  return spawn(program, args, {
    ...account,
    cwd,
    env: { LD_LIBRARY_PATH: `${linkPath}:${libraryFolder}`, PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function finish(child: ChildProcess): Promise<void> {
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (output += chunk));
  await new Promise((resolve) => child.once('close', resolve));
  if (child.exitCode !== 0) throw new Error(output);
}

function untilReady(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const lines: string[] = [];
  child.stdout!.resume();
  createInterface({ input: child.stderr! }).on('line', (line) => {
    lines.push(line);
    if (/ready to accept (read-only )?connections/.test(line)) resolve();
  });
  child.once('close', () => reject(new Error(lines.slice(-20).join('\n'))));
  return promise;
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
