// PostgreSQL's own programs for backups: found on this machine, started without a password in sight of others, and their
// failures said in words. Knows nothing of what is backed up.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import pg from 'pg';

import { AppError } from '../../domain/errors.ts';
import type { DatabaseAddress } from './database-address.ts';

type ClientProgram = 'pg_dump' | 'pg_restore';

/** Where Debian keeps the programs of each version; the ones on PATH come after. */
const debianFolder = '/usr/lib/postgresql';

/** Path of the oldest program that can serve a server of this version. Throws `machine_unfit` naming what to install. */
export async function findProgram(
  program: ClientProgram,
  serverMajor: number,
  folders: readonly string[] | undefined,
): Promise<string> {
  const candidates = (folders ?? (await versionFolders())).map((folder) => join(folder, program));
  if (folders === undefined) candidates.push(program);
  const found: { path: string; major: number }[] = [];
  for (const path of candidates) {
    const major = await majorOf(path);
    if (major !== undefined) found.push({ path, major });
  }
  found.sort((a, b) => a.major - b.major);
  const fit = found.find(({ major }) => major >= serverMajor);
  if (fit !== undefined) return fit.path;
  const newest = found.at(-1);
  const what =
    newest === undefined
      ? `${program} is not installed.`
      : `${program} ${newest.major} is too old for a server of version ${serverMajor}.`;
  throw new AppError('machine_unfit', what, {
    hint: `Install it: the Debian package is postgresql-client-${serverMajor} (from apt.postgresql.org if your Debian has an older one).`,
  });
}

async function versionFolders(): Promise<string[]> {
  const versions = await readdir(debianFolder).catch(() => []);
  return versions.map((version) => join(debianFolder, version, 'bin'));
}

async function majorOf(path: string): Promise<number | undefined> {
  try {
    const { stdout } = await runProgram(path, ['--version']);
    const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
    return major === undefined ? undefined : Number(major);
  } catch {
    return undefined;
  }
}

/**
 * Calls `work` with a connection string for `--dbname`. It names files for what is secret, which are gone afterwards: the
 * arguments of a program can be read by everybody on the machine.
 */
export async function withConnectionString<T>(
  { url, ssl }: DatabaseAddress,
  work: (connection: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-backup-'));
  const keep = async (name: string, text: unknown) => {
    await writeFile(join(folder, name), `${text}`, { mode: 0o600 });
    return join(folder, name);
  };
  try {
    const { host, port, user, database, password } = new pg.Client({ connectionString: url, ssl: false });
    const escaped = `${password ?? ''}`.replaceAll(/[\\:]/g, '\\$&');
    const parameters: Record<string, string | undefined> = {
      host,
      port: `${port}`,
      dbname: database,
      user,
      passfile: await keep('passfile', `*:*:*:*:${escaped}\n`),
      application_name: 'aiprod-backup',
      connect_timeout: '10',
      sslmode: 'disable',
    };
    if (ssl !== false) {
      parameters.sslmode = ssl.checkServerIdentity === undefined ? 'verify-full' : 'verify-ca';
      parameters.sslrootcert = await keep('ca.pem', ssl.ca ?? rootCertificates.join('\n'));
      if (ssl.cert !== undefined) parameters.sslcert = await keep('cert.pem', ssl.cert);
      if (ssl.key !== undefined) parameters.sslkey = await keep('key.pem', ssl.key);
    }
    const quoted = (value: string) => `'${value.replaceAll(/[\\']/g, '\\$&')}'`;
    const pairs = Object.entries(parameters).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${quoted(value)}`],
    );
    return await work(pairs.join(' '));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Longest output that is kept: the rest is of no use to a reader. */
const outputLimit = 4_000_000;

/** What it printed; `output` is the descriptor of a file that takes its standard output instead. Throws what it said. */
export async function runProgram(path: string, args: string[], output?: number): Promise<{ stdout: string }> {
  const child = spawn(path, args, { stdio: ['ignore', output ?? 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    if (stdout.length < outputLimit) stdout += chunk;
  });
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = `${stderr}${chunk}`.slice(-4_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return { stdout };
  throw new Error(stderr.trim() || `${path} ended with ${code}`);
}

/** What a program said, as an error that an operator can act on. */
export function programFailure(what: string, error: unknown): AppError {
  const lines = (error as Error).message.split('\n').filter((line) => line !== '');
  return new AppError('machine_unfit', `${what} ${lines[0] ?? ''}`.trim(), {
    hint: lines[1] ?? 'The message is of PostgreSQL; its documentation explains it.',
    cause: error,
  });
}
