// The program of the version before: the last commit that does not know the newest migration, taken out of git and run with
// today's packages.
import { execFile } from 'node:child_process';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const migrations = 'src/adapters/postgres/migrations';
const run = promisify(execFile);

/** Undefined where git or the history is missing, as in an archive or a shallow clone. */
export async function commitBefore(): Promise<string | undefined> {
  const newest = (await readdir(join(root, migrations))).sort().at(-1)!;
  const git = (...args: string[]) => run('git', args, { cwd: root }).then(({ stdout }) => stdout.trim());
  try {
    const added = await git('log', '-1', '--diff-filter=A', '--format=%H', '--', `${migrations}/${newest}`);
    // Not committed yet: then no commit knows it.
    return await git('rev-parse', '--verify', '--quiet', added === '' ? 'HEAD' : `${added}^`);
  } catch {
    return undefined;
  }
}

/** Puts it into `folder`. The file to run, and the newest migration that it knows. */
export async function extractProgram(
  commit: string,
  folder: string,
): Promise<{ program: string; schema: number }> {
  await mkdir(folder, { recursive: true });
  const archive = join(folder, 'program.tar');
  await run('git', ['archive', '--format=tar', `--output=${archive}`, commit, 'src', 'package.json'], {
    cwd: root,
  });
  await run('tar', ['-xf', archive, '-C', folder]);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const known = (await readdir(join(folder, migrations))).sort().at(-1)!;
  return { program: join(folder, 'src/main.ts'), schema: Number(known.slice(0, 4)) };
}
