// `npm run prove-image`: performs the steps of deploy/Dockerfile in an empty folder, looks at what came out, and runs both
// roles from it, read-only and without rights, until a video is made. Needs root and Debian's mmdebstrap, and no engine.
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { startEmbeddedServer } from '../src/adapters/postgres/embedded-server.ts';
import { layBase } from './image/bases.ts';
import { type Container, runInContainer, startContainer } from './image/container.ts';
import { readIgnoreFile } from './image/ignore-file.ts';
import { faultsOfImage, megabytesOf } from './image/inspect.ts';
import { type Image, performDockerfile } from './image/perform.ts';
import { brokenRules } from './image/rules.ts';

const project = resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(project, file), 'utf8');
/** Cloud Run kills what has not ended ten seconds after SIGTERM. */
const stopWithinSeconds = 8;

refuseUnfitMachine();
const folder = mkdtempSync(join(tmpdir(), 'aiprod-image-'));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
try {
  const image = await build();
  inspect(image);
  await proveRights(image);
  await proveRoles(image);
  await proveAlone(image);
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
  const mounts = { '/data': volume(image, 'rights') };
  const script =
    'id --user; grep --extended-regexp "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status; touch /data/x /tmp/x; touch /app/x 2>&1';
  const printed = await runInContainer(image, {}, mounts, ['sh', '-c', `${script}; ps 2>/dev/null; true`]);
  for (const wanted of [
    /^10001$/m,
    /CapEff:\s+0+$/m,
    /CapBnd:\s+0+$/m,
    /NoNewPrivs:\s+1$/m,
    /Read-only file system/,
  ]) {
    if (!wanted.test(printed)) throw new Error(`not found: ${wanted} in\n${printed}`);
  }
  say(
    '✓',
    'the program is user 10001, has no capability, gets none, and cannot write outside of /data and /tmp',
  );
}

/** API and worker apart, on a PostgreSQL of their own, as in compose.yaml. */
async function proveRoles(image: Image): Promise<void> {
  const quiet = { debug() {}, info() {}, warn: console.warn, error: console.error };
  const database = await startEmbeddedServer({ folder: join(folder, 'postgres'), logger: quiet });
  const mounts = { '/data': volume(image, 'shared') };
  const started: Container[] = [];
  try {
    const common = { DATABASE_URL: database.url };
    const [apiPort, workerPort] = [await freePort(), await freePort()];
    await runInContainer(image, common, mounts, ['aiprod', 'db', 'migrate']);
    const scopes = 'videos:read,videos:write';
    const makeKey = ['aiprod', 'keys', 'create', '--user', 'ann', '--scopes', scopes];
    const key = (await runInContainer(image, common, mounts, makeKey)).trim();
    const start = (role: string, port: number) => {
      const container = startContainer(
        image,
        { ...common, AIPROD_ROLE: role, AIPROD_PORT: `${port}` },
        mounts,
      );
      started.push(container);
      return container;
    };
    const api = start('api', apiPort);
    say('✓', 'api is healthy', await api.healthy());
    const worker = start('worker', workerPort);
    say('✓', 'worker is healthy', await worker.healthy());
    const begun = performance.now();
    const smoke = ['aiprod', 'smoke', `http://127.0.0.1:${apiPort}`];
    process.stdout.write(await runInContainer(image, { ...common, AIPROD_API_KEY: key }, mounts, smoke));
    say('✓', 'a video was made', (performance.now() - begun) / 1000);
    const backup = ['aiprod', 'db', 'backup', '/data/proof.backup'];
    say('✓', (await runInContainer(image, common, mounts, backup)).trim());
    await stopInTime('worker', worker);
    await stopInTime('api', api);
  } finally {
    for (const container of started) container.kill();
    await database.close();
  }
}

/** The image with no settings but a volume: both roles in one process, on the database that it brings. */
async function proveAlone(image: Image): Promise<void> {
  const mounts = { '/data': volume(image, 'alone') };
  const port = await freePort();
  const settings = { AIPROD_HOST: '127.0.0.1', AIPROD_PORT: String(port) };
  const both = startContainer(image, settings, mounts);
  try {
    say('✓', 'both roles in one, with the embedded database, are healthy', await both.healthy());
    const ready = await fetch(`http://127.0.0.1:${port}/ready`);
    if (ready.status !== 200) throw new Error(`not ready: ${await ready.text()}`);
    await stopInTime('both roles in one', both);
  } finally {
    both.kill();
  }
}

async function stopInTime(name: string, container: Container): Promise<void> {
  const { code, seconds } = await container.stop();
  if (code !== 0) throw new Error(`${name} ended with ${code} after SIGTERM`);
  if (seconds > stopWithinSeconds) throw new Error(`${name} took ${seconds.toFixed(1)} s to stop`);
  say('✓', `${name} ended with 0 after SIGTERM to process 1`, seconds);
}

/** As an engine makes a new volume: owned as the folder in the image is. */
function volume(image: Image, name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { mode: 0o700 });
  const [uid, gid] = image.user!.split(':').map(Number);
  chownSync(path, uid!, gid!);
  return path;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

function say(mark: string, what: string, seconds?: number): void {
  console.log(`${mark} ${what}${seconds === undefined ? '' : ` (${seconds.toFixed(1)} s)`}`);
}
