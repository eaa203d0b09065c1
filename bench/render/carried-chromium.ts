// Packages that only a comparison needs, and the Chromium that @sparticuz/chromium carries: exact versions from npm into a
// folder of their own, never into this project's.
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const chromium = '@sparticuz/chromium@153.0.0';
const installMs = 240_000;

export interface CarriedChromium {
  executablePath: string;
  /** What its package starts it with. */
  args: string[];
}

/** The message says why. */
export class NotToBeHad extends Error {}

/** Rejects with `NotToBeHad` when `starting` does. */
export async function orNotToBeHad<T>(starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (error) {
    throw new NotToBeHad((error as Error).message.split('\n')[0], { cause: error });
  }
}

/** Installs `packages` and Chromium into the new folder `prefix`. Throws `NotToBeHad`. */
export async function installWithChromium(
  prefix: string,
  packages: readonly string[],
): Promise<CarriedChromium> {
  await mkdir(prefix);
  const options = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await run('npm', ['install', '--prefix', prefix, ...options, chromium, ...packages], {
      timeout: installMs,
    });
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new NotToBeHad(`npm could not install it: ${(stderr?.trim() || message).split('\n')[0]}`);
  }
  // It unpacks into the folder for temporary files and leaves that there, so it is shown one that will be removed.
  const ask = `import chromium from '@sparticuz/chromium';
    console.log(JSON.stringify({ executablePath: await chromium.executablePath(), args: chromium.args }))`;
  const { stdout } = await orNotToBeHad(
    run(process.execPath, ['--input-type=module', '--eval', ask], {
      cwd: prefix,
      env: { ...process.env, TMPDIR: prefix },
    }),
  );
  return JSON.parse(stdout) as CarriedChromium;
}
