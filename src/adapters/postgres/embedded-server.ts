// Runs a real PostgreSQL, brought by npm, on one folder: made on first use, started, kept running, stopped cleanly.
// It ends with this process, even when that is killed. Knows no tables: migrations are somebody else's.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { AppError } from '../../domain/errors.ts';
import { type DataFolderLock, lockDataFolder } from './data-folder-lock.ts';
import { type EmbeddedBinaries, prepareBinaries, type ServerAccount } from './embedded-binaries.ts';
import { explain, isPortTaken, startFailure } from './embedded-faults.ts';
import { stopOrphan, waitForEnd } from './embedded-orphan.ts';

interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface EmbeddedServer {
  /** Loopback, with the password: not for logs. Stays the same until `close`. */
  url: string;
  /** Ends all connections, writes everything down, and frees the folder. */
  close(): Promise<void>;
}

const user = 'aiprod';
/** The account for the server when we are root, under which it will not run: `nobody`. */
const nobody = { uid: 65_534, gid: 65_534 };
/** The server's folders as it sees them: its working folder may lie below parents that it may not enter. */
const dataPath = '/proc/self/cwd';
const linkPath = '/proc/self/cwd/../lib';
const passwordPath = '/proc/self/cwd/../password';
const bindAttempts = 5;
const stopWithinMs = 20_000;
const restartAfterMs = 1_000;

/**
 * Starts the server whose data lies in `folder` (made if absent; the whole folder is the server's). One process per
 * folder. A server that a killed process left there is stopped first. `fsync: false` is for tests only: it loses data
 * when the machine crashes. When the server's account cannot reach the programs where they are, they are copied to
 * the first of `cacheFolders` that serves. Throws `folder_in_use`, `config_invalid`
 * (no permission), `machine_unfit`, `storage_full`.
 */
export async function startEmbeddedServer(options: {
  folder: string;
  logger: Log;
  fsync?: boolean;
  cacheFolders?: string[];
}): Promise<EmbeddedServer> {
  const { folder, logger, fsync = true, cacheFolders = ['/var/cache', tmpdir(), '/tmp'] } = options;
  let lock: DataFolderLock | undefined;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    lock = await lockDataFolder(folder);
    const account = await chooseAccount(folder);
    const data = join(folder, 'data');
    await stopOrphan(data, logger);
    const binaries = await prepareBinaries(account, join(folder, 'lib'), linkPath, cacheFolders);
    const context: Context = { folder, data, account, binaries, logger, fsync };
    await makeCluster(context);
    const password = (await readFile(join(folder, 'password'), 'utf8')).trim();
    const server = await keepRunning(context);
    const held = lock;
    return {
      url: urlOf(server.port, password),
      async close() {
        await server.stop();
        await held.release();
      },
    };
  } catch (error) {
    await lock?.release();
    throw explain(error);
  }
}

/** Address of the server that another process runs on the folder; undefined when its files do not tell one. */
export async function findEmbeddedUrl(folder: string): Promise<string | undefined> {
  try {
    const [, , , port] = (await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n');
    const password = (await readFile(join(folder, 'password'), 'utf8')).trim();
    return /^\d+$/.test(port ?? '') ? urlOf(Number(port), password) : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw explain(error);
  }
}

const urlOf = (port: number, password: string) =>
  `postgresql://${user}:${password}@127.0.0.1:${port}/postgres`;

interface Context {
  folder: string;
  data: string;
  account: ServerAccount;
  binaries: EmbeddedBinaries;
  logger: Log;
  fsync: boolean;
}

/** Root hands the folder to whoever owned it before, or to nobody. */
async function chooseAccount(folder: string): Promise<ServerAccount> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(folder);
  const account = owner.uid === 0 ? nobody : { uid: owner.uid, gid: owner.gid };
  await chown(folder, account.uid, account.gid);
  await chmod(folder, 0o700);
  return account;
}

/** Initialises the data once. Made under another name and renamed, so that a crash leaves no half of it. */
async function makeCluster(context: Context): Promise<void> {
  const { folder, data, account, binaries } = context;
  for (const name of await readdir(folder)) {
    if (name.startsWith('data-making-')) await rm(join(folder, name), { recursive: true, force: true });
  }
  const made = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (made !== undefined) {
    if (made.trim() === binaries.majorVersion) return;
    throw new AppError(
      'config_invalid',
      `The data folder was made by PostgreSQL ${made.trim()}; this AIPROD brings ${binaries.majorVersion}.`,
      { hint: 'Run the AIPROD version that made it, or set AIPROD_DATA to a new folder.' },
    );
  }
  const making = join(folder, `data-making-${randomBytes(4).toString('hex')}`);
  await mkdir(making, { mode: 0o700 });
  await writeFile(join(folder, 'password'), randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (account !== undefined) {
    for (const path of [making, join(folder, 'password')]) await chown(path, account.uid, account.gid);
  }
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
  const access = [`--username=${user}`, `--pwfile=${passwordPath}`, '--auth=scram-sha-256'];
  const args = ['-D', dataPath, ...locale, ...access, ...(context.fsync ? [] : ['--no-sync'])];
  const child = launch(context, binaries.initdb, args, making);
  const output = await readAll(child);
  if (child.exitCode !== 0) throw startFailure(output);
  await rename(making, data);
  await syncFolder(folder);
}

/** Starts the server, and again on the same port whenever it dies without being asked to. */
async function keepRunning(context: Context): Promise<{ port: number; stop(): Promise<void> }> {
  const { logger } = context;
  let port = 0;
  let running = await startOnFreePort();
  let stopping = false;
  let restarting: Promise<void> = Promise.resolve();
  watch();

  async function startOnFreePort(): Promise<Running> {
    for (let attempt = 1; ; attempt++) {
      port = await findFreePort();
      try {
        return await start(context, port);
      } catch (error) {
        if (!isPortTaken(error) || attempt === bindAttempts) throw error;
      }
    }
  }

  function watch(): void {
    void running.ended.then(() => {
      if (stopping) return;
      logger.error({}, 'the embedded database ended unexpectedly; starting it again');
      restarting = restart();
    });
  }

  async function restart(): Promise<void> {
    while (!stopping) {
      await new Promise((resolve) => setTimeout(resolve, restartAfterMs));
      try {
        await stopOrphan(context.data, logger);
        running = await start(context, port);
        return watch();
      } catch (error) {
        logger.error({ err: explain(error) }, 'the embedded database did not start again');
      }
    }
  }

  return {
    port,
    async stop() {
      stopping = true;
      await restarting;
      await running.stop();
    },
  };
}

interface Running {
  ended: Promise<void>;
  stop(): Promise<void>;
}

async function start(context: Context, port: number): Promise<Running> {
  const { binaries, logger, fsync } = context;
  const durability = fsync ? 'on' : 'off';
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: durability,
    full_page_writes: durability,
    synchronous_commit: durability,
    logging_collector: 'off',
    log_line_prefix: '',
    // Neither statements nor the values of rows: users' texts stay out of the log. What a statement did wrong, whoever
    // sent it is told.
    log_min_messages: 'log',
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    lc_messages: 'C',
    timezone: 'UTC',
    max_connections: 200,
    shared_buffers: '64MB',
    max_wal_size: '512MB',
    jit: 'off',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = launch(context, binaries.postgres, ['-D', dataPath, ...args], context.data);
  const endWatcher = child.pid === undefined ? undefined : watchOver(context, child.pid);
  const ended = waitForEnd(child).finally(endWatcher);
  const ready = Promise.withResolvers<void>();
  const lines: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (lines.length < 100) lines.push(line);
      logger.debug({ line }, 'database');
      if (line.includes('database system is ready to accept connections')) ready.resolve();
    });
  }
  const failed = ended.then(() => {
    throw startFailure(lines.join('\n'));
  });
  await Promise.race([ready.promise, failed]);
  failed.catch(() => {});
  logger.debug({ port, pid: child.pid }, 'embedded database runs');
  return {
    ended,
    async stop() {
      child.kill('SIGINT');
      const timer = setTimeout(() => {
        logger.warn({}, 'the embedded database is slow to stop; it will recover on its next start');
        child.kill('SIGQUIT');
      }, stopWithinMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/**
 * A shell that waits for our end of a pipe to close, which a `kill -9` does too, and then stops the server `pid`.
 * The returned function ends it.
 */
function watchOver({ account, data }: Context, pid: number): () => Promise<void> {
  // The server may just be starting: its pid file is waited for. By then it may also be another's: left alone.
  const find = 'until read -r pid < postmaster.pid; do n=$((n+1)); [ $n -lt 50 ] || exit; sleep 0.1; done';
  const script = `read -r _; ${find}; [ "$pid" = "$1" ] && kill -INT "$1"`;
  const watcher = spawn('/bin/sh', ['-c', script, 'watcher', `${pid}`], {
    ...account,
    cwd: data,
    env: { PATH: '/usr/bin:/bin' },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell nobody watches, and the next start stops what is left.
  const gone = waitForEnd(watcher).catch(() => {});
  watcher.stdin.on('error', () => {});
  return async () => {
    watcher.kill('SIGKILL');
    await gone;
  };
}

/** Away from our process group: Ctrl-C must reach the server only through us, after those who use it. */
function launch({ account, binaries }: Context, program: string, args: string[], cwd: string): ChildProcess {
  return spawn(program, args, {
    ...account,
    cwd,
    env: { LD_LIBRARY_PATH: `${linkPath}:${binaries.libraryFolder}`, PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function readAll(child: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (output += chunk));
  await waitForEnd(child);
  return output;
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

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
