// Runs a script on the Node that the project brings along, and ends together with it and with npm.
// Plain JavaScript for Node >= 20.19, without dependencies: it runs before anything is installed.
import { spawn } from 'node:child_process';

import { ensureInstalled, projectNode } from './install.mjs';

/** Installs what is missing, runs `script` with `args`, and gives this process the script's exit code. */
export async function runOnProjectNode(script, args) {
  const parent = process.ppid;
  await ensureInstalled();
  const child = spawn(projectNode(), ['--disable-warning=ExperimentalWarning', script, ...args], {
    stdio: 'inherit',
  });
  const watch = setInterval(() => {
    if (!orphaned(parent)) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 250);
  // Ctrl-C reaches the whole process group by itself; the child decides when to end.
  process.on('SIGINT', () => clearInterval(watch));
  for (const signal of ['SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      clearInterval(watch);
      child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => {
    clearInterval(watch);
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
  });
}

/**
 * A signal that is sent to npm alone ends the shell between npm and this process, which does not pass it on. Without npm
 * a parent that has ended means nothing: a command may go on in the background of a shell that is closed.
 */
function orphaned(parent) {
  return process.env.npm_execpath !== undefined && process.ppid !== parent;
}
