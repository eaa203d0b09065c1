// Starts a script on the Node that the project brings along, installing dependencies first if they are missing.
// Plain JavaScript for Node >= 20.19, without dependencies: it runs before anything is installed.
import { spawn } from 'node:child_process';

import { ensureInstalled, projectNode } from './install.mjs';

const [, , script, ...args] = process.argv;
await ensureInstalled();
const child = spawn(projectNode(), ['--disable-warning=ExperimentalWarning', script, ...args], {
  stdio: 'inherit',
});
// Ctrl-C reaches the whole process group by itself; the child decides when to end.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});
