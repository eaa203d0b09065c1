// Makes sure that the dependencies of package-lock.json are installed, once, however many commands start together.
// Plain JavaScript for Node >= 20.19, without dependencies: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stamp = join(modules, '.aiprod-installed');
const lock = join(root, '.aiprod-install-lock');
const oldest = [20, 19];

/** The Node that the project brings along, or the running one where none is packaged for this platform. */
export function projectNode() {
  const packaged = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  fail(
    `No Node 24 is packaged for ${process.platform}-${process.arch}, and this is Node ${process.versions.node}.`,
    'Install Node 24 or newer from your system and run the command again.',
  );
}

/** Installs what is missing. Ends the process with advice when that is not possible. */
export async function ensureInstalled() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    fail(`Node ${process.versions.node} is too old.`, `Install Node ${oldest.join('.')} or newer.`);
  }
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const installed = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (installed()) return;
  await takeLock();
  try {
    if (installed()) return;
    console.error('Installing dependencies (once, about 300 MB) …');
    const npm = process.env.npm_execpath;
    const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
    const args = [...first, 'ci', '--no-fund', '--no-audit', '--loglevel=error'];
    const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) {
      fail(
        'npm ci did not succeed.',
        'Its message is above. Is the npm registry reachable, and is there 1.5 GB of disk?',
      );
    }
    writeFileSync(stamp, wanted);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** A folder can be made only once: whoever makes it installs, the others wait until it is gone. */
async function takeLock() {
  for (let said = false; ; ) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') {
        fail(
          `Cannot write to ${root} (${error.code}).`,
          'Run the command in a folder that you may write to.',
        );
      }
      if (!holderAlive()) rmSync(lock, { recursive: true, force: true });
      else if (!said) {
        console.error('Another command is installing the dependencies; waiting for it …');
        said = true;
      }
      await delay(250);
    }
  }
}

function holderAlive() {
  try {
    if (Date.now() - statSync(lock).mtimeMs < 3_000) return true;
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function fail(what, advice) {
  console.error(`${what}\n${advice}`);
  process.exit(1);
}
