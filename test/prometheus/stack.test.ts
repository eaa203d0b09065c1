// npm run stack, interrupted while it works, with its usual port taken. The whole show takes three minutes: run by hand.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';

import { descendants } from '../../scripts/process-memory.ts';
import { gone } from '../support/processes.ts';

const usualPort = 8787;

test('Ctrl-C stops all that it started, wherever the API had to listen', async () => {
  await takeUsualPort();
  const script = resolve(import.meta.dirname, '../../scripts/stack.ts');
  const stack = spawn(process.execPath, [script], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void stack.kill('SIGKILL'));
  const printed = await linesUntil(stack, 'Five videos are asked for');
  expect(printed).toContain(`(something listens on port ${usualPort}: the API takes another)`);
  for (const part of ['PostgreSQL', 'API', 'worker 1', 'worker 2', 'Prometheus'])
    expect(printed, part).toMatch(new RegExp(`^${part} .*127\\.0\\.0\\.1:\\d+$`, 'm'));
  const started = descendants(stack.pid!);
  expect(started.length).toBeGreaterThan(5);

  const ended = once(stack, 'exit');
  // The terminal sends it to all that are in its foreground.
  process.kill(-stack.pid!, 'SIGINT');
  expect((await ended)[0]).toBe(130);
  await gone(started);
});

/** Unless somebody else has it already. */
async function takeUsualPort(): Promise<void> {
  const server = createServer();
  const { promise, resolve: settled } = Promise.withResolvers<void>();
  server.once('error', () => settled());
  server.listen(usualPort, '127.0.0.1', settled);
  await promise;
  onTestFinished(() => void server.close());
}

async function linesUntil(child: ChildProcess, wanted: string): Promise<string> {
  let printed = '';
  for await (const line of createInterface({ input: child.stdout! })) {
    printed += `${line}\n`;
    if (line.includes(wanted)) return printed;
  }
  throw new Error(`it ended before "${wanted}":\n${printed}`);
}
