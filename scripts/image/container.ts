// Starts an image as `docker run --read-only --cap-drop=ALL --security-opt=no-new-privileges` would: its own user, its init as
// process 1, its volumes mounted.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

import { type Entry, enter, runInside } from './enter.ts';
import type { Image } from './perform.ts';

/** As long as engines and Cloud Run wait. */
const patienceMs = 10_000;

export interface Container {
  /** Resolves when HEALTHCHECK ends with 0; the seconds since the start. Throws with the last lines when it ended first. */
  healthy(): Promise<number>;
  /** SIGTERM to process 1, as `docker stop` sends it, and SIGKILL after its patience; how it ended, and after how long. */
  stop(): Promise<{ code: number | NodeJS.Signals; seconds: number }>;
  kill(): void;
  /** The end of its log. */
  lastLines(): string[];
}

/** With these settings besides the image's, and mounts inside → outside. */
export function startContainer(
  image: Image,
  settings: Record<string, string>,
  mounts: Record<string, string>,
): Container {
  const entry = entryOf(image, settings, mounts);
  const startedAt = performance.now();
  const child = enter({ ...entry, command: [...image.entrypoint, ...image.command] }, [
    'ignore',
    'pipe',
    'pipe',
  ]);
  const lines: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > 30) lines.shift();
    });
  }
  const ended = once(child, 'exit').then(([code, signal]) => (signal ?? code) as NodeJS.Signals | number);
  return {
    async healthy() {
      for (;;) {
        if (await succeeds({ ...entry, command: image.healthCheck })) break;
        const over = child.exitCode !== null || child.signalCode !== null;
        if (over || performance.now() - startedAt > 60_000) {
          throw new Error(`not healthy${over ? ', but ended' : ''}:\n${lines.join('\n')}`);
        }
        await delay(100);
      }
      return (performance.now() - startedAt) / 1000;
    },
    async stop() {
      const begun = performance.now();
      process.kill(processOneOf(child), 'SIGTERM');
      const killing = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      const code = await ended;
      clearTimeout(killing);
      return { code, seconds: (performance.now() - begun) / 1000 };
    },
    kill() {
      child.kill('SIGKILL');
    },
    lastLines: () => lines,
  };
}

function succeeds(entry: Entry): Promise<boolean> {
  return runInside(entry).then(
    () => true,
    () => false,
  );
}

/** Runs one command in a container of its own; what it printed on standard output. */
export function runInContainer(
  image: Image,
  settings: Record<string, string>,
  mounts: Record<string, string>,
  command: string[],
): Promise<string> {
  return runInside({ ...entryOf(image, settings, mounts), command: [...image.entrypoint, ...command] });
}

function entryOf(image: Image, settings: Record<string, string>, mounts: Record<string, string>) {
  const { root, env, workdir, user } = image;
  return { root, workdir, user, readOnly: true, mounts, env: { ...env, ...settings } };
}

/** `unshare` has one child: process 1 inside. */
function processOneOf({ pid }: ChildProcess): number {
  return Number.parseInt(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'), 10);
}
