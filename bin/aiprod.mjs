#!/usr/bin/env node
// The aiprod command: the command line on the Node that the project brings along.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { ensureInstalled, projectNode, root } from '../scripts/install.mjs';

await ensureInstalled();
const script = join(root, 'src', 'cli', 'aiprod.ts');
const child = spawn(
  projectNode(),
  ['--disable-warning=ExperimentalWarning', script, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
// Ctrl-C reaches the whole process group by itself; the child decides when to end.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});
