// The files that a command reads and writes for its user: the script, and the place of the video.
import { constants } from 'node:fs';
import { access, mkdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { CommandError, exitCodes } from './exit-codes.ts';

/** The text of the file at `path`, or of standard input for `-`. Throws CommandErrors. */
export async function readScript(path: string, what = 'script'): Promise<string> {
  const bytes =
    path === '-'
      ? await buffer(process.stdin)
      : await readFile(path).catch((error) => {
          throw new CommandError(
            exitCodes.usage,
            `Cannot read the ${what} ${path} (${error.code}).`,
            'Give the path of a text file, or - for standard input.',
          );
        });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError(
      exitCodes.refused,
      `The ${what} is not UTF-8 text.`,
      'Save it as plain text in UTF-8.',
    );
  }
}

/** The JSON in the file at `path`, or in standard input for `-`. Throws CommandErrors. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readScript(path, 'storyboard');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CommandError(exitCodes.refused, `${path} is not JSON: ${(error as Error).message}`);
  }
}

/**
 * The absolute path to save the video of `scriptPath` at: `out` itself, or the script's name in it when it is a
 * folder. Makes its folder. Throws a CommandError when nothing can be written there.
 */
export async function prepareOutput(out: string | undefined, scriptPath: string): Promise<string> {
  const name = `${scriptPath === '-' ? 'video' : basename(scriptPath, extname(scriptPath))}.mp4`;
  const wanted = out ?? join('out', name);
  try {
    const inFolder = /[\\/]$/.test(wanted) || (await isFolder(wanted));
    const path = resolve(inFolder ? join(wanted, name) : wanted);
    await mkdir(dirname(path), { recursive: true });
    await access(dirname(path), constants.W_OK);
    return path;
  } catch (error) {
    throw new CommandError(
      exitCodes.machine,
      `The video cannot be saved at ${wanted} (${(error as NodeJS.ErrnoException).code}).`,
      'Give another place with --out FILE.',
    );
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
