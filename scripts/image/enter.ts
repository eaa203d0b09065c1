// Runs a command inside of a folder as if it were a container's: own mounts and processes, the command being process 1.
// Needs root on Linux. What is mounted goes away with the command; the network is the machine's.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Entry {
  /** The folder that is `/` inside. */
  root: string;
  env: Record<string, string>;
  /** As inside. */
  workdir: string;
  /** `uid:gid`; undefined = root. */
  user?: string | undefined;
  /** Only `/tmp` and what is mounted can be written. */
  readOnly?: boolean;
  /** Folder or file inside → of this machine. Both must be there. */
  mounts?: Record<string, string>;
  command: string[];
}

const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Its arguments: root, "read-only" or "writable", pairs of outside and inside, `--`, the command. */
const enterScript = `
set -eu
root=$1; kind=$2; shift 2
mount --bind "$root" "$root"
while [ "$1" != -- ]; do mount --bind "$1" "$root$2"; shift 2; done
shift
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
if [ "$kind" = read-only ]; then
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
  mount -o remount,bind,ro "$root"
fi
exec chroot "$root" "$@"
`;

/** Starts the command. The process is its parent outside, which ends with it and as it does. */
export function enter(entry: Entry, stdio: StdioOptions): ChildProcess {
  const { root, env, workdir, user, readOnly = false, mounts = {}, command } = entry;
  const [uid, gid] = user?.split(':') ?? [];
  const asUser = ['--clear-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];
  const settings = { PATH: searchPath, ...env };
  const args = [
    // Whatever becomes of this process, nothing that it entered is left running.
    ...['--pdeathsig=KILL', 'unshare'],
    ...['--mount', '--pid', '--fork', '--kill-child=SIGKILL', '/bin/sh', '-c', enterScript, 'enter'],
    ...[root, readOnly ? 'read-only' : 'writable'],
    ...Object.entries(mounts).flatMap(([inside, outside]) => [outside, inside]),
    ...['--', 'env', '--ignore-environment', `--chdir=${workdir}`],
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    ...(user === undefined ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, ...asUser]),
    ...command,
  ];
  return spawn('setpriv', args, { stdio });
}

/** Runs the command to its end. Throws an Error with what it printed when its exit code is not 0. */
export async function runInside(entry: Entry): Promise<string> {
  const child = enter(entry, ['ignore', 'pipe', 'pipe']);
  let stdout = '';
  let printed = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    printed += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const [code, signal] = await once(child, 'close');
  if (code === 0) return stdout;
  throw new Error(`${entry.command.join(' ')}: ended with ${signal ?? code}\n${printed.slice(-4_000)}`);
}
