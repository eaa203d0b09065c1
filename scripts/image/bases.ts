// What stands in for the Dockerfile's base images where no registry is at hand: the same Debian, made from its packages, and
// for the image of Node this machine's Node and npm on top. The image that is built has neither of those two.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cacheFolder = '/var/cache/aiprod-image';
const cacheDays = 7;

/** Fills `root` with what stands in for `image`. Throws an Error for an image that nothing is known for. */
export async function layBase(image: string, root: string): Promise<void> {
  const tag = image.split('@')[0]!;
  const [, release, node] = /^debian:(\w+)-slim$/.exec(tag) ?? /^node:[\d.]+-(\w+)-(slim)$/.exec(tag) ?? [];
  if (release === undefined) throw new Error(`nothing is known that could stand in for ${tag}`);
  await run('tar', [
    '--extract',
    '--numeric-owner',
    `--file=${await debian(release)}`,
    `--directory=${root}`,
  ]);
  if (node !== undefined) await addNode(root);
}

/** A tar file of Debian's minimal system, made anew once a week. */
async function debian(release: string): Promise<string> {
  const file = join(cacheFolder, `${release}.tar`);
  if (existsSync(file) && Date.now() - statSync(file).mtimeMs < cacheDays * 86_400_000) return file;
  mkdirSync(cacheFolder, { recursive: true, mode: 0o755 });
  const unfinished = join(cacheFolder, `${release}-${process.pid}.tar`);
  await run('mmdebstrap', ['--mode=root', '--variant=minbase', release, unfinished], { maxBuffer: 2 ** 24 });
  renameSync(unfinished, file);
  return file;
}

async function addNode(root: string): Promise<void> {
  const local = join(root, 'usr/local');
  await run('cp', [process.execPath, join(local, 'bin/node')]);
  const npmModule = dirname(dirname(await npmProgram()));
  mkdirSync(join(local, 'lib/node_modules'), { recursive: true });
  await run('cp', ['--archive', npmModule, join(local, 'lib/node_modules/npm')]);
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm'));
}

async function npmProgram(): Promise<string> {
  if (process.env.npm_execpath !== undefined) return realpathSync(process.env.npm_execpath);
  const { stdout } = await run('which', ['npm']);
  return realpathSync(stdout.trim());
}
