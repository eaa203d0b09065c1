// `npm run prove-image`: performs the steps of deploy/Dockerfile in an empty folder, looks at what came out, and runs both
// roles from it, read-only and without rights, until a video is made. Needs root and Debian's mmdebstrap, and no engine.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { layBase } from './image/bases.ts';
import { runInContainer } from './image/container.ts';
import { readIgnoreFile } from './image/ignore-file.ts';
import { faultsOfImage, megabytesOf } from './image/inspect.ts';
import { type Image, performDockerfile } from './image/perform.ts';
import { makeVolume, proveAlone, proveRoles } from './image/prove-running.ts';
import { brokenRules } from './image/rules.ts';

const project = resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(project, file), 'utf8');

refuseUnfitMachine();
const folder = mkdtempSync(join(tmpdir(), 'aiprod-image-'));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
try {
  const image = await build();
  inspect(image);
  await proveRights(image);
  await proveRoles(image, folder, say);
  await proveAlone(image, folder, say);
  say('✓', 'both roles run from the image');
} catch (error) {
  console.error(`✗ ${(error as Error).message}`);
  process.exitCode = 1;
}

function refuseUnfitMachine(): void {
  const missing = ['mmdebstrap', 'unshare', 'setpriv'].filter((program) => {
    try {
      execFileSync('which', [program]);
      return false;
    } catch {
      return true;
    }
  });
  if (process.getuid?.() === 0 && missing.length === 0) return;
  console.error(
    'This makes root folders and mounts: run it as root on Debian, after apt-get install mmdebstrap.',
  );
  process.exit(1);
}

async function build(): Promise<Image> {
  const dockerfile = read('deploy/Dockerfile');
  const broken = brokenRules(dockerfile);
  if (broken.length > 0) throw new Error(broken.join('\n'));
  const image = await performDockerfile(dockerfile, {
    context: project,
    keptOut: readIgnoreFile(read('.dockerignore')),
    folder: join(folder, 'stages'),
    layBase,
    network: networkOfMachine(),
    onStep: (step, seconds) => say('·', `${step.replaceAll(/\s+/g, ' ').slice(0, 90)}`, seconds),
  });
  if (image.user === undefined) throw new Error('the image would run as root');
  return image;
}

/** A build needs what this machine needs to reach a registry: proxies, its mirror, the authority it trusts. */
function networkOfMachine() {
  const passed = Object.entries(process.env).filter(([name]) =>
    /^(https?|no)_proxy$|^npm_config_registry$/i.test(name),
  );
  const authority = process.env.NODE_EXTRA_CA_CERTS;
  const inside = '/run/authority.pem';
  return {
    env: {
      ...(Object.fromEntries(passed) as Record<string, string>),
      ...(authority && { NODE_EXTRA_CA_CERTS: inside }),
    },
    files: authority ? { [inside]: authority } : {},
  };
}

function inspect(image: Image): void {
  const faults = faultsOfImage(image, read('package-lock.json'));
  if (faults.length > 0) throw new Error(faults.slice(0, 20).join('\n'));
  const { all, program } = megabytesOf(image);
  say('✓', `packages of production alone, nothing to change: ${all} MB, the program ${program} MB of it`);
}

async function proveRights(image: Image): Promise<void> {
  const mounts = { '/data': makeVolume(image, join(folder, 'rights')) };
  const script = [
    'id --user',
    'grep --extended-regexp "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status',
    'touch /data/x /tmp/x && echo written',
    'touch /app/x 2>&1 || true',
  ].join('; ');
  const printed = await runInContainer(image, {}, mounts, ['sh', '-c', script]);
  const wanted = [
    '10001',
    'CapEff:\t0+',
    'CapBnd:\t0+',
    'NoNewPrivs:\t1',
    'written',
    '.*Read-only file system',
  ];
  for (const line of wanted) {
    if (!new RegExp(`^${line}$`, 'm').test(printed)) throw new Error(`no ${line} in\n${printed}`);
  }
  say(
    '✓',
    'the program is user 10001, has no capability, gets none, and cannot write outside of /data and /tmp',
  );
}

function say(mark: string, what: string, seconds?: number): void {
  console.log(`${mark} ${what}${seconds === undefined ? '' : ` (${seconds.toFixed(1)} s)`}`);
}
