// Starts the real server as a process of its own, for tests that kill it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../..');

export interface ServerProcess {
  url: string;
  pid: number;
  /** Resolves with the signal or exit code by which it ended. */
  ended: Promise<NodeJS.Signals | number>;
  /** Kills the whole process group, as `kill -9 -pid` does. */
  killGroup(): Promise<void>;
  /** SIGTERM, and waits. */
  stop(): Promise<NodeJS.Signals | number>;
}

/**
 * Resolves when it listens. Throws with what it printed when it ends before that. `onLog` is given every line of its log;
 * `program` is the file to run instead of the server's own.
 */
export async function startServerProcess(
  environment: Record<string, string>,
  onLog: (line: string) => void = () => {},
  program = resolve(root, 'src/main.ts'),
): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      AIPROD_PORT: '0',
      AIPROD_LOG_FORMAT: 'json',
      ...environment,
    },
  });
  const ended = once(child, 'exit').then(([code, signal]) => (signal ?? code) as NodeJS.Signals | number);
  return {
    url: await listeningUrl(child, ended, onLog),
    pid: child.pid!,
    ended,
    async killGroup() {
      process.kill(-child.pid!, 'SIGKILL');
      await ended;
    },
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

async function listeningUrl(
  child: ChildProcess,
  ended: Promise<unknown>,
  onLog: (line: string) => void,
): Promise<string> {
  const { promise, resolve: found, reject } = Promise.withResolvers<string>();
  let printed = '';
  const keep = (line: string) => {
    printed = `${printed}${line}\n`.slice(-4_000);
  };
  createInterface({ input: child.stderr! }).on('line', keep);
  createInterface({ input: child.stdout! }).on('line', (line) => {
    keep(line);
    onLog(line);
    const url = /"(?:msg|message)":"Server listening at ([^"]+)"/.exec(line)?.[1];
    if (url !== undefined) found(url);
  });
  ended.then((how) => reject(new Error(`the server ended (${how}) before it listened:\n${printed}`)));
  return promise;
}
