import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;
let script: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-node-'));
  script = join(folder, 'script.mjs');
  await writeFile(
    script,
    `const kept = setInterval(() => {}, 1e6);
     process.on('SIGTERM', () => { console.log('stopping'); clearInterval(kept); process.exitCode = 7; });
     console.log('ready');`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** As npm does it: a shell that waits for the command and does not pass signals on. */
function underShell(environment: Record<string, string>) {
  const command = `"${process.execPath}" "${resolve(import.meta.dirname, 'with-node.mjs')}" "${script}"; exit $?`;
  const shell = spawn('/bin/sh', ['-c', command], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, ...environment },
  });
  const printed = text(shell.stdout!);
  const ready = once(shell.stdout!, 'data');
  return { shell, ready, printed };
}

test('a signal that reaches only the shell of npm stops the script too', async () => {
  const { shell, ready, printed } = underShell({ npm_execpath: '/npm-cli.js' });
  await ready;
  shell.kill('SIGTERM');
  // The pipe closes when the last process that holds it has ended.
  expect(await printed).toBe('ready\nstopping\n');
});

test('SIGTERM is passed on, and the exit code is the script’s own', async () => {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'with-node.mjs'), script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await ended).toEqual([7, null]);
});
