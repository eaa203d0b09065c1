// One process per folder: the lock is a listening socket in it, so a killed holder frees it by dying, whatever
// its pid was and in whatever container it ran. Holds the lock, and does nothing else with the folder.
import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, readdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

import { AppError } from '../../domain/errors.ts';

const lockName = /^lock\.(\d+)$/;
const takerName = /^lock-[0-9a-f]{16}$/;
/** How long a holder that does not answer (stopped, say) is given to tell its pid. */
const answerWithinMs = 1_000;

export interface DataFolderLock {
  /** Frees the folder. The process's end does the same. */
  release(): Promise<void>;
}

/**
 * Takes the folder for this process; the folder must exist. Throws `folder_in_use` when another process holds it,
 * `machine_unfit` when its file system has no sockets.
 *
 * Locks are numbered, and only the highest number counts: a dead one is never replaced, the next number is created
 * instead, by linking a socket that already listens. That is atomic, so of two takers of a dead lock one loses.
 */
export async function lockDataFolder(folder: string): Promise<DataFolderLock> {
  // Socket paths are limited to 107 bytes; through the open folder they are short whatever the folder is called.
  const handle = await open(folder, 'r');
  const short = (name: string) => `/proc/self/fd/${handle.fd}/${name}`;
  const own = `lock-${randomBytes(8).toString('hex')}`;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(`${process.pid}`);
  });
  server.unref();
  try {
    await listen(server, short(own));
    const number = await takeNumber(folder, own, short);
    await removeOlder(folder, number, own, short);
  } catch (error) {
    await freeUp(server, handle, join(folder, own));
    throw error;
  }
  return { release: () => freeUp(server, handle, join(folder, own)) };
}

async function takeNumber(folder: string, own: string, short: (name: string) => string): Promise<number> {
  for (;;) {
    const last = await highest(folder);
    if (last > 0) await refuseIfHeld(short(`lock.${last}`));
    const mine = last + 1;
    try {
      await link(join(folder, own), join(folder, `lock.${mine}`));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      // Only a holder removes other takers' sockets.
      if (code === 'ENOENT') throw inUse('just started');
      throw error;
    }
    // Our view may have been old: a number is removed only once a higher one exists, which we then see here.
    if ((await highest(folder)) === mine) return mine;
    await rm(join(folder, `lock.${mine}`), { force: true });
  }
}

async function highest(folder: string): Promise<number> {
  const numbers = (await readdir(folder)).map((name) => Number(lockName.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

/** Dead locks, and sockets of takers that died before they linked them. */
async function removeOlder(
  folder: string,
  number: number,
  own: string,
  short: (name: string) => string,
): Promise<void> {
  for (const name of await readdir(folder)) {
    const older = Number(lockName.exec(name)?.[1] ?? number) < number;
    const abandoned = takerName.test(name) && name !== own && (await askHolder(short(name))) === undefined;
    if (older || abandoned) await rm(join(folder, name), { force: true });
  }
}

async function refuseIfHeld(path: string): Promise<void> {
  const holder = await askHolder(path);
  if (holder !== undefined) throw inUse(holder);
}

function inUse(holder: string): AppError {
  return new AppError('folder_in_use', `Another AIPROD (${holder}) runs on this data folder.`, {
    hint: 'Stop it first, or set AIPROD_DATA to another folder.',
  });
}

/** `pid N` of the living holder; undefined when nobody listens. */
function askHolder(path: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(path);
    const finish = () => {
      socket.destroy();
      resolve(answer === '' ? 'it does not answer' : `pid ${answer}`);
    };
    socket.setTimeout(answerWithinMs, finish);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1').replace(/\D/g, '');
    });
    socket.on('end', finish);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      socket.destroy();
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(undefined);
      else if (error.code === 'EAGAIN' || error.code === 'ECONNRESET') finish();
      else reject(error);
    });
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const unsupported = error.code === 'EOPNOTSUPP' || error.code === 'EPERM' || error.code === 'ENOTSUP';
      if (!unsupported) return reject(error);
      reject(
        new AppError('machine_unfit', 'The file system of the data folder has no sockets.', {
          hint: 'Set AIPROD_DATA to a folder on a local disk of this machine.',
          cause: error,
        }),
      );
    });
    server.listen(path, resolve);
  });
}

async function freeUp(server: Server, handle: FileHandle, ownPath: string): Promise<void> {
  // The lock's name stays: a dead lock is how the next taker learns which number comes next.
  if (server.listening) await new Promise((resolve) => server.close(resolve));
  await rm(ownPath, { force: true });
  await handle.close();
}
