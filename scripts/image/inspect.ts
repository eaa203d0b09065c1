// Looks at a finished image's folder: exactly the packages of production, nothing of the tests, nothing that the program's
// user could change.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Image } from './perform.ts';

interface LockedPackage {
  dev?: boolean;
  optional?: boolean;
}

/** Folders that anybody may write to in every Debian; `/tmp` is a mount when the root is read-only. */
const openFolders = ['/tmp', '/var/tmp', '/run/lock'];

/** One line per thing that is wrong; `packageLock` is the project's. */
export function faultsOfImage({ root, user, workdir, volumes }: Image, packageLock: string): string[] {
  const app = join(root, workdir);
  return [
    ...faultsOfPackages(app, packageLock),
    ...readdirSync(app, { recursive: true, encoding: 'utf8' })
      .filter(
        (name) =>
          !name.startsWith('node_modules/') && /\.test\.ts$|^(test|bench|scripts|\.git)(\/|$)/.test(name),
      )
      .map((name) => `${name} has no place in the image`),
    ...changeableBy(user!, root)
      .filter((path) => ![...volumes, ...openFolders].includes(path))
      .map((path) => `${path} can be changed by the program's user`),
  ];
}

function faultsOfPackages(app: string, packageLock: string): string[] {
  const { packages } = JSON.parse(packageLock) as { packages: Record<string, LockedPackage> };
  const listed = new Set(
    (JSON.parse(readFileSync(join(app, 'sbom.cdx.json'), 'utf8')) as Sbom).components.map(
      ({ name, version }) => `${name}@${version}`,
    ),
  );
  return Object.entries(packages).flatMap(([path, { dev, optional }]) => {
    if (path === '') return [];
    const file = join(app, path, 'package.json');
    if (!existsSync(file)) return dev || optional ? [] : [`${path} is missing`];
    if (dev) return [`${path} is for development`];
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
    return listed.has(`${name}@${version}`) ? [] : [`${path} is not in sbom.cdx.json`];
  });
}

interface Sbom {
  components: { name: string; version: string }[];
}

/** Paths inside, links left out. */
function changeableBy(user: string, root: string): string[] {
  const [uid, gid] = user.split(':');
  const test = ['!', '-type', 'l', '(', '-uid', uid!, '-o', '-gid', gid!, '-o', '-perm', '-o=w', ')'];
  const skip = ['(', '-path', `${root}/dev`, '-o', '-path', `${root}/proc`, ')', '-prune', '-o'];
  const found = execFileSync('find', [root, ...skip, ...test, '-print'], { encoding: 'utf8' });
  return found
    .split('\n')
    .filter((line) => line !== '')
    .map((path) => path.slice(root.length));
}

/** Of the whole image and of the program in it, as they lie on the disk. */
export function megabytesOf({ root, workdir }: Image): { all: number; program: number } {
  const size = (folder: string) =>
    Number.parseInt(execFileSync('du', ['--summarize', '--block-size=1M', folder], { encoding: 'utf8' }), 10);
  return { all: size(root), program: size(join(root, workdir)) };
}
